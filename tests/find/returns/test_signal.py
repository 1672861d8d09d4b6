"""The signal on small networks: kinds of return, bad input, lineages, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from marsad.banks import Bank, Entry
from marsad.engines import open_engine
from marsad.find.contract import posts_table, records_of
from marsad.find.returns import Returns
from marsad.find.returns.examples import GONE, START, _everyday, _gone, _posts
from marsad.records.errors import InputError
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.tables import EDGES, OBSERVATIONS
from marsad.records.times import DAY

Row = Mapping[str, Any]
LIST = (Entry("x:@quietlantern", options={"since": GONE}),)
TAGS = ("quartzfair", "lanternday")


def looks(handles: Mapping[str, str], at: int = START) -> pa.Table:
    """One look at each account, that showed a handle."""
    rows = [
        {**dict.fromkeys(OBSERVATIONS.names), "key": n, "version": 1, "subject_kind": "account",
         "subject": one, "platform": "x", "observed_at": at, "precision": 1, "route": "search",
         "state": "alive", "handle": handle, "run": "r", "file": "f", "line": n}
        for n, (one, handle) in enumerate(handles.items())
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=OBSERVATIONS)


def found(
    posts: Sequence[Row],
    entries: Sequence[Entry] = LIST,
    seen: pa.Table | None = None,
    follows: Sequence[tuple[str, str]] = (),
) -> tuple[dict[str, dict[str, Any]], list[Message]]:
    """Findings by account, and notes."""
    numbered = [{"id": f"x:{n}", **row} for n, row in enumerate(posts)]
    signal = Returns()
    with open_engine("duckdb") as engine:
        banks = [Bank("gone", "accounts", tuple(entries))]
        seen = OBSERVATIONS.empty_table() if seen is None else seen
        records = records_of(
            engine, banks, posts=posts_table(numbered), observations=seen, edges=edges(follows)
        )
        rows = engine.collect(signal.find(records, engine)).to_pylist()
    return {
        row["subject_id"]: {**row, **json.loads(row["evidence"])[0]} for row in rows
    }, signal.notes


def edges(follows: Sequence[tuple[str, str]]) -> pa.Table:
    """Follows that nobody dates."""
    rows = [
        {**dict.fromkeys(EDGES.names), "key": n, "version": 1, "kind": "follow", "platform": "x",
         "source": one, "source_key": key(one), "target": other, "target_key": key(other),
         "run": "r", "file": "f", "line": n}
        for n, (one, other) in enumerate(follows)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=EDGES)


def back(name: str, days: range, **more: Any) -> list[Row]:
    return _posts(name, days, 1, TAGS, "lantern.example", **more)


def test_a_new_account() -> None:
    rows, _ = found([*_everyday(), *_gone(), *back("quiet_lantern2", range(21, 40))])
    one = rows["x:@quiet_lantern2"]
    assert (one["parent"], one["how"], one["claim"]) == ("x:@quietlantern", "new", "match")
    assert one["appeared_at"] >= one["since"]
    assert one["opens_case"]
    assert one["score_kind"] == "weight"
    assert one["community"] == f"lineage:{key('x:@quietlantern'):016x}"
    names = [feature["name"] for feature in one["features"]]
    assert {"handle", "hashtag", "url", "style"} <= set(names)
    # no follows, names and pictures are known: they are left out, not counted against
    assert not {"follow", "name", "bio", "avatar"} & set(names)


def test_one_that_waited() -> None:
    waiting = [*back("quietlantern_b", range(3, 4)), *back("quietlantern_b", range(20, 40))]
    rows, _ = found([*_everyday(), *_gone(), *waiting])
    assert rows["x:@quietlantern_b"]["how"] == "backup"


def test_a_strangers_account_taken_over() -> None:
    old = _posts("old_orchard", range(-60, -40), 77, ("applefair",), language="fr", client="Web")
    new = back("old_orchard", range(20, 40), language="en", client="Phone")
    told = {**new[0], "text": "follow here now, was @quietlantern", "mentions": ["x:@quietlantern"]}
    gone = back("quietlantern", range(18), language="en", client="Phone")
    rows, _ = found([*_everyday(), *gone, *old, told, *new[1:]])
    one = rows["x:@old_orchard"]
    assert one["how"] == "takeover"
    assert set(one["changed"]) >= {"language", "client"}
    assert "owner" in Message.from_json(one["message"], one["values"]).render("en")
    # the owner's name says nothing of who has it now
    assert "handle" not in {feature["name"] for feature in one["features"]}


OWNER = _posts("old_orchard", range(-60, -59), 77, ("applefair",), language="fr", client="Web")
CIRCLE = [f"x:@{row['account'][3:]}" for row in _everyday()[::40]]
"""The strangers, some of whom are of the circle of the account that is gone."""


def around(who: str, part: slice) -> list[tuple[str, str]]:
    """Whom it follows, and who follows it."""
    return [(f"x:@{who}", one) for one in CIRCLE[part]] + [
        (one, f"x:@{who}") for one in CIRCLE[part]
    ]


def crowd() -> list[tuple[str, str]]:
    """Everybody follows some of the others, and some who are known by nothing else."""
    return [
        edge
        for n, one in enumerate(CIRCLE)
        for step in (1, 2, 5)
        for edge in ((one, CIRCLE[(n + step) % len(CIRCLE)]), (one, f"x:@far{n % 7}"))
    ]


def test_a_takeover_of_an_account_whose_owner_left_one_post() -> None:
    """Its circle gathers around it again, and it is another's in language and client."""
    gone = back("quietlantern", range(18), language="en", client="Phone")
    new = back("old_orchard", range(21, 40), language="en", client="Phone")
    follows = [*crowd(), *around("quietlantern", slice(0, 6)), *around("old_orchard", slice(0, 6)),
               ("x:@old_orchard", "x:@far3")]  # fmt: skip
    rows, _ = found([*_everyday(), *gone, *OWNER, *new], follows=follows)
    one = rows["x:@old_orchard"]
    assert (one["how"], one["claim"], one["parent"]) == ("takeover", "match", "x:@quietlantern")
    assert one["changed"] == ["language", "client"]
    assert one["appeared_at"] == new[0]["created_at"]
    features = {feature["name"]: feature for feature in one["features"]}
    assert features["follower"]["value"] > 0.5
    # the owner's hashtag and name are not its own any more
    assert features["hashtag"]["value"] > 0.5
    assert "handle" not in features


def test_a_friend_who_was_away_is_no_takeover() -> None:
    """The same circle, a long silence, another client afterwards; and nothing else in common."""
    gone = back("quietlantern", range(18), language="en", client="Phone")
    friend = _posts("pine_gate", range(6), 9, ("breadday",), language="en", client="Web")
    later = _posts("pine_gate", range(21, 40), 9, ("breadday",), language="en", client="Tablet")
    follows = [*crowd(), *around("quietlantern", slice(0, 6)), *around("pine_gate", slice(1, 7))]
    rows, _ = found([*_everyday(), *gone, *friend, *later], follows=follows)
    assert not [row for row in rows.values() if row["opens_case"]]


@pytest.mark.parametrize(
    ("silent", "waited"), [(range(10, 21), True), (range(24, 33), False)], ids=["then", "later"]
)
def test_a_silence_after_the_other_was_gone_is_no_waiting(silent: range, waited: bool) -> None:
    """Who posted on for days after the other was gone, and then took a week off, is a friend."""
    days = [day for day in range(40) if day not in silent]
    friend = [row for day in days for row in back("quietlantern_b", range(day, day + 1))]
    rows, _ = found([*_everyday(), *_gone(), *friend])
    assert ("x:@quietlantern_b" in rows) == waited


def test_lineages_go_on() -> None:
    entries = [*LIST, Entry("x:@quietlantern2", options={"since": "2015-06-30"})]
    posts = [*_everyday(), *_gone(), *back("quietlantern2", range(20, 28)),
             *back("quietlantern3", range(31, 45))]  # fmt: skip
    rows, _ = found(posts, entries)
    assert rows["x:@quietlantern3"]["parent"] == "x:@quietlantern2"
    assert rows["x:@quietlantern2"]["parent"] == "x:@quietlantern"
    assert len({row["community"] for row in rows.values()}) == 1
    assert "x:@quietlantern" not in rows


def test_a_withdrawn_decision_dissolves_the_lineage() -> None:
    posts = [*_everyday(), *_gone(), *back("quiet_lantern2", range(21, 40))]
    entries = [Entry("x:@quietlantern", options={"since": GONE}, withdrawn="2015-08-01")]
    rows, _ = found(posts, [*entries, Entry("x:@amber_mill", options={"since": GONE})])
    assert rows == {}


def test_handles_alone() -> None:
    handles = {"x:1": "quartz_lantern", "x:2": "quartzlantern_new"}
    handles |= {f"x:{n}": f"{a}{b}" for n, (a, b) in enumerate(
        [(a, b) for a in ("amber", "iron", "salt", "rain", "tin") for b in
         ("mill", "bridge", "marsh", "post", "roof")], 10)}  # fmt: skip
    rows, _ = found([], [Entry("x:1", options={"since": "2015-05-01"})], looks(handles))
    assert set(rows) <= {"x:2"}
    for row in rows.values():
        assert {feature["name"] for feature in row["features"]} <= {"handle", "lag"}
        assert not row["opens_case"]


BAD = {
    "one account": _gone(),
    "no posts but the others'": [*_everyday(), *_posts("quietlantern", range(1), 1)],
    "all at one time": [{**row, "created_at": START} for row in [*_everyday(), *_gone()]],
    "no text": [{**row, "text": None} for row in [*_everyday(), *_gone()]],
}


@pytest.mark.parametrize("posts", BAD.values(), ids=list(BAD))
def test_too_little_to_say_anything(posts: Sequence[Row]) -> None:
    assert found(posts)[0] == {}


def test_an_account_without_posts_or_since() -> None:
    entries = [Entry("x:@quietlantern")]
    rows, _ = found(_everyday(), entries, looks({"x:@quietlantern": "quietlantern"}, START + DAY))
    assert rows == {}


def test_a_bank_may_name_handles_of_accounts_that_are_known_by_id() -> None:
    posts = [*_everyday(), *_gone(), *back("quiet_lantern2", range(21, 40))]
    numbered = [
        {**post, "account": "x:77"} if post["account"] == "x:@quietlantern" else post
        for post in posts
    ]
    seen = looks({"x:77": "QuietLantern"})
    rows, notes = found(numbered, [Entry("x:@Quietlantern", options={"since": GONE})], seen)
    assert rows["x:@quiet_lantern2"]["parent"] == "x:77"
    assert notes == []


def test_who_is_not_in_the_data_is_counted() -> None:
    _, notes = found([*_everyday(), *_gone()], [*LIST, Entry("x:@elsewhere"), Entry("y:1")])
    absent, none = notes
    assert (absent.id, absent.values["count"]) == ("returns.absent", 2)
    assert (none.id, none.values["gone"]) == ("returns.none", 1)


def test_one_account_alone() -> None:
    rows, notes = found(_gone())
    assert rows == {}
    assert [(note.id, note.values["pairs"]) for note in notes] == [("returns.none", 0)]


def test_where_not_everybody_is_compared_a_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("blocks", "signal"):
        monkeypatch.setattr(f"marsad.find.returns.{name}.ALL_PAIRS", 10)
    rows, notes = found([*_everyday(), *_gone(), *back("quiet_lantern2", range(21, 40))])
    assert "x:@quiet_lantern2" in rows
    (note,) = notes
    assert note.id == "returns.blocked"
    assert note.values["pairs"] < note.values["possible"]


@pytest.mark.parametrize(
    ("says", "value"),
    [
        ("they closed my old account @QuietLantern, this is the new one", 3.0),
        ("where is @quietlantern", 2.0),
    ],
)
def test_an_announcement_by_one_account_alone(says: str, value: float) -> None:
    """Nobody else names the account that is gone."""
    posts = back("another_name", range(21, 40))
    first = {**posts[0], "text": says, "mentions": ["x:@quietlantern"]}
    rows, _ = found([*_everyday(), *_gone(), first, *posts[1:]])
    features = {one["name"]: one for one in rows["x:@another_name"]["features"]}
    assert features["announcement"]["value"] == value
    assert (features["announcement"]["weight"] > 3) == (value == 3)
    most = json.loads(rows["x:@another_name"]["values"])["most"]["words"]
    assert ("report.feature.announcement" in most) == (value == 3)


@pytest.mark.parametrize(("answers", "value"), [("x:999", 1.0), (None, 3.0)])
def test_whom_a_reply_is_addressed_to_is_not_announced(answers: str | None, value: float) -> None:
    """Friends tell one another that their pages were closed."""
    posts = back("another_name", range(21, 40))
    said = {**posts[0], "text": "@quietlantern they closed our pages again", "reply_to": answers,
            "mentions": ["x:@quietlantern"]}  # fmt: skip
    rows, _ = found([*_everyday(), *_gone(), said, *posts[1:]])
    features = {one["name"]: one for one in rows["x:@another_name"]["features"]}
    assert features["announcement"]["value"] == value


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (Entry("x:@elsewhere"), "returns.none-in-data"),
        (Entry("x:@quietlantern", withdrawn="2015-07-01"), "returns.all-withdrawn"),
    ],
)
def test_nothing_found_says_why(entry: Entry, note: str) -> None:
    """No refusal: what was found before must give way to it."""
    rows, notes = found([*_everyday(), *_gone(), *back("quiet_lantern2", range(21, 40))], [entry])
    assert rows == {}
    assert [one.id for one in notes] == [note]


def test_nobody_named_is_refused() -> None:
    with pytest.raises(InputError, match="marsad bank add"):
        found([*_everyday(), *_gone()], [])


@pytest.mark.parametrize("given", [0, 1001, "many"])
def test_candidates_are_bounded(given: Any) -> None:
    with pytest.raises(InputError, match="1 to 1000"):
        Returns(candidates=given)
