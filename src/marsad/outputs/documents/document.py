"""What a document says, apart from how it is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import quote

from marsad import locale
from marsad.outputs.passage import printable
from marsad.records.times import to_datetime

Language = Literal["en", "ar"]
Kind = Literal["text", "sign"]
"""``text`` reads in its own direction; a ``sign`` (a time, a reference, an address) from left to
right wherever it stands."""


@dataclass(frozen=True)
class Field:
    """A label and what was filled in."""

    label: str
    value: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Tick:
    """A box of the form, and whether it is ticked; ``state`` says that in words, for who listens to
    the page."""

    label: str
    ticked: bool
    state: str


@dataclass(frozen=True)
class Listed:
    """Addresses with what is said of each: as many ``columns`` as a row has cells, an address
    first."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """A part of a form, with its heading."""

    heading: str
    fields: Sequence[Field] = ()
    ticks: Sequence[Tick] = ()
    listed: Listed | None = None
    text: str = ""


@dataclass(frozen=True)
class Document:
    """A document. ``basis`` says which form of which law it is."""

    title: str
    basis: str
    lang: Language
    sections: Sequence[Section]

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The direction its language is written in."""
        return "rtl" if self.lang == "ar" else "ltr"


def saying(lang: Language) -> Callable[..., str]:
    """The sentences of a language: called with a message's id and its values."""

    def say(message_id: str, **values: Any) -> str:
        return locale.render(message_id, values, lang)

    return say


def tick(label: str, ticked: bool, lang: Language) -> Tick:
    """A box."""
    say = saying(lang)
    return Tick(label, ticked, say("document.ticked") if ticked else say("document.not-ticked"))


def moment(micros: int) -> str:
    """A time (µs UTC) to the second."""
    return to_datetime(micros).strftime("%Y-%m-%d %H:%M:%S UTC")


def filled(text: str, empty: str = "—") -> str:
    """What somebody else wrote, made safe to show."""
    return printable(text).strip() or empty


def address(url: str) -> str:
    """An address as it was given; signs that cannot be shown, or that would show it as another, are
    written as percent signs and hexadecimal digits."""
    return "".join(one if _plain(one) else quote(one, safe="", errors="replace") for one in url)


def _plain(letter: str) -> bool:
    return letter.isprintable() and not letter.isspace() and printable(letter) == letter


sign = partial(Field, kind="sign")
"""A field that reads from left to right."""
