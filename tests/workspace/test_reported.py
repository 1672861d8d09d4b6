"""What was reported can be looked at once the records have it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marsad.decide.audit import verify
from marsad.decide.notices.desk import Notices
from marsad.decide.orders import reading
from marsad.decide.orders.desk import Orders
from marsad.decide.places import Places
from marsad.store import cases
from marsad.workspace import Workspace, reported
from marsad.workspace.reviewing import desk
from tests.decide.notices.conftest import FORUM, GIVEN
from tests.workspace.conftest import ndjson, posts, take
from tests.workspace.test_reviewing import WHO

PLACES = Places.of({"places": [FORUM | {"platform": "twitter"}]})


@pytest.mark.parametrize(
    ("address", "about", "shown"),
    [("https://forum.example/p/1", ("post", "twitter:1"), ["twitter:1"]),
     ("https://forum.example/@7", ("account", "twitter:7"), ["twitter:1", "twitter:2"])],
)  # fmt: skip
def test_what_was_reported_is_shown_out_of_the_records(
    workspace: Workspace, tmp_path: Path, address: str, about: tuple[str, str], shown: list[str]
) -> None:
    room = desk(workspace)
    notices = Notices(room.database, PLACES)
    notices.receive(replace(GIVEN, address=address))
    looker = reported.Looker(workspace, room.database)
    assert looker.show(1) == 0
    rows = posts({"id": "1", "text": "amber lantern"}, {"id": "2", "text": "a quiet day"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    assert looker.show(2) == 1
    assert looker.show(3) == 0
    assert reported.Looker(workspace, room.database).show(4) == 0
    with room.database.reading() as transaction:
        case = cases.of_subject(transaction, *about)
    assert case is not None
    found = room.dossier(WHO, case.id)
    assert sorted(one.id for one in found.own_posts) == shown
    assert [one.signal for one in found.findings] == ["notice"]
    room.open_post(WHO, case.id, shown[0])
    assert verify(room.database, None).broken is None
    room.database.close()


@pytest.mark.parametrize(
    ("address", "about", "shown"),
    [("https://forum.example/p/1", ("post", "twitter:1"), ["twitter:1"]),
     ("https://forum.example/@7", ("account", "twitter:7"), ["twitter:1", "twitter:2"])],
)  # fmt: skip
def test_what_an_order_is_about_is_shown_out_of_the_records(
    workspace: Workspace, tmp_path: Path, address: str, about: tuple[str, str], shown: list[str]
) -> None:
    rows = posts({"id": "1", "text": "amber lantern"}, {"id": "2", "text": "a quiet day"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    room = desk(workspace)
    Orders(room.database, places=PLACES).import_(reading.of({"urls": [address]}))
    looker = reported.Looker(workspace, room.database)
    assert [looker.show(turn) for turn in range(2)] == [1, 0]
    with room.database.reading() as transaction:
        case = cases.of_subject(transaction, *about)
    assert case is not None
    found = room.dossier(WHO, case.id)
    assert sorted(one.id for one in found.own_posts) == shown
    assert not found.findings
    assert verify(room.database, None).broken is None
    room.database.close()


def test_what_the_records_do_not_have_is_looked_for_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = posts({"id": "1", "text": "amber lantern"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    room = desk(workspace)
    Notices(room.database, PLACES).receive(GIVEN)
    looker, asked = reported.Looker(workspace, room.database), []
    whole = reported.gather
    monkeypatch.setattr(reported, "gather", lambda *given: asked.append(1) or whole(*given))
    assert [looker.show(turn) for turn in range(3)] == [0, 0, 0]
    assert asked == [1]
    room.database.close()
