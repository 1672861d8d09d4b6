"""Subject ids and the int64 keys they are joined by."""

from __future__ import annotations

import hashlib

import ibis
import ibis.expr.types as ir

from marsad.records.functions import md5_number

SEPARATOR = ":"


def subject_id(platform: str, native: str | None = None, handle: str | None = None) -> str:
    """``<platform>:<native id>``, or ``<platform>:@<handle>`` where no native id is known."""
    if native:
        return f"{platform}{SEPARATOR}{native}"
    if handle:
        return f"{platform}{SEPARATOR}@{handle.lstrip('@').lower()}"
    raise ValueError("a subject needs a native id or a handle")


def key(value: str) -> int:
    """The int64 key of an id: the upper 63 of the last 64 bits of its MD5.

    MD5 serves as a mixing function that every engine and version computes alike; it guards
    nothing. Two of 10 million ids share a key with probability 5e-6.
    """
    digest = hashlib.md5(value.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def key_column(value: ir.StringValue) -> ir.IntegerValue:
    """`key` over a column, for the embedded engine, which is where ids are made."""
    return (md5_number(value) >> ibis.literal(65, "uint64")).cast("int64")
