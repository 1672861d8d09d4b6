"""Erasure: everything about one account goes everywhere, and does not come back."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from marsad.banks import Entry
from marsad.banks.store import BankStore
from marsad.decide import erasing as erased_at_desk
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.notices.desk import Notices
from marsad.decide.notices.notice import Given
from marsad.decide.opening import open_cases
from marsad.decide.places import Places
from marsad.decide.preservation.desk import Preservation
from marsad.decide.preservation.holds import Wanted
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import DAY, now
from marsad.store import Database, log, mails, persons
from marsad.store.preservations import Record
from marsad.store.tables import metadata
from marsad.workspace import Workspace, erasing, preserving
from marsad.workspace import finding as running
from marsad.workspace.erasing import erase
from marsad.workspace.finding import find
from marsad.workspace.kept import at_the_command_line
from marsad.workspace.reviewing import database
from marsad.workspace.runs import RunLog
from marsad.workspace.sealed_files import SealedFiles
from tests import postgres
from tests.decide.conftest import ADMIN, POLICY, SENIOR, Clock, Room, finding
from tests.workspace.conftest import facts, ndjson, posts, take
from tests.workspace.killed import killed_at

PLACES = Places.of({"places": [{"platform": "unknown", "host": "forum.example"}]})
GONE, STAYS = "unknown:9021073355", "unknown:lark"


def write_posts(folder: Path) -> Path:
    rows = posts(
        {"id": "p1", "account_id": "9021073355", "handle": "gone", "text": "the amber lantern"},
        {"id": "p2", "account_id": "lark", "handle": "lark", "text": "the amber lantern too"},
        {
            "id": "p3",
            "account_id": "9021073355",
            "text": "more",
            "created_at": "2024-06-01T10:00:00Z",
        },
        {"id": "p4", "account_id": "9021073355", "created_at": "never"},
    )
    return ndjson(folder / "a.ndjson", rows)


def write_labels(folder: Path) -> Path:
    rows = [
        {"subject_kind": kind, "subject_id": name, "label": "violating"}
        for kind, name in (("post", "unknown:p1"), ("account", GONE), ("account", STAYS))
    ]
    return ndjson(folder / "l.ndjson", rows)


def write_edges(folder: Path) -> Path:
    pairs = (("9021073355", "77001"), ("77001", "9021073355"), ("77001", "77002"))
    rows = [{"source": source, "target": target} for source, target in pairs]
    return ndjson(folder / "e.ndjson", rows)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts with posts, looks, labels, edges, findings, cases, and entries in a bank."""
    tmp_path = tmp_path_factory.mktemp("made")
    workspace = Workspace.create(tmp_path / "ws")
    workspace.policies.add("research")
    take(workspace, write_posts(tmp_path))
    take(workspace, write_labels(tmp_path), kind="labels")
    take(workspace, write_edges(tmp_path), kind="edges", platform="unknown")
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    find(workspace, ["phrases"])
    entries = [Entry(name, options={"since": "2024-01-01", "basis": "a"}) for name in (GONE, STAYS)]
    workspace.banks.add("decisions", entries, kind="accounts")
    store = database(workspace)
    open_cases(store, [finding(GONE), finding(STAYS)], 5)
    store.close()
    return workspace.folder


@pytest.fixture
def known(made_once: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(Path(shutil.copytree(made_once, tmp_path / "ws")))


def names(workspace: Workspace) -> set[str]:
    """Everybody who is named in records, looks and labels."""
    found = {row["account"] for row in facts(workspace, "posts")}
    found |= {row["subject"] for row in facts(workspace, "observations")}
    found |= {row["subject"] for row in facts(workspace, "labels")}
    for row in facts(workspace, "edges"):
        found |= {row["source"], row["target"]}
    return found


def test_first_it_only_says_what_would_go(known: Workspace) -> None:
    would = erase(known, GONE, dry_run=True)
    assert would.tables["posts"] == 2
    assert would.tables["labels"] == 2
    assert would.tables["edges"] == 2
    assert would.tables["findings"] == 1
    assert would.tables["rejected"] == 1
    assert (would.cases, would.banked) == (1, 1)
    assert GONE in names(known)


def test_everything_goes_and_the_rest_stays(known: Workspace, tmp_path: Path) -> None:
    erase(known, GONE, dry_run=False)
    with pytest.raises(InputError) as error:
        erase(known, GONE, dry_run=True)
    assert error.value.message.id == "erase.nothing"
    assert GONE not in names(known)
    assert STAYS in names(known)
    store = database(known)
    assert verify(store, None).broken is None
    with store.reading() as transaction:
        last = log.event(transaction, log.head(transaction).seq)
        assert last.kind == "records-erased"
        assert "9021073355" not in str(last)
    store.close()
    for path in known.folder.rglob("*"):
        if path.is_file():
            assert b"9021073355" not in path.read_bytes(), path


def test_it_does_not_come_back(known: Workspace, tmp_path: Path) -> None:
    erase(known, GONE, dry_run=False)
    more = posts(
        {"id": "p9", "account_id": "9021073355", "text": "new"},
        {"id": "p10", "account_id": "lark"},
    )
    take(known, write_posts(tmp_path), ndjson(tmp_path / "b.ndjson", more))
    take(known, write_labels(tmp_path), kind="labels")
    take(known, write_edges(tmp_path), kind="edges", platform="unknown")
    assert GONE not in names(known)
    assert "unknown:p1" not in names(known)
    assert {row["id"] for row in facts(known, "posts")} == {"unknown:p2", "unknown:p10"}
    (known.folder / "keys" / "expired.key").unlink()
    with pytest.raises(InputError) as error:
        take(known, ndjson(tmp_path / "c.ndjson", posts({"id": "p11"})))
    assert error.value.message.id == "expire.key-missing"


def test_a_hold_blocks_it(known: Workspace) -> None:
    (known.folder / "holds.txt").write_text(f"# court order 1\n{GONE}\n")
    with pytest.raises(InputError) as error:
        erase(known, GONE, dry_run=False)
    assert error.value.message.id == "erase.held"
    assert GONE in names(known)


@pytest.mark.parametrize(
    ("given", "message"),
    [("nobody", "subject"), (":1", "subject"), ("x:", "subject"), ("unknown:none", "nothing")],
)
def test_what_is_no_account_here(known: Workspace, given: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        erase(known, given, dry_run=False)
    assert error.value.message.id == f"erase.{message}"


# ── Whatever is known of somebody: after erasing no byte of it is anywhere


SIGNS = st.text("abcdefghijklmnopqrstuvwxyz0123456789مرصد", min_size=12, max_size=24).map(
    "zx{}".format
)


def whole(folder: Path) -> dict[Path, bytes]:
    """Every file of a workspace, and Parquet as it reads: its pages are compressed."""
    found = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in [one for one in found if one.suffix == ".parquet"]:
        rows = pq.read_table(path).to_pylist()
        found[path] += json.dumps(rows, ensure_ascii=False, default=str).encode()
    return found


def forms(text: str) -> set[bytes]:
    """A text as UTF-8, and as JSON in ASCII has it."""
    return {text.encode(), json.dumps(text)[1:-1].encode()}


def known_in_every_place(workspace: Workspace, subject: str, words: str) -> None:
    """Somebody with a sealed case, notes, a decision, requests, a hold that has ended, mails, a
    record kept apart, and as the parent of another in a bank."""
    store = database(workspace)
    shown = Exhibits((Post(f"{subject}-post", subject, words),), (Profile(subject, bio=words),))
    clock = Clock(now())
    open_cases(store, [finding(subject)], clock(), {("account", subject): shown})
    room = Room(Desk(store, (POLICY,), clock), clock)
    room.desk.note(SENIOR, room.read(subject).id, words)
    room.suspended(subject)
    kept = Preservation(store, clock)
    hold = kept.set_hold(SENIOR, Wanted(subject, "court", words, words, clock() + DAY))
    kept.end_hold(SENIOR, hold.id, words)
    kept.receive(SENIOR, subject, "erasure", clock(), words)
    kept.preserve(SENIOR, room.read(subject).id, words)
    with store.writing() as transaction:
        person = persons.find(transaction, subject)
        mails.put(transaction, to="a@b.example", message="test", values={"text": words}, lang="en",
                  at=clock(), person=person)  # fmt: skip
    store.close()
    store = database(workspace)
    Notices(store, PLACES, clock).receive(
        Given(subject, "terrorist-content", f"{words} is said by {subject}", kind="account",
              name=words, email="reporter@c.example", good_faith=True)
    )  # fmt: skip
    store.close()
    child = Entry(STAYS, options={"since": "2024-01-01", "returned_from": subject})
    workspace.banks.add("children", [child], kind="accounts")
    rows = posts({"id": f"{subject}1", "account_id": subject.partition(":")[2], "text": words})
    take(workspace, ndjson(workspace.folder.parent / "more.ndjson", rows))


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(native=SIGNS, words=SIGNS)
def test_after_erasing_nothing_of_it_is_anywhere(
    made_once: Path, tmp_path: Path, native: str, words: str
) -> None:
    assume(native not in words and words not in native)
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    workspace = Workspace.open(Path(shutil.copytree(made_once, folder / "ws")))
    known_in_every_place(workspace, f"unknown:{native}", words)
    told = [one for text in (native, words) for one in forms(text)]
    assert any(one in said for said in whole(workspace.folder).values() for one in told)
    done = erase(workspace, f"unknown:{native}", dry_run=False)
    assert (done.cases, done.mails, done.preserved) == (1, 1, 1)
    for path, said in whole(workspace.folder).items():
        assert [one for one in told if one in said] == [], path
    store = database(workspace)
    assert verify(store, None).broken is None
    answered = Preservation(store).requests(ADMIN)
    assert [(one.name, one.outcome) for one, _ in answered] == [(None, "done")]
    assert [one.state for one in preserving.verify(workspace, store)] == ["kept"]
    out = folder / "log.ndjson"
    with store.reading() as transaction:
        entries = [body for _, _, body, _ in log.entries(transaction)]
    assert not any(one in body for body in entries for one in told), out
    store.close()
    erase(workspace, "reporter:reporter@c.example", dry_run=False)
    assert not any(b"reporter@c.example" in said for said in whole(workspace.folder).values())
    store = database(workspace)
    assert verify(store, None).broken is None
    store.close()


def test_a_hold_of_the_desk_blocks_it_and_says_which(known: Workspace) -> None:
    with at_the_command_line(known) as (desk, me):
        hold = desk.set_hold(me, Wanted(GONE, "court", "Order 7", "a trial", now() + DAY))
    for dry_run in (True, False):
        with pytest.raises(InputError) as error:
            erase(known, GONE, dry_run=dry_run)
        assert error.value.message.values["hold"] == str(hold.id)
    assert GONE in names(known)
    with at_the_command_line(known) as (desk, me):
        desk.end_hold(me, hold.id, "over")
    erase(known, GONE, dry_run=False)
    assert GONE not in names(known)


@pytest.fixture
def by_address(known: Workspace) -> Workspace:
    """Somebody named the address of a post: whose it is, only the records say."""
    store = database(known)
    open_cases(store, [finding("unknown:p1", kind="post")], 5)
    room = Room(Desk(store, (POLICY,), Clock()), Clock())
    room.desk.note(SENIOR, room.read("unknown:p1", "post").id, "9021073355!")
    store.close()
    return known


def test_a_post_that_was_taken_for_a_person_goes_with_its_account(by_address: Workspace) -> None:
    assert erase(by_address, GONE, dry_run=False).cases == 2
    for path, said in whole(by_address.folder).items():
        assert b"9021073355" not in said, path
        assert b"unknown:p1" not in said, path


def test_a_hold_on_an_account_keeps_its_posts(by_address: Workspace) -> None:
    (by_address.folder / "holds.txt").write_text(GONE)
    with pytest.raises(InputError) as error:
        erase(by_address, "unknown:p1", dry_run=False)
    assert error.value.message.id == "erase.held"
    (by_address.folder / "holds.txt").write_text("unknown:p1")
    with pytest.raises(InputError):
        erase(by_address, GONE, dry_run=False)


def hold(workspace: Workspace) -> None:
    with at_the_command_line(workspace) as (desk, me):
        desk.set_hold(me, Wanted(GONE, "court", "Order 7", "a trial", now() + DAY))


def test_a_hold_set_meanwhile_wins(known: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = whole(known.folder / "records")
    rewrite = erasing._rewrite
    monkeypatch.setattr(erasing, "_rewrite", lambda *given: [hold(known), rewrite(*given)])
    with pytest.raises(InputError) as error:
        erase(known, GONE, dry_run=False)
    assert error.value.message.id == "hold.blocks"
    assert GONE in names(known)
    assert whole(known.folder / "records") == before
    assert known.banks.read("decisions").entries[0].value == GONE


def test_what_is_to_be_kept_is_written_first_whatever_becomes_of_others(
    known: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = SealedFiles.seal
    with at_the_command_line(known) as (desk, me):
        room = Room(Desk(desk.database, (POLICY,), Clock()), Clock())
        mine, _ = (desk.preserve(me, room.read(one).id, "why") for one in (GONE, STAYS))

    def failing(number: int) -> None:
        def fail(files: SealedFiles, record: Record, content: bytes) -> str:
            if record.id == number:
                raise OSError("no room")
            return seal(files, record, content)

        monkeypatch.setattr(SealedFiles, "seal", fail)

    failing(mine)
    with pytest.raises(OSError, match="no room"):
        erase(known, GONE, dry_run=False)
    assert GONE in names(known)
    with at_the_command_line(known) as (desk, me):
        assert [one.digest is None for one in desk.records(me)] == [True, False]
        failing(desk.preserve(me, desk.records(me)[1].case, "again"))
    assert erase(known, GONE, dry_run=False).preserved == 1
    assert GONE not in names(known)
    store = database(known)
    states = [one.state for one in preserving.verify(known, store)]
    assert states == ["kept", "kept", "waiting"]
    store.close()


STEPS = (
    (erased_at_desk, "erase"), (erased_at_desk, "say"), (Database, "write_out"),
    (erasing, "_rewrite"), (BankStore, "forget"), (RunLog, "commit"), (RunLog, "sweep"),
)  # fmt: skip


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", range(1, 13))
def test_killed_at_any_moment_the_next_one_ends_it(
    by_address: Workspace, monkeypatch: pytest.MonkeyPatch, step: int, before: bool
) -> None:
    reached = killed_at(
        monkeypatch, STEPS, step, before, lambda: erase(by_address, GONE, dry_run=False)
    )
    assert reached
    with suppress(InputError):  # nothing may be left to do
        erase(by_address, GONE, dry_run=False)
    for path, said in whole(by_address.folder).items():
        assert b"9021073355" not in said, path
        assert b"unknown:p1" not in said, path
    assert STAYS in names(by_address)
    store = database(by_address)
    assert verify(store, None).broken is None
    store.close()


@pytest.mark.postgres
def test_on_a_server_a_hold_wins_and_then_nothing_is_left(
    made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    workspace = Workspace.open(Path(shutil.copytree(made_once, tmp_path / "ws")))
    (workspace.folder / "review.db").unlink()
    subject, words = "unknown:zxanybody77", "zxwords that they wrote"
    with postgres.database(postgres_url) as url:
        monkeypatch.setenv("MARSAD_DATABASE", url)
        known_in_every_place(workspace, subject, words)
        rewrite, set_ = erasing._rewrite, []

        def meanwhile(*given: Any) -> None:
            with at_the_command_line(workspace) as (desk, me):
                wanted = Wanted(subject, "court", "Order 7", "a trial", now() + DAY)
                set_.append(desk.set_hold(me, wanted).id)
            rewrite(*given)

        with monkeypatch.context() as patch:
            patch.setattr(erasing, "_rewrite", meanwhile)
            with pytest.raises(InputError) as error:
                erase(workspace, subject, dry_run=False)
        assert error.value.message.id == "hold.blocks"
        assert subject in names(workspace)
        with at_the_command_line(workspace) as (desk, me):
            desk.end_hold(me, set_[0], "over")
        erase(workspace, subject, dry_run=False)
        store = database(workspace)
        with store.reading() as transaction:
            for table in metadata.sorted_tables:
                rows = b"".join(repr(row).encode() for row in transaction.execute(table.select()))
                assert b"zx" not in rows, table.name
        assert verify(store, None).broken is None
        assert [one.state for one in preserving.verify(workspace, store)] == ["kept"]
        store.close()
    for path, said in whole(workspace.folder).items():
        assert b"zxanybody77" not in said, path
        assert words.encode() not in said, path


def _found(workspace: Workspace) -> set[str]:
    paths = workspace.paths(workspace.log.snapshot(), "findings")
    return {name for path in paths for name in pq.read_table(path)["account"].to_pylist()}


def test_nothing_is_found_anew_of_whoever_was_erased_meanwhile(
    known: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = running._write

    def meanwhile(*given: Any) -> set[str]:
        after = whole(*given)
        erase(known, GONE, dry_run=False)
        return after

    with monkeypatch.context() as patch:
        patch.setattr(running, "_write", meanwhile)
        with pytest.raises(ConflictError) as error:
            find(known, ["phrases"])
    assert error.value.message.id == "find.deleted"
    assert _found(known) <= {STAYS}
    find(known, ["phrases"])
    assert _found(known) == {STAYS}


@pytest.mark.parametrize("name", ["reporter:gone@a.example", " Reporter:Gone@A.Example "])
def test_somebody_from_outside_is_erased(known: Workspace, name: str) -> None:
    """However whoever asks writes their address."""
    store = database(known)
    said = Given(
        "unknown:77", "other", "words enough for a reason", "account", "N", "GONE@a.example", True
    )
    Notices(store, PLACES).receive(said)
    with store.writing() as transaction:
        mails.put(transaction, to="gone@a.example", message="test", values={}, lang="en", at=now())
    desk = Preservation(store)
    desk.receive(ADMIN, name, "erasure", now(), "wrote to us")
    hold = desk.set_hold(SENIOR, Wanted(name, "court", "Order 7", "a trial", now() + DAY))
    with pytest.raises(InputError) as error:
        erase(known, "reporter:gone@a.example", dry_run=False)
    assert error.value.message.values["hold"] == str(hold.id)
    desk.end_hold(SENIOR, hold.id, "over")
    store.close()
    assert erase(known, name, dry_run=True).mails == 2
    erase(known, name, dry_run=False)
    for path, content in whole(known.folder).items():
        assert b"gone@a.example" not in content.lower(), path
    store = database(known)
    assert verify(store, None).broken is None
    assert [one.outcome for one, _ in Preservation(store).requests(ADMIN)] == ["done"]
    store.close()
