"""The embedded engine's other processes: where work is done, and what becomes of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import psutil
import pyarrow as pa
import pytest

from marsad.engines.duckdb import DuckDBEngine
from marsad.engines.functions import OverBatches
from marsad.engines.workers import INLINE_ROWS, Workers
from marsad.records.errors import MarsadError
from tests.conftest import ROOT
from tests.engines import functions as f
from tests.engines.rows import many

RECORD = many(0).schema
PATIENCE = 60


def batches(rows: int, size: int = 5_000) -> list[pa.RecordBatch]:
    found: list[pa.RecordBatch] = many(rows).to_batches(max_chunksize=size)
    return found


def workers(fn: Callable[[pa.RecordBatch], pa.RecordBatch], schema: pa.Schema = RECORD) -> Workers:
    return Workers(OverBatches(fn, schema), 2)


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "python" in child.name()]


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes true; no test is about how soon."""
    until = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def test_few_rows_stay_in_this_process() -> None:
    rows = pa.Table.from_batches(workers(f.places, f.PLACES).map(batches(INLINE_ROWS)))
    assert set(rows["process"].to_pylist()) == {os.getpid()}


def test_many_rows_go_to_others_and_come_back_in_order() -> None:
    rows = pa.Table.from_batches(workers(f.places, f.PLACES).map(batches(100_000)))
    places = set(rows["process"].to_pylist())
    assert 1 <= len(places) <= 2
    assert os.getpid() not in places
    numbers = [number for row in rows["numbers"].to_pylist() for number in row]
    assert numbers == list(range(100_000))
    assert not children()


def test_few_batches_wait_at_a_time() -> None:
    """Memory: the stream is read as the work goes on."""
    read = 0

    def watched() -> Iterator[pa.RecordBatch]:
        nonlocal read
        for batch in batches(200_000):
            read += 1
            yield batch

    ahead = []
    for done, _ in enumerate(workers(f.same).map(watched())):
        ahead.append(read - done)
    assert read == len(ahead) == 40
    # at the start those gathered to see whether there are many, later two a process
    assert max(ahead) <= INLINE_ROWS // 5_000 + 2
    assert max(ahead[10:]) <= 5


def test_an_early_end_leaves_no_process() -> None:
    stream = workers(f.same).map(batches(100_000))
    next(stream)
    assert children()
    stream.close()
    assert not children()


@pytest.mark.parametrize(
    ("fn", "ending"), [(f.dying, "7"), (f.killed, "SIGKILL")], ids=["exit", "signal"]
)
def test_a_process_that_dies_says_how(
    fn: Callable[[pa.RecordBatch], pa.RecordBatch], ending: str
) -> None:
    with pytest.raises(MarsadError) as raised:
        list(workers(fn).map(batches(100_000)))
    assert raised.value.message.id == "engine.workers"
    assert raised.value.message.values["ending"] == ending
    assert not children()


def test_what_a_function_prints_is_no_result(capfd: pytest.CaptureFixture[str]) -> None:
    list(workers(f.printing).map(batches(100_000)))
    printed = capfd.readouterr()
    assert "a function that prints" in printed.err
    assert printed.out == ""


def test_a_function_that_processes_cannot_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [p for p in sys.path if Path(p or ".").resolve() != ROOT])
    monkeypatch.chdir("/")
    with pytest.raises(MarsadError) as raised:
        list(workers(f.same).map(batches(100_000)))
    assert raised.value.message.id == "engine.function-loaded"
    assert "tests" in raised.value.message.values["error"]


SCRIPT = """
import sys
print("the script runs")
import pyarrow as pa
from marsad.engines import open_engine
from tests.engines.functions import {imported} as given
from tests.engines.rows import many

def own(batch):
    return batch

with open_engine() as engine:
    table = engine.table(many(100_000), "many")
    mapped = engine.map_batches({function}, table, many(0).schema)
    print(engine.collect(mapped).num_rows)
"""


def run_script(
    path: Path, imported: str = "same", function: str = "given"
) -> subprocess.Popen[str]:
    """A script without the guard ``if __name__ == "__main__"``."""
    path.write_text(dedent(SCRIPT.format(imported=imported, function=function)), "utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.Popen(
        [sys.executable, str(path)], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("function", ["given", "own"])
def test_a_script_without_a_guard_runs_once(tmp_path: Path, function: str) -> None:
    """Also with a function of its own, which no other process could import."""
    out, err = run_script(tmp_path / "script.py", function=function).communicate()
    assert err == ""
    assert out == "the script runs\n100000\n"


def test_a_killed_script_leaves_no_process(tmp_path: Path) -> None:
    script = run_script(tmp_path / "script.py", imported="slow")
    parent = psutil.Process(script.pid)
    assert eventually(lambda: len(parent.children()) == min(2, os.cpu_count() or 1))
    started = parent.children()
    script.kill()
    script.communicate()
    assert eventually(lambda: not any(map(works, started)))


def works(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_an_engine_with_one_thread_starts_no_process(tmp_path: Path) -> None:
    with DuckDBEngine(tmp_path, threads=1) as engine:
        table = engine.table(many(100_000), "many")
        rows = engine.collect(engine.map_batches(f.places, table, f.PLACES))
    assert set(rows["process"].to_pylist()) == {os.getpid()}
