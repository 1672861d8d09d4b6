"""From findings to the account bank, through the desk of a workspace."""

from __future__ import annotations

from pathlib import Path

from marsad.banks import Entry
from marsad.banks.accounts import listed
from marsad.decide.items import Item, content_of
from marsad.decide.opening import Opened
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.workspace import Workspace
from marsad.workspace.finding import find
from marsad.workspace.reviewing import desk, open_cases, update_account_bank
from tests.workspace.conftest import ndjson, posts, take

WHO = Reviewer("a", frozenset({"moderator"}), frozenset({"en"}))


def test_findings_become_cases_once_and_a_removed_post_closes_no_account(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = posts({"id": "1", "text": "amber lantern"}, {"id": "2", "text": "a quiet day"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    find(workspace, ["phrases"])
    assert open_cases(workspace) == Opened(opened=1)
    assert open_cases(workspace) == Opened()
    room = desk(workspace)
    taken = room.take_next(WHO)
    assert taken is not None
    case, lease = taken
    assert (case.kind, case.subject) == ("post", "twitter:1")
    item = Item("twitter:1", "twitter:7", "en", content_of("amber lantern"))
    room.open_item(WHO, case.id, item)
    decision = Decision(case.id, case.version, lease.token, "remove", "research@1",
                        "it carries the marker", item="twitter:1")  # fmt: skip
    assert room.decide(WHO, decision).outcome == "remove"
    room.database.close()
    assert update_account_bank(workspace) == 0
    assert "decisions" not in workspace.banks.names()


def test_the_bank_learns_of_a_suspended_account(workspace: Workspace) -> None:
    from marsad.decide import opening
    from tests.decide.conftest import finding

    room = desk(workspace)
    opening.open_cases(room.database, [finding("x:7", "links")], 5)
    for name in "ab":
        who = Reviewer(name, frozenset({"moderator"}), frozenset({"en"}))
        taken = room.take_next(who)
        assert taken is not None
        case, lease = taken
        room.open_item(who, case.id, Item("x:1", "x:7", "en"))
        decision = Decision(case.id, case.version, lease.token, "suspend", "research@1",
                            "it carries the marker", item="x:1")  # fmt: skip
        room.decide(who, decision)
    room.database.close()
    assert update_account_bank(workspace) == 1
    assert set(listed(workspace.banks.all())) == {"x:7"}
