"""The demo's network as something that can be acted on: it can fail, delay and lie, by seeded
knobs.

What it does to a request follows from the seed and the request's key alone, so that the same
actions have the same fate in every run. Its state is a file of the workspace: what was asked, from
when on it is so, and until when. A subject that it was never asked about is alive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Self

from marsad.platforms.base import ACTS, Answer, Asked, Place, Platform, Setting, Sight, Subject
from marsad.records.errors import InputError, OutsideError
from marsad.records.times import SECOND

FILE = "simulated-network.db"
BUSY_SECONDS = 15

_STATES = {"suspend": "suspended", "remove": "removed", "hide": "withheld"}
"""Acts that a subject's state shows; the strongest in force is the one that is seen."""

_CAN = {
    "account": frozenset(ACTS) - {"remove"},
    "post": frozenset({"warn", "reduce", "hide", "remove"}),
    "media": frozenset({"warn", "reduce", "hide", "remove"}),
    "site": frozenset({"reduce", "hide"}),
}

_TABLES = """
CREATE TABLE IF NOT EXISTS requests (
    key TEXT PRIMARY KEY, subject TEXT NOT NULL, act TEXT NOT NULL,
    since INTEGER, until INTEGER, tries INTEGER NOT NULL, ending TEXT, is_undo INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS requests_of ON requests (subject);
CREATE TABLE IF NOT EXISTS gone (subject TEXT PRIMARY KEY, state TEXT NOT NULL);
"""


class Simulated(Platform):
    """A network in a file. ``fails``, ``refuses`` and ``lies`` are probabilities: of not taking a
    try, of refusing for good, of taking a request and never doing it. ``delay_seconds`` is the
    longest time until what was taken is so; how long exactly is drawn for each."""

    name = "simulated"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("seed", int, 0, "what all chance follows from"),
        Setting("fails", float, 0.0, "probability that a try is not taken, 0 to 1"),
        Setting("refuses", float, 0.0, "probability that an action is refused for good, 0 to 1"),
        Setting("lies", float, 0.0, "probability that it says yes and does nothing, 0 to 1"),
        Setting("delay_seconds", float, 0.0, "longest time until what was taken is so, seconds"),
    )

    def __init__(self, path: Path, clock: Callable[[], int], **knobs: Any) -> None:
        self._path, self._clock = path, clock
        self._knobs = {setting.name: setting.default for setting in self.settings} | knobs

    @classmethod
    def open(cls, settings: Mapping[str, Any], place: Place) -> Self:
        """Raises `InputError` for a probability that is none."""
        for name in ("fails", "refuses", "lies"):
            if not 0 <= settings[name] <= 1:
                raise _out_of_range(place, name, settings[name], "0 ≤ x ≤ 1")
        if not 0 <= settings["delay_seconds"] <= 365 * 86_400:
            raise _out_of_range(place, "delay_seconds", settings["delay_seconds"], "0 ≤ x ≤ 1 y")
        return cls(place.folder / FILE, place.clock, **settings)

    def can(self, kind: str) -> frozenset[str]:
        """All acts that make sense for the kind."""
        return _CAN.get(kind, frozenset())

    def request(self, asked: Asked, key: str) -> Answer:
        """Takes it, unless chance has it that it fails, is refused, or is taken and not done."""
        return self._ask(asked, key, undoing=False)

    def undo(self, asked: Asked, key: str) -> Answer:
        """As `request`, for taking back."""
        return self._ask(asked, key, undoing=True)

    def look(self, subject: Subject) -> Sight:
        """What is so by now."""
        with self._file() as file:
            left = file.execute("SELECT state FROM gone WHERE subject = ?", (_name(subject.id),))
            left = left.fetchone()
            if left is not None:
                return Sight(left[0])
            rows = file.execute(
                "SELECT DISTINCT act FROM requests WHERE subject = ?1 AND is_undo = 0"
                " AND since <= ?2 AND (until IS NULL OR until > ?2)",
                (_name(subject.id), self._clock()),
            )
            acts = {act for (act,) in rows}
        state = next((seen for act, seen in _STATES.items() if act in acts), "alive")
        return Sight(state, frozenset(acts))

    def leave(self, subject: str, state: str = "deactivated") -> None:
        """Makes a subject leave of its own will, or be taken away by others."""
        with self._file() as file:
            file.execute("INSERT OR REPLACE INTO gone VALUES (?, ?)", (_name(subject), state))

    def _ask(self, asked: Asked, key: str, undoing: bool) -> Answer:
        with self._file() as file:
            known = file.execute("SELECT tries, ending FROM requests WHERE key = ?", (key,))
            tries, ending = known.fetchone() or (0, None)
            if ending is not None:
                return Answer(ending, "answered before")
            self._count(file, asked, key)
            if self._draw("fails", key, tries) < self._knobs["fails"]:
                return Answer("later", "503")
            ending = self._ending(file, asked, key)
            file.execute("UPDATE requests SET ending = ? WHERE key = ?", (ending, key))
            lies = self._draw("lies", key) < self._knobs["lies"]
            if ending == "accepted" and not lies:
                self._do(file, asked, key, undoing)
            return Answer(ending)

    def _count(self, file: sqlite3.Connection, asked: Asked, key: str) -> None:
        file.execute(
            "INSERT INTO requests VALUES (?, ?, ?, NULL, NULL, 1, NULL, ?)"
            " ON CONFLICT (key) DO UPDATE SET tries = tries + 1",
            (key, _name(asked.subject.id), asked.act, int(asked.undoes is not None)),
        )

    def _ending(self, file: sqlite3.Connection, asked: Asked, key: str) -> Any:
        if asked.act not in self.can(asked.subject.kind):
            return "refused"
        left = file.execute("SELECT 1 FROM gone WHERE subject = ?", (_name(asked.subject.id),))
        if left.fetchone():
            return "gone"
        return "refused" if self._draw("refuses", key) < self._knobs["refuses"] else "accepted"

    def _do(self, file: sqlite3.Connection, asked: Asked, key: str, undoing: bool) -> None:
        delay = self._draw("delay", key) * self._knobs["delay_seconds"] * SECOND
        at = self._clock() + int(delay)
        if not undoing:
            # What was taken back before it came, does not come.
            file.execute("UPDATE requests SET since = ? WHERE key = ? AND until IS NULL", (at, key))
            return
        file.execute(
            "INSERT INTO requests VALUES (?, ?, ?, NULL, ?, 0, NULL, 0)"
            " ON CONFLICT (key) DO UPDATE SET until = excluded.until",
            (asked.undoes, _name(asked.subject.id), asked.act, at),
        )

    def _draw(self, what: str, key: str, number: int = 0) -> float:
        """A number in [0, 1) that follows from the seed and what it is for."""
        text = f"{self._knobs['seed']}/{what}/{key}/{number}"
        return int.from_bytes(sha256(text.encode("utf-8")).digest()[:6], "big") / 2**48

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        try:
            file = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                file.executescript(_TABLES)
                file.execute("PRAGMA synchronous = OFF")  # a demonstration: nobody depends on it
                file.execute("BEGIN IMMEDIATE")
                with file:
                    yield file
            finally:
                file.close()
        except sqlite3.Error as error:
            what = str(self._path)
            if "disk is full" in str(error):
                raise OutsideError("disk.full", what=what) from error
            raise OutsideError("store.failed", where=what, error=str(error)) from error


def _name(subject: str) -> str:
    """An id as a file can hold it: lone surrogates written out."""
    return subject.encode("utf-8", "backslashreplace").decode("utf-8")


def _out_of_range(place: Place, name: str, given: float, valid: str) -> InputError:
    return InputError(
        "platform.setting-type", file="marsad.toml", section=f"[platforms.{place.name}]",
        setting=name, given=str(given), valid=valid,
    )  # fmt: skip
