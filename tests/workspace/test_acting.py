"""Acting for a workspace: platforms from marsad.toml, links, one turn of carrying out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from marsad.decide.desk import Desk
from marsad.decide.items import Item, content_of
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.records.errors import InputError
from marsad.records.times import MINUTE, now
from marsad.workspace import Workspace
from marsad.workspace.acting import carry_out, platforms
from marsad.workspace.finding import find
from marsad.workspace.reviewing import desk, open_cases
from tests.workspace.conftest import ndjson, posts, take

WHO = Reviewer("a", frozenset({"moderator"}), frozenset({"en"}))


@pytest.fixture
def decided(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace in which a post is to be removed."""
    from marsad.banks import Entry

    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = posts({"id": "1", "text": "amber lantern"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    find(workspace, ["phrases"])
    open_cases(workspace)
    room: Desk = desk(workspace)
    taken = room.take_next(WHO)
    assert taken is not None
    case, lease = taken
    room.open_item(WHO, case.id, Item("twitter:1", "twitter:7", "en", content_of("amber lantern")))
    room.decide(WHO, Decision(case.id, case.version, lease.token, "remove", "research@1",
                              "it carries the marker", item="twitter:1"))  # fmt: skip
    room.database.close()
    return workspace


def settings(workspace: Workspace, text: str) -> Workspace:
    path = workspace.folder / "marsad.toml"
    path.write_text(path.read_text() + text)
    return Workspace.open(workspace.folder)


def test_what_nobody_is_named_for_a_person_is_asked_to_do(decided: Workspace) -> None:
    done = carry_out(decided)
    assert [(one.by, one.became) for one in done.steps] == [("manual", "requested")]
    room = desk(decided)
    todo = room.to_do(WHO)[0]
    assert platforms(decided).link(todo.action, todo.subject) == "https://x.com/i/status/1"
    assert room.record_manual(WHO, todo.action.id, "done", "gone").state == "confirmed"
    room.database.close()


def test_the_simulated_network_carries_it_out(decided: Workspace) -> None:
    opened = settings(decided, '\n[platforms.twitter]\nby = "simulated"\nan_hour = 5\n')
    assert [one.became for one in carry_out(opened, dry_run=True).steps] == ["would"]
    assert not (opened.folder / "simulated-network.db").exists()
    assert [one.became for one in carry_out(opened).steps] == ["requested"]
    later = now() + MINUTE
    done = carry_out(opened, clock=lambda: later)
    assert [(one.step, one.became) for one in done.steps] == [("look", "confirmed")]
    assert done.next_at is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("platforms = 7", "platform.section"),
        ("[platforms]\ntwitter = 7", "platform.section"),
        ('[platforms.x]\nby = "simulated"', "platform.section-name"),
        ('[platforms."a b"]\nby = "simulated"', "platform.section-name"),
        ('[platforms.twitter]\nby = "carrier-pigeon"', "platform.unknown"),
        ('[platforms.twitter]\nby = "webhook"\nurl = "https://a.example/"\n'
         'status_url = "https://a.example/{id}"', "platform.keys-none"),
    ],
)  # fmt: skip
def test_settings_that_are_not_right_send_nothing(
    decided: Workspace, text: str, message: str
) -> None:
    opened = settings(decided, f"\n{text}\n")
    with pytest.raises(InputError) as error:
        carry_out(opened)
    assert error.value.message.id == message


def test_a_lost_key_names_the_way_out(decided: Workspace, monkeypatch: Any) -> None:
    text = ('\n[platforms.twitter]\nby = "webhook"\nurl = "https://a.example/"\n'
            'status_url = "https://a.example/{id}"\n')  # fmt: skip
    opened = settings(decided, text)
    with pytest.raises(InputError, match="openssl rand -hex 32") as error:
        platforms(opened)
    assert "keys/twitter.keys" in str(error.value)
    monkeypatch.setenv("MARSAD_TWITTER_KEYS", "a " + "0" * 64)
    assert platforms(opened).of("twitter").platform.name == "webhook"
