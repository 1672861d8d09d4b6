"""Erasure: everything about one account goes everywhere, and does not come back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from marsad.banks import Entry
from marsad.decide.audit import verify
from marsad.decide.opening import open_cases
from marsad.records.errors import InputError
from marsad.store import log
from marsad.workspace import Workspace
from marsad.workspace.erasing import erase
from marsad.workspace.finding import find
from marsad.workspace.reviewing import database
from tests.decide.conftest import finding
from tests.workspace.conftest import facts, ndjson, posts, take

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
