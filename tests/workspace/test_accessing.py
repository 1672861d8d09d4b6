"""Access: all that is known of somebody, for them, and nothing of anybody else."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from marsad.decide import users
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.notices.desk import Notices
from marsad.decide.notices.notice import Given
from marsad.decide.opening import open_cases
from marsad.decide.orders import reading
from marsad.decide.orders.desk import Orders
from marsad.decide.places import Places
from marsad.decide.preservation.holds import Wanted
from marsad.outputs.access import write
from marsad.records.errors import InputError
from marsad.records.times import DAY, now, to_datetime
from marsad.store import mails, persons
from marsad.workspace import Workspace
from marsad.workspace.kept import at_the_command_line
from marsad.workspace.reviewing import database
from tests.decide.conftest import SENIOR, Clock, Room, finding
from tests.workspace.test_erasing import (  # noqa: F401 - fixtures
    GONE,
    PLACES,
    STAYS,
    by_address,
    known,
    made_once,
)

OTHERS = ("unknown:lark", "77001", "unknown:@friend", "secret of another")


@pytest.fixture
def told_of(known: Workspace) -> Workspace:  # noqa: F811
    """A desk that has sealed posts of somebody and of others, and written notes."""
    store = database(known)
    shown = Exhibits(
        (Post("unknown:p1", GONE, "the amber lantern"), Post("unknown:p2", STAYS, OTHERS[3])),
        (Profile(GONE, "gone"), Profile(STAYS, "lark", bio=OTHERS[3])),
    )
    found = finding(GONE, number="2")
    others = [{"kind": "post", "id": "unknown:p1"}, {"kind": "post", "id": STAYS + "-post"}]
    found = replace(found, evidence=others)
    open_cases(store, [found], now(), {("account", GONE): shown})
    room = Room(Desk(store, ("demo@1",), Clock()), Clock())
    room.desk.note(SENIOR, room.read(GONE).id, "they write to unknown:@friend")
    with store.writing() as transaction:
        person = persons.find(transaction, GONE)
        mails.put(transaction, to="gone@a.example", message="test", values={}, lang="en", at=now(),
                  person=person)  # fmt: skip
    store.close()
    return known


def access(workspace: Workspace, name: str, folder: Path) -> tuple[dict[str, Any], str]:
    out = folder / "out.json"
    made = write(workspace, name, out, "en")
    return json.loads(out.read_text()), made.page.read_text()


def test_it_has_what_there_is(told_of: Workspace, tmp_path: Path) -> None:
    found, page = access(told_of, GONE, tmp_path)
    assert {row["id"] for row in found["posts"]} == {"unknown:p1", "unknown:p3"}
    assert len(found["edges"]) == 2
    assert len(found["labels"]) == 2
    assert found["banks"][0]["bank"] == "decisions"
    assert found["cases"][0]["subject"] == GONE
    assert found["mails"][0]["to"] == "gone@a.example"
    assert {"opened", "found", "noted"} <= {row["kind"] for row in found["entries"]}
    for said in (GONE, "the amber lantern", "gone@a.example"):
        assert said in page
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o600


def test_nothing_of_others_is_in_it(told_of: Workspace, tmp_path: Path) -> None:
    found, page = access(told_of, GONE, tmp_path)
    for other in (*OTHERS, "sen-1"):
        assert other not in json.dumps(found), other
        assert other not in page, other
    assert sum(row["left_out"] for row in found["findings"]) == 0
    sealed = [one for row in found["entries"] for one in row["content"].get("findings", ())]
    assert [(len(one["evidence"]), one["left_out"]) for one in sealed][-1] == (1, 1)


def test_cases_of_their_posts_are_theirs_and_it_says_what_is_not_searched(
    by_address: Workspace,  # noqa: F811
    tmp_path: Path,
) -> None:
    found, page = access(by_address, GONE, tmp_path)
    assert {row["subject"] for row in found["cases"]} == {GONE, "unknown:p1"}
    assert "9021073355!" in json.dumps(found["entries"])
    assert "Not searched are texts" in page
    assert "Not searched are texts" in found["not_searched"]


def test_it_is_logged_and_answers_the_request(told_of: Workspace, tmp_path: Path) -> None:
    with at_the_command_line(told_of) as (desk, me):
        desk.receive(me, GONE, "access", now() - DAY, "by e-mail")
        desk.receive(me, GONE, "erasure", now() - DAY)
    access(told_of, GONE, tmp_path)
    with at_the_command_line(told_of) as (desk, me):
        assert [(one.kind, one.outcome) for one, _ in desk.requests(me)] == [
            ("erasure", None), ("access", "done"),
        ]  # fmt: skip
    (tmp_path / "again").mkdir()
    access(told_of, GONE, tmp_path / "again")
    with at_the_command_line(told_of) as (desk, me):
        assert len(desk.requests(me)) == 3
        assert verify(desk.database, None).broken is None


OURS = Places.of({"places": [{
    "platform": "unknown", "host": "forum.example", "account": ["/@{account}"], "post": ["/{post}"],
}]})  # fmt: skip


def ordered(workspace: Workspace, until: int, *paths: str) -> None:
    """An order comes, is carried out, and the desk decides for itself what the order names."""
    store = database(workspace)
    desk = Orders(store, now, OURS)
    urls = [f"https://forum.example/{path}" for path in paths]
    said = {"reference": "R-1", "authority": {"name": "Some Authority", "state": "DE"},
            "urls": urls, "confidential_until": to_datetime(until).isoformat()}  # fmt: skip
    order = desk.receive(SENIOR, reading.of(said)).order.id
    desk.execute(SENIOR, order, "remove")
    room = Room(Desk(store, ("demo@1",), Clock()), Clock())
    room.desk.note(SENIOR, room.read(GONE).id, "an order came for it")
    assert verify(store, None).broken is None
    store.close()


def told(workspace: Workspace, folder: Path) -> tuple[dict[str, Any], str]:
    """What somebody is told, but for when and how often they asked."""
    folder.mkdir()
    found, page = access(workspace, GONE, folder)
    entries = [row for row in found["entries"] if not row["kind"].startswith("request-")]
    return {**found, "entries": entries, "made_at": None, "requests": None}, page


def test_while_an_authority_forbids_to_tell_all_is_as_it_was(
    told_of: Workspace, tmp_path: Path
) -> None:
    """A case that goes out of sight would tell of the order, too; what it opened is not told."""
    before, _ = told(told_of, tmp_path / "before")
    assert [(row["subject"], row["state"]) for row in before["cases"]] == [(GONE, "open")]
    ordered(told_of, now() + DAY, "@9021073355", "p1")
    after, page = told(told_of, tmp_path / "after")
    assert after == before
    assert "order" not in page.partition("<main>")[2]


def test_what_may_be_told_again_is_told(told_of: Workspace, tmp_path: Path) -> None:
    ordered(told_of, now() - DAY, "@9021073355", "p1")
    found, _ = told(told_of, tmp_path / "after")
    assert {row["subject"] for row in found["cases"]} == {GONE, "unknown:p1"}
    assert {row["act"] for row in found["actions"]} == {"hide", "remove"}
    assert "an order came for it" in json.dumps(found["entries"])


def test_holds_are_not_told(told_of: Workspace, tmp_path: Path) -> None:
    with at_the_command_line(told_of) as (desk, me):
        desk.set_hold(me, Wanted(GONE, "court", "secret basis", "secret reason", now() + DAY))
    found, page = access(told_of, GONE, tmp_path)
    assert "secret" not in json.dumps(found) + page


def test_somebody_of_the_team_and_somebody_from_outside(told_of: Workspace, tmp_path: Path) -> None:
    store = database(told_of)
    users.add(store, "mona", ["senior"], at=now(), password="a long password")
    with store.writing() as transaction:
        mails.put(transaction, to="a@b.example", message="test", values={}, lang="en", at=now())
    store.close()
    found, page = access(told_of, "user:mona", tmp_path)
    assert found["user"][0]["roles"] == ["senior"]
    assert "argon2" not in page + json.dumps(found)
    found, _ = access(told_of, "reporter:a@b.example", tmp_path)
    assert found["mails"][0]["to"] == "a@b.example"


def test_who_reported_is_told_their_notice_and_the_account_is_not_told_of_them(
    told_of: Workspace, tmp_path: Path
) -> None:
    store = database(told_of)
    Notices(store, PLACES).receive(
        Given(GONE, "terrorist-content", "It calls for an attack.", kind="account",
              name="A reporter", email="reporter@c.example", good_faith=True)
    )  # fmt: skip
    store.close()
    found, _ = access(told_of, GONE, tmp_path)
    assert "reporter" not in json.dumps(found)
    found, _ = access(told_of, "reporter:reporter@c.example", tmp_path)
    assert "It calls for an attack." in json.dumps(found["entries"])
    assert GONE not in json.dumps(found)


def test_of_nobody_there_is_nothing(told_of: Workspace, tmp_path: Path) -> None:
    for name, message in (("unknown:nobody", "erase.nothing"), ("nobody", "hold.name")):
        with pytest.raises(InputError) as error:
            access(told_of, name, tmp_path)
        assert error.value.message.id == message
    assert list(tmp_path.glob("*.json")) == []


def test_hostile_text_is_harmless_on_the_page(known: Workspace, tmp_path: Path) -> None:  # noqa: F811
    with at_the_command_line(known) as (desk, me):
        desk.receive(me, GONE, "access", now() - DAY, "<script>alert(1)</script>\u202e\x00")
    _, page = access(known, GONE, tmp_path)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
