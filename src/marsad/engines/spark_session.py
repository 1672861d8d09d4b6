"""How Spark is started: with which settings, where it listens, and what it leaves behind.

One process has one Spark context. Engines share it, each with a session of its own, and the last
one ends it. A session that somebody else opened in this process is used as it is and never ended.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.engines.aside import READ_ROWS, Aside
from marsad.engines.spark_errors import not_started
from marsad.engines.spark_java import launched
from marsad.records.errors import InputError, OutsideError
from marsad.records.message import Message

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DEFAULT_MASTER = "local[*]"
SUBMIT_OPTS = "SPARK_SUBMIT_OPTS"
LOOPBACK = "127.0.0.1"

SQL_SETTINGS = {
    # as the embedded engine: a value that cannot be cast, or a sum too large, is an error, not null
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.compression.codec": "lz4_raw",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(READ_ROWS),
    "spark.sql.pyspark.jvmStacktrace.enabled": "false",
}
QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
LOCAL = {
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "16",
    "spark.task.maxFailures": "1",  # on one machine what failed fails again
}
_LOGGING = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = spark: %m%n
# what fails in a job is told once, by the error that reaches Python
logger.spark.name = org.apache.spark
logger.spark.level = off
# Spark announces this level unless it equals the root's
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
"""


def why_not() -> Message | None:
    """Why Spark cannot run here, or nothing where it can."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return Message("engine.spark-missing")
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").is_file() if home else shutil.which("java")):
        return Message("engine.java-missing", {"home": home or ""})
    return None


class SparkLease:
    """A share in this process's Spark: a session of its own until `close`."""

    _shared: SparkSession | None = None
    _leases = 0

    def __init__(self, master: str) -> None:
        reason = why_not()
        if reason:
            raise OutsideError(reason.id, **reason.values)
        running = _running()
        if running is not None:
            _check_master(running, master)
            self._ours = running is SparkLease._shared
        else:
            running = SparkLease._shared = _start(master or DEFAULT_MASTER)
            self._ours = True
        SparkLease._leases += self._ours
        self.session = running.newSession()
        for name, value in SQL_SETTINGS.items():
            self.session.conf.set(name, value)

    def close(self) -> None:
        """Gives the share back; the last one ends Spark, if Marsad began it."""
        if not self._ours:
            return
        self._ours = False
        SparkLease._leases -= 1
        if SparkLease._leases == 0 and SparkLease._shared is not None:
            SparkLease._shared.stop()
            SparkLease._shared = None


def _running() -> SparkSession | None:
    from pyspark.sql import SparkSession

    return SparkLease._shared or SparkSession.getActiveSession()


def _check_master(session: SparkSession, master: str) -> None:
    running = session.sparkContext.master
    if master and master != running:
        raise InputError("engine.spark-busy", given=master, running=running)


def _start(master: str) -> SparkSession:
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    conf = SparkConf().setMaster(master).setAppName("marsad").setAll(_settings(master).items())
    with _environment(_variables(master)):
        try:
            # Java outlives a Spark that was stopped, and serves the next
            gateway = None if SparkContext._gateway else launched(conf)
            return SparkSession(SparkContext(conf=conf, gateway=gateway))
        except Exception as error:
            said = not_started(error)
            raise OutsideError("engine.spark-start", master=master, error=said) from error


def _settings(master: str) -> dict[str, str]:
    """What Spark is started with. A cluster keeps its own settings for size and addresses."""
    folder = _home().folder
    settings = {**QUIET, "spark.sql.warehouse.dir": str(folder / "warehouse")}
    if not master.startswith("local"):
        return settings
    settings |= LOCAL
    settings["spark.local.dir"] = str(folder)
    settings["spark.executor.extraJavaOptions"] = _java_options()  # executors on this machine
    # they import what this process can
    settings["spark.executorEnv.PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return settings


def _variables(master: str) -> dict[str, str]:
    """What Spark takes from the environment alone, unless the user has set it."""
    variables = {"PYSPARK_PYTHON": sys.executable}
    if master.startswith("local"):
        variables["SPARK_LOCAL_IP"] = LOOPBACK
    unset = {name: value for name, value in variables.items() if name not in os.environ}
    if master.startswith("local-cluster"):
        unset["SPARK_HOME"] = str(_linked_home())
    return unset | {SUBMIT_OPTS: _java_options()}


def _java_options() -> str:
    """Nothing is logged that is no error, and nothing is written outside the folder; and what the
    user wants of Java."""
    folder = _home().folder
    logging = f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}"
    ours = f"-Djava.io.tmpdir={folder} -XX:-UsePerfData {logging}"
    return f"{ours} {os.environ.get(SUBMIT_OPTS, '')}".strip()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets environment variables for the length of a block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@cache
def _home() -> Aside:
    """A folder as long-lived as the Java process, which ends when this one does."""
    aside = Aside(None)
    (aside.folder / "log4j2.properties").write_text(_LOGGING, "utf-8")
    return aside


@cache
def _linked_home() -> Path:
    """Spark's own folder, linked to: the workers of ``local-cluster`` write their logs into it."""
    from pyspark.find_spark_home import _find_spark_home

    home = _home().path("spark_home")
    home.mkdir()
    for name in ("bin", "jars", "python"):
        (home / name).symlink_to(Path(_find_spark_home(), name))
    return home
