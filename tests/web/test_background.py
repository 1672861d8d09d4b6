"""What a running desk does by itself: it begins, fails, goes on, and ends."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, active_count

import pytest
from fastapi.testclient import TestClient

from marsad.decide import users
from marsad.decide.desk import Desk
from marsad.decide.items import Item, content_of
from marsad.decide.rules import Decision
from marsad.platforms.base import Subject
from marsad.records.errors import OutsideError
from marsad.records.times import MINUTE, now
from marsad.store.actions import Action
from marsad.store.cases import Filter
from marsad.web.app import create_app
from marsad.web.background import Background, Work, works_of
from marsad.web.site import Site
from marsad.workspace import Workspace, keeping
from marsad.workspace.acting import platforms
from marsad.workspace.finding import find
from marsad.workspace.reviewing import open_cases
from tests.platforms.receiver import listening
from tests.web.conftest import BASE, PASSWORD
from tests.workspace.conftest import ndjson, posts, take
from tests.workspace.test_acting import WHO, settings
from tests.workspace.test_notifying import accept

LONGEST = 30.0
"""Seconds after which something has not happened; no test fails by being slow before."""


def waits_for(so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose only case is about a post of the simulated network."""
    from marsad.banks import Entry

    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    made.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = posts({"id": "1", "text": "amber lantern"})
    take(made, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    opened = settings(made, '\n[platforms.twitter]\nby = "simulated"\n')
    find(opened, ["phrases"])
    open_cases(opened)
    return Site.of(opened)


def decide(desk: Desk, outcome: str = "remove") -> None:
    taken = desk.take_next(WHO)
    assert taken is not None
    case, lease = taken
    desk.open_item(WHO, case.id, Item("twitter:1", "twitter:7", "en", content_of("amber lantern")))
    desk.decide(WHO, Decision(case.id, case.version, lease.token, outcome, "research@1",
                              "it carries the marker", item="twitter:1"))  # fmt: skip


def actions(site: Site) -> list[Action]:
    return [one.action for one in site.desk.actions(WHO, 1)]


def test_what_is_decided_is_asked_for_and_seen_on_the_simulated_network(site: Site) -> None:
    ahead = [0]
    site = replace(site, desk=replace(site.desk, clock=lambda: now() + ahead[0]))
    assert site.workspace is not None
    works = [replace(work, pause=0.05) for work in works_of(site, site.workspace)]
    with TestClient(create_app(site, Background(works)), BASE) as client:
        assert client.get("/healthz").status_code == 200
        decide(site.desk)
        waits_for(lambda: [one.state for one in actions(site)] == ["requested"])
        ahead[0] = MINUTE  # a look comes some seconds after the request
        waits_for(lambda: [one.state for one in actions(site)] == ["confirmed"])
        waits_for(lambda: keeping.read(site.workspace) is not None)  # type: ignore[arg-type]
    network = platforms(site.workspace).of("twitter").platform
    assert network.look(Subject("post", "twitter:1")).state == "removed"
    site.desk.database.close()


def work(site: Site, name: str) -> Work:
    assert site.workspace is not None
    return next(one for one in works_of(site, site.workspace) if one.name == name)


def waiting(site: Site) -> list[str | None]:
    return [case.subject for case in site.desk.queue(WHO, Filter(("open",)))]


def test_what_is_found_while_it_serves_opens_a_case(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, workspace = work(site, "cases"), site.workspace
    assert workspace is not None
    assert opening.turn() is False
    assert waiting(site) == ["twitter:1"]
    rows = posts({"id": "2", "text": "amber lantern"})
    take(workspace, ndjson(tmp_path / "b.ndjson", rows), platform="twitter")
    find(workspace, ["phrases"])
    opening.turn()
    assert waiting(site) == ["twitter:1", "twitter:2"]
    monkeypatch.setattr("marsad.workspace.reviewing.open_cases_in", None)
    opening.turn()  # nothing was stored since: findings are not read again
    site.desk.database.close()


def test_findings_that_cannot_be_read_are_said_on_the_queue_and_tried_again(site: Site) -> None:
    assert site.workspace is not None
    site.workspace.folder.joinpath("findings").rename(site.workspace.folder / "away")
    works = [replace(work(site, "cases"), pause=0.05)]
    users.add(site.desk.database, "mona", ["moderator"], at=now(), password=PASSWORD)
    background = Background(works)
    with TestClient(create_app(site, background), BASE) as client:
        client.post("/login", data={"name": "mona", "password": PASSWORD})
        waits_for(lambda: "New findings open no cases" in client.get("/").text)
        site.workspace.folder.joinpath("away").rename(site.workspace.folder / "findings")
        waits_for(lambda: not background.problems)
        assert "New findings open no cases" not in client.get("/").text
    site.desk.database.close()


def test_other_systems_are_told_what_happens(site: Site) -> None:
    assert site.workspace is not None
    key = b"k" * 32
    with listening({"a": key}) as receiver:
        keys = site.workspace.folder / "keys" / "webhook-mine.keys"
        keys.write_text(f"a {key.hex()}\n")
        keys.chmod(0o600)
        told = settings(site.workspace, f'\n[webhooks.mine]\nurl = "{receiver.address}/hook"\n'
                                        "allow_loopback = true\n")  # fmt: skip
        site = replace(site, workspace=told)
        receiver.answers.extend([accept] * 9)
        turn = work(site, "notify").turn
        assert turn() is False  # a new webhook is told of what happens from now on
        decide(site.desk)
        turn()
    assert [json.loads(body)["type"] for _, _, body in receiver.seen] == ["case.decided"]
    site.desk.database.close()


def test_threads_end_with_the_application(site: Site) -> None:
    assert site.workspace is not None
    before = active_count()
    background = Background.of(site)
    background.start()
    assert active_count() == before + len(works_of(site, site.workspace))
    background.stop()
    assert active_count() == before
    site.desk.database.close()


def test_a_turn_that_failed_is_told_once_without_its_words_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    turns, done = [], Event()

    def turn() -> bool:
        turns.append(1)
        if len(turns) < 3:
            raise ValueError("the key is hunter2")
        done.set()
        return False

    background = Background([Work("act", turn, 0.01)])
    with caplog.at_level(logging.ERROR, "marsad.background"):
        background.start()
        assert done.wait(LONGEST)
        background.stop()
    assert [record.getMessage() for record in caplog.records] == ["act: ValueError"]
    assert background.problems == {}


def test_what_hinders_a_work_can_be_read(caplog: pytest.LogCaptureFixture) -> None:
    failed = Event()

    def turn() -> bool:
        failed.set()
        raise OutsideError("disk.full", what="review.db")

    background = Background([Work("act", turn, 60)])
    background.start()
    assert failed.wait(LONGEST)
    waits_for(lambda: bool(background.problems))
    background.stop()
    assert background.problems["act"].id == "disk.full"
    assert "review.db" in caplog.text


def test_more_to_do_is_done_at_once_and_stopping_does_not_wait_for_the_rest() -> None:
    turns, enough = [], Event()

    def turn() -> bool:
        turns.append(1)
        if len(turns) > 100:
            enough.set()
        return True

    background = Background([Work("act", turn, 3600)])
    background.start()
    assert enough.wait(LONGEST)
    background.stop()
    count = len(turns)
    time.sleep(0.05)
    assert len(turns) == count


def test_a_site_without_a_workspace_has_nothing_to_do(site: Site) -> None:
    assert Background.of(replace(site, workspace=None)).problems == {}
    site.desk.database.close()
