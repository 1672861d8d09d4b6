"""What a platform is: something that is asked to act on a subject, and looked at afterwards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from marsad.records.tables import STATES
from marsad.records.times import now as clock_of_now

ACTS = ("return", "warn", "reduce", "hide", "remove", "suspend")
"""What a platform may be asked for, the mildest first."""

KINDS = ("account", "post", "media", "site")
"""Of what."""

LONGEST_SAID = 500
"""Characters kept of what a platform says."""

REQUIRED: Any = object()
"""The default of a setting that has none."""

Ending = Literal["accepted", "gone", "refused", "later"]


@dataclass(frozen=True)
class Subject:
    """What is acted on. ``id`` is the subject id, ``<platform>:<native id>``."""

    kind: str
    id: str

    @property
    def native(self) -> str:
        """The id as the platform knows it."""
        return self.id.partition(":")[2]


@dataclass(frozen=True)
class Asked:
    """One action, as a platform is asked for it.

    ``act`` is one of `ACTS`. ``case``, ``decision`` and ``evidence`` are the numbers of the case
    and of the log's entry that decided it, and the hash that seals both and the evidence;
    ``policy`` what it rests on. ``decided_at`` is µs UTC. ``undoes`` is the key of the action that
    an undo takes back. No reason, no name of a reviewer and nothing that was posted is in it.
    """

    subject: Subject
    act: str
    case: int
    decision: int
    evidence: str
    policy: str
    decided_at: int
    undoes: str | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a request.

    ``accepted``: the platform took it, which is not to say that it was done; ``gone``: it knows no
    such subject; ``refused``: it will not do it however often it is asked; ``later``: it could not
    be asked, or not now. ``said`` is its own word for it, ``after`` how long it wants to be left
    alone, µs. ``sent`` is false where nothing has left this machine.
    """

    ending: Ending
    said: str = ""
    after: int | None = None
    sent: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", clean(self.said))


@dataclass(frozen=True)
class Sight:
    """What was seen of a subject: its state, one of `marsad.records.tables.STATES`, and the
    ``measures`` that are in force on it, of `ACTS`, where whoever looks can see them."""

    state: str
    measures: frozenset[str] = frozenset()
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", self.state if self.state in STATES else "unknown")
        object.__setattr__(self, "measures", frozenset(self.measures) & frozenset(ACTS))
        object.__setattr__(self, "note", clean(self.note))


@dataclass(frozen=True)
class Setting:
    """A line of ``[platforms.NAME]`` in marsad.toml: its type, its default, what it is for."""

    name: str
    type: type
    default: Any
    help: str


@dataclass(frozen=True)
class Place:
    """Where a platform lives: the name it has in marsad.toml, the workspace's folder and its
    folder of keys, and the clock (µs UTC)."""

    name: str
    folder: Path
    clock: Callable[[], int] = field(default=clock_of_now)

    @property
    def keys(self) -> Path:
        """The folder of secrets, which are never in marsad.toml."""
        return self.folder / "keys"


class Platform(ABC):
    """Something that can be asked to act.

    ``name`` is that of its entry point. ``by_hand`` is true where a person does it and says what
    they saw: then nobody looks by himself. Methods raise nothing that belongs to the other side: a
    platform that fails has an `Answer` or a `Sight` for it.
    """

    name: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]] = ()
    by_hand: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def open(cls, settings: Mapping[str, Any], place: Place) -> Self:
        """The platform with its settings, all of them there and of their type. Raises `InputError`
        for one that cannot be."""

    @abstractmethod
    def can(self, kind: str) -> frozenset[str]:
        """What of `ACTS` it can do to a kind of subject. What it can do it can undo."""

    @abstractmethod
    def request(self, asked: Asked, key: str) -> Answer:
        """Asks for an action. Twice with the same ``key`` does what once does."""

    @abstractmethod
    def undo(self, asked: Asked, key: str) -> Answer:
        """Asks to take back what ``asked.undoes`` did, or would do if it came late."""

    @abstractmethod
    def look(self, subject: Subject) -> Sight:
        """What is to be seen of a subject now, asked anew: no answer to a request counts."""

    def link(self, subject: Subject) -> str | None:
        """An address at which a person finds the subject; None where there is none."""
        return None

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Frees what it holds."""


def clean(text: str) -> str:
    """What somebody else wrote, in one line without control and direction marks, cut to
    `LONGEST_SAID`."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * LONGEST_SAID])
    return " ".join(line.split())[:LONGEST_SAID]
