"""Screening one post: what `find` would find in it, kept up to date with banks, nothing stored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.banks import Entry
from marsad.find.registry import signals
from marsad.find.signal import ItemSignal
from marsad.records.errors import InputError
from marsad.records.ids import key
from marsad.records.tables import FINDINGS
from marsad.store import Database, open_database
from marsad.workspace import Workspace
from marsad.workspace.finding import Screening, finding_id
from marsad.workspace.folder import begin
from marsad.workspace.matchers import KeptMatchers, load
from marsad.workspace.screening import LONGEST_TEXT, Asked, Screener, row
from tests.decide.conftest import finding as sealed
from tests.decide.conftest import open_cases

COPY = "this is a long text of neutral words that stands in a bank of texts and nowhere else at all"
POST = f"marker word https://listed.example/page {COPY}"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws")
    made.banks.add("phrases", [Entry("marker word")], kind="phrases")
    made.banks.add("domains", [Entry("listed.example")], kind="domains")
    made.banks.add("texts", [Entry(POST + " and more")], kind="texts")
    return made


@pytest.fixture
def database(workspace: Workspace) -> Database:
    return open_database(workspace.folder / "review.db")


@pytest.fixture
def screener(workspace: Workspace, database: Database) -> Screener:
    return Screener(workspace, database)


def network(workspace: Workspace, *accounts: str, signal: str = "coordination") -> None:
    """What a run of a network signal leaves, in place of what it left before."""
    rows = [
        {"finding_id": f"{signal}-{name}", "run_id": "r", "subject_kind": "account",
         "subject_id": name, "subject_key": key(name), "account": name, "signal": signal,
         "score": 0.5, "score_kind": "rank", "message": "phrases.found",
         "values": '{"count": 1, "phrases": ["a"]}', "evidence": "[]", "community": None,
         "opens_case": True, "policy": "demo@1", "found_at": 5}
        for name in accounts
    ]  # fmt: skip
    with begin(workspace, f"find {signal}", {}) as run:
        run.replaces.extend(one.path for one in workspace.log.snapshot().of("findings"))
        file = run.staging.folder / "findings.parquet"
        pq.write_table(pa.Table.from_pylist(rows, FINDINGS), file)
        run.add("findings", file, len(rows), name=signal)


def test_it_finds_what_find_finds(workspace: Workspace, screener: Screener) -> None:
    asked = Asked("forum", "1", POST, "77", urls=("https://sub.listed.example/x",))
    found = screener.screen(asked)
    assert {one.signal for one in found.findings} == {"copies", "links", "phrases"}
    post, banks = row(asked), workspace.banks.all()
    for name, signal in signals().items():
        if not issubclass(signal, ItemSignal):
            continue
        read = tuple(bank for bank in banks if bank.kind in signal.bank_kinds)
        schema = next(one.schema for one in screener.matchers.now().loaded if one.name == name)
        batch = pa.RecordBatch.from_pylist([post], schema)
        rows = Screening(signal, (), read)(batch).to_pylist()
        wanted = {(finding_id(name, "forum:77", one["evidence_key"]), one["score"]) for one in rows}
        assert {(o.finding_id, o.score) for o in found.findings if o.signal == name} == wanted


@pytest.mark.parametrize("text", ["", " ", "nothing here", "\u202e\x00", "🙂" * 50])
def test_posts_without_anything(screener: Screener, text: str) -> None:
    found = screener.screen(Asked("forum", "@Someone", text))
    assert (found.findings, found.post, found.account) == ([], None, "forum:@someone")


def test_a_post_without_an_id_has_findings_without_one(screener: Screener) -> None:
    found = screener.screen(Asked("forum", "1", "marker word")).findings
    assert [(one.signal, one.finding_id) for one in found] == [("phrases", None)]


@pytest.mark.parametrize(
    "asked",
    [Asked("no platform", "1", ""), Asked("x", "", ""), Asked("x", "a\x00b", ""),
     Asked("x", "1", "", id=""), Asked("x", "1" * 301, ""), Asked("x", "1", "", id="\ud800"),
     Asked("x", "1", "a" * (LONGEST_TEXT + 1)), Asked("x", "1", "", urls=("u",) * 101),
     Asked("x", "1", "", urls=("u" * 4_001,))],
)  # fmt: skip
def test_what_is_no_post_is_refused(screener: Screener, asked: Asked) -> None:
    with pytest.raises(InputError):
        screener.screen(asked)


def test_the_account_its_cases_and_what_networks_say_of_it(
    workspace: Workspace, database: Database, screener: Screener
) -> None:
    network(workspace, "forum:1", "forum:3")
    open_cases(database, [sealed("forum:1"), sealed("forum:77", kind="post")], 5)
    found = screener.screen(Asked("forum", "1", "x", "77"))
    assert [one["signal"] for one in found.standing] == ["coordination"]
    assert {kind: state for kind, (_, state) in found.cases.items()} == {
        "account": "open", "post": "open"
    }  # fmt: skip
    other = screener.screen(Asked("forum", "2", "x"))
    assert (other.standing, other.cases) == ([], {})
    network(workspace, "forum:2")  # a run replaces what the one before said
    screener.standing.catch_up()
    assert screener.screen(Asked("forum", "1", "x")).standing == []
    assert len(screener.screen(Asked("forum", "2", "x")).standing) == 1


def test_nothing_of_a_post_is_stored(workspace: Workspace, screener: Screener) -> None:
    def content() -> dict[str, bytes]:
        files = (path for path in workspace.folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files if "review.db-" not in path.name}

    screener.screen(Asked("forum", "1", "before"))
    before = content()
    assert screener.screen(Asked("forum", "unheard-of", POST, "secret-id")).findings
    assert content() == before
    assert not any(b"unheard-of" in said for said in before.values())


def test_a_changed_bank_is_loaded_whole_and_the_others_stay(workspace: Workspace) -> None:
    old = load(workspace.banks, KeptMatchers(workspace.banks).now())
    workspace.banks.add("phrases", [Entry("another one")], kind="phrases")
    workspace.banks.add("decisions", [Entry("forum:1")], kind="accounts")
    new = load(workspace.banks, old)
    same = {one.name for one in new.loaded if one in old.loaded}
    assert same == {"copies", "links"}
    assert new.versions["phrases"] == (2, 2)


def test_a_change_is_seen_while_it_serves(workspace: Workspace, database: Database) -> None:
    seconds = [0.0]
    kept = KeptMatchers(workspace.banks, lambda: seconds[0])
    first = kept.now()
    workspace.banks.withdraw("phrases", ["marker word"], "2024-01-01")
    assert kept.now() is first  # looked at a moment ago
    seconds[0] += 2
    kept.now()
    assert kept.catch_up() is not first
    assert [one.name for one in kept.now().loaded] == ["copies", "links"]
    workspace.banks.remove("domains")
    assert [one.name for one in kept.catch_up().loaded] == ["copies"]


def test_a_bank_that_cannot_be_read_leaves_the_old_one(workspace: Workspace) -> None:
    kept = KeptMatchers(workspace.banks)
    before = kept.now()
    path = workspace.folder / "banks" / "phrases.ndjson"
    whole = path.read_bytes()
    path.write_bytes(b"{broken\n")
    assert kept.catch_up() is before
    assert kept.problem is not None
    path.write_bytes(whole)
    kept.catch_up()
    assert kept.problem is None


def test_threads_share_it_while_banks_change(workspace: Workspace, screener: Screener) -> None:
    asked = [Asked("forum", "1", POST, str(number)) for number in range(60)]

    def change(number: int) -> None:
        workspace.banks.add("phrases", [Entry(f"more {number}")], kind="phrases")
        screener.matchers.catch_up()

    with ThreadPoolExecutor(4) as pool:
        changes = [pool.submit(change, number) for number in range(5)]
        for found in pool.map(screener.screen, asked):
            assert {one.signal for one in found.findings} == {"copies", "links", "phrases"}
        for one in changes:
            one.result()


def test_a_workspace_without_banks_finds_nothing(tmp_path: Path) -> None:
    empty = Workspace.create(tmp_path / "empty")
    database = open_database(empty.folder / "review.db")
    assert Screener(empty, database).screen(Asked("forum", "1", POST)).findings == []
