"""Expiry: bystanders go, everybody else stays, and what went does not come back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from marsad.banks import Entry
from marsad.decide.preservation.holds import Wanted
from marsad.records import times
from marsad.records.errors import ConflictError, InputError, MarsadError
from marsad.workspace import Workspace, expiry
from marsad.workspace.expiry import expire, expired_key
from marsad.workspace.finding import find
from marsad.workspace.kept import at_the_command_line
from tests.workspace.conftest import facts, ndjson, posts, take

LATER = 400 * times.DAY


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five accounts: found, labelled, under a hold, and two bystanders."""
    folder = tmp_path_factory.mktemp("watched")
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("research")
    names = ("found", "labelled", "held", "reed", "lark")
    texts = ("the amber lantern", "a label", "a hold", "nothing", "nothing more")
    rows = posts(*[
        {"id": name, "account_id": name, "handle": name, "text": text}
        for name, text in zip(names, texts, strict=True)
    ])  # fmt: skip
    take(workspace, ndjson(folder / "a.ndjson", rows))
    label = {"subject_kind": "post", "subject_id": "unknown:labelled", "label": "violating"}
    take(workspace, ndjson(folder / "l.ndjson", [label]), kind="labels")
    (workspace.folder / "holds.txt").write_text("# court order 1\nunknown:held\n")
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    find(workspace, ["phrases"])
    return folder


@pytest.fixture
def watched(made_once: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return Workspace.open(tmp_path / "ws")


def accounts(workspace: Workspace, table: str, column: str) -> set[str]:
    return {row[column] for row in facts(workspace, table)}


def test_a_dry_run_counts_and_deletes_nothing(watched: Workspace) -> None:
    would = expire(watched, dry_run=True, now=times.now() + LATER)
    assert (would.accounts, would.posts, would.days) == (2, 2, 365)
    assert len(facts(watched, "posts")) == 5


def test_nothing_goes_before_its_time(watched: Workspace) -> None:
    # the posts are of 2024, but they were imported now
    assert expire(watched, dry_run=True).accounts == 0


def test_bystanders_go_and_the_others_stay(watched: Workspace, tmp_path: Path) -> None:
    old = [watched.folder / file.path for file in watched.log.snapshot().of("posts")]
    done = expire(watched, dry_run=False, now=times.now() + LATER)
    assert (done.accounts, done.tables) == (2, {"posts": 2, "observations": 2})
    kept = {"unknown:found", "unknown:labelled", "unknown:held"}
    assert accounts(watched, "posts", "account") == kept
    assert accounts(watched, "observations", "subject") == kept
    assert not any(path.exists() for path in old)
    run = watched.log.runs()[-1]
    assert run.counts["strata"] == [
        {"platform": "unknown", "language": "en", "month": "2024-03", "posts": 2, "accounts": 2}
    ]
    again = take(watched, tmp_path / "a.ndjson")
    assert (again.taken, again.already) == (0, 5)
    assert accounts(watched, "posts", "account") == kept


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_hold_on_the_first_line_holds(watched: Workspace, mark: str) -> None:
    """With the mark that some editors put before a text, too."""
    (watched.folder / "holds.txt").write_text(f"{mark}unknown:held\r\n", "utf-8")
    expire(watched, dry_run=False, now=times.now() + LATER)
    assert "unknown:held" in accounts(watched, "posts", "account")


def test_holds_that_cannot_be_read_stop_everything(watched: Workspace) -> None:
    (watched.folder / "holds.txt").write_bytes(b"unknown:h\xe9ld\n")
    with pytest.raises(InputError, match=r"holds\.txt"):
        expire(watched, dry_run=False, now=times.now() + LATER)
    assert len(facts(watched, "posts")) == 5


def test_looks_at_posts_are_their_authors(watched: Workspace, tmp_path: Path) -> None:
    subjects = ("found", "held", "reed", "unheard-of")
    rows = [
        {"subject_kind": "post", "subject": name, "observed_at": "2024-04-01", "state": "removed"}
        for name in subjects
    ]
    assert take(watched, ndjson(tmp_path / "looks.ndjson", rows), kind="observations").taken == 4
    done = expire(watched, dry_run=False, now=times.now() + LATER)
    assert (done.accounts, done.tables) == (2, {"posts": 2, "observations": 4})
    kept = {row["subject"] for row in facts(watched, "observations") if row["state"] == "removed"}
    assert kept == {"unknown:found", "unknown:held"}


def test_rows_that_were_not_taken_go_by_their_age(watched: Workspace, tmp_path: Path) -> None:
    take(watched, ndjson(tmp_path / "b.ndjson", [*posts({"id": "kept"}), '{"text": "cut']))
    (file,) = watched.log.snapshot().of("rejected")
    assert expire(watched, dry_run=True).tables == {}
    done = expire(watched, dry_run=False, now=times.now() + LATER)
    assert done.tables["rejected"] == 1
    assert not (watched.folder / file.path).exists()


def test_the_key_is_in_no_error(watched: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    key = expired_key(watched)
    monkeypatch.setattr(expiry, "to_hex", lambda text: text.cast("int64").cast("string"))
    with pytest.raises(MarsadError) as raised:
        expire(watched, dry_run=False, now=times.now() + LATER)
    said = raised.value.message.render() + str(raised.value.message.values)
    for mask in (0, 0x36, 0x5C):
        assert bytes(byte ^ mask for byte in key).hex() not in said.lower()
    assert "query" in raised.value.message.values


def test_who_is_seen_anew_is_a_new_record(watched: Workspace, tmp_path: Path) -> None:
    expire(watched, dry_run=False, now=times.now() + LATER)
    row = posts({"id": "new", "account_id": "reed", "text": "back again"})
    assert take(watched, ndjson(tmp_path / "b.ndjson", row)).taken == 1


def test_the_term_is_the_policys(watched: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "short.toml"
    text = watched.policies.text("research").replace("365", "30").replace('"research"', '"short"')
    path.write_text(text, "utf-8")
    watched.policies.add(str(path))
    assert expire(watched, dry_run=True, now=times.now() + 29 * times.DAY).accounts == 0
    due = expire(watched, dry_run=True, now=times.now() + 31 * times.DAY)
    assert (due.accounts, due.days) == (2, 30)


def test_without_a_policy_nothing_expires(tmp_path: Path) -> None:
    bare = Workspace.create(tmp_path / "bare")
    with pytest.raises(InputError, match="policy add"):
        expire(bare, dry_run=True)


def test_a_hold_set_meanwhile_wins(watched: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = expiry._strata

    def meanwhile(given: object) -> object:
        with at_the_command_line(watched) as (desk, me):
            desk.set_hold(
                me, Wanted("unknown:reed", "court", "a", "b", until=2 * LATER + times.now())
            )
        return whole(given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(expiry, "_strata", meanwhile)
        with pytest.raises(ConflictError):
            expire(watched, dry_run=False, now=times.now() + LATER)
    assert len(facts(watched, "posts")) == 5
    assert expire(watched, dry_run=False, now=times.now() + LATER).accounts == 1


def test_a_hold_of_the_desk_keeps_an_account_or_a_posts_author_and_is_named(
    watched: Workspace,
) -> None:
    later = times.now() + LATER
    with at_the_command_line(watched) as (desk, me):
        ends = desk.set_hold(me, Wanted("unknown:reed", "court", "b", "r", later + times.DAY))
        desk.set_hold(me, Wanted("unknown:lark", "court", "b", "r", times.now() + times.DAY))
    done = expire(watched, dry_run=False, now=later)
    assert done.accounts == 1  # the other hold has ended by then
    assert [(one.subject, one.hold) for one in done.held] == [
        ("unknown:held", None), ("unknown:reed", ends.id),
    ]  # fmt: skip
    assert "unknown:reed" in accounts(watched, "posts", "account")
    assert "unknown:lark" not in accounts(watched, "posts", "account")
    assert expire(watched, dry_run=False, now=later + times.DAY).accounts == 1


def test_an_account_that_a_hold_on_its_post_keeps_is_kept_by_that_hold(watched: Workspace) -> None:
    later = times.now() + LATER
    rows = posts({"id": "song", "account_id": "lark", "handle": "lark", "text": "nothing more"})
    take(watched, ndjson(watched.folder / "b.ndjson", rows))
    with at_the_command_line(watched) as (desk, me):
        hold = desk.set_hold(me, Wanted("unknown:song", "court", "b", "r", later + times.DAY))
    done = expire(watched, dry_run=False, now=later)
    assert [(one.subject, one.hold) for one in done.held] == [
        ("unknown:held", None), ("unknown:lark", hold.id),
    ]  # fmt: skip
