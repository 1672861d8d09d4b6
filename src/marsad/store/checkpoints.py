"""Signed checkpoints: who kept one can tell later that the log was cut short or written anew.

A checkpoint is the number and hash of the last entry and a time, signed with Ed25519. It is kept in
the database; a copy kept elsewhere also tells when the database was replaced as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import insert, select

from marsad.records import keys
from marsad.records.errors import InputError
from marsad.store import log
from marsad.store.chain import Break, Head, canonical
from marsad.store.database import Transaction
from marsad.store.tables import checkpoints

PURPOSE = b"marsad audit checkpoint\n"
"""Signed with it, so that no signature made for something else can pass for a checkpoint."""


@dataclass(frozen=True)
class Checkpoint:
    """The log ended with entry ``seq`` of hash ``hash`` at ``made_at`` (µs UTC), says the holder of
    ``key`` (Ed25519, public)."""

    seq: int
    hash: bytes
    made_at: int
    key: bytes
    signature: bytes

    def to_json(self) -> str:
        """One line, to be kept elsewhere."""
        said = {"seq": self.seq, "hash": self.hash.hex(), "made_at": self.made_at}
        return canonical(said | {"key": self.key.hex(), "signature": self.signature.hex()}).decode(
            "ascii"
        )

    @classmethod
    def from_json(cls, line: str, where: str) -> Checkpoint:
        """A checkpoint that was kept. Raises `InputError` for a line that is none."""
        try:
            said = json.loads(line)
            made = cls(
                int(said["seq"]), bytes.fromhex(said["hash"]), int(said["made_at"]),
                bytes.fromhex(said["key"]), bytes.fromhex(said["signature"]),
            )  # fmt: skip
        except (ValueError, TypeError, KeyError) as error:
            raise InputError("audit.no-checkpoint", file=where, line=line[:200]) from error
        return made

    def signed_by(self, key: bytes) -> bool:
        """Whether the holder of a public key has signed just this."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(
                self.signature, _signed_bytes(self.seq, self.hash, self.made_at)
            )
        except InvalidSignature:
            return False
        return self.key == key


@dataclass(frozen=True)
class Signer:
    """The private key of a workspace's log."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The key that others need to check what it has signed: 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, head: Head, at: int) -> Checkpoint:
        """A checkpoint of a log that ends there."""
        signature = self.private.sign(_signed_bytes(head.seq, head.hash, at))
        return Checkpoint(head.seq, head.hash, at, self.public, signature)


def signer(path: Path) -> Signer:
    """The signer whose key is in a file (0600); makes one where there is none."""
    return Signer(Ed25519PrivateKey.from_private_bytes(keys.load_or_create(path, "audit")))


def public_key(path: Path) -> bytes | None:
    """The public half of the key in a file; None where there is no such file."""
    try:
        private = keys.load(path, "audit")
    except FileNotFoundError:
        return None
    return Signer(Ed25519PrivateKey.from_private_bytes(private)).public


def make(transaction: Transaction, by: Signer, at: int) -> Checkpoint | None:
    """Signs where the log ends and keeps it; None where the log is empty. An end that was signed
    before keeps its first checkpoint."""
    end = log.head(transaction, for_update=True)
    if end.seq == 0:
        return None
    for known in stored(transaction):
        if known.seq == end.seq and known.hash == end.hash:
            return known
    made = by.sign(end, at)
    transaction.execute(insert(checkpoints).values(**vars(made)))
    return made


def stored(transaction: Transaction) -> list[Checkpoint]:
    """The checkpoints in the database, oldest first."""
    rows = transaction.execute(select(checkpoints).order_by(checkpoints.c.seq))
    return [Checkpoint(*row) for row in rows]


def compare(
    transaction: Transaction, kept: Sequence[Checkpoint], key: bytes, end: Head
) -> Break | None:
    """The first checkpoint that an otherwise whole log does not bear out."""
    for one in sorted(kept, key=lambda checkpoint: checkpoint.seq):
        if not one.signed_by(key):
            return Break(one.seq, "checkpoint-forged")
        if one.seq > end.seq:
            return Break(end.seq + 1, "cut-short", what=str(one.seq))
        if log.hash_at(transaction, one.seq) != one.hash:
            return Break(one.seq, "checkpoint-differs")
    return None


def _signed_bytes(seq: int, digest: bytes, at: int) -> bytes:
    return PURPOSE + canonical({"seq": seq, "hash": digest.hex(), "made_at": at})
