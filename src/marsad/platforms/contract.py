"""What every platform must pass, built in or plugged in: a class of tests for pytest.

A plugin's tests hold a few lines:

    class TestForum(PlatformContract):
        kind = Forum
        settings = {"url": "http://127.0.0.1:…"}

and, where what was asked for takes time, a `wait` that lets it pass. pytest is not imported here;
the methods are plain assertions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from urllib.parse import urlsplit

from marsad.platforms.base import (
    ACTS,
    KINDS,
    REQUIRED,
    Answer,
    Asked,
    Place,
    Platform,
    Sight,
    Subject,
)
from marsad.platforms.effects import judge
from marsad.platforms.registry import check
from marsad.platforms.settings import configured
from marsad.records.tables import STATES

ENDINGS = ("accepted", "gone", "refused", "later")

HOSTILE_IDS = (
    "x:", "x:.", "x:..", "x:../../etc", "x:a/b?c=d#e", "x:javascript:alert(1)",
    "x://evil.example/", "x:@evil.example", "x:a@evil.example", 'x:"><script>', "x:a\r\nB: c",
    "x:a\x00b", "x:\u202egnp.exe", "x:\ud800", "x:{id}{kind}", "x:%2e%2e%2f", "x:'; DROP TABLE",
    "x:" + "a" * 10_000, "x:وسم", "no-colon", "",
)  # fmt: skip
"""Ids that somebody may have chosen so that a link or a request goes elsewhere."""


class PlatformContract:
    """The tests; a subclass names the platform and what to open it with."""

    kind: ClassVar[type[Platform]]
    settings: ClassVar[Mapping[str, Any]] = {}

    def wait(self) -> None:
        """Lets the time pass that the platform takes to do what it was asked."""

    def prepare(self, place: Place) -> None:
        """Makes what has to be there before the platform is opened, such as keys."""

    def test_registration_would_take_it(self) -> None:
        check(self.kind, self.kind.name)

    def test_defaults_are_of_their_settings_types(self) -> None:
        for setting in self.kind.settings:
            assert setting.default is REQUIRED or type(setting.default) is setting.type, setting

    def test_it_can_do_what_there_is_to_kinds_there_are(self) -> None:
        for platform in self._opened():
            assert any(platform.can(kind) for kind in KINDS)
            for kind in (*KINDS, "community", "", "galaxy"):
                assert platform.can(kind) <= frozenset(ACTS if kind in KINDS else ()), kind

    def test_what_it_can_do_is_seen_to_be_done_and_undone(self) -> None:
        for platform in self._opened():
            for number, (kind, act) in enumerate(self._can(platform)):
                asked = _asked(f"x:{number}", kind, act)
                answer = platform.request(asked, f"do{number}")
                assert answer.ending == "accepted", answer
                if platform.by_hand:
                    continue
                self.wait()
                assert judge(act, False, platform.look(asked.subject)) == "done", (kind, act)
                undo = _asked(f"x:{number}", kind, act, undoes=f"do{number}")
                assert platform.undo(undo, f"undo{number}").ending == "accepted"
                self.wait()
                assert judge(act, True, platform.look(asked.subject)) == "done", (kind, act)

    def test_twice_with_one_key_is_once(self) -> None:
        for platform in self._opened():
            kind, act = next(self._can(platform))
            asked = _asked("x:twice", kind, act)
            first, second = (platform.request(asked, "k") for _ in range(2))
            assert first.ending == second.ending == "accepted"
            undo = _asked("x:twice", kind, act, undoes="k")
            platform.undo(undo, "u")
            # A late copy of what was taken back must not do it again.
            platform.request(asked, "k")
            self.wait()
            if not platform.by_hand:
                assert judge(act, True, platform.look(asked.subject)) == "done"

    def test_what_was_never_asked_for_is_not_done(self) -> None:
        for platform in self._opened():
            for kind, act in self._can(platform):
                seen = platform.look(Subject(kind, "x:never"))
                assert judge(act, False, seen) != "done"

    def test_hostile_ids_go_nowhere_else(self) -> None:
        for platform in self._opened():
            for kind, act in dict(self._can(platform)).items():
                plain = platform.link(Subject(kind, "x:1"))
                for number, id in enumerate(HOSTILE_IDS):
                    _unharmed(platform, _asked(id, kind, act), f"{kind}{number}", plain)

    def test_nothing_secret_is_printed(self) -> None:
        for platform in self._opened():
            printed = repr(platform) + str(vars(platform)) if hasattr(platform, "__dict__") else ""
            for secret in self.secrets():
                assert secret.lower() not in printed.lower()

    def secrets(self) -> tuple[str, ...]:
        """What must never be printed."""
        return ()

    def _opened(self) -> Iterator[Platform]:
        with TemporaryDirectory() as folder:
            (Path(folder) / "keys").mkdir(mode=0o700)
            place = Place("contract", Path(folder))
            self.prepare(place)
            given = {"by": self.kind.name, **self.settings}
            opened = self.opened(given, place)
            try:
                yield opened
            finally:
                opened.close()

    def opened(self, given: Mapping[str, Any], place: Place) -> Platform:
        """Opens it as a workspace does, or, before it is registered, directly."""
        return configured("contract", given, place, place.folder / "marsad.toml").platform

    @staticmethod
    def _can(platform: Platform) -> Iterator[tuple[str, str]]:
        return ((kind, act) for kind in KINDS for act in sorted(platform.can(kind)))


def _asked(id: str, kind: str, act: str, undoes: str | None = None) -> Asked:
    return Asked(Subject(kind, id), act, 7, 9, "ab" * 32, "demo@1", 1_700_000_000_000_000, undoes)


def _unharmed(platform: Platform, asked: Asked, key: str, plain: str | None) -> None:
    answer = platform.request(asked, key)
    assert isinstance(answer, Answer)
    assert answer.ending in ENDINGS
    seen = platform.look(asked.subject)
    assert isinstance(seen, Sight)
    assert seen.state in STATES
    link = platform.link(asked.subject)
    if link is None:
        return
    assert plain is not None
    there, usual = urlsplit(link), urlsplit(plain)
    assert (there.scheme, there.netloc) == (usual.scheme, usual.netloc)
    assert link.isascii()
    assert link.isprintable()
    assert not set(link) & set(" \\\"'<>`")
    assert there.path.count("/") <= usual.path.count("/")
