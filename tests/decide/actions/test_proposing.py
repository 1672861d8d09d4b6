"""Which actions follow from which decisions, and that none comes from anything else."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from sqlalchemy import text

from marsad.decide.actions import proposing
from marsad.decide.actions.recording import record_step
from marsad.decide.audit import verify
from marsad.decide.bulk import Alike, Target
from marsad.decide.items import content_of
from marsad.decide.opening import open_cases
from marsad.decide.outcomes import ACTING, VALID
from marsad.records.errors import InputError, MarsadError
from marsad.store import action_records, actions, log
from tests.conftest import ROOT
from tests.decide.actions.conftest import Stage, in_force
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    finding,
    let_forge,
    own_item,
)

OUTCOMES = [(kind, outcome) for kind, valid in VALID.items() for outcome in valid]


@pytest.mark.parametrize(("kind", "outcome"), OUTCOMES)
def test_which_decisions_ask_for_an_action(stage: Stage, kind: str, outcome: str) -> None:
    case = stage.case("x:1", kind=kind)
    item = own_item(case) if outcome in ACTING else None
    if item is not None:
        stage.desk.open_item(FIRST, case.id, item)
    more = {"exemption": "news"} if outcome == "exempt" else {}
    case = stage.decide(FIRST, case, outcome, item=item.id if item else None, **more)
    expected = [] if outcome not in ACTING or case.state != "decided" else [outcome]
    found = [one.action for one in stage.shown(case)]
    assert [one.act for one in found] == expected
    assert all((one.kind, one.platform) == (kind, "x") for one in found)


def test_a_suspension_is_asked_for_once_both_have_decided(stage: Stage) -> None:
    case = stage.decide(FIRST, stage.case(), "suspend")
    assert stage.shown(case) == []
    case = stage.decide(SECOND, case, "suspend")
    assert stage.states(case) == ["proposed"]


def test_it_is_in_the_decisions_own_transaction(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    case = stage.case()
    monkeypatch.setattr(actions, "begin", fails)
    with pytest.raises(ZeroDivisionError):
        stage.decide(FIRST, case, "warn")
    assert stage.read("x:1").state == "open"  # no decision without its action
    with stage.desk.database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM actions")).scalar() == 0


def test_what_it_carries_seals_decision_and_evidence(stage: Stage) -> None:
    action = stage.shown(stage.warned())[0].action
    with stage.desk.database.reading() as transaction:
        decided = log.event(transaction, action.decision)
        assert decided.kind == "decided"
        assert action.evidence == (log.hash_at(transaction, decided.seq) or b"").hex()
        assert decided.data["evidence"] == (log.hash_at(transaction, decided.seq - 1) or b"").hex()
        assert action.id > decided.seq > 1  # 1 has sealed the findings, 2 the item


def test_of_several_decided_alike_each_has_its_own(stage: Stage) -> None:
    text_ = "a marker that is copied"
    open_cases(stage.desk.database, [finding(f"x:{n}", kind="post") for n in range(3)], 5)
    cases = [stage.read(f"x:{n}", "post") for n in range(3)]
    stage.desk.open_item(FIRST, cases[0].id, own_item(cases[0], text_))
    targets = [Target(case.id, case.version, own_item(case, text_)) for case in cases]
    alike = Alike("hide", POLICY, REASON, lead_case=cases[0].id, lead_item="x:0")
    stage.desk.decide_alike(FIRST, alike, targets)
    found = [stage.shown(case)[0].action for case in cases]
    assert [one.act for one in found] == ["hide"] * 3
    assert len({one.key for one in found}) == 3
    assert content_of(text_)


# ── no action without a decision


def test_nothing_else_in_the_source_proposes_an_action() -> None:
    """One place writes the entry, and who calls that place has a decision or its overturning, or an
    order that a person carries out."""
    writers, callers = set(), set()
    for path in (ROOT / "src" / "marsad").rglob("*.py"):
        content = path.read_text("utf-8")
        if "action-proposed" not in content and "proposing" not in content:
            continue
        for node in ast.walk(ast.parse(content)):
            name = str(path.relative_to(ROOT / "src" / "marsad"))
            if isinstance(node, ast.Constant) and node.value == "action-proposed":
                writers.add(name)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                called = node.attr in ("follow", "take_back", "_propose", "carry_out", "let_go")
                if called and node.value.id == "proposing":
                    callers.add(name)
    assert writers == {
        "decide/actions/proposing.py",  # writes it
        "decide/actions/states.py", "decide/states.py", "decide/entries.py",  # the tables
        "decide/preservation/records.py",  # asks for what is to be kept when it is written
        "workspace/transparency/counting.py",  # counts it
    }  # fmt: skip
    assert callers == {
        "decide/desk.py", "decide/orders/carrying.py",
        "decide/overturning.py", "decide/appeals/reversing.py",
    }  # fmt: skip


def test_a_case_that_is_not_decided_takes_no_action(stage: Stage) -> None:
    decided = stage.warned("x:1")
    action = stage.shown(decided)[0].action
    waiting = stage.case("x:2")
    data = {"act": "warn", "kind": "account", "platform": "x", "decision": action.decision,
            "cause": action.decision, "evidence": action.evidence, "key": "k", "undoes": None,
            "by_hand": False}  # fmt: skip
    for case in (waiting, stage.decide(FIRST, stage.case("x:3"), "escalate")):
        with pytest.raises(InputError), stage.desk.database.writing() as transaction:
            record_step(transaction, case, "action-proposed", at=1, actor="marsad", data=data)


@pytest.mark.parametrize("decision", [0, 1, 999])
def test_the_database_refuses_an_action_that_names_no_decision(stage: Stage, decision: int) -> None:
    case = stage.warned()
    action = stage.shown(case)[0].action
    data = {"act": "hide", "kind": "account", "platform": "x", "decision": decision,
            "cause": action.cause, "evidence": "", "key": "k", "undoes": None,
            "by_hand": False}  # fmt: skip
    with pytest.raises(MarsadError), stage.desk.database.writing() as transaction:
        record_step(transaction, case, "action-proposed", at=1, actor="marsad", data=data)


TABLES = (("action_steps", "seq"), ("actions", "id"), ("audit", "seq"))


@pytest.mark.parametrize(
    ("change", "why"),
    [({}, "impossible"),  # the decision has its action already
     ({"act": "suspend"}, "impossible"), ({"decision": 3, "cause": 2}, "impossible"),
     ({"undoes": 4, "act": "hide"}, "impossible")],
)  # fmt: skip
def test_verify_names_an_action_that_no_decision_asked_for(
    stage: Stage, change: dict[str, object], why: str
) -> None:
    """Somebody who can write to the log adds what nobody decided; the chain is whole."""
    case = stage.warned()
    action = stage.shown(case)[0].action
    data = {"act": "warn", "kind": "account", "platform": "x", "decision": action.decision,
            "cause": action.decision, "evidence": action.evidence, "key": "k", "undoes": None,
            "by_hand": False} | change  # fmt: skip
    with stage.desk.database.writing() as transaction:
        made = record_step(transaction, case, "action-proposed", at=1, actor="marsad", data=data)
    broken = verify(stage.desk.database, None).broken
    assert broken is not None
    assert (broken.seq, broken.why) == (made.id, why)
    with stage.desk.database.writing() as transaction:  # lets the fixture's own check pass
        let_forge(transaction)
        for table, column in (("case_events", "seq"), *TABLES):
            if table == "actions":
                transaction.execute(text("UPDATE actions SET undone_by = NULL, version = id"))
            transaction.execute(text(f"DELETE FROM {table} WHERE {column} = {made.id}"))
        end = (
            "UPDATE audit_head SET seq = seq - 1, hash = (SELECT hash FROM audit ORDER BY seq DESC"
        )
        transaction.execute(text(f"{end} LIMIT 1)"))


# ── taking back


def test_what_was_never_sent_is_withdrawn(stage: Stage) -> None:
    case = stage.warned()
    stage.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert (stage.states(case), stage.whys(case)) == (["reversed"], ["withdrawn"])
    assert stage.wait(3600).steps == []
    assert stage.script.asked == []


def confirmed(stage: Stage) -> None:
    stage.script.sights = [in_force("warn"), in_force("warn"), in_force()]
    stage.act()
    stage.wait(2)


def tried(stage: Stage) -> None:
    from marsad.platforms.base import Answer

    stage.script.answers = [Answer("later"), Answer("accepted")]
    stage.act()


@pytest.mark.parametrize(
    ("before", "state"), [(Stage.act, "requested"), (confirmed, "confirmed"), (tried, "proposed")]
)
def test_what_was_sent_is_undone_and_the_undo_confirmed_by_a_look(
    stage: Stage, before: Callable[[Stage], object], state: str
) -> None:
    case = stage.warned()
    before(stage)
    assert stage.states(case) == [state]
    key = stage.script.keys[0]
    stage.script.sights = [in_force("warn"), in_force()]
    stage.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert stage.states(case) == [state, "proposed"]
    stage.act()
    asked, undo_key = stage.script.asked[-1]
    assert (asked.undoes, asked.act, undo_key != key) == (key, "warn", True)
    assert stage.states(case) == [state, "requested"]
    stage.wait(2)  # the first look still sees it
    assert stage.states(case) == [state, "requested"]
    stage.wait(11)
    assert stage.states(case) == ["reversed", "confirmed"]
    assert stage.whys(case) == ["undone", "seen"]


def test_an_undo_that_is_never_seen_fails_and_leaves_what_it_was_to_undo(stage: Stage) -> None:
    case = stage.warned()
    stage.script.sights = [in_force("warn")]
    stage.act()
    stage.wait(2)
    stage.desk.overturn(APPEALS, case.id, POLICY, REASON)
    stage.act()
    for seconds in (2, 11, 101):
        stage.wait(seconds)
    assert stage.states(case) == ["confirmed", "failed"]
    assert stage.whys(case)[1] == "not-seen"


def reopened(stage: Stage, outcome: str, number: str = "2", **more: object) -> None:
    case = stage.case("x:1", signal="links", number=number)
    assert case.state == "open"
    stage.decide(FIRST, case, outcome, **more)


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        # of each action: act, state, whether it takes the first one back
        ("hide", "no-violation", ["hide confirmed", "hide proposed undo"]),
        ("hide", "return", ["hide confirmed", "hide proposed undo", "return proposed"]),
        ("hide", "warn", ["hide confirmed", "hide proposed undo", "warn proposed"]),
        ("hide", "hide", ["hide confirmed"]),
        ("warn", "hide", ["warn confirmed", "hide proposed"]),
        ("return", "hide", ["return confirmed", "return proposed undo", "hide proposed"]),
    ],
)
def test_a_later_decision_takes_the_place_of_the_former(
    stage: Stage, first: str, then: str, found: list[str]
) -> None:
    case = stage.warned(outcome=first)
    stage.script.sights = [in_force(first)]
    stage.act()
    stage.wait(2)
    reopened(stage, then)
    actions_ = [one.action for one in stage.shown(case)]
    undo = {None: "", actions_[0].id: " undo"}
    assert [f"{one.act} {one.state}{undo[one.undoes]}" for one in actions_] == found


def test_what_is_to_be_undone_is_undone_before_it_is_done_again(stage: Stage) -> None:
    case = stage.warned(outcome="hide")
    stage.act()
    reopened(stage, "warn")
    kinds = [(asked.act, asked.undoes is not None) for asked, _ in stage.script.asked]
    assert kinds == [("hide", False)]
    stage.act()
    kinds = [(asked.act, asked.undoes is not None) for asked, _ in stage.script.asked]
    assert kinds == [("hide", False), ("hide", True), ("warn", False)]
    assert len(stage.states(case)) == 3


def test_an_undo_that_was_decided_away_gives_way_to_the_new_action(stage: Stage) -> None:
    case = stage.warned(outcome="hide")
    stage.act()
    reopened(stage, "no-violation", "2")
    reopened(stage, "hide", "3")
    assert stage.states(case) == ["reversed", "reversed", "proposed"]
    assert stage.whys(case)[:2] == ["replaced", "replaced"]
    stage.script.sights = [in_force("hide")]
    stage.act()
    stage.wait(2)
    assert stage.states(case)[2] == "confirmed"
    assert [asked.undoes for asked, _ in stage.script.asked] == [None, None]


def test_a_failed_action_is_proposed_anew_by_a_new_decision(stage: Stage) -> None:
    stage.script.acts = frozenset()
    case = stage.warned()
    stage.act()
    assert stage.whys(case) == ["cannot"]
    reopened(stage, "warn")
    assert stage.states(case) == ["failed", "proposed"]


# ── erasing


@pytest.mark.parametrize("before", [lambda stage: None, Stage.act, confirmed])
def test_who_is_erased_is_asked_about_no_more(
    stage: Stage, before: Callable[[Stage], object]
) -> None:
    case = stage.warned()
    before(stage)
    state = stage.states(case)[0]
    sent = len(stage.script.asked)
    stage.desk.erase(ADMIN, "x:1")
    expected = ("confirmed", "seen") if state == "confirmed" else ("failed", "erased")
    assert (stage.states(case)[0], stage.whys(case)[0]) == expected
    assert stage.wait(7200).steps == []
    assert len(stage.script.asked) == sent
    with stage.desk.database.reading() as transaction:
        assert action_records.all_looks(transaction) == []
    assert [line.said for one in stage.shown(case) for line in one.history if line.said] == []
    with pytest.raises(InputError):
        stage.desk.retry_action(_senior(), stage.shown(case)[0].action.id)


def _senior() -> object:
    from tests.decide.conftest import SENIOR

    return SENIOR


def test_who_is_erased_while_a_request_is_on_its_way(stage: Stage) -> None:
    case = stage.warned()

    def erased_meanwhile() -> object:
        from marsad.platforms.base import Answer

        stage.desk.erase(ADMIN, "x:1")
        return Answer("accepted", "about x:1")

    stage.script.answers = [erased_meanwhile]  # type: ignore[list-item]
    assert [one.became for one in stage.act().steps] == ["overtaken"]
    assert (stage.states(case), stage.whys(case)) == (["failed"], ["erased"])


def test_the_actor_of_what_follows_is_nobody() -> None:
    assert proposing.DESK == "marsad"
