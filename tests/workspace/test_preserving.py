"""What is kept apart: written once, opened by two, deleted with proof, whatever stops it."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.audit import verify as verify_log
from marsad.decide.exhibits import Exhibits, Post
from marsad.decide.opening import open_cases
from marsad.decide.preservation import records
from marsad.decide.preservation.desk import Preservation
from marsad.decide.preservation.holds import Wanted
from marsad.decide.preservation.terms import months_after
from marsad.records.errors import ConflictError, InputError, OutsideError
from marsad.records.times import DAY, HOUR
from marsad.store import cases, orders
from marsad.store.orders import OrderOfCase
from marsad.workspace import Workspace, durable, preserving
from marsad.workspace.backing_up import back_up
from marsad.workspace.reviewing import database
from marsad.workspace.sealed_files import SealedFiles
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SENIOR,
    SENIOR_2,
    START,
    Clock,
    Room,
    finding,
    reviewer,
)
from tests.workspace.conftest import ndjson, posts, take
from tests.workspace.killed import killed_at

PICTURE = b"\x89PNG\r\n\x1a\n marker picture"
NAME = sha256(PICTURE).hexdigest()
TEXT = "the amber lantern"
AUDITOR = reviewer("aud-1", "auditor")


@dataclass
class Kept:
    """A workspace with one case, and what is done about it."""

    workspace: Workspace
    room: Room
    desk: Preservation

    def case(self) -> Any:
        return self.room.read("x:1")

    def keep_up(self) -> preserving.Done:
        return preserving.keep_up(self.workspace, self.desk.database, self.room.clock)

    def almost_over(self) -> None:
        """Its time was over a day ago, and was seen to be."""
        self.room.clock.now = months_after(START, 6)
        assert len(self.keep_up().over) == 1
        self.room.clock.now += DAY

    def over(self) -> preserving.Done:
        """What the look a day later does, that deletes what was over at the one before."""
        self.keep_up()
        self.room.clock.now += DAY
        return self.keep_up()

    def states(self) -> list[str]:
        found = preserving.verify(self.workspace, self.desk.database)
        return [one.state for one in found]

    def files(self) -> set[str]:
        root = self.workspace.folder
        paths = [*(root / "preserved").rglob("*"), *(root / "keys" / "preserved").rglob("*")]
        return {path.relative_to(root).as_posix() for path in paths if path.is_file()}

    def kinds(self) -> list[str]:
        from marsad.store import log

        with self.desk.database.reading() as transaction:
            return [one.kind for one in log.after(transaction, 0, 1000)]

    def record(self, number: int) -> Any:
        with self.desk.database.reading() as transaction:
            return records.read(transaction, number)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    from marsad.decide.desk import Desk

    made = Workspace.create(tmp_path / "ws")
    (made.folder / "marsad.toml").write_text('format = 1\n[desk]\nmedia = "media"\n')
    made = Workspace.open(made.folder)
    (made.folder / "media").mkdir()
    (made.folder / "media" / NAME).write_bytes(PICTURE)
    clock, store = Clock(), database(made)
    room = Room(Desk(store, (POLICY,), clock), clock)
    media = [{"hash": NAME, "url": "https://x.example/p"}, {"hash": "0" * 64}]
    shown = Exhibits((Post("x:1-post", "x:1", TEXT, "en", START, media=media),))
    open_cases(store, [finding("x:1")], START, {("account", "x:1"): shown})
    yield Kept(made, room, Preservation(store, clock))
    store.close()


@pytest.fixture
def number(kept: Kept) -> int:
    """The record of a case that somebody asked to be kept."""
    number = kept.desk.preserve(SENIOR, kept.case().id, "an authority called")
    assert kept.keep_up().written == (number,)
    return number


def inside(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def agreed(kept: Kept, number: int) -> dict[str, bytes]:
    kept.desk.ask_release(SENIOR, number, "investigation", "warrant 7")
    kept.desk.release(AUDITOR, number)
    return inside(preserving.opened(kept.workspace, kept.desk.database, number, kept.room.clock))


def test_it_holds_what_was_sealed_and_the_media_at_hand(kept: Kept, number: int) -> None:
    found = agreed(kept, number)
    said = json.loads(found["record.json"])
    assert said["exhibits"]["posts"][0]["text"] == TEXT
    assert said["entries"][0]["private"]["findings"][0]["subject_id"] == "x:1"
    assert found[f"media/{NAME}"] == PICTURE
    assert said["left_out"] == [{"hash": "0" * 64, "why": "absent"}]


def test_it_holds_what_the_records_have_of_its_subject(kept: Kept, tmp_path: Path) -> None:
    rows = posts(
        {"id": "p1", "account_id": "found", "text": "what was removed", "handle": "found"},
        {"id": "p2", "account_id": "other", "text": "of another"},
    )
    take(kept.workspace, ndjson(tmp_path / "a.ndjson", rows))
    open_cases(kept.desk.database, [finding("unknown:found")], START)
    number = kept.desk.preserve(SENIOR, kept.room.read("unknown:found").id, "why")
    kept.keep_up()
    stored = json.loads(agreed(kept, number)["record.json"])["records"]
    assert [one["text"] for one in stored["posts"]] == ["what was removed"]
    assert [one["handle"] for one in stored["observations"]] == ["found"]


def test_nothing_can_be_read_without_its_key(kept: Kept, number: int) -> None:
    root = kept.workspace.folder
    for path in (root / "preserved").iterdir():
        content = path.read_bytes()
        assert TEXT.encode() not in content
        assert PICTURE not in content
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in (root / "keys" / "preservation.key", root / "keys/preserved" / f"{number}.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (root / "keys" / "preservation.key").chmod(0o644)
    with pytest.raises(InputError) as error:
        agreed(kept, number)
    assert error.value.message.id == "preservation.key-open"


def test_no_clock_is_believed_at_once(kept: Kept, number: int) -> None:
    for ahead in (365 * DAY, 370 * DAY, 365 * DAY):  # it is fast for a moment, three times
        right = kept.room.clock.now
        kept.room.clock.now = right + ahead
        assert kept.keep_up().over == (number,)
        kept.room.clock.now = right + DAY
        assert kept.keep_up() == preserving.Done()
    kept.almost_over()
    assert kept.keep_up().deleted == (number,)


def test_a_mark_of_a_fast_clock_does_not_count_before_its_time(kept: Kept, number: int) -> None:
    kept.room.clock.now = months_after(START, 7)
    assert kept.keep_up().over == (number,)
    kept.room.clock.now = months_after(START, 6)
    for _ in range(2):
        assert kept.keep_up().over == (number,)
        kept.room.clock.now += DAY - 1
    kept.room.clock.now += 2
    assert kept.keep_up().deleted == (number,)


def test_a_hold_that_a_fast_clock_says_is_over_still_holds(kept: Kept, number: int) -> None:
    kept.desk.set_hold(SENIOR, Wanted("x:1", *HELD, until=months_after(START, 9)))
    for _ in range(2):
        kept.room.clock.now = months_after(START, 7)
        assert kept.keep_up().held
        kept.room.clock.now = months_after(START, 10)
        assert kept.keep_up().over == (number,)
    kept.room.clock.now = months_after(START, 8)
    assert kept.keep_up().held
    assert kept.files() == {f"preserved/{number}.sealed", f"keys/preserved/{number}.key"}


def _made_longer(kept: Kept, number: int) -> None:
    kept.desk.extend(SENIOR, number, months_after(START, 9), "review", "a court asked")


def _held(kept: Kept, number: int) -> None:
    kept.desk.set_hold(SENIOR, Wanted("x:1", *HELD, until=months_after(START, 9)))


@pytest.mark.parametrize("deed", [_made_longer, _held])
def test_who_keeps_it_meanwhile_wins(
    kept: Kept, number: int, monkeypatch: pytest.MonkeyPatch, deed: Callable[[Kept, int], None]
) -> None:
    kept.almost_over()
    whole = preserving.confirmed

    def meanwhile(*given: Any, **more: Any) -> set[int]:
        deed(kept, number)
        return whole(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(preserving, "confirmed", meanwhile)
        assert kept.keep_up().deleted == ()
    assert kept.states() == ["kept"]
    assert [one for one, _ in kept.keep_up().held] == ([number] if deed is _held else [])


def test_nothing_is_opened_where_its_name_says_enough(
    kept: Kept, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(files: SealedFiles, record: Any) -> bytes:
        raise AssertionError(f"opened {record.id}")

    hold = kept.desk.set_hold(SENIOR, Wanted("x:1", *HELD, until=months_after(START, 8)))
    kept.room.clock.now = months_after(START, 7)
    monkeypatch.setattr(SealedFiles, "open", opened)
    kept.over()
    assert [by.hold for _, by in kept.keep_up().held] == [hold.id]
    kept.desk.end_hold(SENIOR, hold.id, "over")
    kept.keep_up()
    kept.room.clock.now += DAY
    assert kept.keep_up().deleted == (number,)


def test_in_the_background_it_looks_only_when_there_may_be_something(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = preserving.Keeper(kept.workspace, kept.desk.database, kept.room.clock)
    assert [keeper.turn() for _ in range(3)] == [True, False, False]
    number = kept.desk.preserve(SENIOR, kept.case().id, "why")
    assert [keeper.turn() for _ in range(4)] == [True, True, False, False]
    assert kept.states() == ["kept"]
    for moved in (HOUR, -1):
        kept.room.clock.now += moved
        assert [keeper.turn(), keeper.turn()] == [True, False]
    kept.room.clock.now += 365 * DAY
    keeper.turn()
    kept.room.clock.now += DAY - 1
    keeper.turn()
    kept.room.clock.now += 1
    open_cases(kept.desk.database, [finding("x:2")], START)
    kept.desk.preserve(SENIOR, kept.room.read("x:2").id, "another")
    assert keeper.turn()  # what is asked for is written at once, what is over waits for its hour
    assert "waiting" not in kept.states()
    assert kept.record(number).deleted is None
    kept.room.clock.now += HOUR
    keeper.turn()
    assert kept.record(number).deleted is not None


def test_a_lost_key_is_not_replaced_by_a_new_one(kept: Kept, number: int) -> None:
    path = kept.workspace.folder / "keys" / "preservation.key"
    saved = path.read_bytes()
    path.unlink()
    open_cases(kept.desk.database, [finding("x:2")], START)
    other = kept.desk.preserve(SENIOR, kept.room.read("x:2").id, "too")
    with pytest.raises(InputError) as error:
        kept.keep_up()
    assert error.value.message.id == "preservation.key-missing"
    durable.write(path, saved)
    assert kept.keep_up().written == (other,)
    assert kept.states() == ["kept", "kept"]


@pytest.mark.parametrize("part", ["content", "key"])
def test_what_was_altered_does_not_open(kept: Kept, number: int, part: str) -> None:
    path = getattr(SealedFiles(kept.workspace.folder), part)(number)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    assert kept.states() == ["altered"]
    with pytest.raises(OutsideError) as error:
        agreed(kept, number)
    assert error.value.message.id == "preservation.altered"


def test_one_record_does_not_open_as_another(kept: Kept, number: int) -> None:
    open_cases(kept.desk.database, [finding("x:2")], START)
    other = kept.desk.preserve(SENIOR, kept.room.read("x:2").id, "too")
    kept.keep_up()
    files = SealedFiles(kept.workspace.folder)
    files.content(number).write_bytes(files.content(other).read_bytes())
    files.key(number).write_bytes(files.key(other).read_bytes())
    with pytest.raises(OutsideError):
        files.open(kept.record(number))


# ── who opens it


def test_two_people_open_it_and_the_log_says_who(kept: Kept, number: int) -> None:
    with pytest.raises(InputError) as early:
        preserving.opened(kept.workspace, kept.desk.database, number, kept.room.clock)
    assert early.value.message.id == "preservation.not-agreed"
    with pytest.raises(InputError) as alone:
        kept.desk.release(SENIOR, number)
    assert alone.value.message.id == "preservation.not-asked"
    kept.desk.ask_release(SENIOR, number, "review", "a trial")
    with pytest.raises(InputError) as same:
        kept.desk.release(SENIOR, number)
    assert same.value.message.id == "preservation.same"
    kept.desk.release(SENIOR_2, number)
    step = kept.record(number).steps[-1]
    assert (step.step, step.by, step.purpose) == ("opened", "sen-2", "review")
    kept.room.clock.now += DAY + 1
    with pytest.raises(InputError):
        preserving.opened(kept.workspace, kept.desk.database, number, kept.room.clock)
    with pytest.raises(InputError):  # what was agreed to once is not agreed to again
        kept.desk.release(AUDITOR, number)


@pytest.mark.parametrize("who", [FIRST, APPEALS, ADMIN])
def test_who_may_not_open(kept: Kept, number: int, who: Any) -> None:
    with pytest.raises(InputError):
        kept.desk.ask_release(who, number, "review", "why")


def test_what_was_overturned_can_be_put_back(kept: Kept, number: int) -> None:
    given = (kept.workspace, kept.desk.database, "app-1", number, kept.room.clock)
    with pytest.raises(InputError) as error:
        preserving.for_reinstatement(*given)
    assert error.value.message.id == "preservation.not-overturned"
    kept.room.suspended("x:1")
    kept.room.desk.overturn(APPEALS, kept.case().id, POLICY, REASON)
    assert f"media/{NAME}" in inside(preserving.for_reinstatement(*given))
    assert kept.record(number).steps[-1].purpose == "reinstatement"


# ── its term


def test_it_is_deleted_when_its_term_is_over(kept: Kept, number: int) -> None:
    until = months_after(START, 6)
    kept.room.clock.now = until - 1
    assert kept.keep_up().deleted == ()
    kept.room.clock.now = until
    assert kept.over().deleted == (number,)
    assert kept.files() == set()
    assert kept.states() == ["deleted"]
    assert kept.record(number).deleted.digest == kept.record(number).digest
    assert verify_log(kept.desk.database, None).broken is None
    for act in (
        lambda: kept.desk.extend(SENIOR, number, until + DAY, "review", "late"),
        lambda: kept.desk.ask_release(SENIOR, number, "review", "late"),
    ):
        with pytest.raises(ConflictError):
            act()


def test_it_is_kept_longer_where_somebody_asked(kept: Kept, number: int) -> None:
    later = months_after(START, 9)
    kept.desk.extend(SENIOR, number, later, "review", "a court asked")
    with pytest.raises(InputError) as error:
        kept.desk.extend(SENIOR, number, later - DAY, "review", "shorter")
    assert error.value.message.id == "preservation.until"
    kept.room.clock.now = later - 1
    assert kept.keep_up().deleted == ()
    kept.room.clock.now = later
    assert kept.over().deleted == (number,)


def test_a_hold_keeps_it_beyond_its_term(kept: Kept, number: int) -> None:
    hold = kept.desk.set_hold(
        SENIOR, Wanted("x:1", "court", "Order 7", "a trial", until=months_after(START, 8))
    )
    kept.room.clock.now = months_after(START, 7)
    done = kept.keep_up()
    assert (done.deleted, [(one, by.hold) for one, by in done.held]) == ((), [(number, hold.id)])
    kept.room.clock.now = months_after(START, 8)
    assert kept.over().deleted == (number,)


HELD = ("court", "Order 7", "a trial")


def test_a_hold_set_after_erasing_keeps_what_is_kept_apart(kept: Kept, number: int) -> None:
    kept.room.desk.erase(ADMIN, "x:1")
    until = months_after(START, 8)
    hold = kept.desk.set_hold(SENIOR, Wanted("x:1", *HELD, until=until))
    kept.room.clock.now = months_after(START, 7)
    kept.over()
    assert [(one, by.hold) for one, by in kept.keep_up().held] == [(number, hold.id)]
    assert kept.states() == ["kept"]
    kept.room.clock.now = until
    kept.over()
    assert kept.states() == ["deleted"]


@pytest.mark.parametrize(
    ("name", "holds"),
    [("x:1-post", True), ("x:1", True), ("x:2", False), ("x:2-post", False)],
)
def test_a_hold_is_about_whoever_wrote_what_is_kept(kept: Kept, name: str, holds: bool) -> None:
    """An order names a post: whose it is only what was sealed says."""
    shown = [
        Post("x:1-post", "x:1", TEXT, "en", START),
        Post("x:2-post", "x:2", "other", "en", START),
    ]
    exhibits = {("post", "x:1-post"): Exhibits(tuple(shown))}
    open_cases(
        kept.desk.database, [finding("x:1-post", kind="post", account=None)], START, exhibits
    )
    kept.desk.preserve(SENIOR, kept.room.read("x:1-post", "post").id, "why")
    kept.keep_up()
    kept.desk.set_hold(SENIOR, Wanted(name, *HELD, until=months_after(START, 8)))
    kept.room.clock.now = months_after(START, 7)
    kept.over()
    assert kept.states() == ["kept" if holds else "deleted"]


def test_a_line_of_the_file_holds_too(kept: Kept, number: int) -> None:
    path = kept.workspace.folder / "holds.txt"
    path.write_text("# court order 1\nx:1\n")
    kept.room.clock.now = months_after(START, 7)
    kept.over()
    assert [(one, by.hold) for one, by in kept.keep_up().held] == [(number, None)]
    path.unlink()
    kept.over()
    assert kept.states() == ["deleted"]


def test_what_cannot_be_read_stays_while_anybody_is_held(kept: Kept, number: int) -> None:
    key = kept.workspace.folder / "keys" / "preservation.key"
    key.rename(key.with_suffix(".away"))
    hold = kept.desk.set_hold(SENIOR, Wanted("x:9", *HELD, until=months_after(START, 8)))
    kept.room.clock.now = months_after(START, 7)
    kept.over()
    assert [by.hold for _, by in kept.keep_up().held] == [hold.id]
    kept.desk.end_hold(SENIOR, hold.id, "over")
    kept.over()
    assert kept.states() == ["deleted"]


def test_one_that_cannot_be_written_keeps_no_other_back(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept.desk.preserve(SENIOR, kept.case().id, "first")
    open_cases(kept.desk.database, [finding("x:2")], START)
    second = kept.desk.preserve(SENIOR, kept.room.read("x:2").id, "second")
    whole = SealedFiles.seal

    def seal(files: SealedFiles, record: Any, content: bytes) -> str:
        if record.id == first:
            raise OSError("no room")
        return whole(files, record, content)

    with monkeypatch.context() as patch:
        patch.setattr(SealedFiles, "seal", seal)
        with pytest.raises(OSError, match="no room"):
            kept.keep_up()
    assert kept.states() == ["waiting", "kept"]
    assert kept.keep_up().written == (first,)
    assert second in [one.id for one in kept.desk.records(SENIOR)]


def test_one_that_cannot_be_deleted_keeps_none_from_being_written(
    kept: Kept, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.room.clock.now = months_after(START, 7)
    kept.keep_up()
    kept.room.clock.now += DAY
    open_cases(kept.desk.database, [finding("x:2")], kept.room.clock())
    second = kept.desk.preserve(SENIOR, kept.room.read("x:2").id, "second")

    def destroy(path: Path) -> None:
        raise PermissionError(path.name)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "destroy", destroy)
        with pytest.raises(PermissionError):
            kept.keep_up()
    assert second != number
    assert kept.states()[-1] == "kept"
    assert kept.keep_up().deleted == (number,)


def test_one_that_cannot_be_deleted_keeps_no_other_from_it(
    kept: Kept, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_cases(kept.desk.database, [finding("x:2")], START)
    second = kept.desk.preserve(SENIOR, kept.room.read("x:2").id, "second")
    kept.keep_up()
    kept.room.clock.now = months_after(START, 7)
    kept.keep_up()
    kept.room.clock.now += DAY
    whole = durable.destroy

    def destroy(path: Path) -> None:
        if path.stem == str(number):
            raise PermissionError(path.name)
        whole(path)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "destroy", destroy)
        with pytest.raises(PermissionError):
            kept.keep_up()
    assert kept.record(second).deleted is not None
    assert kept.keep_up().deleted == (number,)


def test_it_outlives_the_person_that_was_erased(kept: Kept, number: int) -> None:
    kept.room.desk.erase(ADMIN, "x:1")
    assert json.loads(agreed(kept, number)["record.json"])["case"]["subject"] == "x:1"
    kept.desk.extend(SENIOR, number, months_after(START, 7), "review", "x:1 has a trial")
    kept.room.clock.now = months_after(START, 7)
    assert kept.over().deleted == (number,)
    assert verify_log(kept.desk.database, None).broken is None
    for path in kept.workspace.folder.rglob("*"):
        if path.is_file() and path.parent.name != "media":
            assert TEXT.encode() not in path.read_bytes(), path


def test_under_an_order_it_is_asked_for_before_anything_is_done(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = OrderOfCase(1, START, "accepted", None)
    monkeypatch.setattr(orders, "of_case", lambda transaction, case: [order])
    kept.room.suspended("x:1")
    kinds = kept.kinds()
    assert kinds.index("preservation-asked") == kinds.index("action-proposed") + 1
    (number,) = kept.keep_up().written
    assert kept.record(number).order == 1
    # its time begins when the removal was seen
    kept.room.clock.now = START + 3 * DAY
    with kept.desk.database.writing() as transaction:
        case = cases.read(transaction, kept.case().id)
        assert case is not None
        records.follow(transaction, case, records.REMOVED, kept.room.clock())
    assert kept.record(number).until == months_after(START + 3 * DAY, 6)
    assert verify_log(kept.desk.database, None).broken is None


def test_a_second_order_keeps_what_is_newer(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = [OrderOfCase(1, START, "in-force", None)]
    monkeypatch.setattr(orders, "of_case", lambda transaction, case: standing)
    case = kept.case()

    def asked(order: int) -> int:
        with kept.desk.database.writing() as transaction:
            number = records.ask(transaction, "marsad", case, records.ORDER, order, START)
            records.follow(transaction, case, records.BEGUN[1], START)
        return number

    first = asked(1)
    kept.keep_up()
    kept.room.desk.note(SENIOR, case.id, "posted again")
    standing[:] = [OrderOfCase(2, START, "acted", None), OrderOfCase(1, START, "confirmed", None)]
    second = asked(2)
    assert kept.keep_up().written == (second,)
    assert asked(2) == second
    assert asked(1) == first
    said = json.loads(agreed(kept, second)["record.json"])
    assert "posted again" in str(said["entries"])
    with kept.desk.database.writing() as transaction:  # what was removed before is kept for it, too
        records.follow(transaction, case, records.REMOVED, START + DAY)
    # what the desk does by itself is done under every order that runs
    standing[:0] = [OrderOfCase(3, START, "received", None)]
    kept.room.suspended("x:1")
    assert [one.order for one in kept.desk.records(SENIOR)] == [1, 2, 3]
    until = [kept.record(one).until for one in (first, second)]
    assert until == [months_after(START + DAY, 6)] * 2


# ── killed at any moment


STEPS = ((durable, "write"), (durable, "destroy"), (durable, "remove"), (records, "written"),
         (records, "deleted"))  # fmt: skip


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", range(1, 12))
def test_killed_while_writing_nothing_is_lost_or_double(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, step: int, before: bool
) -> None:
    number = kept.desk.preserve(SENIOR, kept.case().id, "why")
    killed_at(monkeypatch, STEPS, step, before, kept.keep_up)
    kept.keep_up()
    assert kept.states() == ["kept"]
    assert kept.kinds().count("preserved") == 1
    assert kept.files() == {f"preserved/{number}.sealed", f"keys/preserved/{number}.key"}
    assert f"media/{NAME}" in agreed(kept, number)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", range(1, 12))
def test_killed_while_deleting_it_is_deleted_once_and_with_proof(
    kept: Kept, number: int, monkeypatch: pytest.MonkeyPatch, step: int, before: bool
) -> None:
    kept.almost_over()
    begun = killed_at(monkeypatch, STEPS, step, before, kept.keep_up)
    assert begun or step > 4
    kept.keep_up()
    assert kept.states() == ["deleted"]
    assert kept.kinds().count("preservation-deleted") == 1
    kept.keep_up()
    assert kept.files() == set()
    assert verify_log(kept.desk.database, None).broken is None


def test_what_was_left_aside_is_swept(kept: Kept, number: int) -> None:
    for folder in ("preserved", "keys/preserved"):
        (kept.workspace.folder / folder / ".9.sealed.abcd").write_bytes(b"half")
    kept.keep_up()
    assert kept.files() == {f"preserved/{number}.sealed", f"keys/preserved/{number}.key"}


def test_what_was_begun_to_be_deleted_ends_though_a_hold_came(
    kept: Kept, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.almost_over()
    assert killed_at(monkeypatch, STEPS, 2, False, kept.keep_up)  # its key is gone
    until = kept.room.clock.now + DAY
    kept.desk.set_hold(SENIOR, Wanted("x:1", "court", "Order 7", "a trial", until=until))
    assert kept.keep_up().deleted == (number,)
    assert kept.states() == ["deleted"]


# ── proof, backups


@pytest.mark.parametrize("part", ["content", "key"])
def test_a_lost_file_shows(kept: Kept, number: int, part: str) -> None:
    getattr(SealedFiles(kept.workspace.folder), part)(number).unlink()
    assert kept.states() == ["missing"]


def test_a_file_that_is_still_there_after_its_deletion_shows(kept: Kept, number: int) -> None:
    files = SealedFiles(kept.workspace.folder)
    copy = files.content(number).read_bytes()
    kept.room.clock.now = months_after(START, 6)
    kept.over()
    files.content(number).write_bytes(copy)
    assert kept.states() == ["left-over"]


def test_something_else_that_was_deleted_in_its_place_shows(kept: Kept, number: int) -> None:
    SealedFiles(kept.workspace.folder).content(number).write_bytes(b"something else")
    kept.room.clock.now = months_after(START, 6)
    kept.over()
    assert kept.states() == ["unproven"]


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_backup_has_the_keys_only_where_that_was_chosen(
    kept: Kept, number: int, tmp_path: Path, with_keys: bool
) -> None:
    back_up(kept.workspace, tmp_path / "b.tar", with_keys)
    names = set(inside((tmp_path / "b.tar").read_bytes()))
    assert f"preserved/{number}.sealed" in names
    keys = {"keys/preservation.key", f"keys/preserved/{number}.key"}
    assert names & keys == (keys if with_keys else set())


def test_a_file_is_destroyed_where_it_lies(tmp_path: Path) -> None:
    path, link = tmp_path / "key", tmp_path / "link"
    durable.write(path, b"a key")
    os.link(path, link)
    durable.destroy(path)
    assert not path.exists()
    assert link.read_bytes() != b"a key"
    durable.destroy(path)
