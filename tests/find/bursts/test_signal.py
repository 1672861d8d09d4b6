"""The signal as `find` runs it: what it refuses, what it notes, whom it counts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from marsad.engines import open_engine
from marsad.find.bursts import Bursts
from marsad.find.bursts.examples import SURFACING
from marsad.find.contract import posts_table, records_of
from marsad.records.errors import InputError
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.tables import OBSERVATIONS
from marsad.records.times import DAY, HOUR, SECOND, to_datetime

Row = dict[str, Any]
POSTS = SURFACING[0].posts
SHORT = {"lead": 4}
FRESH = {f"x:@fresh-{one}" for one in range(16)}
BEGINS = min(post["created_at"] for post in POSTS if "fresh" in post["account"])


def found(
    posts: Sequence[Mapping[str, Any]],
    signal: Bursts | None = None,
    created: Mapping[str, int] | None = None,
) -> list[Row]:
    looks = [
        {
            **dict.fromkeys(OBSERVATIONS.names), "key": key(name), "version": 1, "subject": name,
            "subject_kind": "account", "platform": "x", "observed_at": at, "precision": 1,
            "route": "probe", "state": "alive", "account_created_at": at,
        }
        for name, at in (created or {}).items()
    ]  # fmt: skip
    with open_engine() as engine:
        seen = pa.Table.from_pylist(looks, schema=OBSERVATIONS)
        records = records_of(engine, posts=posts_table(posts), observations=seen)
        table = engine.collect((signal or Bursts(**SHORT)).find(records, engine))
    rows: list[Row] = table.to_pylist()
    return rows


def accounts(rows: Sequence[Row]) -> set[str]:
    return {row["subject_id"] for row in rows if row["subject_kind"] == "account"}


def notes(signal: Bursts) -> dict[str, Mapping[str, Any]]:
    return {note.id: note.values for note in signal.notes}


def moved(post: Mapping[str, Any], **changed: Any) -> Row:
    return {**post, **changed}


def test_the_evidence_names_the_accounts_first_posts() -> None:
    ids = {post["id"]: post for post in POSTS}
    rows = [row for row in found(POSTS) if row["subject_kind"] == "account"]
    assert {row["subject_id"] for row in rows} == FRESH
    for row in rows:
        (shown,) = json.loads(row["evidence"])
        first = [ids[post["post"]] for post in shown["posts"]]
        assert len(first) == 3
        assert all(post["account"] == row["subject_id"] for post in first)
        assert [post["created_at"] for post in first] == [post["at"] for post in shown["posts"]]
        assert row["opens_case"] is False


def test_an_account_created_long_ago_is_not_new() -> None:
    old = found(POSTS, created=dict.fromkeys(FRESH, BEGINS - 400 * DAY))
    assert accounts(old) == set()
    young = found(POSTS, created=dict.fromkeys(FRESH, BEGINS - DAY))
    assert accounts(young) == FRESH


def test_where_no_creation_is_known_a_note_says_so() -> None:
    signal = Bursts(**SHORT)
    found(POSTS, signal)
    assert "bursts.no-creation" in notes(signal)
    signal = Bursts(**SHORT)
    found(POSTS, signal, created={"x:@fresh-0": BEGINS})
    assert "bursts.no-creation" not in notes(signal)


def said(row: Row, lang: str = "en") -> str:
    return Message.from_json(row["message"], row["values"]).render(lang)


def values(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(row["values"])
    return told


def test_a_sentence_says_whether_the_accounts_creation_is_known() -> None:
    one = {"x:@fresh-0": BEGINS - DAY}
    by_name = {row["subject_id"]: row for row in found(POSTS, created=one)}
    day = to_datetime(BEGINS - DAY).strftime("%Y-%m-%d")
    assert f"created on {day}" in said(by_name["x:@fresh-0"])
    assert "creation date is not known" in said(by_name["x:@fresh-1"])
    assert "تاريخ إنشائه غير معروف" in said(by_name["x:@fresh-1"], "ar")
    (burst,) = [row for row in by_name.values() if row["subject_kind"] == "community"]
    assert "Creation dates are known of 1 of the 16" in said(burst)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_sentence_has_no_fractions_of_accounts_and_nothing_unfilled(lang: str) -> None:
    for row in found(POSTS):
        assert "{" not in said(row, lang)
        told = values(row)
        assert told["usual"] >= 1
        assert told["expected"] == int(told["expected"]) >= 1


def test_the_figures_of_a_burst_lead_to_its_lift() -> None:
    (burst,) = [row for row in found(POSTS) if row["subject_kind"] == "community"]
    told = values(burst)
    odds = (told["count"] + 0.5) / (told["elsewhere"] + 0.5)
    known = (told["known"] + 0.5) / (told["others"] + 0.5)
    assert told["lift"] == pytest.approx(odds / known, rel=0.06)
    assert told["expected"] == math.ceil(float(f"{(told['elsewhere'] + 0.5) * known:.2g}"))
    assert told["low"] < told["lift"]
    assert told["high"] == "∞" or told["high"] > told["lift"]


def test_a_new_hashtag_that_cannot_be_judged_is_named() -> None:
    """Ten hashtags in all, and a new one that forty accounts use within an hour."""
    few = [moved(post, hashtags=[f"everyday_{place % 10}"]) for place, post in enumerate(POSTS)]
    few = [post for post in few if "everyday" in post["account"]]
    new = [
        moved(few[n], id=f"x:new-{n}", account=f"x:@everyday-{n}", hashtags=["unheard"],
              created_at=BEGINS + n * SECOND) for n in range(40)
    ]  # fmt: skip
    signal = Bursts(**SHORT)
    assert found([*few, *new], signal) == []
    told = notes(signal)["bursts.unjudged"]
    assert (told["count"], told["objects"]) == (1, ["#unheard"])
    assert "#unheard" in Message("bursts.unjudged", told).render("ar")


def test_one_loud_account_is_no_burst() -> None:
    signal = Bursts(**SHORT)
    assert found(SURFACING[2].posts, signal) == []
    assert "bursts.found" not in notes(signal)


def test_a_burst_nobody_surfaces_in_is_counted_and_not_a_finding() -> None:
    signal = Bursts(**SHORT)
    assert found(SURFACING[1].posts, signal) == []
    assert notes(signal)["bursts.found"] == {"count": 1, "surfacing": 0}


def test_what_was_skipped_is_said() -> None:
    signal = Bursts(**SHORT)
    found(POSTS, signal)
    assert notes(signal)["bursts.skipped"]["days"] == 4
    assert accounts(found(POSTS, Bursts(lead=7))) == set()


def test_data_shorter_than_the_lead_are_refused_with_a_note() -> None:
    signal = Bursts(lead=30)
    assert found(POSTS, signal) == []
    assert notes(signal)["bursts.too-short"]["days"] == 30


@pytest.mark.parametrize("precision", [DAY])
def test_times_coarser_than_the_window_are_refused(precision: int) -> None:
    coarse = [
        moved(post, precision=precision, created_at=post["created_at"] // precision * precision)
        for post in POSTS
    ]
    with pytest.raises(InputError) as refused:
        found(coarse)
    assert refused.value.message.id == "bursts.precision"
    assert refused.value.message.values["precision"] == precision // SECOND
    found(coarse, Bursts(window=precision // SECOND, **SHORT))


def test_coarse_posts_among_fine_ones_are_left_out_and_counted() -> None:
    coarse = [moved(post, precision=DAY) for post in POSTS if "fresh" in post["account"]]
    fine = [post for post in POSTS if "fresh" not in post["account"]]
    signal = Bursts(**SHORT)
    assert accounts(found([*fine, *coarse], signal)) == set()
    assert notes(signal)["bursts.coarse"]["count"] == len(coarse)


@pytest.mark.parametrize(
    "settings",
    [
        {"window": 0}, {"window": 90_000}, {"rate": 0}, {"rate": 0.9}, {"least": 1}, {"lead": -1},
        {"posts": 0}, {"young": -1}, {"lift": 0.5},
    ],
)  # fmt: skip
def test_settings_that_mean_nothing(settings: dict[str, float]) -> None:
    with pytest.raises(InputError) as refused:
        Bursts(**settings)
    assert refused.value.message.values["name"] in settings


def test_a_kind_that_nobody_used_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        found(POSTS, Bursts(kinds="hashtag, image"))
    assert refused.value.message.values == {"given": "image", "valid": ["hashtag"]}


PLAIN = {"account": "x:@a", "text": "", "hashtags": ["tag"]}
NOTHING = {
    "no posts": [],
    "no objects": [{"id": "x:1", "account": "x:@a", "text": "words"}],
    "one account": [
        {**PLAIN, "id": f"x:{n}", "created_at": n * HOUR} for n in range(600)
    ],
    "objects of one account each": [
        {**PLAIN, "id": f"x:{n}", "account": f"x:@{n}", "hashtags": [f"tag{n}"],
         "created_at": n * DAY} for n in range(30)
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_where_no_burst_is_possible_a_note_says_so(name: str) -> None:
    signal = Bursts()
    assert found(NOTHING[name], signal) == []
    assert notes(signal)["bursts.nothing-used"] == {"least": 5}


@pytest.mark.parametrize("lead", [0, 7])
def test_all_times_equal(lead: int) -> None:
    posts = [{**PLAIN, "id": f"x:{n}", "account": f"x:@{n}", "created_at": DAY} for n in range(300)]
    assert found(posts, Bursts(lead=lead)) == []


def test_an_object_shared_by_everyone_all_the_time() -> None:
    everywhere = [moved(post, hashtags=[*post["hashtags"], "daily_words"]) for post in POSTS]
    assert accounts(found(everywhere)) == FRESH


def test_two_platforms_are_two_grounds() -> None:
    """Accounts of another platform, whose data begin late, are no company for these."""
    other = [
        {"id": f"y:{n}", "account": f"y:@{n % 50}", "text": "", "hashtags": ["marker_festival"],
         "created_at": BEGINS + n * 20 * SECOND} for n in range(150)
    ]  # fmt: skip
    signal = Bursts(**SHORT)
    assert accounts(found([*POSTS, *other], signal)) == FRESH
    assert [note.values["platform"] for note in signal.notes if note.id == "bursts.too-short"] == [
        "y"
    ]
