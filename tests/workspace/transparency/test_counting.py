"""Figures of a transparency report: by the walk over the log and by SQL over its export, alike."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.decide.orders.kinds import IN_CASES
from marsad.decide.outcomes import ACTING
from marsad.records.errors import InputError, MarsadError
from marsad.records.times import DAY, HOUR
from marsad.store import cases as stored
from marsad.store import log
from marsad.store.export import lines
from marsad.workspace.transparency import checking, span
from marsad.workspace.transparency.checking import Checked, check
from marsad.workspace.transparency.figures import Account, Figure, account
from marsad.workspace.transparency.span import Span
from marsad.workspace.transparency.suppressing import suppressed
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, SECOND, START, Room

SPAN = Span(START, START + 100 * DAY)
NUMBERS = ("count", "n", "median", "p95")
SIGNALS = ("phrases", "links", "coordination")


def worked(room: Room, seed: int, steps: int = 60) -> None:
    """A desk at which something happens again and again, over months."""
    draw = random.Random(seed)
    for step in range(steps):
        room.later(draw.choice((1, 30, 600, 60 * 24)))
        subject = f"x:{draw.randrange(12)}"
        case = room.case(subject, draw.choice(SIGNALS), number=str(step))
        try:
            if draw.random() < 0.2 and case.outcome:
                room.desk.overturn(APPEALS, case.id, POLICY, REASON)
            else:
                who = draw.choice((FIRST, SECOND))
                room.decide(who, case, draw.choice(("no-violation", "warn", "hide", "suspend")))
        except MarsadError:
            continue


def outsiders(room: Room, seed: int, steps: int = 300) -> None:
    """What comes from outside, as the log has it: notices, complaints, statements, orders."""
    draw = random.Random(seed)
    cases = [room.read(f"x:{n}").id for n in range(12) if known(room, f"x:{n}")]
    orders: list[int] = []
    appeals: dict[int, int] = {}
    actions: list[int] = []
    lifted: list[int] = []
    for _ in range(steps):
        room.later(draw.choice((1, 30, 600)))
        now = room.clock()
        kind = draw.choice((
            "notice-received", "appeal-made", "appeal-decided", "statement-made", "order-received",
            "order-cleared", "order-confirmed", "order-stopped", "order-withdrawn",
            "reporter-suspended", "action-ordered", "action-confirmed", "action-failed", "decide",
            "decide", "order-item", "order-lifted",
        ))  # fmt: skip
        if kind == "decide":
            worked(room, draw.randrange(1_000), 4)
            continue
        needs = {"appeal-decided": appeals, "order-cleared": orders, "order-confirmed": orders,
                 "order-stopped": orders, "order-withdrawn": orders,
                 "action-confirmed": actions, "action-failed": actions}  # fmt: skip
        if kind in needs and not needs[kind]:
            continue
        case = draw.choice(cases[:3] if kind in IN_CASES else cases)
        said: dict[str, dict[str, Any]] = {
            "notice-received": {
                "channel": draw.choice(("form", "flagger")), "ground": "incitement",
                "anonymous": draw.random() < 0.5, "state_body": draw.random() < 0.2,
                "set_aside": draw.random() < 0.1, "standing": draw.choice((None, None, 3)),
                "repeats": draw.choice((None, None, 4)),
            },
            "appeal-made": {"decision": 7, "notice": draw.choice((0, 5)), "due_at": now},
            "reporter-suspended": {"until": now},
            "appeal-decided": {"appeal": draw.choice(list(appeals) or [0]),
                               "outcome": draw.choice(("upheld", "reversed"))},
            "statement-made": {"step": draw.choice(("restricted", "lifted", "ordered")),
                               "decision": draw.choice((head(room), head(room) // 2, *lifted))},
            "order-received": {"received_at": now - HOUR, "due_at": now, "emergency": False,
                               "issuer_state": draw.choice(("DE", "FR"))},
            "order-cleared": {"due_at": now + HOUR}, "order-withdrawn": {"ground": None},
            "order-confirmed": {"ended_at": now - draw.choice((0, 2)) * HOUR},
            "order-stopped": {"ground": "force-majeure"},
            "action-ordered": {"act": draw.choice(("hide", "remove")),
                               "undoes": draw.choice((None, None, 8))},
            "action-confirmed": {"action": draw.choice(actions or [0])},
            "action-failed": {"action": draw.choice(actions or [0])},
            "order-item": {"number": 1}, "order-lifted": {"act": "hide"},
        }  # fmt: skip
        data = said[kind]
        case = appeals[data["appeal"]] if kind == "appeal-decided" else case
        aside = kind == "notice-received" and data["set_aside"]
        apart = (kind.startswith(("order", "reporter")) and kind not in IN_CASES) or aside
        if apart and kind.startswith("order") and kind != "order-received":
            data |= {"order": draw.choice(orders)}
        with room.desk.database.writing() as transaction:
            event = log.append(transaction, at=now, actor="outside", kind=kind, data=data,
                               case=None if apart else case)  # fmt: skip
        if kind == "appeal-made":
            appeals[event.seq] = case
        kept = {"order-received": orders, "action-ordered": actions, "order-lifted": lifted}
        kept.get(kind, []).append(event.seq)


def head(room: Room) -> int:
    """The number of the log's last entry."""
    with room.desk.database.reading() as transaction:
        return log.head(transaction).seq


def known(room: Room, subject: str) -> bool:
    with room.desk.database.reading() as transaction:
        return stored.of_subject(transaction, "account", subject) is not None


def exported(room: Room, path: Path) -> Path:
    with room.desk.database.reading() as transaction:
        path.write_text("".join(f"{line}\n" for line in lines(transaction)))
    return path


def checked(room: Room, told: Account, folder: Path) -> Checked:
    report = folder / "figures.json"
    report.write_text(told.to_json())
    return check(report, exported(room, folder / "log.ndjson"))


@pytest.mark.parametrize("seed", range(4))
def test_the_walk_and_the_sql_agree(room: Room, tmp_path: Path, seed: int) -> None:
    worked(room, seed)
    told = account(room.desk.database, SPAN)
    names = {one.figure for one in told.figures}
    assert {"opened", "decisions", "found-right", "overturned", "opened-to-decided"} <= names
    outsiders(room, seed)
    told = account(room.desk.database, SPAN)
    assert seed or {"notices", "notices-right", "notice-to-decided", "appeals", "appeals-decided",
            "appeal-to-decided", "statements", "orders", "orders-ended", "orders-in-time",
            "order-to-confirmed"} <= {one.figure for one in told.figures}  # fmt: skip
    result = checked(room, told, tmp_path)
    assert result.different == ()
    assert (result.same, result.hidden) == (len(told.figures), 0)
    few = suppressed(told)
    assert any(one.hidden for one in few.figures)
    assert checked(room, few, tmp_path).different == ()


def test_what_is_counted(room: Room, tmp_path: Path) -> None:
    for n in range(3):
        room.decide(FIRST, room.case(f"x:{n}"), "hide")
    room.later(60)
    room.decide(FIRST, room.case("x:9", "links"), "no-violation")
    room.desk.overturn(APPEALS, room.read("x:0").id, POLICY, REASON)
    told = {(one.figure, one.of): one for one in account(room.desk.database, SPAN).figures}
    assert told["opened", "all"].count == 4
    assert told["decisions", "outcome:hide"].count == 3
    assert told["decisions", "language:en"].count == 3
    assert told["decisions", "language:unknown"].count == 1
    assert told["decisions", f"policy:{POLICY}"].count == 4
    assert told["taken-back", "outcome:hide"].count == 1
    overturned = told["overturned", "all"]
    assert (overturned.count, overturned.n) == (1, 3)
    assert overturned.share is not None
    assert overturned.share.low < 1 / 3 < overturned.share.high
    right = told["found-right", "signal:links"]
    assert (right.count, right.n) == (0, 1)
    assert told["opened-to-decided", "all"].median_interval is None


def test_a_span_holds_its_first_moment_and_not_its_last(room: Room) -> None:
    room.decide(FIRST, room.case("x:1"), "hide")
    inside = account(room.desk.database, Span(START, START + 1))
    outside = account(room.desk.database, Span(START - HOUR, START))
    assert {one.figure for one in inside.figures} >= {"opened", "decisions"}
    assert outside.figures == ()


def test_an_overturning_after_the_span_counts_for_its_decision(room: Room, tmp_path: Path) -> None:
    room.decide(FIRST, room.case("x:1"), "hide")
    room.later(60 * 24)
    room.desk.overturn(APPEALS, room.read("x:1").id, POLICY, REASON)
    told = account(room.desk.database, Span(START, START + HOUR))
    (overturned,) = (one for one in told.figures if (one.figure, one.of) == ("overturned", "all"))
    assert overturned.count == 1
    assert told.of("taken-back") == []
    assert checked(room, told, tmp_path).different == ()


def test_a_figure_that_was_changed_is_found(room: Room, tmp_path: Path) -> None:
    worked(room, 1, 20)
    told = account(room.desk.database, SPAN)
    for number, one in enumerate(told.figures):
        changed = replace(one, **{name: getattr(one, name) + 1 for name in NUMBERS
                                  if getattr(one, name) is not None})  # fmt: skip
        figures = [*told.figures[:number], changed, *told.figures[number + 1 :]]
        (found,) = checked(room, replace(told, figures=figures), tmp_path).different
        assert (found.figure, found.of) == (one.figure, one.of)
    fewer = replace(told, figures=told.figures[1:])
    assert len(checked(room, fewer, tmp_path).different) == 1
    more = replace(told, figures=[*told.figures, Figure("decisions", "outcome:praise", 7)])
    assert len(checked(room, more, tmp_path).different) == 1
    lie = replace(told, figures=[Figure("decisions", "outcome:praise", hidden=True)], threshold=5)
    assert checked(room, lie, tmp_path).different


def _all_hidden(said: dict[str, Any]) -> None:
    for one in said["figures"]:
        if "hidden" not in one:
            hidden = {"figure": one["figure"], "of": one["of"], "hidden": True}
            one.clear()
            one.update(hidden)


def _no_orders(said: dict[str, Any]) -> None:
    said["figures"] = [one for one in said["figures"] if not one["figure"].startswith("order")]


def _interval(name: str, end: str) -> Callable[[dict[str, Any]], None]:
    def forge(said: dict[str, Any]) -> None:
        next(one for one in said["figures"] if name in one)[name][end] += 0.001

    return forge


def _told_twice(said: dict[str, Any]) -> None:
    said["figures"].append(said["figures"][0])


def _small_cell(said: dict[str, Any]) -> None:
    one = next(one for one in said["figures"] if "hidden" in one)
    del one["hidden"]
    one["count"] = 3


@pytest.mark.parametrize(
    "forge",
    [_all_hidden, _no_orders, _told_twice, _small_cell,
     *(_interval(name, end) for name in ("share", "median_interval")
       for end in ("value", "low", "high", "n"))],
)  # fmt: skip
def test_a_report_that_hides_or_forges_is_found(
    room: Room, tmp_path: Path, forge: Callable[[dict[str, Any]], None]
) -> None:
    for n in range(40):
        room.decide(FIRST, room.case(f"x:{n}"), "hide" if n > 9 else "no-violation")
    told = as_json(suppressed(account(room.desk.database, SPAN)))
    report, log = tmp_path / "figures.json", exported(room, tmp_path / "log.ndjson")
    report.write_text(json.dumps(told))
    good = check(report, log)
    assert good.different == ()
    assert good.same > 9
    assert good.hidden == 0
    forge(told)
    report.write_text(json.dumps(told))
    assert check(report, log).different


def test_another_threshold_is_refused(room: Room, tmp_path: Path) -> None:
    worked(room, 1, 5)
    few = replace(suppressed(account(room.desk.database, SPAN)), threshold=10**9)
    with pytest.raises(InputError) as error:
        checked(room, few, tmp_path)
    assert error.value.message.id == "transparency.threshold"


def test_another_log_is_refused(room: Room, tmp_path: Path) -> None:
    worked(room, 1, 5)
    told = account(room.desk.database, SPAN)
    room.case("x:99")
    with pytest.raises(InputError) as error:
        checked(room, told, tmp_path)
    assert error.value.message.id == "transparency.other-log"


@pytest.mark.parametrize(
    ("report", "log", "message"),
    [
        (None, "", "transparency.no-file"),
        ("", "", "transparency.no-report"),
        ("[" * 100_000, "", "transparency.no-report"),
        ('{"marsad_transparency": 2}', "", "transparency.no-report"),
        ("{}", "{}", "transparency.no-report"),
        ("good", None, "transparency.no-file"),
        ("good", "", "transparency.no-log"),
        ("good", "no json\n", "transparency.line"),
        ("good", '{"seq": 1, "body": "no json", "hash": "x"}\n', "transparency.line"),
        ("good", "[]\n", "transparency.line"),
        ("good", '{"seq": 1, "body": "{}", "hash": "x"}\n', "transparency.other-log"),
    ],
)
def test_files_that_are_none(
    tmp_path: Path, report: str | None, log: str | None, message: str
) -> None:
    good = Account(SPAN, 3, "ab", 0, ()).to_json()
    paths = tmp_path / "figures.json", tmp_path / "log.ndjson"
    for path, text in zip(paths, (good if report == "good" else report, log), strict=True):
        if text is not None:
            path.write_text(text)
    with pytest.raises(MarsadError) as error:
        check(*paths)
    assert error.value.message.id == message


def test_all_that_acts_on_somebody_is_in_the_sql() -> None:
    """The one list that both have."""
    text = checking.query()
    said = text[text.index("in ('return'") :].partition(")")[0]
    assert {one.strip(" '") for one in said.removeprefix("in (").split(",")} == ACTING


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-02-01", "2026-01-01", "transparency.order"),
        ("2026-02-30", "2026-03-01", "transparency.day"),
        ("1999-01-01", "2026-01-01", "transparency.day"),
        ("", "2026-01-01", "transparency.day"),
        ("9999-12-31", "9999-12-31", "transparency.day"),
    ],
)
def test_days_that_cannot_be(first: str, last: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        span.between(first, last)
    assert error.value.message.id == message


def test_spans() -> None:
    assert span.year(2026) == span.between("2026-01-01", "2026-12-31")
    assert span.year(2024).name == "2024-01-01--2024-12-31"
    assert span.between("2024-02-29", "2024-02-29").until - span.between(
        "2024-02-29", "2024-02-29").first == DAY  # fmt: skip
    for wrong in (0, 1999, 9999):
        with pytest.raises(InputError):
            span.year(wrong)


CELLS = st.dictionaries(
    st.sampled_from([f"{part}:{n}" for part in ("outcome", "kind") for n in range(6)]),
    st.integers(1, 30), min_size=1,
)  # fmt: skip


@given(CELLS, st.integers(2, 10))
@settings(max_examples=200)
def test_no_small_cell_can_be_had_by_subtraction(cells: dict[str, int], threshold: int) -> None:
    figures = tuple(Figure("decisions", of, count) for of, count in cells.items())
    told = suppressed(Account(SPAN, 1, "", 0, figures), threshold)
    for one in told.figures:
        before = Figure(one.figure, one.of, cells.get(one.of, 0))
        assert one == (Figure(one.figure, one.of, hidden=True) if one.hidden else before)
        assert one.hidden or (before.count or 0) >= threshold
    for part in ("outcome", "kind"):
        group = [one for one in told.figures if one.of.startswith(part)]
        withheld = [cells[one.of] for one in group if one.hidden]
        if withheld and len(withheld) < len(group):
            assert len(withheld) > 1
            assert sum(withheld) >= threshold


def test_no_order_and_few_orders_look_alike(room: Room) -> None:
    """Of orders nothing tells whether there was none or one, whatever the rest is."""

    def told() -> str:
        few = suppressed(account(room.desk.database, SPAN))
        return replace(few, entries=0, hash="").to_json()

    worked(room, 3, 30)
    before = told()
    for data in (
        {"received_at": START, "due_at": START + HOUR, "emergency": True, "issuer_state": "DE"},
        {"received_at": START, "due_at": START + HOUR, "emergency": False, "issuer_state": "FR"},
    ):
        with room.desk.database.writing() as transaction:
            order = log.append(transaction, at=START, actor="a", kind="order-received", data=data)
            for kind, more in (("order-confirmed", {"ended_at": START}),
                               ("order-stopped", {"ground": "force-majeure"})):  # fmt: skip
                log.append(transaction, at=START, actor="a", kind=kind,
                           data={"order": order.seq} | more)  # fmt: skip
    assert told() == before


def test_a_fraction_is_small_by_either_side(room: Room) -> None:
    for n in range(20):
        room.decide(FIRST, room.case(f"x:{n}"), "hide" if n else "no-violation")
    told = suppressed(account(room.desk.database, SPAN))
    assert [one.hidden for one in told.of("found-right")] == [True]


def as_json(told: Account) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told.to_json())
    return found


def test_the_json_names_its_log_and_its_span(room: Room) -> None:
    worked(room, 2, 10)
    said = as_json(account(room.desk.database, SPAN))
    with room.desk.database.reading() as transaction:
        last = json.loads(list(lines(transaction))[-1])
    assert said["log"] == {"entries": last["seq"], "hash": last["hash"]}
    assert (said["from"], said["until"], said["threshold"]) == (SPAN.first, SPAN.until, 0)
