"""From a blind sample through the desk to labels, and what measures make of them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.banks import Entry
from marsad.decide import blind
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.items import Item
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.store import cases
from marsad.store.cases import Case, Filter
from marsad.workspace import Workspace
from marsad.workspace.decided_labels import label_decisions
from marsad.workspace.finding import find
from marsad.workspace.measuring.census import Asked, census
from marsad.workspace.reviewing import desk, open_cases
from marsad.workspace.sampling import draw_at_random, open_drawn, sample_cases
from tests.workspace.conftest import ndjson, posts, table, take

BOTH = frozenset({"ar", "en"})
FIRST, SECOND = (Reviewer(name, frozenset({"moderator"}), BOTH) for name in ("rev-1", "rev-2"))
APPEALS = Reviewer("app-1", frozenset({"appeals"}), BOTH)
REASON, POLICY = "it carries the marker word", "research@1"
ACCOUNTS, MARKED = 60, 12


@pytest.fixture(scope="module")
def labelled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty accounts with a post each, twelve of which carry a listed phrase; cases are open."""
    folder = tmp_path_factory.mktemp("decided")
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("research")
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = posts(*(
        {"id": f"{n}", "account_id": f"a{n}", "text": f"{'amber lantern' * (n < MARKED)} day {n}",
         "language": "ar" if n % 3 else "en"} for n in range(ACCOUNTS)
    ))  # fmt: skip
    take(workspace, ndjson(folder / "posts.ndjson", rows), platform="simulated")
    find(workspace, ["phrases"])
    open_cases(workspace)
    return folder


@pytest.fixture
def ws(labelled_once: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(labelled_once, tmp_path, dirs_exist_ok=True)
    return Workspace.open(tmp_path / "ws")


def decide(room: Desk, who: Reviewer, case: Case, outcome: str) -> Case:
    lease = room.take(who, case.id)
    item = None
    if outcome in ("remove", "hide", "warn"):
        assert case.subject is not None
        own = case.subject if case.kind == "post" else f"{case.subject}-post"
        room.open_item(who, case.id, Item(own, case.subject, "en"))
        item = own
    return room.decide(
        who, Decision(case.id, case.version, lease.token, outcome, POLICY, REASON, item)
    )


def queue(room: Desk, who: Reviewer = FIRST) -> list[Case]:
    return room.queue(who, Filter(("open",)), 200)


def truth(case: Case) -> str:
    number = int(str(case.subject).rpartition(":")[2].lstrip("a"))
    return "hide" if number < MARKED else "no-violation"


def labels(ws: Workspace) -> list[dict[str, Any]]:
    return table(ws, "labels").to_pylist()


# ── the draw


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(1, 200), st.integers(0, 9)
)
def test_strata_are_drawn_in_proportion_with_their_chances(
    sizes: list[int], n: int, seed: int
) -> None:
    parts = np.repeat(np.arange(len(sizes)), sizes)
    n = min(n, len(parts))
    drawn = draw_at_random(parts, n, seed)
    assert len(set(drawn.index.tolist())) == n
    counts = np.bincount(drawn.stratum, minlength=len(sizes))
    assert (np.abs(counts - n * np.array(sizes) / sum(sizes)) < 1).all()
    assert np.allclose(drawn.probability, (counts / sizes)[drawn.stratum])
    again = draw_at_random(parts, n, seed)
    assert (again.index == drawn.index).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"n": 0}, "sample.number"),
        ({"n": ACCOUNTS + 1}, "sample.too-many"),
        ({"n": 5, "kind": "site"}, "label.kind"),
        ({"n": 5, "by": "score"}, "sample.by"),
    ],
)
def test_what_cannot_be_drawn(ws: Workspace, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as error:
        sample_cases(ws, **asked)
    assert error.value.message.id == message


def test_nothing_is_drawn_from_nothing(workspace: Workspace) -> None:
    with pytest.raises(Refused):
        sample_cases(workspace, 5)


def test_drawn_cases_show_no_finding_and_come_among_the_others(ws: Workspace) -> None:
    drawn = sample_cases(ws, ACCOUNTS, seed=3)
    assert (drawn.drawn, drawn.frame, drawn.opened) == (ACCOUNTS, ACCOUNTS, ACCOUNTS)
    room = desk(ws)
    found = [case for case in queue(room) if case.route == blind.RANDOM]
    assert len(found) == ACCOUNTS
    assert len({case.rank for case in found}) == ACCOUNTS
    assert {case.subject for case in found} == {f"simulated:{n}" for n in range(ACCOUNTS)}
    copies = [case for case in found if case.copy_of is not None]
    assert len(copies) == MARKED  # of those that had a case with findings
    with room.database.reading() as transaction:
        assert not any(cases.known_findings(transaction, case.id) for case in found)
    for case in found:
        assert room.similar(FIRST, case.id) == []
        assert room.standing(FIRST, case.id).strikes == ()
        assert room.history(FIRST, case.id).verdicts == ()
    assert verify(room.database, None).broken is None
    assert open_drawn(ws, drawn.draw) == 0  # again opens nothing


def test_a_draw_that_was_broken_off_is_finished(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = blind.draw, [5]

    def breaks(*given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise ZeroDivisionError
        return real(*given)

    monkeypatch.setattr(blind, "draw", breaks)
    monkeypatch.setattr("marsad.workspace.sampling.AT_ONCE", 2)
    with pytest.raises(ZeroDivisionError):
        sample_cases(ws, 20)
    monkeypatch.setattr(blind, "draw", real)
    name = table_of_draws(ws)
    assert open_drawn(ws, name) == 16
    assert sum(case.route == blind.RANDOM for case in queue(desk(ws))) == 20


def table_of_draws(ws: Workspace) -> str:
    from marsad.engines import open_engine

    with open_engine() as engine:
        rows = engine.collect(ws.table(engine, ws.log.snapshot(), "draws").select("draw"))
    return str(rows["draw"][0].as_py())


@pytest.mark.parametrize("by", ["language", "month", "platform"])
def test_by_strata_each_has_its_own_chance(ws: Workspace, by: str) -> None:
    sample_cases(ws, 31, by=by)
    room = desk(ws)
    chances = Counter()
    with room.database.reading() as transaction:
        from marsad.store import log

        for case in queue(room):
            if case.route == blind.RANDOM:
                chances[round(log.event(transaction, case.id).data["probability"], 4)] += 1
    sizes = {"language": {20: 10, 40: 21}, "month": {60: 31}, "platform": {60: 31}}[by]
    assert chances == {round(n / size, 4): n for size, n in sizes.items()}


# ── labels


def test_decisions_become_labels_with_how_they_came_to_be_seen(ws: Workspace) -> None:
    room = desk(ws)
    one, two, three, *_ = queue(room)
    decide(room, FIRST, one, "hide")
    decide(room, SECOND, decide(room, FIRST, two, "unsure"), "no-violation")
    decide(room, FIRST, three, "escalate")
    assert label_decisions(ws).taken == 3
    found = {(row["subject"], row["labeller"]): row for row in labels(ws)}
    assert {key: row["label"] for key, row in found.items()} == {
        (one.subject, "rev-1"): "violating",
        (two.subject, "rev-1"): "unsure",
        (two.subject, "rev-2"): "no violation",
    }
    hidden = found[str(one.subject), "rev-1"]
    assert (hidden["draw"], hidden["probability"]) == ("targeted", None)
    assert (hidden["note"], hidden["subject_kind"]) == ("signal: hide", "post")
    again = label_decisions(ws)
    assert (again.taken, again.already) == (0, 3)


def test_an_overturned_decision_is_unsure_from_then_on(ws: Workspace) -> None:
    room = desk(ws)
    case = decide(room, FIRST, queue(room)[0], "hide")
    label_decisions(ws)
    room.overturn(APPEALS, case.id, POLICY, REASON)
    label_decisions(ws)
    ordered = sorted(labels(ws), key=lambda row: row["labelled_at"])
    assert [row["label"] for row in ordered] == ["violating", "unsure"]


def test_a_census_of_a_blind_sample(ws: Workspace) -> None:
    """All sixty accounts are drawn and judged: the prevalence is twelve in sixty, known exactly."""
    drawn = sample_cases(ws, ACCOUNTS, kind="account")
    room = desk(ws)
    for case in [one for one in queue(room) if one.route == blind.RANDOM]:
        decide(room, FIRST, case, "warn" if truth(case) == "hide" else "no-violation")
    label_decisions(ws)
    rows = [row for row in labels(ws) if row["subject_kind"] == "account"]
    assert {(row["draw"], row["probability"]) for row in rows} == {(drawn.draw, 1.0)}
    told = {one.name: one for one in census(ws, Asked()).estimates}
    assert told["prevalence"].value == MARKED / ACCOUNTS
    assert told["prevalence"].low == told["prevalence"].high


def test_who_was_erased_gives_no_label(ws: Workspace) -> None:
    room = desk(ws)
    decide(room, FIRST, queue(room)[0], "hide")
    account = "simulated:a" + str(queue(room, SECOND)[0].subject).rpartition(":")[2]
    decide(room, FIRST, queue(room)[0], "hide")
    room.erase(Reviewer("adm", frozenset({"admin"})), account)
    label_decisions(ws)
    assert len(labels(ws)) == 1


def test_there_is_nothing_without_a_desk(workspace: Workspace) -> None:
    with pytest.raises(InputError) as error:
        label_decisions(workspace)
    assert error.value.message.id == "audit.none"
