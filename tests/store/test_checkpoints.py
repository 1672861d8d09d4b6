"""Checkpoints: signed, kept, and what they tell of a log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marsad.records.errors import InputError
from marsad.store import Database, checkpoints
from marsad.store.chain import Break, Head
from marsad.store.checkpoints import Checkpoint, Signer, compare, make, public_key, signer, stored
from tests.store.conftest import add


@pytest.fixture
def by(tmp_path: Path) -> Signer:
    return signer(tmp_path / "audit.key")


def test_an_empty_log_has_nothing_to_sign(database: Database, by: Signer) -> None:
    with database.writing() as transaction:
        assert make(transaction, by, 1) is None


def test_the_same_end_is_signed_once(database: Database, by: Signer) -> None:
    with database.writing() as transaction:
        add(transaction)
        first = make(transaction, by, 1)
        assert make(transaction, by, 2) == first
        add(transaction)
        second = make(transaction, by, 3)
        assert stored(transaction) == [first, second]


def test_a_line_reads_back(by: Signer) -> None:
    made = by.sign(Head(3, b"h" * 32), 7)
    assert Checkpoint.from_json(made.to_json(), "kept") == made
    assert made.signed_by(by.public)


@pytest.mark.parametrize(
    "line", ["", "no", "{}", "[]", "3", '{"seq":1}', '{"seq":"a","hash":"","made_at":1}'],
)  # fmt: skip
def test_a_line_that_is_none(line: str) -> None:
    with pytest.raises(InputError) as error:
        Checkpoint.from_json(line, "kept")
    assert error.value.message.id == "audit.no-checkpoint"


@pytest.mark.parametrize(
    "change",
    [{"seq": 4}, {"hash": b"x" * 32}, {"made_at": 8}, {"signature": bytes(64)},
     {"key": bytes(32)}, {"signature": b""}],
)  # fmt: skip
def test_a_changed_checkpoint_is_not_signed(by: Signer, change: dict[str, object]) -> None:
    made = by.sign(Head(3, b"h" * 32), 7)
    assert not replace(made, **change).signed_by(by.public)  # type: ignore[arg-type]


def test_what_checkpoints_tell(database: Database, by: Signer, tmp_path: Path) -> None:
    with database.writing() as transaction:
        for _ in range(3):
            add(transaction)
        made = make(transaction, by, 1)
        assert made is not None
        end = Head(3, made.hash)
        other = signer(tmp_path / "other.key").sign(end, 1)
        cases = [
            ([], None),
            ([made], None),
            ([other], Break(3, "checkpoint-forged")),
            ([replace(made, hash=b"x" * 32)], Break(3, "checkpoint-forged")),
            ([by.sign(Head(3, b"x" * 32), 1)], Break(3, "checkpoint-differs")),
            ([by.sign(Head(9, b"x" * 32), 1), made], Break(4, "cut-short", "9")),
        ]
        for kept, expected in cases:
            assert compare(transaction, kept, by.public, end) == expected


def test_only_signing_makes_a_key(tmp_path: Path) -> None:
    assert public_key(tmp_path / "k") is None
    made = signer(tmp_path / "k")
    assert public_key(tmp_path / "k") == made.public == checkpoints.signer(tmp_path / "k").public
