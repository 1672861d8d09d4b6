"""Backup and restore: whole, from either database into the other, or not at all."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.opening import open_cases
from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.records.times import now
from marsad.store import open_database
from marsad.store.checkpoints import make, public_key, signer
from marsad.workspace import Workspace
from marsad.workspace.backing_up import MANIFEST, back_up
from marsad.workspace.restoring import SQLITE, restore
from marsad.workspace.reviewing import database, database_place, key_file
from tests.conftest import ROOT
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, Clock, Room, finding
from tests.workspace.conftest import facts, ndjson, posts, take


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some posts."""
    folder = tmp_path_factory.mktemp("imported")
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("research")
    rows = posts({"id": "1"}, {"id": "2", "text": "a quiet day"})
    take(workspace, ndjson(folder / "a.ndjson", rows))
    return folder / "ws"


@pytest.fixture
def workspace(made_once: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(Path(shutil.copytree(made_once, tmp_path / "ws")))


def decided(workspace: Workspace) -> None:
    """A desk with cases in several states, and a signed log."""
    store = database(workspace)
    room = Room(Desk(store, (POLICY,), Clock()), Clock())
    room.desk.overturn(APPEALS, room.suspended("x:1").id, POLICY, REASON)
    room.desk.note(FIRST, room.case("x:2").id, "note")
    room.decide(FIRST, room.case("x:3"), "hide")
    with store.writing() as transaction:
        make(transaction, signer(key_file(workspace)), now())
    store.close()


@pytest.fixture
def busy(
    workspace: Workspace, empty_place: Path | str, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """A workspace in use, on either database."""
    if isinstance(empty_place, str):
        settings = workspace.folder / "marsad.toml"
        settings.write_text(f'{settings.read_text("utf-8")}database = "{empty_place}"\n', "utf-8")
        workspace = Workspace.open(workspace.folder)
    decided(workspace)
    return workspace


def same(restored: Workspace, first: Workspace) -> None:
    assert facts(restored, "posts") == facts(first, "posts")
    stores = database(restored), database(first)
    heads = []
    for store in stores:
        assert verify(store, public_key(key_file(first))).broken is None
        with store.reading() as transaction:
            from marsad.store import log

            heads.append(log.head(transaction))
    assert heads[0] == heads[1]
    room = Room(Desk(stores[0], (POLICY,), Clock()), Clock())
    room.case("x:9")  # numbers go on where they ended
    assert verify(stores[0], public_key(key_file(first))).broken is None
    for store in stores:
        store.close()


def test_what_is_restored_is_what_was_there(busy: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    back_up(busy, file, with_keys=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    done = restore(file, tmp_path / "again", SQLITE)
    assert done.lacks == ()
    again = Workspace.open(tmp_path / "again")
    assert database_place(again) == tmp_path / "again" / "review.db"
    same(again, busy)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.postgres
def test_a_file_is_restored_to_a_server(
    workspace: Workspace, tmp_path: Path, postgres_url: str
) -> None:
    from tests.postgres import empty_database

    decided(workspace)
    back_up(workspace, tmp_path / "b.tar", with_keys=True)
    with empty_database(postgres_url) as url:
        restore(tmp_path / "b.tar", tmp_path / "again", url)
        again = Workspace.open(tmp_path / "again")
        assert database_place(again) == url
        same(again, workspace)
        with pytest.raises(InputError) as error:  # a second time over what is there now
            restore(tmp_path / "b.tar", tmp_path / "third", url)
        assert error.value.message.id == "restore.database-not-empty"
        assert not (tmp_path / "third").exists()


@pytest.mark.postgres
def test_the_password_of_a_server_goes_where_passwords_are(
    workspace: Workspace, tmp_path: Path, postgres_url: str
) -> None:
    from tests.postgres import empty_database

    decided(workspace)
    back_up(workspace, tmp_path / "b.tar", with_keys=True)
    with empty_database(postgres_url) as url:
        restore(tmp_path / "b.tar", tmp_path / "ws2", url.replace("marsad@", "marsad:word@"))
        assert "word" not in (tmp_path / "ws2" / "marsad.toml").read_text("utf-8")
        kept = tmp_path / "ws2" / "keys" / "database.password"
        assert (kept.read_text("utf-8"), stat.S_IMODE(kept.stat().st_mode)) == ("word\n", 0o600)


def test_without_keys_it_says_what_cannot_be_done(workspace: Workspace, tmp_path: Path) -> None:
    decided(workspace)
    back_up(workspace, tmp_path / "b.tar", with_keys=False)
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert not [name for name in archive.getnames() if name.startswith("keys")]
    done = restore(tmp_path / "b.tar", tmp_path / "again")
    assert done.lacks == ("pseudonyms.key", "expired.key", "audit.key")


def rewritten(file: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """The archive with its members changed, the manifest too."""
    members = []
    with tarfile.open(file) as archive:
        for member in archive:
            source = archive.extractfile(member)
            assert source is not None
            members.append(change(member.name, source.read()))
    with tarfile.open(file, "w") as archive:
        for name, content in filter(None, members):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


DAMAGE: list[tuple[str, Callable[[str, bytes], tuple[str, bytes] | None]]] = [
    ("a file changed", lambda n, c: (n, c + b"\n") if n == "marsad.toml" else (n, c)),
    ("a file missing", lambda n, c: None if n.startswith("runs/") else (n, c)),
    ("no manifest", lambda n, c: None if n == MANIFEST else (n, c)),
    ("no sense", lambda n, c: (n, b"[]") if n == MANIFEST else (n, c)),
    ("a way out", lambda n, c: ("../out", c) if n == "marsad.toml" else (n, c)),
    ("elsewhere", lambda n, c: ("/tmp/out", c) if n == "marsad.toml" else (n, c)),
    ("a stranger", lambda n, c: ("other/file", c) if n == "marsad.toml" else (n, c)),
]


@pytest.mark.parametrize("change", [change for _, change in DAMAGE], ids=[n for n, _ in DAMAGE])
def test_what_is_damaged_is_not_restored(
    workspace: Workspace, tmp_path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]
) -> None:
    decided(workspace)
    back_up(workspace, tmp_path / "b.tar", with_keys=True)
    rewritten(tmp_path / "b.tar", change)
    refused(tmp_path, "restore.damaged")


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9])
def test_one_that_was_cut_short_is_not_restored(
    workspace: Workspace, tmp_path: Path, part: float
) -> None:
    decided(workspace)
    file = tmp_path / "b.tar"
    back_up(workspace, file, with_keys=True)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * part)])
    refused(tmp_path, "restore.damaged")


def test_a_log_that_does_not_end_as_the_manifest_says(workspace: Workspace, tmp_path: Path) -> None:
    decided(workspace)
    back_up(workspace, tmp_path / "b.tar", with_keys=True)

    def other(name: str, content: bytes) -> tuple[str, bytes]:
        if name != MANIFEST:
            return name, content
        said = json.loads(content)
        return name, json.dumps(said | {"head": [said["head"][0] + 1, said["head"][1]]}).encode()

    rewritten(tmp_path / "b.tar", other)
    refused(tmp_path, "restore.other-log")


def refused(folder: Path, message: str) -> None:
    with pytest.raises(MarsadError) as error:
        restore(folder / "b.tar", folder / "again")
    assert error.value.message.id == message
    assert not (folder / "again").exists()
    assert not [path for path in folder.iterdir() if path.name.endswith(".restoring")]


def test_nothing_is_written_over(workspace: Workspace, tmp_path: Path) -> None:
    decided(workspace)
    back_up(workspace, tmp_path / "b.tar", with_keys=True)
    with pytest.raises(InputError) as error:
        back_up(workspace, tmp_path / "b.tar", with_keys=True)
    assert error.value.message.id == "backup.exists"
    with pytest.raises(InputError) as error:
        restore(tmp_path / "b.tar", workspace.folder)
    assert error.value.message.id == "restore.not-empty"
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "b.tar", tmp_path / "empty")
    same(Workspace.open(tmp_path / "empty"), workspace)


def test_a_file_of_the_workspace_that_is_missing_is_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    decided(workspace)
    next((workspace.folder / "records").rglob("*.parquet")).unlink()
    with pytest.raises(OutsideError):
        back_up(workspace, tmp_path / "b.tar", with_keys=True)
    assert [path.name for path in tmp_path.iterdir()] == ["ws"]
    assert not list((workspace.folder / ".staging").glob("*"))


BACKUP = """
import sys
from pathlib import Path
from marsad.workspace import Workspace
from marsad.workspace.backing_up import back_up
while True:
    Path(sys.argv[2]).unlink(missing_ok=True)
    print("go", flush=True)
    back_up(Workspace.open(Path(sys.argv[1])), Path(sys.argv[2]), True)
"""


def test_one_that_is_killed_leaves_nothing_that_looks_whole(
    workspace: Workspace, tmp_path: Path
) -> None:
    decided(workspace)
    store = database(workspace)
    open_cases(store, [finding(f"y:{number}") for number in range(300)], 5)
    store.close()
    file = tmp_path / "b.tar"
    for number in range(4):
        running = subprocess.Popen(
            [sys.executable, "-c", BACKUP, str(workspace.folder), str(file)],
            stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.03 * number)
        running.kill()
        running.communicate()
        if file.exists():
            restore(file, tmp_path / f"again-{number}")
            same(Workspace.open(tmp_path / f"again-{number}"), workspace)
            file.unlink()


def test_what_happens_meanwhile_is_in_it_whole_or_not(workspace: Workspace, tmp_path: Path) -> None:
    """Decisions and imports go on while it is written."""
    from concurrent.futures import ThreadPoolExecutor

    decided(workspace)

    def work(number: int) -> None:
        rows = posts({"id": f"m{number}"})
        take(workspace, ndjson(tmp_path / f"m{number}.ndjson", rows))
        store = database(workspace)
        open_cases(store, [finding(f"z:{number}")], 5)
        store.close()

    with ThreadPoolExecutor(2) as pool:
        doing = pool.map(work, range(8))
        back_up(workspace, tmp_path / "b.tar", with_keys=True)
        list(doing)
    restore(tmp_path / "b.tar", tmp_path / "again")
    again = Workspace.open(tmp_path / "again")
    assert {row["id"] for row in facts(again, "posts")} >= {"unknown:1", "unknown:2"}
    store = open_database(tmp_path / "again" / "review.db")
    assert verify(store, public_key(key_file(again))).broken is None
    store.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    decided(workspace)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(small)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        with pytest.raises(OSError, match="No space"):
            back_up(workspace, small / "b.tar", with_keys=True)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
