"""`marsad measure effect` and `claim`: from a workspace to sentences, or to what is missing."""

from __future__ import annotations

import json
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

START = datetime(2023, 6, 1, tzinfo=UTC).timestamp()
DAYS, EVENT = 220, 180
Row = dict[str, Any]


def day_of(number: int) -> str:
    return datetime.fromtimestamp(START + number * 86_400, UTC).date().isoformat()


def totals(seed: int = 1, drop: float = 0.5) -> list[Row]:
    """A group that halves at the event, three that do not, and one that takes it over."""
    draw = random.Random(seed)
    rows = []
    for group, after in (("ours", drop), ("theirs", 1), ("others", 1), ("weather", 1), ("new", 2)):
        for day in range(DAYS):
            mean = 400 * (1.3 if day % 7 < 2 else 1.0) * (after if day >= EVENT else 1)
            rows.append({"day": day_of(day), "group": group, "outcome": "posts",
                         "value": round(draw.gauss(mean, mean**0.5 * 1.5))})  # fmt: skip
    return rows


@copied
def workspace(folder: Path, rows: list[Row] | None = None) -> Workspace:
    folder.mkdir(exist_ok=True)
    made = Workspace.create(folder / "ws")
    made.policies.add("research")
    if rows:
        take(made, ndjson(folder / "totals.ndjson", rows), kind="series")
    return made


def around(ws: Workspace, *more: str) -> tuple[str, ...]:
    """The options for our totals around the event."""
    return ("--event", day_of(EVENT), "--series", name_of(ws), "--group", "ours", *more)


def measured(marsad: Command, ws: Workspace, *more: str, code: int = 0) -> dict[str, Any]:
    ended = marsad("measure", "effect", "-w", ws.folder, "--json", *more)
    assert ended.code == code, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def name_of(ws: Workspace) -> str:
    from marsad.engines import open_engine

    with open_engine() as engine:
        rows = ws.current(engine, ws.log.snapshot(), "series")
        return str(engine.collect(rows.select("name").distinct())["name"][0].as_py())


def test_totals_against_controls(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    others = ("--control", "theirs", "--control", "others", "--unmoved", "weather",
              "--elsewhere", "new")  # fmt: skip
    told = measured(marsad, ws, *around(ws, *others))
    by_name = {(one["outcome"], one["name"].split("-20")[0]): one for one in told["estimates"]}
    level = by_name["ours", "level-change"]
    assert level["low"] < 0.5 < level["high"] < 0.7
    did = next(one for one in told["estimates"] if one["controlled"])
    assert did["low"] < 0.5 < did["high"] < 0.7
    (placebo,) = told["placebo_dates"]
    assert placebo["p"] <= 1 / 20
    still = by_name["weather", "level-change"]
    assert still["low"] < 1 < still["high"]


def test_without_an_effect_none_is_told(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals(seed=3, drop=1))
    told = measured(
        marsad, ws, "--event", day_of(EVENT), "--series", name_of(ws), "--group", "ours"
    )
    level = next(one for one in told["estimates"] if one["name"].startswith("level-change"))
    assert level["low"] < 1 < level["high"]
    assert "no-control" in told["warnings"]


def test_no_sentence_says_because(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    for lang, words in (("en", ("because", "caused", "due to")), ("ar", ("بسبب",))):
        ended = marsad("measure", "effect", "-w", ws.folder, *around(ws, "--lang", lang))
        said = [line for line in ended.out.splitlines() if line.startswith("•")]
        assert said
        assert not any(word in line for word in words for line in said)
        assert "measure." not in ended.out
        assert not any(f"report.{part}." in ended.out for part in ("method", "assumption"))


def test_rivals_of_a_calendar_are_named(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    calendar = tmp_path / "events.csv"
    rival = f"{day_of(EVENT - 3)},a defeat,rival,"
    rows = ["date,name,kind,until", f"{day_of(EVENT)},wave,takedown,", rival]
    calendar.write_text("\n".join(rows), "utf-8")
    _, _, *rest = around(ws)
    told = measured(marsad, ws, "--event", str(calendar), *rest)
    assert [one["name"] for one in told["rivals"][day_of(EVENT)]] == ["a defeat"]
    assert "rivals-untested" in told["warnings"]


def test_posts_of_a_bank_in_both_frames(tmp_path: Path, marsad: Command) -> None:
    """Ten of twenty accounts stop at the event, and ten new ones go on for them: the closed panel
    halves, the replenished frame does not."""
    ws = workspace(tmp_path)
    draw = random.Random(1)
    rows = []
    for day in range(DAYS):
        old = range(20) if day < EVENT else range(10)
        new = range(20, 30) if day >= EVENT else ()
        for account in (*old, *new, *range(100, 120)):
            for post in range(draw.randrange(2, 6)):
                at = START + day * 86_400 + post * 3600 + account
                made = datetime.fromtimestamp(at, UTC).isoformat()
                row = {"id": f"{day}-{account}-{post}", "account_id": f"a{account}"}
                rows.append({**row, "created_at": made})
    take(ws, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    listed = [Entry(f"unknown:a{n}") for n in range(30)]
    ws.banks.add("ours", listed, kind="accounts")
    told = measured(marsad, ws, "--event", day_of(EVENT), "--bank", "ours")
    levels = {
        (one["frame"], one["outcome"]): one
        for one in told["estimates"] if one["name"].startswith("level-change")
    }  # fmt: skip
    whole, panel = (
        levels["replenished", "posts-of-watched"],
        levels["closed-panel", "posts-of-watched"],
    )
    assert whole["low"] < 1 < whole["high"]
    assert panel["high"] < 0.7
    assert any("replenished-frame" in one["missing"] for one in told["not_measured"])


@pytest.mark.parametrize(("lang", "words"), [("en", "falls silent by construction"),
                                             ("ar", "تصمت بحكم اختيارها")])  # fmt: skip
def test_a_list_of_suspended_accounts_falls_by_construction(
    lang: str, words: str, tmp_path: Path, marsad: Command
) -> None:
    """Forty accounts end one after the other, and whoever lists them afterwards sees a fall."""
    ws = workspace(tmp_path)
    ends = {n: EVENT - 20 + n for n in range(40)}
    rows = [
        {"id": f"{day}-{n}", "account_id": f"a{n}", "created_at": f"{day_of(day)}T10:00:00Z"}
        for day in range(EVENT - 60, EVENT + 15) for n in range(60) if day < ends.get(n, DAYS)
    ]  # fmt: skip
    take(ws, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    looks = [{"account_id": f"a{n}", "observed_at": day_of(end), "route": "probe",
              "state": "suspended"} for n, end in ends.items()]  # fmt: skip
    take(ws, ndjson(tmp_path / "looks.ndjson", looks), kind="observations")
    ws.banks.add("suspended", [Entry(f"unknown:a{n}") for n in ends], kind="accounts")
    options = ("--event", day_of(EVENT), "--bank", "suspended", "--outcome", "posts")
    told = measured(marsad, ws, *options)
    mine = [one for one in told["estimates"] if one["outcome"] == "posts-of-watched"]
    assert {one["frame"] for one in mine} == {"closed-panel"}
    assert all("mostly-taken-down" in one["warnings"] for one in mine)
    ended = marsad("measure", "effect", "-w", ws.folder, *options, "--lang", lang)
    assert ended.out.count(words) == 1
    said = [line for line in ended.out.splitlines() if line.startswith("•")]
    assert len(said) == len(set(said))


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Thirty accounts post under #river and link to one site, and fans answer them. At the event
    they go silent but for five; their fans then post under the tag, and nobody links any more.
    Followers were looked at on both sides."""
    folder = tmp_path_factory.mktemp("moved")
    ws, draw, rows = workspace(folder), random.Random(2), []

    def post(name: str, account: int, day: int, **more: object) -> None:
        at = START + day * 86_400 + draw.randrange(80_000)
        made = datetime.fromtimestamp(at, UTC).isoformat()
        rows.append({"id": name, "account_id": f"a{account}", "handle": f"a{account}",
                     "created_at": made, "text": "words", **more})  # fmt: skip

    for day in range(100, DAYS):
        for account in range(30 if day < EVENT else 5):
            for number in range(draw.randrange(1, 4)):
                name = f"{day}-{account}-{number}"
                post(name, account, day, hashtags=["River"], urls=["https://one.example/a"])
                for fan in draw.sample(range(100, 120), 2):
                    post(f"{name}-{fan}", fan, day, reply_to=name)
        for fan in range(100, 140):
            tags = ["river"] if day >= EVENT else ["garden"]
            post(f"own-{day}-{fan}", fan, day, hashtags=tags, reply_to=f"own-{day}-{fan ^ 1}")
            if fan < 102:
                post(f"link-{day}-{fan}", fan, day, hashtags=["river"], urls=["http://one.example"])
    take(ws, ndjson(folder / "posts.ndjson", posts(*rows)))
    looks = [
        {"account_id": f"a{n}", "observed_at": day_of(day), "route": "probe", "state": "alive",
         "followers": 300 + n, "account_created_at": day_of(0)}
        for n in range(30) for day in (EVENT - 10, EVENT + 10)
    ]  # fmt: skip
    take(ws, ndjson(folder / "looks.ndjson", looks), kind="observations")
    ws.banks.add("ours", [Entry(f"unknown:a{n}") for n in range(30)], kind="accounts")
    return ws


def test_every_outcome_of_posts(moved: Workspace, marsad: Command) -> None:
    told = measured(marsad, moved, "--event", day_of(EVENT), "--bank", "ours")
    found = {(one["outcome"], one["frame"], one["name"].removesuffix(f"-{day_of(EVENT)}")): one
             for one in told["estimates"]}  # fmt: skip
    for outcome in ("posts", "accounts", "interactions", "reach"):
        level = found[f"{outcome}-of-watched", "closed-panel", "level-change"]  # nobody is new
        assert level["high"] < 1, outcome
        assert "listed-whatever-came" in level["assumptions"]
        assert (f"{outcome}-of-others", "replenished", "level-change") in found
    # twenty fans answer whoever is left, so their number falls far less than what they answer
    reach, got = (
        found[f"{name}-of-watched", "closed-panel", "level-change"]
        for name in ("reach", "interactions")
    )
    assert reach["low"] > 2 * got["high"]
    same = found["followers-of-watched", "closed-panel", "same-accounts"]
    assert same["low"] <= 1 <= same["high"]


def test_where_it_went_is_found_among_places_used_before(moved: Workspace, marsad: Command) -> None:
    told = measured(marsad, moved, "--event", day_of(EVENT), "--bank", "ours")
    found = {one["outcome"]: one for one in told["estimates"] if "moved-to" in one["name"]}
    assert sorted(found) == ["#river", "one.example"]  # not #garden, which they did not use
    assert found["#river"]["low"] > 0.5
    assert found["one.example"]["low"] < 0 < found["one.example"]["high"] < 0.2
    named = measured(marsad, moved, "--event", day_of(EVENT), "--bank", "ours",
                     "--elsewhere", "hashtag:#River", "--outcome", "posts")  # fmt: skip
    (again,) = [one for one in named["estimates"] if "moved-to" in one["name"]]
    assert again == found["#river"]
    options = ("--elsewhere", "site:https://WWW.One.example/", "--outcome", "posts")
    site = measured(marsad, moved, "--event", day_of(EVENT), "--bank", "ours", *options)
    (same,) = [one for one in site["estimates"] if "moved-to" in one["name"]]
    assert same == found["one.example"]


def test_sentences_of_places_and_returns_in_both_languages(
    moved: Workspace, marsad: Command
) -> None:
    for lang, words in (("en", "under the hashtags"), ("ar", "تحت الوسوم")):
        ended = marsad("measure", "effect", "-w", moved.folder, "--event", day_of(EVENT),
                       "--bank", "ours", "--lang", lang)  # fmt: skip
        assert words in ended.out
        assert "measure." not in ended.out
        assert "marsad find returns" in ended.out + ended.err  # what would tell of returns


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--elsewhere", "river"), "hashtag:NAME"),
        (("--elsewhere", "hashtag:"), "hashtag:NAME"),
        (("--elsewhere", "site:one.example/a"), "site:NAME"),
        (("--elsewhere", "hashtag:river", "--outcome", "reach"), "posts"),
        (("--outcome", "fame"), "interactions"),
    ],
)
def test_an_option_that_cannot_be_is_answered_with_those_that_can(
    options: tuple[str, ...], named: str, moved: Workspace, marsad: Command
) -> None:
    ended = marsad(
        "measure", "effect", "-w", moved.folder, "--event", day_of(EVENT), "--bank", "ours",
        *options,
    )  # fmt: skip
    assert (ended.code, named in ended.err) == (2, True)


BAD = [
    ((), ("--series", "x", "--group", "ours"), "series"),  # nothing read in
    ((), (), "findings"),
]


@pytest.mark.parametrize(("rows", "options", "missing"), BAD)
def test_what_is_missing_is_named(
    rows: tuple[Row, ...], options: tuple[str, ...], missing: str, tmp_path: Path, marsad: Command
) -> None:
    ws = workspace(tmp_path)
    take(ws, ndjson(tmp_path / "p.ndjson", posts(*(
        {"id": str(day), "created_at": f"{day_of(day)}T10:00:00Z"} for day in range(40)
    ))))  # fmt: skip
    told = measured(marsad, ws, "--event", day_of(20), *options, code=2)
    assert told["missing"] == [missing]


@pytest.mark.parametrize("event", ["1999-01-01", "2999-01-01"])
def test_an_event_outside_the_data(event: str, tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    ended = marsad("measure", "effect", "-w", ws.folder, "--event", event, "--series", name_of(ws),
                   "--group", "ours")  # fmt: skip
    assert (ended.code, event in ended.err) == (2, True)


def test_a_group_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path, marsad: Command
) -> None:
    ws = workspace(tmp_path, totals())
    ended = marsad("measure", "effect", "-w", ws.folder, "--event", day_of(EVENT), "--series",
                   name_of(ws), "--group", "hers")  # fmt: skip
    assert (ended.code, "theirs" in ended.err) == (2, True)


def test_the_known_claims_are_listed_and_held_against_a_workspace(
    tmp_path: Path, marsad: Command
) -> None:
    ws = workspace(tmp_path)
    listed = marsad("measure", "claim", "--json")
    names = json.loads(listed.out)["claims"]
    assert "accounts-2014-autumn" in names
    for name in names:
        ended = marsad("measure", "claim", name, "-w", ws.folder, "--json")
        told = json.loads(ended.out)
        assert (told["verdict"], told["next"].startswith("marsad")) == ("cannot-tell", True)
    assert marsad("measure", "claim", "no-such", "-w", ws.folder).code == 2


def test_no_change_is_called_none(tmp_path: Path, marsad: Command) -> None:
    same = workspace(tmp_path, totals(drop=1.0))
    ended = marsad("measure", "effect", "-w", same.folder, *around(same, "--control", "theirs"))
    level = next(line for line in ended.out.splitlines() if "right after" in line)
    against = next(line for line in ended.out.splitlines() if "its controls (" in line)
    assert "That is a change" not in level
    assert "no change" in level
    assert "event's effect" not in against
    assert "no change" in against


def test_warnings_name_the_estimates_they_belong_to(tmp_path: Path, marsad: Command) -> None:
    rows = totals()
    rows[100]["value"] = 1_000_000  # of "ours"
    ws = workspace(tmp_path, rows)
    told = measured(marsad, ws, *around(ws, "--unmoved", "weather"))
    (day,) = told["outliers"]
    assert (day["outcome"], day["date"], day["value"]) == ("ours", day_of(100), 1e6)
    out = marsad("measure", "effect", "-w", ws.folder, *around(ws, "--unmoved", "weather")).out
    assert f"ours: {day_of(100)} has 1,000,000, where the median" in out
    lines = out.splitlines()
    mind = lines.index("Mind:")
    after = lines[lines.index(next(one for one in lines[mind:] if "single days lie" in one)) + 1]
    assert after.strip() == "ours"


def test_a_drift_from_controls_can_be_let_go_on(tmp_path: Path, marsad: Command) -> None:
    rows = totals()
    for row in rows[:DAYS]:
        since = (datetime.fromisoformat(row["day"]).replace(tzinfo=UTC).timestamp() - START) / 86400
        row["value"] = round(row["value"] * 0.99**since)
    ws = workspace(tmp_path, rows)
    drifting = measured(marsad, ws, *around(ws, "--control", "theirs"))
    assert any("--trend" in one["refused"] for one in drifting["not_measured"])
    told = measured(marsad, ws, *around(ws, "--control", "theirs", "--trend"))
    (did,) = [one for one in told["estimates"] if one["name"].startswith("did-")]
    assert did["method"] == "differences-trend-counts"
    assert did["low"] < 0.5 < did["high"]
    alone = marsad("measure", "effect", "-w", ws.folder, *around(ws, "--trend"))
    assert (alone.code, "--control" in alone.err) == (2, True)


def test_only_rivals_can_be_tested(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    calendar = tmp_path / "events.csv"
    calendar.write_text(f"date,name,kind\n{day_of(EVENT)},wave,\n{day_of(EVENT)},defeat,rival\n")
    _, _, *rest = around(ws, "--tested", "defeet")
    for event, said in ((str(calendar), "Valid: defeat."), (day_of(EVENT), "--event FILE")):
        ended = marsad("measure", "effect", "-w", ws.folder, "--event", event, *rest)
        assert (ended.code, "defeet" in ended.err, said in ended.err) == (2, True, True)


@pytest.mark.parametrize("others", ["ours", "none", "all"])
def test_groups_may_be_called_none(others: str, tmp_path: Path, marsad: Command) -> None:
    """As JSON, and as CSV, in which «none» and the like may say that there is no value."""
    ws = workspace(tmp_path)
    rows = [
        (day_of(day), group, value)
        for day in range(DAYS)
        for group, value in (("None", 100 + day % 7), ("NaN", 200 + day % 5), (others, 300))
    ]
    file = tmp_path / "totals.csv"
    lines = [f"{day},{group},posts,{value}" for day, group, value in rows]
    file.write_text("\n".join(["day,group,outcome,value", *lines]), "utf-8")
    take(ws, file, kind="series")
    for group, least in (("None", 100), ("NaN", 200), (others, 300)):
        options = ("--event", day_of(EVENT), "--series", name_of(ws), "--group", group)
        told = measured(marsad, ws, *options)
        assert any(one["outcome"] == group for one in told["estimates"]), least


def test_a_group_is_one_thing_alone(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    for option in ("--control", "--unmoved", "--elsewhere"):
        ended = marsad("measure", "effect", "-w", ws.folder, *around(ws, option, "ours"))
        assert ended.code == 2
        assert option in ended.err
        assert "ours" in ended.err


def test_what_one_group_lacks_is_not_held_against_the_others(
    tmp_path: Path, marsad: Command
) -> None:
    more: list[Row] = [
        {"day": day_of(day), "group": "balance", "outcome": "posts", "value": day % 9 - 4}
        for day in range(DAYS)
    ]
    more += [{"day": day_of(day), "group": "short", "outcome": "posts", "value": 3.0}
             for day in range(5)]  # fmt: skip
    ws = workspace(tmp_path, totals() + more)
    assert measured(marsad, ws, *around(ws))["estimates"]
    event = ("--event", day_of(EVENT), "--series", name_of(ws))
    balance = measured(marsad, ws, *event, "--group", "balance")["estimates"]
    assert {one["method"] for one in balance} == {"segmented-means"}
    short = marsad("measure", "effect", "-w", ws.folder, *event, "--group", "short")
    assert short.code == 2
    assert "short: days that can be used: 5" in short.err
    none = marsad("measure", "effect", "-w", ws.folder, *event)
    assert none.code == 2
    assert "--group" in none.err
    assert "balance" in none.err


def test_files_of_events_that_cannot_be_read(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path, totals())
    (tmp_path / "events.csv").write_bytes("date\n2024-01-01\n".encode("utf-16"))
    for name, said in (("events.csv", "UTF-8"), ("nowhere.csv", "no file of events")):
        ended = marsad("measure", "effect", "-w", ws.folder, "--event", tmp_path / name)
        assert ended.code == 2
        assert said in ended.err


def test_an_outcome_that_cannot_be_told_is_named(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path)
    ws.banks.add("closed", [Entry(f"twitter:{n}") for n in range(20)], kind="accounts")
    rows = [
        {"id": f"{day}-{n}", "account_id": str(n), "created_at": f"{day_of(day)}T10:00:00Z"}
        for day in range(60)
        for n in range(40)
    ]
    take(ws, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    options = ("--event", day_of(40), "--bank", "closed")
    ended = marsad("measure", "effect", "-w", ws.folder, *options)
    assert ended.code == 0, ended.err
    for name in ("reposts and answers the watched accounts get", "accounts outside that repost"):
        assert f"– {name}" in ended.out
    assert "--as series" not in ended.out


def test_a_refusal_is_in_the_language_asked_for(tmp_path: Path, marsad: Command) -> None:
    ws = workspace(tmp_path)
    event = ("--event", "2024-01-01")
    arabic = marsad("measure", "effect", "-w", ws.folder, *event, "--lang", "ar")
    assert "استورد المزيد" in arabic.err
    totalled = workspace(tmp_path / "more", totals())
    said = marsad("measure", "effect", "-w", totalled.folder, *around(totalled), "--lang", "ar").out
    assert day_of(EVENT) not in said
    assert "Read more in" in marsad("measure", "effect", "-w", ws.folder, *event).err
