"""Spark itself: where it listens, what it prints, what it leaves behind, and who shares it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import psutil
import pyarrow as pa
import pytest

from marsad.engines import Engine, open_engine
from marsad.engines.spark_errors import CrossingError, crossed, lost, not_started, reason
from marsad.records.errors import InputError, MarsadError, OutsideError
from tests.conftest import ROOT
from tests.engines.conftest import CLUSTER

JAVA = """
Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times (TID 5) (host executor 1): \
org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed while writing rows to file:/x.
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.taskFailed(QueryExecutionErrors.scala:775)
{middle}
Driver stacktrace:
\tat org.apache.spark.scheduler.DAGScheduler.failJob(DAGScheduler.scala:2898)
"""
PYTHON = """Caused by: org.apache.spark.api.PythonException: Traceback (most recent call last):
  File "worker.py", line 1231, in main
    func = read_udfs(infile)
           ^^^^^^^^^^^^^^^^^
ModuleNotFoundError: No module named 'pyarrow'

\tat org.apache.spark.api.python.BasePythonRunner.handle(PythonRunner.scala:572)"""

REASONS = [
    (
        "java",
        JAVA.format(middle="Caused by: java.io.IOException: disk\n\tat x"),
        "IOException: disk",
    ),
    (
        "message on the next line",
        JAVA.format(middle="Caused by: a.b.C: \nBad data\n"),
        "C: Bad data",
    ),
    ("python", JAVA.format(middle=PYTHON), "ModuleNotFoundError: No module named 'pyarrow'"),
    (
        "thrown through py4j",
        "An error occurred while calling None.x.\n: a.b.E: Bad 'x'\n\tat y",
        "E: Bad 'x'",
    ),
    ("java ended", 'Picked up X\nException in thread "main" a.b.E: Bad\n\tat y', "E: Bad"),
    (
        "plan",
        "[MISSING] no column x; line 1 pos 7;\n'Project ['x]\n+- Y",
        "[MISSING] no column x; line 1 pos 7",
    ),
    ("plain", "something", "something"),
]


class TestErrors:
    """Texts of Spark, without Spark."""

    @pytest.mark.parametrize(
        ("text", "expected"), [r[1:] for r in REASONS], ids=[r[0] for r in REASONS]
    )
    def test_the_innermost_cause_is_told(self, text: str, expected: str) -> None:
        assert reason(Exception(text)) == expected

    def test_an_error_of_ours_comes_through(self) -> None:
        error = InputError("engine.function", function="f", error='x\n\\ "é" <b>')
        text = JAVA.format(middle=f"Caused by: PythonException: {CrossingError(error)}\n\tat x")
        found = crossed(Exception(text))
        assert isinstance(found, InputError)
        assert found.message == error.message
        assert crossed(Exception(JAVA)) is None

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "SparkException: Python worker exited unexpectedly (crashed)",
                "Python worker exited unexpectedly",
            ),
            ("Caused by: java.net.SocketException: Connection reset\n\tat x", "Connection reset"),
            ("java.net.SocketException: Broken pipe (Write failed)", "Broken pipe (Write failed)"),
            ("ExecutorLostFailure (executor 1 exited)", "ExecutorLostFailure"),
            (JAVA, ""),
        ],
    )
    def test_a_lost_process_is_told_from_a_failed_one(self, text: str, expected: str) -> None:
        assert lost(Exception(text)) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "Invalid maximum heap size: -Xmx1x\nError: no machine.",
                "Invalid maximum heap size: -Xmx1x Error: no machine.",
            ),
            (
                ": a.b.E: Cannot call methods on a stopped SparkContext.",
                "no answer from the master",
            ),
        ],
    )
    def test_why_it_did_not_start_is_one_line(self, text: str, expected: str) -> None:
        assert not_started(Exception(text)) == expected


@pytest.mark.java
class TestSharing:
    def test_two_engines_share_one_spark(self, spark: Engine, tmp_path: Path) -> None:
        first = spark.table(pa.table({"a": [1]}), "same")
        with open_engine("spark", tmp_path, CLUSTER) as other:
            second = other.table(pa.table({"a": [2]}), "same")
            assert other.collect(second).to_pylist() == [{"a": 2}]
            assert spark.collect(first).to_pylist() == [{"a": 1}]
        assert list(tmp_path.iterdir()) == []
        assert spark.collect(first).to_pylist() == [{"a": 1}]

    def test_without_a_master_the_running_one_is_taken(self, spark: Engine) -> None:
        with open_engine("spark") as other:
            assert other.collect(other.table(pa.table({"a": [1]}), "a")).num_rows == 1

    def test_another_master_is_refused(self, spark: Engine, tmp_path: Path) -> None:
        with pytest.raises(InputError) as raised:
            open_engine("spark", tmp_path, "local[1]")
        assert raised.value.message.id == "engine.spark-busy"
        assert raised.value.message.values == {"given": "local[1]", "running": CLUSTER}
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_written_ends_no_other(
        self, spark: Engine, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutsideError):
            open_engine("spark", tmp_path / "file")
        assert spark.collect(spark.table(pa.table({"a": [1]}), "a")).num_rows == 1


@pytest.mark.java
class TestAside:
    def test_a_result_is_removed_when_it_was_read(self, spark: Engine) -> None:
        folder = spark._aside.folder  # type: ignore[attr-defined]
        table = spark.table(pa.table({"a": [1]}), "a")
        before = {path.name for path in folder.iterdir()}
        spark.collect(table)
        assert {path.name for path in folder.iterdir()} == before


@pytest.mark.java
def test_it_listens_on_the_loopback_alone(spark: Engine) -> None:
    """The driver, master, workers and executors, and the Pythons they start."""
    spark.collect(spark.table(pa.table({"a": [1]}), "a"))
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    listening = {
        (process.name(), connection.laddr.ip)
        for process in family
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert any(name == "java" for name, _ in listening)
    assert {ip.removeprefix("::ffff:") for _, ip in listening} <= {"127.0.0.1", "::1"}


SCRIPT = """
import json, os, sys
from pathlib import Path
import pyarrow as pa
from marsad.engines import open_engine
from marsad.records.errors import MarsadError

SCHEMA = pa.schema([("python", pa.string()), ("version", pa.string())])

def where(batch):
    row = {"python": sys.executable, "version": sys.version}
    return pa.RecordBatch.from_pylist([row], schema=SCHEMA)

def failing(batch):
    raise ValueError("no such thing")

with open_engine("spark", Path(sys.argv[1]), sys.argv[2]) as engine:
    table = engine.table(pa.table({"a": [1]}), "a")
    rows = engine.collect(engine.map_batches(where, table, SCHEMA)).to_pylist()
    try:
        engine.map_batches(failing, table, SCHEMA)
    except MarsadError as error:
        rows.append({"error": error.message.values["error"]})
print(json.dumps(rows))
"""


@pytest.mark.java
@pytest.mark.parametrize("master", ["local[2]", "local-cluster[1,1,1024]"])
def test_a_script_is_quiet_and_leaves_nothing_behind(
    java_home: Path, tmp_path: Path, master: str
) -> None:
    """Also with functions of the script itself; they run on the Python that runs the script."""
    import pyspark

    work = Path(pyspark.__file__).parent / "work"
    before = set(work.iterdir()) if work.exists() else set()
    folders = [tmp_path / name for name in ("aside", "temporary", "current")]
    for folder in folders:
        folder.mkdir()
    script = tmp_path / "script.py"
    script.write_text(dedent(SCRIPT), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(folders[1])}
    environment.pop("PYSPARK_PYTHON", None)
    done = subprocess.run(
        [sys.executable, str(script), str(folders[0]), master],
        env=environment, cwd=folders[2], capture_output=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert rows[0] == {"python": sys.executable, "version": sys.version}
    assert rows[1] == {"error": "ValueError: no such thing"}
    assert [list(folder.iterdir()) for folder in folders] == [[], [], []]
    assert (set(work.iterdir()) if work.exists() else set()) == before


OPENED = """
import sys
from marsad.engines import open_engine
from marsad.records.errors import MarsadError

for master in sys.argv[1:]:
    try:
        with open_engine("spark", None, master):
            print("started")
    except MarsadError as error:
        print(error.exit_code, error)
"""


def opened(*masters: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Spark on one master after the other, in a process of its own, where none runs yet."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **variables}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OPENED, *masters],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.java
class TestStart:
    def test_masters_that_cannot_be(self, java_home: Path) -> None:
        """Java ends at once on the first; it lives on after the second, and serves the third."""
        done = opened("no-such-master", "local[x]", "local[1]", "local[1]")
        first, second, *rest = done.stdout.splitlines()
        assert first.startswith("3 Spark did not start on the master “no-such-master”: SparkExcep")
        assert "Master must either be yarn" in first
        assert second.startswith("3 Spark did not start on the master “local[x]”: SparkException:")
        assert "Could not parse Master URL" in second
        assert rest == ["started", "started"]
        assert done.stderr == ""

    def test_what_java_says_as_it_starts_comes_through(self, java_home: Path) -> None:
        done = opened("local[1]", JAVA_TOOL_OPTIONS="-Dmarsad=1")
        assert done.stdout == "started\n"
        assert "Picked up JAVA_TOOL_OPTIONS: -Dmarsad=1" in done.stderr


def test_the_error_is_one_that_marsad_knows() -> None:
    assert issubclass(type(crossed(Exception(str(CrossingError(MarsadError("x")))))), MarsadError)
