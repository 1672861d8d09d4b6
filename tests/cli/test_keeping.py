"""Holds, requests, access and what is kept apart, from the command line."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.decide.opening import open_cases
from marsad.decide.preservation import records
from marsad.records.times import now
from marsad.workspace import Workspace
from marsad.workspace.reviewing import database
from tests.cli.conftest import Command
from tests.decide.conftest import SENIOR, SENIOR_2, finding

SUBJECT = "unknown:acc0"


@pytest.fixture
def ws(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A workspace with a case."""
    folder = Path(shutil.copytree(built, tmp_path / "ws"))
    store = database(Workspace.open(folder))
    open_cases(store, [finding(SUBJECT)], now())
    store.close()
    return folder


def case_of(folder: Path) -> int:
    from marsad.store import cases

    store = database(Workspace.open(folder))
    with store.reading() as transaction:
        case = cases.of_subject(transaction, "account", SUBJECT)
    store.close()
    assert case is not None
    return case.id


SET = ("--kind", "court", "--basis", "Order 7", "--reason", "a trial", "--until", "2099-01-01")


def test_a_hold_from_setting_to_end(marsad: Command, ws: Path) -> None:
    assert (
        "nothing about unknown:acc0 is deleted"
        in marsad("hold", "set", SUBJECT, *SET, "-w", ws).out
    )
    (held,) = json.loads(marsad("hold", "list", "--json", "-w", ws).out)["holds"]
    assert (held["name"], held["basis"]) == (SUBJECT, "Order 7")
    assert "court, until 2099-01-01: Order 7" in marsad("hold", "list", "-w", ws).out
    refused = marsad("erase", SUBJECT, "--yes", "-w", ws)
    assert refused.code == 2
    assert f"hold {held['id']} (court) stands until 2099-01-01" in refused.err
    ended = marsad("hold", "end", str(held["id"]), "--reason", "over", "-w", ws)
    assert ended.code == 0
    assert marsad("hold", "list", "-w", ws).out == ""
    assert "ended on" in marsad("hold", "list", "--ended", "-w", ws).out
    assert marsad("hold", "end", str(held["id"]), "--reason", "over", "-w", ws).code == 1


def test_a_hold_on_a_name_that_nobody_has_says_so(marsad: Command, ws: Path) -> None:
    said = marsad("hold", "set", "unknown:nobody", *SET, "-w", ws).out
    assert "nothing is known of unknown:nobody" in said
    assert "nothing is known" not in marsad("hold", "set", SUBJECT, *SET, "-w", ws).out


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"--until": "never"}, "is no day"), ({"--kind": "police"}, "is no kind of hold"),
     ({"--until": ""}, "one of the two"), ({"--reason": " "}, "a reason")],
)  # fmt: skip
def test_what_is_no_hold(marsad: Command, ws: Path, changed: dict[str, str], said: str) -> None:
    given = {**dict(zip(SET[::2], SET[1::2], strict=True)), **changed}
    words = [word for pair in given.items() for word in pair]
    ended = marsad("hold", "set", SUBJECT, *words, "-w", ws)
    assert ended.code == 2
    assert said in ended.err


def test_expiry_says_whom_a_hold_keeps(
    marsad: Command, ws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.workspace import expiry
    from marsad.workspace.holding import HeldBack

    monkeypatch.setattr(expiry, "expire", lambda *_, **__: expiry.Expired(
        0, 0, 90, {}, (HeldBack("x:1", 7, "court", 5), HeldBack("x:2", 8, "archive"),
                       HeldBack("x:3"))))  # fmt: skip
    said = marsad("expire", "-w", ws).out
    assert "x:1 stays: hold 7 (court) until 1970-01-01" in said
    assert "x:2 stays: hold 8 (archive), which has no end yet" in said
    assert "x:3 stays: a line of holds.txt" in said


def test_a_request_from_its_day_to_its_answer(marsad: Command, ws: Path) -> None:
    made = marsad(
        "request", "add", SUBJECT, "--kind", "access", "--received", "2024-01-31", "-w", ws
    )
    assert "by 2024-02-29" in made.out
    (waiting,) = json.loads(marsad("request", "list", "--json", "-w", ws).out)["requests"]
    number = str(waiting["id"])
    assert marsad("request", "extend", number, "--note", "", "-w", ws).code == 2
    assert "by 2024-04-30" in marsad("request", "extend", number, "--note", "many", "-w", ws).out
    out = ws / "copy.json"
    assert "counts as answered" in marsad("access", SUBJECT, "-o", out, "-w", ws).out
    assert json.loads(out.read_text())["cases"][0]["subject"] == SUBJECT
    assert marsad("request", "list", "-w", ws).out == ""
    assert "met on" in marsad("request", "list", "--answered", "-w", ws).out
    assert marsad("request", "answer", number, "done", "-w", ws).code == 1


def test_what_is_kept_apart(marsad: Command, ws: Path) -> None:
    number = str(case_of(ws))
    assert marsad("preserve", "add", number, "--why", "an authority called", "-w", ws).code == 0
    (record,) = json.loads(marsad("preserve", "list", "--json", "-w", ws).out)["records"]
    name = str(record["id"])
    assert "kept, and whole" in marsad("preserve", "verify", "-w", ws).out
    more = ("--until", "2099-01-01", "--purpose", "review", "--why", "a trial")
    assert marsad("preserve", "extend", name, *more, "-w", ws).code == 2
    out = ws / "record.tar"
    assert "No two people have agreed" in marsad("preserve", "open", name, "-o", out, "-w", ws).err
    store = database(Workspace.open(ws))
    with store.writing() as transaction:
        records.ask_release(transaction, SENIOR, record["id"], "review", "a trial", now())
        records.release(transaction, SENIOR_2, record["id"], now())
    store.close()
    assert marsad("preserve", "open", name, "-o", out, "-w", ws).code == 0
    with tarfile.open(out) as archive:
        assert archive.getnames() == ["record.json"]
    assert marsad("preserve", "open", name, "-o", out, "-w", ws).code == 2  # it is there already
    erased = marsad("erase", SUBJECT, "--yes", "-w", ws).out
    assert "Kept apart, encrypted, until its term ends: 1 record" in erased
    (ws / "preserved" / f"{name}.sealed").unlink()
    broken = marsad("preserve", "verify", "--json", "-w", ws)
    assert broken.code == 1
    assert json.loads(broken.out)["records"][0]["state"] == "missing"
