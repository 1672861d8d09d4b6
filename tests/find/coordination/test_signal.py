"""The signals as `find` runs them: what they refuse, what they note, what their evidence is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from marsad.engines import open_engine
from marsad.find.contract import posts_table, records_of
from marsad.find.coordination import Automation, Coordination
from marsad.find.coordination.examples import APP, TOGETHER
from marsad.find.coordination.search import KINDS
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.times import DAY, MINUTE, SECOND

Row = dict[str, Any]
GROUP = TOGETHER[0].posts


def found(posts: Sequence[Mapping[str, Any]], signal: Coordination | None = None) -> list[Row]:
    with open_engine() as engine:
        records = records_of(engine, posts=posts_table(posts))
        table = engine.collect((signal or Coordination()).find(records, engine))
    rows: list[Row] = table.to_pylist()
    return rows


def with_precision(precision: int, posts: Sequence[Mapping[str, Any]] = GROUP) -> list[Row]:
    return [
        {**post, "precision": precision, "created_at": post["created_at"] // precision * precision}
        for post in posts
    ]


@pytest.mark.parametrize("precision", [MINUTE, DAY])
def test_a_window_finer_than_the_times_is_refused(precision: int) -> None:
    with pytest.raises(InputError) as refused:
        found(with_precision(precision), Coordination(window=precision / SECOND - 1))
    assert refused.value.message.values["precision"] == precision // SECOND
    found(with_precision(precision), Coordination(window=precision / SECOND))


def test_coarse_shares_among_fine_ones_are_left_out_and_counted() -> None:
    fine = [post for post in GROUP if "together" in post["account"]]
    coarse = with_precision(DAY, [post for post in GROUP if "together" not in post["account"]])
    signal = Coordination()
    found([*fine, *coarse], signal)
    assert [note.id for note in signal.notes] == ["coordination.coarse", "coordination.at-once"]
    assert signal.notes[0].values["count"] == len(coarse)


@pytest.mark.parametrize("settings", [{"window": 0}, {"window": -1}, {"rate": 0}, {"rate": 1}])
def test_settings_that_mean_nothing(settings: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Coordination(**settings)


@pytest.mark.parametrize("window", [0, -1, float("inf"), float("nan"), 1e18])
def test_a_window_that_is_none(window: float) -> None:
    with pytest.raises(InputError) as refused:
        Coordination(window=window)
    assert refused.value.message.id == "coordination.window"


def test_a_kind_that_nobody_shared_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        found(GROUP, Coordination(kinds="url, image"))
    assert refused.value.message.values == {"given": "image", "valid": list(KINDS)}


LINKS = sorted({post["urls"][0] for post in GROUP})


def sentence(number: int) -> str:
    """Words that no two numbers have in common."""
    return " ".join(f"{word}{number}" for word in ("figs", "plums", "pears", "beans", "quinces"))


def carried(kind: str, number: int, who: int) -> Row:
    """What a post carries in place of the link ``number``; copies of a text differ a little."""
    if kind == "text":
        return {"text": sentence(number) * 2 + ["", " !!", " now", " https://a.example/9"][who % 4]}
    if kind == "sequence":
        return {"hashtags": [f"fig{number}", f"plum{number}", f"pear{number}"]}
    if kind == "image":
        return {"media": [{"hash": f"{number:064x}", "kind": "image"}]}
    if kind == "reply":
        return {"kind": "reply", "reply_to": f"x:asked-{number}"}
    return {"kind": "repost", "repost_of": f"x:first-{number}", "text": sentence(number)}


@pytest.mark.parametrize("kind", ["image", "reply", "repost", "sequence", "text"])
def test_every_kind_of_object(kind: str) -> None:
    posts = [
        {
            **{name: post[name] for name in ("id", "account", "created_at")}, "text": "",
            **carried(kind, LINKS.index(post["urls"][0]), number),
        }
        for number, post in enumerate(GROUP)
    ]  # fmt: skip
    rows = found(posts, Coordination(kinds=kind))
    accounts = {row["subject_id"] for row in rows if row["subject_kind"] == "account"}
    assert accounts == {f"x:@together-{n}" for n in range(6)}
    (group,) = [row for row in rows if row["subject_kind"] == "community"]
    told, picture, _ = json.loads(group["evidence"])
    assert len(told["objects"]) == 15
    assert set(picture["object_kind"]) == {kind}


PLAIN = {"account": "x:@a", "text": "", "urls": ["https://a.example/1"]}
NOTHING = {
    "no posts": [],
    "no objects": [{"id": "x:1", "account": "x:@a", "text": "words"}],
    "one account": [{**PLAIN, "id": f"x:{n}", "created_at": n * SECOND} for n in range(9)],
    "objects of one account each": [
        {**PLAIN, "id": f"x:{n}", "account": f"x:@{n}", "urls": [f"https://a.example/{n}"]}
        for n in range(9)
    ],
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_there_is_nothing_to_test_a_note_says_so(name: str) -> None:
    signal = Coordination()
    assert found(NOTHING[name], signal) == []
    assert [note.id for note in signal.notes] == ["coordination.nothing-shared"]


@pytest.mark.parametrize("accounts", [2, 300])
def test_one_time_for_all_and_one_object_for_all(accounts: int) -> None:
    """Nothing tells anybody apart."""
    posts = [
        {**PLAIN, "id": f"x:{n}", "account": f"x:@{n}", "created_at": DAY} for n in range(accounts)
    ]
    signal = Coordination()
    assert found(posts, signal) == []
    (note,) = signal.notes
    assert (note.id, note.values) == ("coordination.at-once", {"accounts": accounts, "objects": 1})


def test_where_nothing_is_found_a_note_says_what_was_tested() -> None:
    signal = Coordination()
    assert found([post for post in GROUP if "together" not in post["account"]], signal) == []
    (note,) = signal.notes
    assert (note.id, note.values["accounts"]) == ("coordination.none", 60)


def wording(number: int) -> str:
    """A text of some length that is like no other."""
    return " ".join(f"word{number * 100 + place}" for place in range(9))


def test_what_cannot_be_compared_is_said() -> None:
    """A ring on fifteen texts, among accounts that share links alone; then among copied texts."""
    ring = [
        {**post, "urls": [], "text": wording(int(post["urls"][0].rpartition("/")[2]))}
        for post in GROUP if "together" in post["account"]
    ]  # fmt: skip
    others = [post for post in GROUP if "together" not in post["account"]]
    signal = Coordination()
    assert found([*others, *ring], signal) == []
    notes = {note.id: note.values for note in signal.notes}
    assert notes["coordination.uncompared"] == {"count": 15, "kinds": ["text"]}
    copied = [
        {**PLAIN, "id": f"x:copy-{n}", "account": f"x:@copier-{n % 40}", "urls": [],
         "text": wording(100 + n % 60), "created_at": n * 977 * SECOND}
        for n in range(360)
    ]  # fmt: skip
    rows = found([*others, *ring, *copied], signal := Coordination())
    assert {row["subject_id"] for row in rows if row["subject_kind"] == "account"} == {
        f"x:@together-{n}" for n in range(6)
    }
    assert "coordination.uncompared" not in [note.id for note in signal.notes]


def test_a_hot_object_alone_does_no_harm() -> None:
    """Twenty thousand in half a minute: too many close pairs to look at, and nothing else."""
    posts = [
        {**PLAIN, "id": f"x:{n}", "account": f"x:@{n}", "created_at": n % 30 * SECOND}
        for n in range(20_000)
    ]
    signal = Coordination(kinds="url")
    assert found(posts, signal) == []
    assert "coordination.left-out" in [note.id for note in signal.notes]


def test_what_an_app_explains_is_told_apart_from_a_group_its_users_are_in() -> None:
    """Six of an app's twelve users are in a ring besides; neither hides the other."""
    users = {post["account"] for post in APP[0].posts if post.get("client")}
    ring = [
        {**post, "id": f"{post['id']}-ring", "urls": [f"{post['urls'][0]}/ring"],
         "created_at": post["created_at"] + 7 * MINUTE * 60}
        for post in GROUP if post["account"] in users
    ]  # fmt: skip
    others = [
        {**post, "id": f"{post['id']}-app", "account": f"{post['account']}-app"}
        for post in APP[0].posts if post.get("client")
    ]  # fmt: skip
    for signal, told in (
        (Coordination(), users), (Automation(), users | {f"{one}-app" for one in users})
    ):  # fmt: skip
        rows = found([*APP[0].posts, *others, *ring], signal)
        assert {row["subject_id"] for row in rows if row["subject_kind"] == "account"} == told


def test_a_bot_that_posts_every_minute_brings_nobody_in() -> None:
    links = {post["urls"][0] for post in GROUP}
    begin = min(post["created_at"] for post in GROUP)
    bot = [
        {"id": f"x:bot-{n}", "account": "x:@bot", "text": "", "created_at": begin + n * MINUTE,
         "urls": [link]}
        for n, link in enumerate(sorted(links) * 40)
    ]  # fmt: skip
    accounts = {row["subject_id"] for row in found([*GROUP, *bot])}
    assert accounts == {row["subject_id"] for row in found(GROUP)}


def test_the_evidence_names_the_very_posts() -> None:
    rows = {row["subject_id"]: row for row in found(GROUP)}
    row = rows["x:@together-0"]
    assert (row["opens_case"], row["community"] in rows) == (True, True)
    posts = {post["id"]: post for post in GROUP}
    evidence = json.loads(row["evidence"])
    assert {edge["partner_account"] for edge in evidence} == {
        f"x:@together-{n}" for n in range(1, 6)
    }
    for edge in evidence:
        assert edge["close"] == edge["common"] == 15
        assert edge["p"] <= edge["q"] <= 0.05
        assert 0 < edge["expected"] < 15
        assert edge["came_first"] + edge["came_second"] <= 15
        for one in edge["meetings"]:
            mine, theirs = posts[one["post"]], posts[one["partner_post"]]
            assert (mine["account"], theirs["account"]) == (
                "x:@together-0",
                edge["partner_account"],
            )
            assert mine["urls"] == theirs["urls"] == [one["url"]]
            assert theirs["created_at"] - mine["created_at"] == one["delay"] * SECOND


def test_the_group_has_a_finding_of_its_own() -> None:
    (row,) = [row for row in found(GROUP) if row["subject_kind"] == "community"]
    told, picture, _ = json.loads(row["evidence"])
    assert picture["accounts"] == sorted(f"x:@together-{n}" for n in range(6))
    assert (told["size"], len(told["objects"]), told["density"]) == (6, 15, 1.0)
    assert sum(first["objects"] for first in told["first_movers"]) <= 15
    times = [post["created_at"] for post in GROUP if "together" in post["account"]]
    assert (told["since"], told["until"]) == (min(times), max(times))


def test_the_group_s_network_can_be_drawn_and_its_days_counted() -> None:
    (row,) = [row for row in found(GROUP) if row["subject_kind"] == "community"]
    _, picture, _ = json.loads(row["evidence"])
    posts = {post["id"]: post for post in GROUP}
    names = picture["accounts"]
    ends = set(zip(picture["u"], picture["v"], strict=True))
    assert picture["edges"] == len(ends) == 15
    for place, (u, v) in enumerate(zip(picture["u"], picture["v"], strict=True)):
        accounts = [posts[one]["account"] for one in picture["posts"][place]]
        assert accounts == [names[u], names[v]] * 8
        assert picture["u_first"][place] + picture["v_first"][place] <= picture["count"][place]
    assert sum(objects for _, objects in picture["days"]) == 15
    assert all(day % DAY == 0 for day, _ in picture["days"])


def test_windows_of_other_lengths_are_told_of_beside_other_pairs() -> None:
    """The group shares within 20 s; one stranger comes to each of its links a day later."""
    ours = [post for post in GROUP if "together" in post["account"]]
    late = {post["urls"][0]: {**post, "account": "x:@late", "id": f"{post['id']}-late",
                              "created_at": post["created_at"] + DAY} for post in ours}  # fmt: skip
    for posts, others in ((GROUP, None), ([*GROUP, *late.values()], [0.0] * 7)):
        (row,) = [row for row in found(posts) if row["subject_kind"] == "community"]
        _, _, sweep = json.loads(row["evidence"])
        within = dict(zip(sweep["windows"], sweep["together"], strict=True))
        assert within[60] == within[86_400] == 1.0
        assert 0 < within[1] < within[5] < within[15] < 1
        assert (sweep["others"] and sweep["others"][:7]) == others


def test_what_one_app_explains_is_automation_and_opens_no_case() -> None:
    posts = APP[0].posts
    assert found(posts) == []
    rows = found(posts, Automation())
    assert not any(row["opens_case"] for row in rows)
    for row in rows:
        sentence = Message.from_json(row["message"], row["values"]).render("en")
        assert "Verses" in sentence


def test_an_app_that_everybody_uses_explains_nothing() -> None:
    posts = [{**post, "client": "Verses"} for post in GROUP]
    assert {row["subject_id"] for row in found(posts)} == {
        row["subject_id"] for row in found(GROUP)
    }
    assert found(posts, Automation()) == []
