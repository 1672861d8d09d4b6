"""Functions of the embedded engine that Ibis has no name for, used where files are read in.

Import runs on the embedded engine alone; nothing in `find` or `measure` may use these.
"""

from __future__ import annotations

import ibis

TIMESTAMP = "timestamp('UTC')"


@ibis.udf.scalar.builtin(name="md5")
def md5(text: str) -> str:
    """The MD5 of a text in hex."""


@ibis.udf.scalar.builtin(name="md5_number", signature=(("string",), "uint64"))
def md5_number(text: str) -> int:
    """The MD5 of a text as a number of 128 bits, for which Ibis has no type: shift it at once.

    The engine's own `md5_number_lower` is a macro that goes through a text of ones and zeros, and
    takes three times as long.
    """


@ibis.udf.scalar.builtin(name="sha256")
def sha256(content: bytes) -> str:
    """SHA-256 in hex."""


@ibis.udf.scalar.builtin(name="from_hex")
def from_hex(digits: str) -> bytes:
    """Bytes for hex digits."""


@ibis.udf.scalar.builtin(name="to_hex")
def to_hex(text: str) -> str:
    """The UTF-8 bytes of a text in hex digits."""


@ibis.udf.scalar.builtin(name="ltrim")
def without_leading(text: str, characters: str) -> str:
    """The text without any of some characters at its start."""


@ibis.udf.scalar.builtin(name="strlen")
def byte_length(text: str) -> int:
    """The length of a text in bytes."""


@ibis.udf.scalar.builtin(name="try_strptime", signature=(("string", "array<string>"), TIMESTAMP))
def try_strptime(text: str, formats: list[str]) -> object:
    """A time by the first of several formats, NULL where none fits."""


@ibis.udf.scalar.builtin(name="epoch_us", signature=((TIMESTAMP,), "int64"))
def micros(time: object) -> int:
    """Microseconds since 1970."""


@ibis.udf.scalar.builtin(name="make_timestamp", signature=(("int64",), "timestamp"))
def timestamp(micros: int) -> object:
    """A timestamp for microseconds since 1970."""


@ibis.udf.scalar.builtin(name="divide")
def whole_part(number: int, divisor: int) -> int:
    """Division of whole numbers that never passes through a float."""
