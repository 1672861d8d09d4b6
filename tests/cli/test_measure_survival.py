"""`marsad measure survival`: from looks in a workspace to sentences, or to what is missing."""

from __future__ import annotations

import json
import math
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from marsad.banks import Entry
from marsad.workspace import Workspace
from tests.cli.conftest import Command
from tests.workspace.conftest import ndjson, posts, take
from tests.workspace.made_once import copied

START = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
MEDIAN = 14.0
Row = dict[str, Any]


def at(day: float) -> str:
    return datetime.fromtimestamp(START + day * 86_400, UTC).isoformat()


def look(account: str, day: float, state: str = "alive", route: str = "probe", **more: Any) -> Row:
    return {"account_id": account, "observed_at": at(day), "state": state, "route": route, **more}


def panel(
    accounts: int = 400, days: int = 60, every: float = 2.0, seed: int = 1, start: float = 0
) -> list[Row]:
    """Accounts found on the five days from ``start`` on, that live `MEDIAN` days at the median,
    looked at on schedule; three in four are suspended in the end, the others deactivated."""
    draw = random.Random(seed)
    rows = []
    for number in range(accounts):
        found = start + draw.uniform(0, 5)
        end = found + draw.expovariate(math.log(2) / MEDIAN)
        why = "suspended" if draw.random() < 0.75 else "deactivated"
        made = {"account_created_at": at(found - 30)}
        rows.append(look(f"a{number}", found, route="search", **made))
        day = found
        while (day := day + draw.uniform(0.5, 1.5) * every) < days:
            rows.append(look(f"a{number}", day, "alive" if day < end else why))
    return rows


@copied
def make(folder: Path, looks: list[Row], policy: bool = True) -> Workspace:
    workspace = Workspace.create(folder / "ws")
    if policy:
        workspace.policies.add("research")
    if looks:
        take(workspace, ndjson(folder / "looks.ndjson", looks), kind="observations")
    return workspace


def measured(marsad: Command, workspace: Workspace, *more: str, code: int = 0) -> dict[str, Any]:
    ended = marsad("measure", "survival", "-w", workspace.folder, "--json", *more)
    assert ended.code == code, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def by_name(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in told["estimates"]}


def test_the_median_and_the_reasons(tmp_path: Path, marsad: Command) -> None:
    told = measured(marsad, make(tmp_path, panel()), "--days", "7,14")
    found = by_name(told)
    assert told["accounts"]["used"] == 400
    half = found["median-survival"]
    assert half["low"] < MEDIAN < half["high"] < 1.5 * MEDIAN
    assert found["survival-day-14"]["low"] < 0.5 < found["survival-day-14"]["high"]
    gone = 1 - found["survival-day-14"]["value"]
    suspended = found["incidence-suspended-day-14"]["value"]
    assert suspended + found["incidence-deactivated-day-14"]["value"] == pytest.approx(gone, 0.01)
    assert suspended / gone == pytest.approx(0.75, abs=0.1)
    assert found["reinstated"]["value"] == 0


def test_days_since_accounts_were_made(tmp_path: Path, marsad: Command) -> None:
    """They are thirty days old when they are found, so nobody is watched before."""
    told = measured(marsad, make(tmp_path, panel()), "--since", "created", "--days", "7,44")
    found = by_name(told)
    assert "survival-day-7" not in found
    assert "30" in next(one["refused"] for one in told["not_measured"])
    assert found["survival-day-44"]["low"] < 0.5 < found["survival-day-44"]["high"]


def test_looks_after_a_report_do_not_count(tmp_path: Path, marsad: Command) -> None:
    """Each is looked at once more when it was reported, and found gone: that tells of reports."""
    reported = [look(f"a{number}", 6 + n, "suspended", "notice")
                for number in range(400) for n in range(2)]  # fmt: skip
    rows = panel()
    told = measured(marsad, make(tmp_path, [*rows, *reported]), "--days", "14")
    (tmp_path / "other").mkdir()
    same = measured(marsad, make(tmp_path / "other", rows), "--days", "14")
    assert told["estimates"] == same["estimates"]


def test_groups_by_language(tmp_path: Path, marsad: Command) -> None:
    """Those who post in Arabic live a quarter as long."""
    short = [{**row, "account_id": f"b{row['account_id']}"} for row in panel(seed=2)]
    draw = random.Random(3)
    ends = {row["account_id"]: draw.uniform(5, 9) for row in short}
    short = [
        {**row, "state": "suspended"} if row["observed_at"] > at(ends[row["account_id"]]) else
        {**row, "state": "alive"} for row in short
    ]  # fmt: skip
    workspace = make(tmp_path, [*panel(), *short])
    rows = [
        {"id": f"{name}{n}", "account_id": f"{name}{n}", "language": language, "created_at": at(1)}
        for name, language in (("a", "en"), ("ba", "ar")) for n in range(400)
    ]  # fmt: skip
    take(workspace, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    found = by_name(measured(marsad, workspace, "--by", "language", "--days", "7"))
    assert found["survival-en-day-7"]["low"] > found["survival-ar-day-7"]["high"]
    assert found["hazard-ratio-en-over-ar"]["high"] < 1
    assert found["survival-difference-en-ar-day-7"]["low"] > 0


def test_accounts_of_a_bank_alone(tmp_path: Path, marsad: Command) -> None:
    workspace = make(tmp_path, panel())
    listed = [Entry(f"unknown:a{number}") for number in range(100)]
    workspace.banks.add("ours", listed, kind="accounts")
    assert measured(marsad, workspace, "--bank", "ours")["accounts"]["used"] == 100


def test_sentences_in_both_languages(tmp_path: Path, marsad: Command) -> None:
    workspace = make(tmp_path, panel())
    for lang, words in (("en", "Half of the accounts were gone by day"), ("ar", "نصف الحسابات")):
        ended = marsad("measure", "survival", "-w", workspace.folder, "--lang", lang)
        assert words in ended.out
        assert "measure." not in ended.out.replace("“marsad measure", "")
        assert not any(f"report.{part}." in ended.out for part in ("method", "assumption"))


BAD = [
    # looks, options, what is missing
    ([], (), "looks"),
    ([look(f"a{n}", 1) for n in range(30)], (), "looks"),  # one look only
    ([look(f"a{n}", day, "suspended") for n in range(30) for day in (1, 2)], (), "looks"),
    ([look(f"a{n}", day, route="notice") for n in range(30) for day in (1, 2)], (), "looks"),
    ([look(f"a{n}", day) for n in range(30) for day in (1, 2, 3)], ("--since", "created"),
     "account_created_at"),
]  # fmt: skip


@pytest.mark.parametrize(("looks", "options", "missing"), BAD)
def test_what_is_missing_is_named(
    looks: list[Row], options: tuple[str, ...], missing: str, tmp_path: Path, marsad: Command
) -> None:
    told = measured(marsad, make(tmp_path, looks), *options, code=2)
    assert told["missing"] == [missing]
    assert "marsad import" in told["next"]


def test_without_a_policy_nothing_is_measured(tmp_path: Path, marsad: Command) -> None:
    told = measured(marsad, make(tmp_path, panel(20), policy=False), code=2)
    assert told["missing"] == ["policy"]


def test_nobody_ended_gives_bounds(tmp_path: Path, marsad: Command) -> None:
    looks = [look(f"a{n}", day) for n in range(60) for day in range(10)]
    found = by_name(measured(marsad, make(tmp_path, looks), "--days", "7"))
    assert found["survival-day-7"]["bound"] == "lower"
    assert found["survival-day-7"]["low"] > 0.9


def test_everybody_gone_between_two_looks(tmp_path: Path, marsad: Command) -> None:
    looks = [look(f"a{n}", day, "alive" if day < 3 else "suspended")
             for n in range(60) for day in range(6)]  # fmt: skip
    found = by_name(measured(marsad, make(tmp_path, looks), "--days", "1,5"))
    assert found["survival-day-1"]["low"] > 0.9
    assert found["survival-day-5"]["high"] < 0.1


@pytest.mark.parametrize(
    "options", [("--since", "birth"), ("--by", "faith"), ("--ends", "alive"), ("--days", "x")]
)
def test_options_that_cannot_be(options: tuple[str, str], tmp_path: Path, marsad: Command) -> None:
    ended = marsad("measure", "survival", "-w", make(tmp_path, panel(5)).folder, *options)
    assert ended.code == 2
    assert options[1] in ended.err


@pytest.mark.parametrize("days", ["-3", "0", "7,nan", "inf", "40000"])
def test_days_that_cannot_be(days: str, tmp_path: Path, marsad: Command) -> None:
    ended = marsad("measure", "survival", "-w", make(tmp_path, panel(5)).folder, "--days", days)
    assert (ended.code, days in ended.err, "36,500" in ended.err) == (2, True, True)
    assert "closing" not in ended.err


def test_what_is_not_told_of_a_month_names_it(tmp_path: Path, marsad: Command) -> None:
    """Half are found a month later, and are watched for that much less."""
    later = [
        {**row, "account_id": f"l{row['account_id']}"}
        for row in panel(seed=5, start=35)
    ]  # fmt: skip
    workspace = make(tmp_path, [*panel(), *later])
    options = ("-w", workspace.folder, "--by", "month", "--days", "7,50")
    for lang, group in (("en", "Group April 2024: Day 50"), ("ar", "أبريل ٢٠٢٤: اليوم ٥٠")):
        assert group in marsad("measure", "survival", "--lang", lang, *options).out


def test_states_that_are_not_known_are_not_taken_for_alive(tmp_path: Path, marsad: Command) -> None:
    strange = [
        {**row, "state": "vaporised"} if row["observed_at"] > at(3) else row
        for row in ({**one, "account_id": f"s{one['account_id']}"} for one in panel(seed=4))
    ]
    workspace = make(tmp_path, [*panel(), *strange])
    told = measured(marsad, workspace, "--days", "7")
    assert "states-unknown" in by_name(told)["survival-day-7"]["warnings"]
    alone = measured(marsad, make(tmp_path / "alone", panel()), "--days", "7")
    one, other = (by_name(each)["survival-day-7"] for each in (told, alone))
    assert abs(one["value"] - other["value"]) < 0.1


def test_who_was_never_seen_alive_has_no_known_life(tmp_path: Path, marsad: Command) -> None:
    workspace = make(tmp_path, [{**row, "state": "suspended"} for row in panel()])
    ended = marsad("measure", "survival", "-w", workspace.folder)
    assert ended.code == 2
    assert "None of them was ever seen alive" in ended.err
