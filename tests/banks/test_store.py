"""Banks on disk: every change a new version, swapped in whole, whoever reads or dies meanwhile."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.banks import KINDS, Bank, Entry
from marsad.banks.kinds import NotTaken
from marsad.banks.store import BankStore, check_name
from marsad.records.errors import InputError


@pytest.fixture
def store(tmp_path: Path) -> BankStore:
    return BankStore(tmp_path / "banks")


def links(*values: str) -> list[Entry]:
    return [Entry(f"https://marker.example/{value}") for value in values]


def test_what_is_written_is_read(store: BankStore) -> None:
    entries = (
        Entry(
            "https://marker.example/a", "a note", "a source", "2026-01-01", "", {"match": "prefix"}
        ),
        Entry("https://علامة.example/", withdrawn="2026-02-01"),
        Entry('quotes " and \u2028 separators'),
    )
    written = store.write(Bank("pages", "links", entries, negative=True, policy="demo@1"))
    assert written.version == 1
    assert store.read("pages") == written
    assert store.write(written).version == 2
    summary = store.summary("pages")
    assert (summary.entries, summary.withdrawn, summary.negative) == (2, 1, True)
    assert [bank.name for bank in store.all()] == ["pages"]


def test_a_folder_that_is_not_there_holds_no_banks(store: BankStore) -> None:
    assert store.names() == []
    assert store.list() == []
    assert store.all() == []


def test_adding_makes_versions_only_of_changes(store: BankStore) -> None:
    first = store.add("pages", links("a", "b"), kind="links")
    assert (first.added, first.already, first.bank.version) == (2, 0, 1)
    again = store.add("pages", [Entry("HTTP://www.marker.example/a/?utm_source=x"), *links("c")])
    assert (again.added, again.already, again.bank.version) == (1, 1, 2)
    nothing = store.add("pages", links("a"), kind="links", negative=False)
    assert (nothing.added, nothing.already, nothing.bank.version) == (0, 1, 2)
    assert [entry.value[-1] for entry in store.read("pages").entries] == ["a", "b", "c"]


def test_a_policy_alone_is_a_change(store: BankStore) -> None:
    store.add("pages", links("a"), kind="links")
    assert store.add("pages", [], policy="demo@1").bank.version == 2
    assert store.add("pages", links("b")).bank.policy == "demo@1"


def test_withdrawn_entries_stay_and_match_no_more(store: BankStore) -> None:
    store.add("pages", links("a", "b"), kind="links")
    change = store.withdraw("pages", ["marker.example/a#x", "https://other.example/"], "2026-03-01")
    assert (change.withdrawn, change.absent) == (1, ("https://other.example/",))
    bank = store.read("pages")
    assert [entry.withdrawn for entry in bank.entries] == ["2026-03-01", ""]
    assert [entry.value for entry in bank.active] == ["https://marker.example/b"]
    same = store.withdraw("pages", ["marker.example/a"], "2026-04-01")
    assert (same.withdrawn, same.bank.version) == (0, bank.version)
    back = store.add("pages", [Entry("https://marker.example/a", added="2026-05-01")])
    assert (back.added, back.bank.entries[0].withdrawn) == (1, "")


def test_a_redirect_is_withdrawn_by_its_short_address(store: BankStore) -> None:
    target = {"target": "https://marker.example/"}
    store.add("short", [Entry("https://bit.ly/x", options=target)], kind="redirects")
    assert store.withdraw("short", ["bit.ly/x"], "2026-01-01").withdrawn == 1


def test_what_a_bank_is_does_not_change(store: BankStore) -> None:
    store.add("pages", links("a"), kind="links")
    store.add("never", links("a"), kind="links", negative=True)
    cases: list[tuple[str, Callable[[], object]]] = [
        ("bank.other-kind", lambda: store.add("pages", [], kind="domains")),
        ("bank.positive-differs", lambda: store.add("pages", [], negative=True)),
        ("bank.negative-differs", lambda: store.add("never", [], negative=False)),
        ("bank.kind-missing", lambda: store.add("new", [])),
        ("bank.kind", lambda: store.add("new", [], kind="words")),
        ("bank.kind", lambda: store.write(Bank("new", "words", ()))),
        ("bank.unknown", lambda: store.read("new")),
        ("bank.unknown", lambda: store.withdraw("new", [], "")),
        ("bank.unknown", lambda: store.remove("new")),
    ]
    for message, change in cases:
        with pytest.raises(InputError) as raised:
            change()
        assert raised.value.message.id == message
        assert raised.value.exit_code == 2


def test_an_entry_of_another_kind_changes_nothing(store: BankStore) -> None:
    with pytest.raises(NotTaken):
        store.add("pages", [*links("a"), Entry("no link")], kind="links")
    assert store.names() == []


def test_removing(store: BankStore) -> None:
    store.add("pages", links("a"), kind="links")
    store.remove("pages")
    assert store.names() == []


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc/x", "a.b", "A", "ä", "a b", "-a", "_a", "a\n",
     "a\x00", "x" * 65, "con:", "~", "$HOME"],
)  # fmt: skip
def test_names_are_no_paths(store: BankStore, name: str) -> None:
    for change in (
        lambda: check_name(name),
        lambda: store.read(name),
        lambda: store.add(name, [], kind="links"),
        lambda: store.write(Bank(name, "links", ())),
        lambda: store.remove(name),
    ):
        with pytest.raises(InputError) as raised:
            change()
        assert raised.value.message.id == "bank.name"


@given(st.text())
def test_no_name_leaves_the_folder(name: str) -> None:
    try:
        check_name(name)
    except InputError:
        return
    assert Path(name).name == name
    assert Path("banks", f"{name}.ndjson").parent == Path("banks")


def test_files_that_are_no_banks_are_passed_over(store: BankStore) -> None:
    store.add("pages", links("a"), kind="links")
    (store.folder / "Notes.ndjson").write_text("{}")
    (store.folder / ".pages.x.new").write_text("{")
    (store.folder / "readme.txt").write_text("x")
    assert store.names() == ["pages"]
    store.add("pages", links("b"))
    assert not (store.folder / ".pages.x.new").exists()


@pytest.mark.parametrize(
    ("break_it", "line"),
    [
        (lambda lines: [], 1),
        (lambda lines: ["", *lines[1:]], 1),
        (lambda lines: ["[]", *lines[1:]], 1),
        (lambda lines: ['{"kind": "links"}', *lines[1:]], 1),
        (lambda lines: lines[:-1], 2),
        (lambda lines: [*lines[:2], lines[2][:-3]], 3),
        (lambda lines: [*lines[:2], '{"note": "no value"}'], 3),
        (lambda lines: [*lines[:2], '{"value": "x", "more": 1}'], 3),
        (lambda lines: [*lines[:2], '{"value": "x", "options": 1}'], 3),
        (lambda lines: [*lines[:2], '{"value": 1}'], 3),
    ],
)
def test_a_damaged_file_says_where(
    store: BankStore, break_it: Callable[[list[str]], list[str]], line: int
) -> None:
    store.add("pages", links("a", "b"), kind="links")
    path = store.folder / "pages.ndjson"
    path.write_text("\n".join(break_it(path.read_text().splitlines())))
    with pytest.raises(InputError) as raised:
        store.read("pages")
    assert raised.value.message.id == "bank.damaged"
    assert raised.value.message.values["line"] == line
    assert raised.value.message.values["file"] == str(path)


def test_a_newer_format_is_refused(store: BankStore) -> None:
    store.add("pages", links("a"), kind="links")
    path = store.folder / "pages.ndjson"
    first, rest = path.read_text().split("\n", 1)
    path.write_text(json.dumps({**json.loads(first), "format": 2}) + "\n" + rest)
    with pytest.raises(InputError) as raised:
        store.read("pages")
    assert raised.value.message.id == "workspace.newer-format"


def test_every_kind_can_be_stored(store: BankStore) -> None:
    for kind in KINDS:
        assert store.write(Bank(kind, kind, ())).kind == kind
    assert [bank.kind for bank in store.all()] == sorted(KINDS)


# --- several at once ---------------------------------------------------------------------------
def _add_many(folder: Path, worker: int) -> None:
    store = BankStore(folder)
    for number in range(20):
        store.add("pages", links(f"{worker}-{number}"), kind="links")


def _read_many(folder: Path, seconds: float) -> None:
    """Reads until the time is up; every version seen must be whole and hold the ones before."""
    store, sizes, end = BankStore(folder), [0], time.monotonic() + seconds
    while time.monotonic() < end:
        if store.names():
            sizes.append(len(store.read("pages").entries))
    assert sizes == sorted(sizes)


def test_nobody_overwrites_another_and_readers_see_whole_versions(store: BankStore) -> None:
    context = multiprocessing.get_context("fork")
    folder = store.folder
    writers = [context.Process(target=_add_many, args=(folder, worker)) for worker in range(4)]
    reader = context.Process(target=_read_many, args=(folder, 2.0))
    for process in (reader, *writers):
        process.start()
    for process in (*writers, reader):
        process.join()
        assert process.exitcode == 0
    bank = store.read("pages")
    assert len(bank.entries) == 80
    assert bank.version == 80


KILLED = """
import sys
from pathlib import Path
from marsad.banks import Bank, Entry
from marsad.banks.store import BankStore
store = BankStore(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    values = [Entry(f"https://marker.example/{number}/{i}") for i in range(300)]
    store.write(Bank("pages", "links", tuple(values)))
    print(number, flush=True)
"""


def test_a_writer_that_is_killed_leaves_the_old_version_or_the_new(store: BankStore) -> None:
    for turn in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(store.folder)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.01 * turn)
            process.send_signal(signal.SIGKILL)
        bank = store.read("pages")
        assert len(bank.entries) == 300
        assert len({entry.value.rpartition("/")[0] for entry in bank.entries}) == 1
        store.add("pages", links("after"))
        assert not list(store.folder.glob("*.new"))
