"""Verifying: whole after anything the desk does, and every tampering named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from marsad import locale
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.opening import open_cases
from marsad.records.errors import InputError, MarsadError
from marsad.store import open_database
from marsad.store.chain import Why, link
from marsad.store.checkpoints import Signer, make, signer
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    SENIOR,
    Clock,
    Room,
    finding,
    let_forge,
)  # fmt: skip

Forge = Callable[[Connection], None]


def sql(*statements: str) -> Forge:
    """Statements as SQLite has them."""

    def forge(transaction: Connection) -> None:
        for statement in statements:
            if transaction.dialect.name == "postgresql":
                if statement.startswith("PRAGMA"):
                    continue
                statement = re.sub(
                    r"zeroblob\((\d+)\)", r"decode(repeat('00',\1),'hex')", statement
                )
                statement = re.sub(r"X'(\w+)'", r"decode('\1','hex')", statement)
            transaction.execute(text(statement))

    return forge


def relink(transaction: Connection, start: int, body: bytes | None = None) -> None:
    """Writes the chain anew from an entry on, as somebody who knows how would."""
    prev = transaction.execute(text(f"SELECT prev FROM audit WHERE seq = {start}")).scalar()
    assert prev is not None
    for seq, old in transaction.execute(
        text(f"SELECT seq, body FROM audit WHERE seq >= {start} ORDER BY seq")
    ).all():
        new = body if body is not None and seq == start else old
        digest = link(prev, new)
        values = {"prev": prev, "body": new, "hash": digest, "seq": seq}
        transaction.execute(
            text("UPDATE audit SET prev=:prev, body=:body, hash=:hash WHERE seq=:seq"), values
        )
        prev = digest
    transaction.execute(text("UPDATE audit_head SET hash = :hash"), {"hash": prev})


def rewritten(transaction: Connection) -> None:
    body = transaction.execute(text("SELECT body FROM audit WHERE seq = 3")).scalar()
    assert body is not None
    relink(transaction, 3, body.replace(b"rev-1", b"rev-9"))


def cut(transaction: Connection) -> None:
    """All traces of the last entries, as far as the database has any."""
    of_quality = ("case_keys", "case_signals", "verdicts")
    for table in (
        "private",
        "decisions",
        "opened_items",
        "notes",
        "bank_outbox",
        "case_findings",
        "action_steps",
        "case_events",
        *of_quality,
    ):
        transaction.execute(text(f"DELETE FROM {table} WHERE seq > 5"))
    for table in ("action_work", "actions"):
        transaction.execute(text(f"DELETE FROM {table}"))
    transaction.execute(text("DELETE FROM lane_signals WHERE case_id > 5"))
    transaction.execute(text("DELETE FROM cases WHERE id > 5"))
    transaction.execute(text("DELETE FROM audit WHERE seq > 5"))
    end = "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)"
    transaction.execute(text(end))
    transaction.execute(text("DELETE FROM checkpoints"))


@pytest.fixture
def by(tmp_path: Path) -> Signer:
    return signer(tmp_path / "audit.key")


@pytest.fixture
def busy(room: Room, by: Signer) -> Room:
    """A desk with ten entries: opened, seen, proposed, seen, decided, its action proposed;
    overturned, the action withdrawn; another case opened, and a note on it. The log is signed at
    its end."""
    room.desk.overturn(APPEALS, room.suspended().id, POLICY, REASON)
    room.desk.note(FIRST, room.case("x:2").id, "note")
    with room.desk.database.writing() as transaction:
        make(transaction, by, room.clock())
    return room


def test_a_log_that_nobody_touched(busy: Room, by: Signer) -> None:
    verdict = verify(busy.desk.database, by.public)
    assert (verdict.entries, verdict.sealed, verdict.broken) == (10, 10, None)


TAMPERED: list[tuple[Forge, int, Why]] = [
    (sql("UPDATE audit SET body = X'7B7D' WHERE seq = 4"), 4, "altered"),
    (sql("UPDATE audit SET hash = zeroblob(32) WHERE seq = 4"), 4, "altered"),
    (sql("UPDATE audit SET prev = zeroblob(32) WHERE seq = 4"), 4, "unlinked"),
    (sql("DELETE FROM private WHERE seq = 4", "DELETE FROM opened_items WHERE seq = 4",
         "DELETE FROM case_events WHERE seq = 4", "DELETE FROM audit WHERE seq = 4"), 4, "missing"),
    (lambda t: relink(t, 3, b"{}"), 10, "checkpoint-differs"),
    (rewritten, 10, "checkpoint-differs"),
    (sql("PRAGMA foreign_keys", "DELETE FROM notes", "DELETE FROM private WHERE seq = 10",
         "DELETE FROM case_events WHERE seq = 10", "DELETE FROM audit WHERE seq = 10"),
     10, "cut-short"),
    (sql("UPDATE checkpoints SET made_at = 1"), 10, "checkpoint-forged"),
    (sql("UPDATE checkpoints SET signature = zeroblob(64)"), 10, "checkpoint-forged"),
    (sql("DELETE FROM private WHERE seq = 3"), 3, "content-missing"),
    (sql("UPDATE private SET content = X'7B7D' WHERE seq = 3"), 3, "content-altered"),
    (sql("UPDATE private SET person = 2 WHERE seq = 3"), 3, "content-altered"),
    (sql("UPDATE persons SET salt = zeroblob(32) WHERE id = 1"), 1, "content-altered"),
    (sql("DELETE FROM private WHERE person = 1", "UPDATE persons SET salt = NULL WHERE id = 1"),
     1, "content-missing"),
    (sql("UPDATE cases SET outcome = 'suspend' WHERE id = 1"), 7, "projection"),
    (sql("UPDATE cases SET subject = 'x:3' WHERE id = 1"), 7, "projection"),
    (sql("UPDATE cases SET rank = rank + 1 WHERE id = 9"), 9, "projection"),
    (sql("DELETE FROM notes"), 10, "projection"),
    (sql("DELETE FROM case_events WHERE seq = 2"), 2, "projection"),
    (sql("UPDATE case_events SET case_id = 9 WHERE seq = 2"), 2, "projection"),
    (sql("UPDATE notes SET writer = 'rev-2'"), 10, "projection"),
    (sql("PRAGMA defer_foreign_keys = ON", "DELETE FROM action_work", "DELETE FROM actions",
         "DELETE FROM decisions WHERE seq = 5"), 5, "projection"),
    (sql("UPDATE decisions SET reviewer = 'rev-1' WHERE seq = 5"), 5, "projection"),
    (sql("UPDATE decisions SET outcome = 'warn' WHERE seq = 3"), 3, "projection"),
    (sql("UPDATE opened_items SET reviewer = 'rev-3' WHERE seq = 2"), 2, "projection"),
    (sql("DELETE FROM case_findings WHERE seq = 1"), 1, "projection"),
    (sql("INSERT INTO notes VALUES (2, 1, 'rev-1', 1)"), 2, "projection"),
    (sql("UPDATE case_findings SET score = 0.6 WHERE seq = 9"), 9, "projection"),
    (sql("UPDATE actions SET state = 'confirmed'"), 8, "projection"),
    (sql("UPDATE actions SET act = 'warn'"), 8, "projection"),
    (sql("UPDATE actions SET evidence = 'ab'"), 8, "projection"),
    (sql("UPDATE action_steps SET why = 'undone' WHERE seq = 8"), 8, "projection"),
    (sql("DELETE FROM action_steps WHERE seq = 6"), 6, "projection"),
]  # fmt: skip


@pytest.mark.parametrize(("forge", "seq", "why"), TAMPERED)
def test_what_was_tampered_with_is_named(
    busy: Room, by: Signer, forge: Forge, seq: int, why: Why
) -> None:
    tamper(busy, forge)
    broken = verify(busy.desk.database, by.public).broken
    assert broken is not None
    assert (broken.seq, broken.why) == (seq, why)


def tamper(room: Room, forge: Forge) -> None:
    with room.desk.database.writing() as transaction:
        let_forge(transaction)
        forge(transaction)


def test_a_log_cut_with_all_its_traces_shows_against_a_kept_checkpoint(
    busy: Room, by: Signer
) -> None:
    with busy.desk.database.writing() as transaction:
        kept = make(transaction, by, 1)
    assert kept is not None
    tamper(busy, cut)
    broken = verify(busy.desk.database, by.public, [kept]).broken
    assert broken is not None
    assert (broken.seq, broken.why, broken.what) == (6, "cut-short", "10")
    # Without it the cases still say that the last entries were there.
    broken = verify(busy.desk.database, by.public).broken
    assert broken is not None
    assert broken.why == "projection"


def test_an_entry_that_cannot_follow_is_named(busy: Room) -> None:
    tamper(busy, lambda transaction: (
        transaction.execute(text("DELETE FROM checkpoints")),
        relink(transaction, 3, b'{"at":1,"actor":"a","case":1,"data":{},"kind":"overturned",'
               b'"v":1}'),
        transaction.execute(text("DELETE FROM private WHERE seq = 3")),
    )[0])  # fmt: skip
    broken = verify(busy.desk.database, None).broken
    assert broken is not None
    assert (broken.seq, broken.why) == (3, "impossible")


def test_an_entry_that_is_no_json_is_named(busy: Room) -> None:
    tamper(busy, sql("DELETE FROM checkpoints"))
    with busy.desk.database.writing() as transaction:
        let_forge(transaction)
        relink(transaction, 3, b"no")
    broken = verify(busy.desk.database, None).broken
    assert broken is not None
    assert (broken.seq, broken.why) == (3, "unreadable")


def test_checkpoints_without_a_key_are_refused(busy: Room) -> None:
    with pytest.raises(InputError) as error:
        verify(busy.desk.database, None)
    assert error.value.message.id == "audit.no-key"


def test_who_is_erased_leaves_the_log_whole(busy: Room, by: Signer) -> None:
    assert busy.desk.erase(ADMIN, "x:1") == 1
    verdict = verify(busy.desk.database, by.public)
    assert (verdict.entries, verdict.broken) == (11, None)
    assert busy.read("x:2").state == "open"
    with busy.desk.database.reading() as transaction:
        rows = transaction.execute(text("SELECT subject, state FROM cases WHERE id = 1")).one()
    assert tuple(rows) == (None, "erased")
    assert busy.case("x:1").id == 12  # whoever is found again is somebody new


def test_every_break_has_its_sentence() -> None:
    for why in Why.__args__:  # type: ignore[attr-defined]
        for lang in locale.LANGUAGES:
            assert f"audit.broken.{why}" in locale.catalogue(lang)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["open", "more", "warn", "suspend", "no-violation", "escalate", "unsure",
                         "note", "assign", "clock", "overturn", "erase"]),
        st.integers(0, 2), st.integers(0, 3),
    ),
    max_size=25,
)  # fmt: skip


@given(ACTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_desk_does_can_be_rebuilt(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int]]
) -> None:
    database = open_database(tmp_path_factory.mktemp("desk") / "review.db")
    room = Room(Desk(database, (POLICY,), Clock()), Clock())
    done = 0
    for number, (act, subject, who) in enumerate(acts):
        try:
            one_act(room, act, f"x:{subject}", (FIRST, SECOND, SENIOR, APPEALS)[who], number)
            done += 1
        except (MarsadError, AssertionError):  # no such case yet, or not allowed: nothing happened
            continue
        assert verify(database, None).broken is None
    assert verify(database, None).broken is None
    database.close()


def one_act(room: Room, act: str, subject: str, who: object, number: int) -> None:
    assert who in (FIRST, SECOND, SENIOR, APPEALS)
    if act in ("open", "more"):
        signal = "copies" if act == "more" else "coordination"
        open_cases(room.desk.database, [finding(subject, signal, number=str(number))], number)
        return
    case = room.read(subject)
    if act == "note":
        room.desk.note(who, case.id, "note")  # type: ignore[arg-type]
    elif act == "assign":
        room.desk.assign(who, case.id, FIRST.id)  # type: ignore[arg-type]
    elif act == "clock":
        room.desk.set_clock(who, case.id, "order", number)  # type: ignore[arg-type]
    elif act == "overturn":
        room.desk.overturn(who, case.id, POLICY, REASON)  # type: ignore[arg-type]
    elif act == "erase":
        room.desk.erase(ADMIN, subject)
    else:
        room.decide(who, case, act)  # type: ignore[arg-type]
