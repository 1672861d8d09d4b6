"""`marsad measure network`: from follows, posts and looks to the shape before and after."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from marsad import locale
from marsad.banks import Entry
from marsad.outputs.report.measured import charts_of
from marsad.outputs.report.wording import Words
from marsad.workspace import Workspace
from marsad.workspace.measuring import network, population
from marsad.workspace.measuring.everything import of_networks
from tests.cli.conftest import Command
from tests.workspace.conftest import ndjson, posts, take
from tests.workspace.made_once import copied

START = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
SIZE, EVENT = 40, 20
Row = dict[str, Any]


def at(day: float) -> str:
    return datetime.fromtimestamp(START + day * 86_400, UTC).isoformat()


@copied
def make(folder: Path, follows: bool = True, looks: bool = True) -> Workspace:
    """Forty watched accounts that follow number 0, each followed by one outsider; number 0 is gone
    from the event on."""
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("research")
    rows = [
        {"id": f"{n}-{day}", "account_id": f"a{n}", "handle": f"a{n}", "created_at": at(day),
         "text": "words", "mentions": [f"a{(n + 1) % SIZE}" if day % 2 else "stranger"]}
        for n in range(SIZE) for day in range(1, 40)
    ]  # fmt: skip
    take(workspace, ndjson(folder / "posts.ndjson", posts(*rows)))
    if follows:
        edges = [{"source": f"a{n}", "target": "a0"} for n in range(1, SIZE)]
        edges += [{"source": f"o{n}", "target": f"a{n}"} for n in range(SIZE)]
        take(workspace, ndjson(folder / "edges.ndjson", edges), kind="edges")
    if looks:
        seen = [
            {"account_id": f"a{n}", "observed_at": at(day), "route": "probe",
             "state": "suspended" if n == 0 and day > EVENT else "alive"}
            for n in range(SIZE) for day in range(1, 40, 3)
        ]  # fmt: skip
        take(workspace, ndjson(folder / "looks.ndjson", seen), kind="observations")
    listed = [Entry(f"unknown:a{n}") for n in range(SIZE)]
    workspace.banks.add("ours", listed, kind="accounts")
    return workspace


def measured(marsad: Command, ws: Workspace, *more: str, code: int = 0) -> dict[str, Any]:
    options = ("--event", at(EVENT), "--bank", "ours", *more)
    ended = marsad("measure", "network", "-w", ws.folder, "--json", *options)
    assert ended.code == code, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def test_before_and_after_the_hub_was_gone(tmp_path: Path, marsad: Command) -> None:
    told = measured(marsad, make(tmp_path))
    values = {one["name"]: one["value"] for one in told["estimates"]}
    assert (told["accounts"], told["ties"]) == ({"watched": 40, "gone": 1, "came": 0}, "follow")
    assert (values["reach-before"], values["reach-after"]) == (40, 39)
    assert (values["reachable-before"], values["reachable-after"]) == (1, 1 / 40)
    assert values["reachable-at-random"] > 0.9
    assert values["reciprocity-before"] == 0
    assert values["in-network-before"] == pytest.approx(0.5, abs=0.05)
    assert values["concentration-before"] == pytest.approx(0.1)


@pytest.mark.parametrize("made", [None, EVENT + 3])
def test_who_came_after_the_event_was_not_there_before(
    made: int | None, tmp_path: Path, marsad: Command
) -> None:
    """Number 0 comes back as b0, known by a look alone, or with the date it was made."""
    ws = make(tmp_path)
    look = {"account_id": "b0", "handle": "b0", "observed_at": at(EVENT + 5), "route": "probe",
            "state": "alive", **({"account_created_at": at(made)} if made else {})}  # fmt: skip
    take(ws, ndjson(tmp_path / "b.ndjson", [look]), kind="observations")
    follows = [{"source": f"a{n}", "target": "b0"} for n in range(1, SIZE)]
    take(ws, ndjson(tmp_path / "c.ndjson", follows), kind="edges")
    ws.banks.add("ours", [Entry("unknown:b0")], kind="accounts")
    told = measured(marsad, ws)
    values = {one["name"]: one["value"] for one in told["estimates"]}
    assert told["accounts"] == {"watched": 41, "gone": 1, "came": 1}
    assert (values["reachable-before"], values["reachable-after"]) == (1, 39 / 40)
    assert values["deepest-core-before"] == values["deepest-core-after"] == 1


@pytest.mark.parametrize(
    ("event", "days", "missing"),
    [(-5, "14", "event"), (30, "14", "looks"), (20, "60", "looks"), (39, "", "looks")],
)
def test_a_time_that_the_looks_do_not_reach(
    event: int, days: str, missing: str, tmp_path: Path, marsad: Command
) -> None:
    asked = ("--event", at(event), *(("--days", days) if days else ()))
    told = measured(marsad, make(tmp_path), *asked, code=2)
    assert told["missing"] == [missing]


def test_looks_at_others_do_not_tell_of_the_watched(tmp_path: Path, marsad: Command) -> None:
    ws = make(tmp_path)
    later = [{"account_id": "o1", "handle": "o1", "observed_at": at(80), "route": "probe",
              "state": "alive"}]  # fmt: skip
    take(ws, ndjson(tmp_path / "o.ndjson", later), kind="observations")
    assert measured(marsad, ws, "--event", at(60), code=2)["missing"] == ["looks"]


def test_without_days_it_goes_as_far_as_the_looks(tmp_path: Path, marsad: Command) -> None:
    told = measured(marsad, make(tmp_path), "--event", at(33))
    assert told["accounts"] == {"watched": 40, "gone": 0, "came": 0}  # number 0 was gone before


def test_where_no_follows_are_known_mentions_make_the_network(
    tmp_path: Path, marsad: Command
) -> None:
    told = measured(marsad, make(tmp_path, follows=False))
    values = {one["name"]: one["value"] for one in told["estimates"]}
    assert told["ties"] == "use"
    assert values["deepest-core-before"] == 2
    assert values["reachable-after"] == 39 / 40


def test_sentences_in_both_languages(tmp_path: Path, marsad: Command) -> None:
    ws = make(tmp_path)
    for lang, words in (("en", "at random"), ("ar", "عشوائي")):
        ended = marsad("measure", "network", "-w", ws.folder, "--event", at(EVENT), "--bank",
                       "ours", "--lang", lang)  # fmt: skip
        assert words in ended.out
        assert "measure." not in ended.out
        assert not any(f"report.{part}." in ended.out for part in ("method", "assumption"))


@pytest.mark.parametrize(
    ("parts", "options", "missing"),
    [({"looks": False}, (), "looks"), ({}, ("--bank", ""), "findings")],
)
def test_what_is_missing_is_named(
    parts: dict[str, bool], options: tuple[str, ...], missing: str, tmp_path: Path,
    marsad: Command,
) -> None:  # fmt: skip
    told = measured(marsad, make(tmp_path, **parts), *options, code=2)
    assert told["missing"] == [missing]


def test_an_event_that_is_no_date(tmp_path: Path, marsad: Command) -> None:
    ended = marsad("measure", "network", "-w", make(tmp_path).folder, "--event", "spring")
    assert (ended.code, "spring" in ended.err) == (2, True)


def test_a_report_measures_it_around_each_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = make(tmp_path)
    monkeypatch.setattr(
        network, "with_findings", lambda *of: population.of_bank(*of, "ours")
    )  # fmt: skip
    first, second, late = (at(day)[:10] for day in (EVENT - 8, EVENT, 60))
    calendar = tmp_path / "events.csv"
    calendar.write_text("\n".join(["date", first, second, late]), "utf-8")
    told = of_networks(ws, [str(calendar)])
    values = {one.name: one.value for one in told.estimates}
    assert (values[f"reach-before-{first}"], values[f"reach-after-{second}"]) == (40, 39)
    assert len(told.refused) == 1  # no look reaches as far as the last
    assert list(told.networks) == [first, second]
    for lang in locale.LANGUAGES:
        said = told.said(lang)
        assert not any("measure." in one or "when." in one for one in said)
        assert all(
            any(locale.show(date, lang) in one for date in (first, second)) for one in said
        )  # fmt: skip
        charts = [one for row in charts_of(told, Words(lang), {}) for one in row]
        assert len({one.id for one in charts}) == len(charts) == 4
    one_told = of_networks(ws, [second, late])
    assert len([one for row in charts_of(one_told, Words("en"), {}) for one in row]) == 2
    alone = of_networks(ws, [second])
    assert alone.estimates[0].name == "reach-before"
    assert [one.id for row in charts_of(alone, Words("en"), {}) for one in row] == [
        "network-shape", "network-reach",
    ]  # fmt: skip
