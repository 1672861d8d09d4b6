"""Runs as commits: what is named exists, what is not named does not."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from marsad.records.errors import ConflictError, InputError
from marsad.workspace import runs as module
from marsad.workspace.runs import CHECKPOINT_EVERY, DataFile, Run, RunLog


@pytest.fixture
def log(tmp_path: Path) -> RunLog:
    (tmp_path / "runs").mkdir()
    return RunLog(tmp_path)


def commit(
    log: RunLog, name: str, *paths: str, replaces: tuple[str, ...] = (), command: str = "test"
) -> Run:  # fmt: skip
    staging = log.stage(name)
    staged = {}
    for number, path in enumerate(paths):
        aside = staging.folder / str(number)
        aside.write_text(name)
        staged[path] = aside
    run = Run(
        name, command, {}, "2026-01-01T00:00:00+00:00", 1.0,
        adds=[DataFile("posts", path, 1) for path in paths], replaces=list(replaces),
    )  # fmt: skip
    log.commit(run, staged)
    staging.close()
    return run


def live(log: RunLog) -> list[str]:
    return [file.path for file in log.snapshot().files]


def test_a_committed_file_exists_and_another_does_not(log: RunLog) -> None:
    commit(log, "a", "records/posts/1.parquet")
    (log.root / "records/posts/orphan.parquet").write_text("x")
    assert live(log) == ["records/posts/1.parquet"]
    assert log.sweep() == 1
    assert [path.name for path in (log.root / "records/posts").iterdir()] == ["1.parquet"]


def test_a_replaced_file_is_gone_from_the_snapshot_and_stays_an_hour(
    log: RunLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(log, "a", "records/posts/1.parquet")
    before = log.snapshot()
    commit(log, "b", "records/posts/2.parquet", replaces=("records/posts/1.parquet",))
    assert live(log) == ["records/posts/2.parquet"]
    assert [file.path for file in before.files] == ["records/posts/1.parquet"]
    monkeypatch.setattr(module.time, "time", lambda: 1767225600 + 1800)
    assert log.sweep() == 0
    monkeypatch.setattr(module.time, "time", lambda: 1767225600 + 7200)
    assert log.sweep() == 1


def test_erasure_does_not_wait(log: RunLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "time", lambda: 1767225600)
    commit(log, "a", "records/posts/1.parquet")
    commit(log, "b", replaces=("records/posts/1.parquet",), command="erase")
    assert log.sweep() == 1


def test_replacing_what_has_gone_is_a_conflict_that_changes_nothing(log: RunLog) -> None:
    commit(log, "a", "records/posts/1.parquet")
    commit(log, "b", replaces=("records/posts/1.parquet",))
    with pytest.raises(ConflictError, match=r"records/posts/1\.parquet"):
        commit(log, "c", "records/posts/3.parquet", replaces=("records/posts/1.parquet",))
    assert live(log) == []
    assert not (log.root / "records/posts/3.parquet").exists()


def test_a_checkpoint_changes_nothing_that_a_reader_sees(log: RunLog) -> None:
    for number in range(CHECKPOINT_EVERY + 5):
        replaces = (f"records/posts/{number - 1}.parquet",) if number % 3 == 1 else ()
        commit(log, f"{number:04d}", f"records/posts/{number}.parquet", replaces=replaces)
    assert (log.folder / "checkpoint").exists()
    with_checkpoint = log.snapshot()
    (log.folder / "checkpoint").unlink()
    assert log.snapshot() == with_checkpoint


def test_the_staging_of_a_living_run_is_kept_and_a_dead_one_swept(log: RunLog) -> None:
    living = log.stage("living")
    child = os.fork()
    if child == 0:
        log.stage("dead")
        os._exit(0)
    os.waitpid(child, 0)
    log.sweep()
    assert living.folder.exists()
    assert not (log.root / ".staging" / "dead").exists()
    living.close()


def test_a_newer_format_is_refused(log: RunLog) -> None:
    commit(log, "a", "records/posts/1.parquet")
    path = log.folder / "a.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(InputError, match="99"):
        log.snapshot()


def test_ids_sort_by_start(log: RunLog) -> None:
    first = log.new_id()
    time.sleep(0.002)
    assert first < log.new_id()
