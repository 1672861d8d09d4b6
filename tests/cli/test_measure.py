"""`marsad measure returns`: from files, a bank and links to estimates, or to what is missing."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from marsad.banks import Entry
from marsad.workspace import Workspace
from tests.cli.conftest import Command
from tests.measure.returns.network import link, store_links
from tests.workspace.conftest import ndjson, posts, take
from tests.workspace.made_once import copied

DAY = 86_400 * 1_000_000
START = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp()) * 1_000_000
END, LAST = 10, 60
"""The day on which accounts were closed, and the last of the data."""
PARENTS, CHILDREN = 30, 12


def at(day: float) -> str:
    return datetime.fromtimestamp(START / 1e6 + day * 86_400, UTC).isoformat()


def micros(day: float) -> int:
    return round(START + day * DAY)


def days_to_return(child: int) -> float:
    """Half a day, two, three and a half, …"""
    return 0.5 + 1.5 * child


def parent(number: int) -> str:
    return f"unknown:p{number}"


def child(number: int) -> str:
    return f"unknown:c{number}"


def data(folder: Path, followers: bool = True) -> list[Path]:
    """Thirty accounts that were closed, twelve that came after, and looks at all of them."""
    rows = [{"id": f"a{n}", "account_id": f"p{n}", "created_at": at(1)} for n in range(PARENTS)]
    rows += [{"id": f"b{n}", "account_id": f"c{n}", "created_at": at(40)} for n in range(CHILDREN)]
    rows += [{"id": "z", "account_id": "z", "created_at": at(LAST)}]
    rows += [{"id": "s", "account_id": "silent", "created_at": at(5)}]
    looks = [look(f"p{n}", 9, 1000) for n in range(PARENTS)]
    looks += [look(f"c{n}", END + 7, 100 * n) for n in range(CHILDREN)]
    if not followers:
        looks = [{**one, "followers": None} for one in looks]
    return [
        ndjson(folder / "posts.ndjson", posts(*({"followers": None, **row} for row in rows))),
        ndjson(folder / "looks.ndjson", looks),
    ]  # fmt: skip


def look(account: str, day: float, followers: int | None, state: str = "alive") -> dict[str, Any]:
    return {"account_id": account, "observed_at": at(day), "state": state, "followers": followers,
            "route": "probe"}  # fmt: skip


def make(
    folder: Path, *files: Path, since: str | None = "exact", count: int = PARENTS
) -> Workspace:
    """A workspace with these files, and a bank of closed accounts."""
    workspace = Workspace.create(folder)
    workspace.policies.add("research")
    first, *others = files
    take(workspace, first)
    for file in others:
        take(workspace, file, kind="observations")
    options = {"since": at(END) if since == "exact" else since} if since else {}
    entries = [Entry(parent(n), options=options) for n in range(count)]
    workspace.banks.add("closed", entries, kind="accounts")
    return workspace


def links(claim: str = "match", children: Sequence[int] = range(CHILDREN)) -> list[dict[str, Any]]:
    return [
        link(parent(n), child(n), micros(END + days_to_return(n)), claim) for n in children
    ]  # fmt: skip


@copied
def whole(folder: Path) -> Workspace:
    return make(folder / "ws", *data(folder))


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return whole(tmp_path)


def measured(marsad: Command, workspace: Workspace, *more: str, code: int = 0) -> dict[str, Any]:
    ended = marsad("measure", "returns", "-w", workspace.folder, "--json", *more)
    assert ended.code == code, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def by_name(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in told["estimates"]}


def test_estimates_of_a_hand_made_workspace(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_links(ws, links(), monkeypatch)
    told = measured(marsad, ws)
    assert told["accounts"] == {"listed": 30, "used": 30, "left_out": {}}
    assert told["links"] == {"match": 12, "unsure": 0}
    found = by_name(told)
    values = {day: found[f"return-rate-day-{day}"]["value"] for day in (1, 7, 30)}
    assert values == pytest.approx({1: 1 / 30, 7: 5 / 30, 30: 12 / 30})
    assert (found["lineages"]["value"], found["returned-accounts"]["value"]) == (12, 12)
    assert found["accounts-per-lineage"]["value"] == 2
    for one in told["estimates"]:
        assert {"name", "value", "low", "high", "level", "method", "frame", "assumptions", "n",
                "warnings"} <= set(one)  # fmt: skip
        assert one["low"] <= one["value"] <= one["high"]
        assert math.isfinite(one["low"] + one["high"])
        assert (one.get("bound") == "lower") == one["name"].startswith(("return-", "returned"))


def test_followers_of_those_that_were_back_by_then(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By day 7 five are back: too few, so all are let come on the first day."""
    at_once = [{**one, "appeared_at": micros(END + 0.5)} for one in links()]
    store_links(ws, at_once, monkeypatch)
    found = by_name(measured(marsad, ws, "--days", "7"))
    regained = found["followers-regained-day-7"]
    assert (regained["value"], regained["n"]) == (pytest.approx(0.55), 12)
    assert found["followers-regained-day-7-suspension-1"]["value"] == regained["value"]
    told = measured(marsad, ws, "--days", "1,30")
    assert {one["missing"][0] for one in told["not_measured"]} == {"followers"}
    store_links(ws, links(), monkeypatch)
    assert [one["missing"] for one in measured(marsad, ws, "--days", "7")["not_measured"]] == [
        ["followers"]
    ]


def test_without_follower_counts_the_rates_still_stand(
    tmp_path: Path, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make(tmp_path / "ws", *data(tmp_path, followers=False))
    store_links(workspace, links(), monkeypatch)
    told = measured(marsad, workspace, "--days", "7")
    assert not any(name.startswith("followers") for name in by_name(told))
    (refused,) = told["not_measured"]
    assert refused["missing"] == ["followers"]
    assert refused["next"] == "marsad import FILE --as observations"


def test_unsure_links_change_a_second_estimate(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_links(ws, [*links(children=range(6)), *links("unsure", range(6, 12))], monkeypatch)
    found = by_name(measured(marsad, ws))
    assert found["return-rate-day-30"]["value"] == pytest.approx(6 / 30)
    assert found["return-rate-day-30-with-unsure"]["value"] == pytest.approx(12 / 30)
    assert "return-rate-day-1-with-unsure" not in found  # they change nothing by then
    returned = found["returned-accounts"]
    assert (returned["value"], returned["low"], returned["high"]) == (6, 6, 12)


def test_a_backup_counts_on_day_0_if_it_posts_afterwards(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = [link(parent(1), child(1), micros(2), how="backup"),
               link(parent(2), "unknown:silent", micros(2), how="backup")]  # fmt: skip
    store_links(ws, [*links(children=[0]), *backups], monkeypatch)
    found = by_name(measured(marsad, ws, "--days", "0.1,1"))
    assert found["return-rate-day-0.1"]["value"] == pytest.approx(1 / 30)
    assert found["return-rate-day-1"]["value"] == pytest.approx(2 / 30)


def test_a_count_of_posts_that_grew_says_that_a_backup_is_used(
    tmp_path: Path, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    grew = [{**look("silent", day, 5), "posts": count} for day, count in ((5, 3), (30, 4))]
    more = ndjson(tmp_path / "grew.ndjson", grew)
    workspace = make(tmp_path / "ws", *data(tmp_path), more)
    store_links(
        workspace, [link(parent(2), "unknown:silent", micros(2), how="backup")], monkeypatch
    )
    found = by_name(measured(marsad, workspace, "--days", "1"))
    assert found["return-rate-day-1"]["value"] == pytest.approx(1 / 30)


def test_a_withdrawn_entry_dissolves_its_lineage(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_links(ws, links(), monkeypatch)
    ws.banks.withdraw("closed", [parent(0)], "2024-05-01")
    told = measured(marsad, ws)
    assert (told["accounts"]["listed"], told["links"]["match"]) == (29, 11)


def test_withdrawn_or_negative_in_one_bank_is_out_of_all(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_links(ws, links(), monkeypatch)
    copy = [Entry(parent(n), options={"since": at(END)}) for n in range(3)]
    ws.banks.add("copy", copy, kind="accounts")
    ws.banks.withdraw("copy", [parent(0)], "2024-05-01")
    ws.banks.add("never", [Entry(parent(1))], kind="accounts", negative=True)
    told = measured(marsad, ws)
    assert (told["accounts"]["listed"], told["links"]["match"]) == (28, 10)


def test_an_actor_counts_once_beside(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five closed accounts that lead to one child are one actor's."""
    same = [link(parent(n), child(0), micros(END + 0.5)) for n in range(5)]
    store_links(ws, same, monkeypatch)
    found = by_name(measured(marsad, ws, "--days", "7"))
    assert found["return-rate-day-7"]["value"] == pytest.approx(5 / 30)
    assert found["return-rate-day-7"]["method"] == "beta-product-clustered"
    once = found["return-rate-day-7-first-closings"]
    assert (once["value"], once["n"]) == (pytest.approx(1 / 26), 26)


def test_labels_correct_for_wrong_and_missed_links(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store_links(ws, links(), monkeypatch)
    rows = [(child(n), parent(n), n != 0) for n in range(12)]  # the quickest link is wrong
    rows += [(child(n), parent(29), n < 3) for n in range(8)]  # three were missed
    lines = (f"{one},{other},{truth},1" for one, other, truth in rows)
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(["child,parent,is_return,probability", *lines]), "utf-8")
    found = by_name(measured(marsad, ws, "--days", "30", "--labels", str(labels)))
    corrected = found["return-rate-day-30-adjusted"]
    assert corrected["value"] == pytest.approx(12 / 30 * (11 / 12) / (11 / 14))
    assert "bound" not in corrected
    assert corrected["high"] - corrected["low"] > 0.3


def test_what_came_in_after_the_search_is_mentioned(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store_links(ws, links(), monkeypatch)
    before = by_name(measured(marsad, ws))["return-rate-day-7"]
    later = posts({"id": "later", "account_id": "z", "created_at": at(61)})
    take(ws, ndjson(tmp_path / "later.ndjson", later))
    after = by_name(measured(marsad, ws))["return-rate-day-7"]
    assert ("links-stale" in before["warnings"], "links-stale" in after["warnings"]) == (
        False,
        True,
    )


def test_none_found_is_an_answer(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_links(ws, [], monkeypatch)
    found = by_name(measured(marsad, ws))
    assert set(found) == {f"return-rate-day-{day}" for day in (1, 7, 30)}
    assert found["return-rate-day-7"]["value"] == found["return-rate-day-7"]["low"] == 0
    assert 0.05 < found["return-rate-day-7"]["high"] < 0.2
    said = marsad("measure", "returns", "-w", ws.folder).out
    assert "at least 0" not in said
    assert "Too few closed accounts" in said


def test_dates_from_looks_and_dates_without_an_hour(
    tmp_path: Path, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = [look(f"p{n}", day, None, "suspended") for n in range(2, 22) for day in (12, 14)]
    files = [*data(tmp_path), ndjson(tmp_path / "failed.ndjson", failed)]
    workspace = make(tmp_path / "looks", *files, since=None)
    store_links(workspace, links(), monkeypatch)
    told = measured(marsad, workspace, "--days", "7")
    assert told["accounts"]["left_out"] == {"no-date": 10}
    found = by_name(told)["return-rate-day-7"]
    # of links 2 to 11, closed between days 9 and 12: back within 7 days are 2 to 4 of 20
    assert found["value"] == pytest.approx((2 + 4) / 2 / 20)
    assert told["links"]["match"] == 10  # those of undated accounts do not count
    assert "ends-uncertain" in found["warnings"]
    dated = make(tmp_path / "dated", *data(tmp_path), since="2024-03-11")
    store_links(dated, links(), monkeypatch)
    assert (
        "ends-uncertain"
        in by_name(measured(marsad, dated, "--days", "1.5"))["return-rate-day-1.5"]["warnings"]
    )


def test_a_bank_may_name_handles(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.banks.remove("closed")
    entries = [Entry("unknown:@Reed", options={"since": at(END)}),
               *(Entry(parent(n), options={"since": at(END)}) for n in range(1, 5))]  # fmt: skip
    ws.banks.add("closed", entries, kind="accounts")
    store_links(ws, links(), monkeypatch)
    assert measured(marsad, ws)["accounts"]["used"] == 5


def no_bank(workspace: Workspace) -> None:
    workspace.banks.remove("closed")


def empty_bank(workspace: Workspace) -> None:
    workspace.banks.withdraw("closed", [parent(n) for n in range(PARENTS)], "2024-05-01")


def negative_bank(workspace: Workspace) -> None:
    workspace.banks.remove("closed")
    workspace.banks.add("never", [Entry(parent(0))], kind="accounts", negative=True)


def others(workspace: Workspace) -> None:
    workspace.banks.remove("closed")
    entries = [Entry(f"unknown:else{n}", options={"since": at(END)}) for n in range(9)]
    workspace.banks.add("closed", entries, kind="accounts")


def one_alone(workspace: Workspace) -> None:
    workspace.banks.remove("closed")
    workspace.banks.add("closed", [Entry(parent(0), options={"since": at(END)})], kind="accounts")


def closed_at_the_end(workspace: Workspace) -> None:
    workspace.banks.remove("closed")
    entries = [Entry(parent(n), options={"since": at(LAST - 0.5)}) for n in range(PARENTS)]
    workspace.banks.add("closed", entries, kind="accounts")


def undated(workspace: Workspace) -> None:
    workspace.banks.remove("closed")
    workspace.banks.add("closed", [Entry(parent(n)) for n in range(9)], kind="accounts")


def several(workspace: Workspace) -> None:
    """Three that are not in the data, two without a date, four closed long before."""
    workspace.banks.remove("closed")
    entries = [Entry(f"unknown:else{n}", options={"since": at(END)}) for n in range(3)]
    entries += [Entry(parent(n)) for n in range(2)]
    entries += [Entry(parent(n), options={"since": at(-900)}) for n in range(2, 6)]
    workspace.banks.add("closed", entries, kind="accounts")


def no_policy(workspace: Workspace) -> None:
    (workspace.folder / "policies" / "order").unlink(missing_ok=True)
    for path in (workspace.folder / "policies").iterdir():
        path.unlink()


ACCOUNTS = "marsad bank add NAME ACCOUNT --kind accounts"
LOOKS = "marsad import FILE --as observations"
REFUSALS = [
    (no_policy, True, "policy", "marsad policy add research", "policy"),
    (no_bank, True, "bank", ACCOUNTS, "No bank of kind accounts"),
    (negative_bank, True, "bank", ACCOUNTS, "No bank of kind accounts"),
    (empty_bank, True, "parents", ACCOUNTS, "no entry that counts"),
    (lambda _: None, False, "links", "marsad find returns", "not been searched for"),
    (others, True, "records", LOOKS, "None of the listed accounts (9) is in the data"),
    (undated, True, "since", LOOKS, "when it was closed"),
    (
        several,
        True,
        "records since",
        LOOKS,
        "Not in the data: 3; closed before the data begin or "
        "after they end: 4; not known when closed: 2; a date that cannot be read: 0.",
    ),
    (one_alone, True, "actors", ACCOUNTS, "at least 2 actors"),
    (closed_at_the_end, True, "observations", LOOKS, "Day 1: no closed account was watched"),
]


@pytest.mark.parametrize(("spoil", "searched", "missing", "next", "said"), REFUSALS)
def test_what_cannot_be_told_is_refused(
    ws: Workspace,
    marsad: Command,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Any,
    searched: bool,
    missing: str,
    next: str,
    said: str,
) -> None:
    if searched:
        store_links(ws, [], monkeypatch)
    spoil(ws)
    told = measured(marsad, ws, code=2)
    assert set(told) == {"refused", "missing", "next"}
    assert (told["missing"], told["next"]) == (missing.split(), next)
    assert said in told["refused"]
    plain = marsad("measure", "returns", "-w", ws.folder)
    assert (plain.code, plain.out) == (2, "")
    assert next in plain.err


@pytest.mark.parametrize("days", ["", "x", "0", "-1", "1,,7", "nan", "1e9"])
def test_days_that_are_none(ws: Workspace, marsad: Command, days: str) -> None:
    ended = marsad("measure", "returns", "-w", ws.folder, f"--days={days}")
    assert ended.code == 2
    assert "1,7,30" in ended.err


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "at least 5.6% had come back by day 7. Found to be back were 16.7%"),
        ("ar", "عاد من الحسابات المغلقة \u2068٥٫٦٪\u2069 على الأقل حتى اليوم ٧"),
    ],
)
def test_sentences(
    ws: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    store_links(ws, [*links(children=range(11)), *links("unsure", [11])], monkeypatch)
    ended = marsad("measure", "returns", "-w", ws.folder, "--lang", lang)
    assert ended.code == 0
    assert said in ended.out
    assert "{" not in ended.out
    assert "measure.returns" not in ended.out
    assert "report." not in ended.out
