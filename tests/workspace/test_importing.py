"""Import: nothing lost, nothing doubled, each row judged alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from marsad.records import times
from marsad.records.errors import InputError
from marsad.workspace import Workspace
from tests.workspace.conftest import facts, ndjson, posts, table, take


def rejected(workspace: Workspace) -> list[dict[str, Any]]:
    rows = []
    for file in workspace.log.snapshot().of("rejected"):
        text = (workspace.folder / file.path).read_text("utf-8")
        rows += [json.loads(line) for line in text.splitlines()]
    return rows


def test_a_post_is_stored_with_all_that_follows_from_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    done = take(workspace, ndjson(tmp_path / "a.ndjson", posts({})), platform="Sky")
    assert (done.read, done.taken, done.already, done.rejected) == (1, 1, 0, {})
    (post,) = facts(workspace, "posts")
    assert post["id"] == "sky:1"
    assert post["account"] == "sky:7"
    assert post["created_at"] == 1709287205 * times.SECOND
    assert post["precision"] == times.SECOND
    assert (post["kind"], post["language"]) == ("post", "en")
    assert post["hashtags"] == ["river"]
    assert post["urls"] == []
    assert post["mentions"] == []
    assert (post["file"], post["line"]) == ("a.ndjson", 1)
    (look,) = facts(workspace, "observations")
    assert (look["subject"], look["handle"], look["followers"]) == ("sky:7", "Reed", 10)


def test_languages_by_name_or_code(workspace: Workspace, tmp_path: Path) -> None:
    given = ["English", " AR ", "عربي", "en-US", "", "Klingonese", "العربية", "zh-tw", "en-eu"]
    rows = posts(*({"id": str(n), "language": text} for n, text in enumerate(given)), {"id": "x"})
    del rows[-1]["language"]
    take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    stored = {post["id"]: post["language"] for post in facts(workspace, "posts")}
    expected = ["en", "ar", "ar", "en", None, None, "ar", "zh", "en"]
    assert [stored[f"unknown:{n}"] for n in range(len(given))] == expected
    assert stored["unknown:x"] is None


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("in_reply_to_status_id", "id"), ("retweeted_status_id", "id"),
        ("quoted_status_id", "id"), ("in_reply_to_user_id", "account"),
    ],
)  # fmt: skip
def test_a_rounded_reference_is_no_reference(
    workspace: Workspace, tmp_path: Path, field: str, reason: str
) -> None:
    rows = posts({"id": "1", field: "1.23457E+17"}, {"id": "2", field: "123456789012345678"})
    done = take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    assert done.rejected == {f"{reason}-in-scientific-notation": 1}
    assert done.taken == 1


def test_a_rounded_object_of_a_share_is_none(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        {"account_id": n, "post_id": n, "shared_at": "2024-03-01", "retweeted_status_id": of}
        for n, of in (("1", "1.23457E+17"), ("2", "123456789012345678"))
    ]
    done = take(workspace, ndjson(tmp_path / "a.ndjson", rows), kind="shares")
    assert (done.taken, done.rejected) == (1, {"id-in-scientific-notation": 1})


def test_looks_without_a_time_do_not_make_the_others_precise(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [
        {"user_id": name, "handle": name, "followers": 1, "observed_at": at}
        for name, at in (("a", "2024-03-01"), ("b", "2024-03-02"), ("c", None))
    ]
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), kind="accounts")
    looks = {look["handle"]: look for look in facts(workspace, "observations")}
    assert [looks[name]["precision"] for name in "abc"] == [times.DAY, times.DAY, 1]
    assert looks["c"]["observed_at"] > looks["b"]["observed_at"]


def test_files_with_other_fields_are_one_run(workspace: Workspace, tmp_path: Path) -> None:
    first = posts({"id": "1", "reply_count": 3})
    second = posts({"id": "2", "lang": "en", "in_reply_to_status_id": "1", "language": None})
    one, other = ndjson(tmp_path / "a.ndjson", first), ndjson(tmp_path / "b.ndjson", second)
    assert take(workspace, one, other).taken == 2
    stored = {post["id"]: post for post in facts(workspace, "posts")}
    assert stored["unknown:1"]["replies"] == 3
    assert stored["unknown:1"]["reply_to"] is None
    assert stored["unknown:2"]["replies"] is None
    assert stored["unknown:2"]["reply_to"] == "unknown:1"


def test_rows_of_one_line_are_rejected_one_by_one(workspace: Workspace, tmp_path: Path) -> None:
    rows = [*posts({"id": "1"}), *({"id": str(n), "text": f"text {n}"} for n in range(2, 6))]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    done = take(workspace, tmp_path / "a.json")
    assert (done.read, done.taken, done.rejected) == (5, 1, {"no-account": 4})
    kept = rejected(workspace)
    assert len(kept) == 4
    assert all(f"text {n}" in kept[0]["raw"] for n in range(2, 6))


def test_a_second_import_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = ndjson(tmp_path / "a.ndjson", posts({}, {"id": "2"}, {"id": None, "text": "no id"}))
    assert take(workspace, path).taken == 3
    before = {name: facts(workspace, name) for name in ("posts", "observations")}
    again = take(workspace, path)
    assert (again.taken, again.already) == (0, 3)
    assert {name: facts(workspace, name) for name in ("posts", "observations")} == before


def test_other_content_is_a_version_and_the_last_one_stands(
    workspace: Workspace, tmp_path: Path
) -> None:
    take(workspace, ndjson(tmp_path / "a.ndjson", posts({}, {"id": "2"})))
    done = take(workspace, ndjson(tmp_path / "b.ndjson", posts({"text": "edited"}, {"id": "2"})))
    assert (done.taken, done.already) == (1, 1)
    assert [warning[:22] for warning in done.warnings] == ["1 post stands in more "]
    assert table(workspace, "posts").num_rows == 3
    standing = {
        row["id"]: row["text"] for row in table(workspace, "posts", current=True).to_pylist()
    }
    assert standing["unknown:1"] == "edited"
    assert len(standing) == 2


def test_an_id_of_several_accounts_is_named(workspace: Workspace, tmp_path: Path) -> None:
    rows = posts({}, {"account_id": "8"}, {"id": "2"}, {"id": "2", "text": "edited"})
    done = take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    assert done.taken == 4
    assert ["--platform" in warning for warning in done.warnings] == [False, True]
    assert [warning[:2] for warning in done.warnings] == ["1 ", "1 "]


def test_posts_without_ids_are_told_apart_by_their_number(
    workspace: Workspace, tmp_path: Path
) -> None:
    same = posts(*[{"id": None}] * 3, {"id": None, "text": "another"})
    assert take(workspace, ndjson(tmp_path / "a.ndjson", same)).taken == 4
    assert len(set(table(workspace, "posts")["id"].to_pylist())) == 4
    more = take(workspace, ndjson(tmp_path / "b.ndjson", [*same, same[0]]))
    assert (more.taken, more.already) == (1, 4)


def test_posts_without_ids_on_one_page_are_told_apart(workspace: Workspace, tmp_path: Path) -> None:
    """All posts of a page of results lie in one line; a repeat changes no other's id."""
    texts = ["a b", "same", "same", "c d", "same"]
    rows = [
        {"author_id": "7", "created_at": "2020-01-01T00:00:00.000Z", "text": text} for text in texts
    ]
    (tmp_path / "a.json").write_text(json.dumps({"data": rows, "meta": {"result_count": 5}}))
    done = take(workspace, tmp_path / "a.json")
    assert (done.read, done.taken) == (5, 5)
    stored = table(workspace, "posts").to_pylist()
    assert sorted(row["text"] for row in stored) == sorted(texts)
    assert len({row["id"] for row in stored}) == 5


BAD_ROWS = [
    ({"account_id": None, "handle": None}, "no-account"),
    ({"created_at": None}, "no-time"),
    ({"created_at": "soon"}, "time-not-understood"),
    ({"created_at": "1999-12-31T23:59:59Z"}, "date-before-2000"),
    ({"created_at": "2999-01-01T00:00:00Z"}, "date-in-future"),
    ({"id": "1.70123E+17"}, "id-in-scientific-notation"),
    ({"account_id": "9.1e+18"}, "account-in-scientific-notation"),
    ({"text": None}, "no-text-or-object"),
    ({"text": " \n\t"}, "no-text-or-object"),
]


@pytest.mark.parametrize(("change", "reason"), BAD_ROWS)
def test_a_bad_row_costs_only_itself(
    workspace: Workspace, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    rows = posts(*[{"handle": None, **row} for row in ({"id": "a"}, change, {"id": "b"})])
    done = take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    assert (done.read, done.taken, dict(done.rejected)) == (3, 2, {reason: 1})
    (row,) = rejected(workspace)
    assert (row["file"], row["line"], row["reason"]) == ("a.ndjson", 2, reason)
    assert json.loads(row["raw"]) == rows[1]


BAD_LINES = [
    '{"id": "x", "text": "cut off',
    "not json",
    '["a", "list"]',
    '{"id": "x", "account_id": "1", "created_at": "2024-01-01", "text": "\\ud800"}',
]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_broken_line_costs_only_itself(workspace: Workspace, tmp_path: Path, line: str) -> None:
    rows = posts({"id": "a"}, {"id": "b"})
    done = take(workspace, ndjson(tmp_path / "a.ndjson", [rows[0], line, rows[1]]))
    assert (done.read, done.taken, sum(done.rejected.values())) == (3, 2, 1)
    assert rejected(workspace)[0]["line"] == 2


def test_arabic_digits_are_digits(workspace: Workspace, tmp_path: Path) -> None:
    row = posts({"created_at": "٢٠٢٤-٠٣-٠١ ١٠:٠٠:٠٥", "followers": "١٬٢٣٤"})
    assert take(workspace, ndjson(tmp_path / "a.ndjson", row)).taken == 1
    assert facts(workspace, "posts")[0]["created_at"] == 1709287205 * times.SECOND
    assert facts(workspace, "observations")[0]["followers"] == 1234


PRECISIONS = [
    (["2024-03-01T00:00:00Z", "2024-03-02T00:00:00Z"], times.DAY),
    (["2024-03-01T10:05:00Z", "2024-03-01T11:00:00Z"], times.MINUTE),
    (["2024-03-01T10:05:07Z", "2024-03-01T11:00:00Z"], times.SECOND),
    (["2024-03-01T10:05:07.250Z", "2024-03-01T11:00:00Z"], 1_000),
    (["2024-03-01T10:05:07.250001Z"], 1),
]


@pytest.mark.parametrize(("written", "precision"), PRECISIONS)
def test_a_file_is_as_precise_as_its_times(
    workspace: Workspace, tmp_path: Path, written: list[str], precision: int
) -> None:
    rows = posts(*[{"id": str(n), "created_at": time} for n, time in enumerate(written)])
    take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    assert {row["precision"] for row in facts(workspace, "posts")} == {precision}


def test_the_order_of_day_and_month_is_found_anywhere_in_the_file(
    workspace: Workspace, tmp_path: Path
) -> None:
    lines = [f"r{n},3/4/2021 10:{n % 60:02d},text {n}" for n in range(3000)] + [
        "last,3/25/2021 10:00,x"
    ]
    path = tmp_path / "a.csv"
    path.write_text("author,date,text\n" + "\n".join(lines) + "\n")
    assert take(workspace, path).taken == 3001
    days = {
        times.to_datetime(row["created_at"]).date().isoformat() for row in facts(workspace, "posts")
    }
    assert days == {"2021-03-04", "2021-03-25"}


def test_an_open_order_of_day_and_month_is_not_guessed(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("author,date,text\nreed,3/4/2021 10:00,high water\n")
    assert take(workspace, path).rejected == {"time-not-understood": 1}


def test_a_folder_with_compressed_files_is_one_run(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    ndjson(folder / "a.ndjson", posts({"id": "a"}))
    ndjson(tmp_path / "b.ndjson", posts({"id": "b"}))
    (folder / "b.ndjson.gz").write_bytes(gzip.compress((tmp_path / "b.ndjson").read_bytes()))
    (folder / "readme.html").write_text("<html><body>not data</body></html>")
    done = take(workspace, folder)
    assert (done.read, done.taken, done.rejected) == (3, 2, {"file-not-recognised": 1})
    assert len(workspace.log.runs()) == 1


def test_a_failed_import_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(InputError):
        take(workspace, tmp_path / "a.csv")
    assert workspace.log.runs() == []
    assert list((workspace.folder / ".staging").iterdir()) == []


def test_the_simulated_platforms_series_is_a_series(
    workspace: Workspace, shared_data: Path
) -> None:
    done = take(workspace, shared_data / "networks" / "deplatforming_2021_daily.parquet")
    assert done.read == 32_968
    assert done.taken + sum(done.rejected.values()) == 32_968
    assert done.tables["series"] > 500_000
    assert "posts" not in done.tables


def test_shares_and_objects_of_one_row(workspace: Workspace, shared_data: Path) -> None:
    done = take(workspace, shared_data / "networks" / "russian_coord_tweets.parquet")
    assert done.read == 35_125
    assert done.tables["shares"] > 30_000


ANY_TEXT = st.text(max_size=40)
ANY_ROW = st.fixed_dictionaries(
    {},
    optional={
        "id": ANY_TEXT | st.integers() | st.floats(allow_nan=False),
        "account_id": ANY_TEXT,
        "created_at": ANY_TEXT | st.integers() | st.datetimes().map(str),
        "text": ANY_TEXT,
        "lang": ANY_TEXT,
        "followers": ANY_TEXT | st.integers() | st.none(),
        "hashtags": st.lists(ANY_TEXT, max_size=3) | ANY_TEXT,
    },
)


@given(rows=st.lists(ANY_ROW, min_size=1, max_size=8))
@settings(max_examples=10, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_every_row_is_counted_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    made = Workspace.create(folder / "ws")
    sound = posts(*[{"id": f"sound {n}"} for n in range(len(rows) + 1)])
    lines = [json.dumps(row) for row in [*sound, *rows]]
    path = ndjson(folder / "a.ndjson", lines)
    done = take(made, path)
    assert done.read == len(lines) == done.taken + done.already + sum(done.rejected.values())
    again = take(made, path)
    assert (again.taken, again.already) == (0, done.taken + done.already)


def test_states_that_are_not_known_are_counted_and_named(
    workspace: Workspace, tmp_path: Path
) -> None:
    looks = [
        {"account_id": f"a{n}", "observed_at": "2024-03-01", "state": word, "followers": n}
        for n, word in enumerate(["frozen", "thawed", "frozen"])
    ]
    done = take(workspace, ndjson(tmp_path / "looks.ndjson", looks), kind="observations")
    assert [row["state"] for row in facts(workspace, "observations")] == ["unknown"] * 3
    assert any("frozen, thawed" in one and "suspended" in one for one in done.warnings)
    assert any("3 looks do not say" in one for one in done.warnings)


def test_without_a_column_of_states_whoever_was_seen_is_alive(
    workspace: Workspace, tmp_path: Path
) -> None:
    looks = [{"account_id": "a", "observed_at": "2024-03-01", "followers": 7}]
    done = take(workspace, ndjson(tmp_path / "looks.ndjson", looks), kind="observations")
    assert [row["state"] for row in facts(workspace, "observations")] == ["alive"]
    assert not done.warnings
