"""The contract, run over every platform that ships."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from marsad.platforms.base import Answer, Asked, Place, Platform, Sight, Subject
from marsad.platforms.contract import PlatformContract
from marsad.platforms.manual import Manual
from marsad.platforms.registry import platforms
from marsad.platforms.simulated import Simulated
from marsad.platforms.webhook import Webhook
from tests.platforms.receiver import Receiver, listening

KEY = "5e" * 32


class TestSimulated(PlatformContract):
    kind = Simulated


class TestManual(PlatformContract):
    kind = Manual
    settings: ClassVar[dict[str, Any]] = {
        "links": {"account": "https://example.org/u/{id}", "post": "https://example.org/p?q={id}"}
    }


class TestWebhook(PlatformContract):
    kind = Webhook

    @pytest.fixture(autouse=True)
    def _listen(self) -> Iterator[None]:
        with listening({"a": bytes.fromhex(KEY)}) as receiver:
            self.receiver: Receiver = receiver
            type(self).settings = {
                "url": receiver.address + "/act", "allow_loopback": True,
                "status_url": receiver.address + "/status?kind={kind}&id={id}",
            }  # fmt: skip
            yield

    def prepare(self, place: Place) -> None:
        path = place.keys / "contract.keys"
        path.touch(mode=0o600)
        path.write_text(f"a {KEY}\n")

    def secrets(self) -> tuple[str, ...]:
        return (KEY, str(bytes.fromhex(KEY)))


def test_every_platform_that_ships_is_held_to_it() -> None:
    held = {one.kind for one in (TestSimulated, TestManual, TestWebhook)}
    assert held == set(platforms().values())


class Forgetful(Platform):
    """Breaks the contract: it says yes, and does each copy of a request anew."""

    name = "forgetful"
    acts: ClassVar[list[str]] = []

    @classmethod
    def open(cls, settings: Any, place: Place) -> Forgetful:
        return cls()

    def can(self, kind: str) -> frozenset[str]:
        return frozenset({"warn"}) if kind == "post" else frozenset()

    def request(self, asked: Asked, key: str) -> Answer:
        self.acts.append(asked.act)
        return Answer("accepted")

    def undo(self, asked: Asked, key: str) -> Answer:
        self.acts.clear()
        return Answer("accepted")

    def look(self, subject: Subject) -> Sight:
        return Sight("alive", frozenset(self.acts))

    def link(self, subject: Subject) -> str | None:
        return f"https://example.org/{subject.native}"


@pytest.mark.parametrize(
    "test", ["test_twice_with_one_key_is_once", "test_what_was_never_asked_for_is_not_done",
             "test_hostile_ids_go_nowhere_else"],
)  # fmt: skip
def test_the_contract_can_fail(test: str) -> None:
    class Held(PlatformContract):
        kind = Forgetful

        def opened(self, given: Any, place: Place) -> Platform:
            return Forgetful()

    Forgetful.acts[:] = ["warn"]
    with pytest.raises(AssertionError):
        getattr(Held(), test)()
