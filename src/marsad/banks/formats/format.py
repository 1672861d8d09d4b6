"""What a list format is: how it is recognised, read and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TextIO

from marsad.banks.bank import KINDS, Bank
from marsad.records.message import Message

HEAD_LINES = 20
"""How many lines of a file `ListFormat.recognise` sees at most; each cut to 4,096 characters."""


@dataclass(frozen=True)
class Row:
    """One entry as a file has it, before the rules of its kind are applied.

    ``kind`` where the row itself says what it is, ``options`` what else stands there.
    """

    line: int
    value: str
    kind: str | None = None
    note: str = ""
    source: str = ""
    added: str = ""
    withdrawn: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bad:
    """A line that is not taken: where, why, and what stood there (cut)."""

    line: int
    message: Message
    raw: str


@dataclass(frozen=True)
class About:
    """What a file says of the list as a whole; None where it does not say."""

    kind: str | None = None
    negative: bool | None = None
    policy: str | None = None


Item = Row | Bad | About
Lines = Iterable[tuple[int, str]]
"""Lines of a file with their numbers from 1, without their ends."""


class ListFormat(ABC):
    """One format of lists. A format is one file, named in `marsad.banks.formats.FORMATS`."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]] = ()
    """Ends of file names by which `write` is chosen; reading goes by content."""
    kinds: ClassVar[tuple[str, ...]] = KINDS
    """Kinds of banks it can hold."""

    @classmethod
    @abstractmethod
    def recognise(cls, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format. Formats are asked in
        order, the most particular first."""

    @classmethod
    @abstractmethod
    def read(cls, lines: Lines, kind: str | None) -> Iterator[Item]:
        """What the lines hold. ``kind`` is what the user asked for. No line may raise."""

    @classmethod
    @abstractmethod
    def write(cls, bank: Bank, out: TextIO) -> int:
        """Write what the format can carry of a bank; returns how many entries it left out."""


def cut(text: str) -> str:
    """What a report of a bad line shows of it."""
    return text if len(text) <= 200 else text[:199] + "…"


def bad(line: int, reason: str, raw: str, **values: Any) -> Bad:
    """A line that is not taken; ``reason`` is a message id without ``bank.not-taken.``."""
    return Bad(line, Message(f"bank.not-taken.{reason}", values), cut(raw))
