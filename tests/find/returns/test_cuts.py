"""Where an account may have changed hands, from few posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from marsad.engines import open_engine
from marsad.find.contract import posts_table, records_of
from marsad.find.returns import cuts, ties
from marsad.find.returns.accounts import collected
from marsad.records.tables import OBSERVATIONS, SHARES
from marsad.records.times import DAY

START = 1_433_116_800_000_000
Post = tuple[float, str, str]
"""Day, language, client."""

BEFORE: tuple[Post, ...] = ((0, "fr", "Web"),)
AFTER: tuple[Post, ...] = tuple((20 + n, "en", "Phone") for n in range(6))
SAME = tuple((day, "fr", "Web") for day, _, _ in AFTER)
OTHER_CLIENT = tuple((day, "fr", client) for day, _, client in AFTER)


def rows(posts: Sequence[Post], who: str = "x:1") -> list[dict[str, Any]]:
    return [
        {"id": f"x:{who}-{n}", "account": who, "created_at": START + int(day * DAY),
         "language": language, "client": client, "text": "a", "hashtags": [f"tag{n}"]}
        for n, (day, language, client) in enumerate(posts)
    ]  # fmt: skip


def looks(shown: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Looks at x:1: ``day``, and what it showed."""
    plain = dict.fromkeys(OBSERVATIONS.names)
    return pa.Table.from_pylist(
        [
            {**plain, "key": 1, "version": n, "subject_kind": "account", "subject": "x:1",
             "platform": "x", "observed_at": START + int(one["day"] * DAY), "precision": 1,
             "route": "probe", "state": "alive", "run": "r", "file": "f", "line": n,
             "handle": one.get("handle"), "name": one.get("name"),
             "account_created_at": START - 900 * DAY}
            for n, one in enumerate(shown)
        ],
        schema=OBSERVATIONS,
    )  # fmt: skip


def cut(
    posts: Sequence[Post],
    shown: Sequence[Mapping[str, Any]] = (),
    after: float = 10,
    others: Sequence[int] = range(40),
) -> tuple[float | None, tuple[str, ...], float | None]:
    """Day of the cut of x:1, in what it changed, and the day it woke; others post all along."""
    daily = rows([(day, "en", "Web") for day in others], "x:2")
    table = posts_table([*rows(posts), *daily])
    with open_engine("duckdb") as engine:
        records = records_of(engine, posts=table, observations=looks(shown))
        accounts = collected(records, engine)
        found = cuts.collected(records, engine, accounts, START + int(after * DAY))
        (place,) = accounts.places(["x:1"])
        assert found.since[accounts.places(["x:2"])[0]] == -1
    since, woke = (
        None if at[place] < 0 else float((at[place] - START) / DAY)
        for at in (found.since, found.woke)
    )
    return since, found.changed.get(int(place), ()), woke


CHANGED = {
    "language and client, one post before": ([*BEFORE, *AFTER], ("language", "client")),
    "the client alone": ([*BEFORE, *OTHER_CLIENT], ("client",)),
    "one post after, many before": (
        [*((day / 2, "fr", "Web") for day in range(6)), (20, "en", "Web")], ("language",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("posts", "changed"), CHANGED.values(), ids=list(CHANGED))
def test_a_change_after_a_silence_is_a_cut(posts: list[Post], changed: tuple[str, ...]) -> None:
    assert cut(posts) == (20, changed, 20)


NOT_CHANGED: dict[str, tuple[Sequence[Post], float | None]] = {
    "back from a holiday": ([*BEFORE, *SAME], 20),
    "no silence": ([(n, "fr" if n < 20 else "en", "Web") for n in range(40)], None),
    "silent before anybody was gone": (
        [(0, "fr", "Web"), *((9 + n, "en", "Web") for n in range(9))], None,
    ),
    "one post in a language that is used later, too": (
        [*BEFORE, *AFTER[:4], (27, "fr", "Phone"), (28, "fr", "Web"), (29, "en", "Web")], 20,
    ),
    "hardly a post on either side": ([*BEFORE, *AFTER[:2]], 20),
    "two languages before": (
        [(0, "fr", "Web"), (1, "en", "Web"), *((20 + n, "en", "Web") for n in range(4))], 20,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("posts", "woke"), NOT_CHANGED.values(), ids=list(NOT_CHANGED))
def test_a_silence_or_a_change_alone_is_none(posts: list[Post], woke: float | None) -> None:
    assert cut(posts) == (None, (), woke)


RENAMED: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "within the silence": (
        [{"day": 1, "handle": "old", "name": "B"}, {"day": 21, "handle": "new", "name": "B"}],
        ("handle",),
    ),
    "some days after": ([{"day": 24, "name": "A"}, {"day": 30, "name": "B"}], ("name",)),
    "long after": ([{"day": 35, "name": "A"}, {"day": 39, "name": "B"}], ()),
    "before the silence": (
        [{"day": -9, "name": "A"}, {"day": -3, "name": "B"}, {"day": 30, "name": "B"}], (),
    ),
    "and back": (
        [{"day": 1, "name": "A"}, {"day": 21, "name": "B"}, {"day": 30, "name": "A"}], (),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shown", "changed"), RENAMED.values(), ids=list(RENAMED))
def test_another_name_is_a_change_if_it_comes_with_the_silence(
    shown: list[dict[str, Any]], changed: tuple[str, ...]
) -> None:
    since, found, woke = cut([*BEFORE, *SAME], shown)
    assert (found, woke) == (changed, 20)
    assert since == (20 if changed else None)


def test_an_old_account_that_posts_for_the_first_time() -> None:
    """Nothing is known of what its owner wrote: only a new name tells of another one."""
    old = {"day": 1, "name": "A"}
    assert cut(AFTER, [old]) == (None, (), 20)
    assert cut(AFTER, [old, {"day": 22, "name": "B"}]) == (20, ("name",), 20)


def test_what_was_before_the_records_is_no_silence() -> None:
    """Made years ago, and eight days without a post where the records begin; then twelve."""
    seen = [{"day": 12, "name": "B"}]
    first = (8, "fr", "Web")
    assert cut([first, *AFTER], seen, after=5) == (20, ("language", "client"), 20)
    assert cut([first, (14, "fr", "Web"), *AFTER], seen, after=5) == (None, (), 8)


def test_a_new_account_has_not_been_silent() -> None:
    assert cut(AFTER) == (None, (), None)


def test_what_an_account_had_before_is_not_its_own() -> None:
    daily = rows([(day, "en", "Web") for day in range(40)], "x:2")
    posts = posts_table([*rows([*BEFORE, *AFTER]), *rows(BEFORE, "x:3"), *daily])
    imported = SHARES.empty_table()
    with open_engine("duckdb") as engine:
        records = records_of(engine, posts=posts, shares=imported)
        accounts = collected(records, engine)
        found = cuts.collected(records, engine, accounts, START)
        assert np.count_nonzero(found.since >= 0) == 1
        table = cuts.table(accounts, found.since, engine, "cut")
        objects = ties.rows(records, engine, table).to_pylist()
    tags = {(row["account"], row["object"]) for row in objects if row["account"] != "x:2"}
    assert tags == {("x:3", "tag0")} | {("x:1", f"tag{n}") for n in range(1, 7)}


@pytest.mark.parametrize(
    ("seen", "since"),
    [(range(40), 20.0), ((0, *range(20, 40)), None), ((*range(6), *range(20, 40)), None),
     ((*range(7), *range(20, 40)), 20.0)],
    ids=["every day", "a hole", "six days", "seven days"],
)  # fmt: skip
def test_a_hole_in_the_records_is_nobodys_silence(seen: Sequence[int], since: float | None) -> None:
    assert cut([*BEFORE, *AFTER], others=seen)[0] == since
