"""One test body for every engine: `engine` is each of them in turn, `both` two at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from marsad.engines import Engine, open_engine

CLUSTER = "local-cluster[2,1,1024]"
"""Spark as on many machines: a master and two executors, each a process with memory of its own."""


@pytest.fixture(scope="session")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine("duckdb", tmp_path_factory.mktemp("duckdb")) as opened:
        yield opened


@pytest.fixture(scope="session")
def spark(java_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine("spark", tmp_path_factory.mktemp("spark"), CLUSTER) as opened:
        yield opened


@pytest.fixture(scope="session", params=["duckdb", pytest.param("spark", marks=pytest.mark.java)])
def engine(request: pytest.FixtureRequest) -> Engine:
    opened: Engine = request.getfixturevalue(request.param)
    return opened


@dataclass(frozen=True)
class Both:
    """The embedded engine, which is the reference, and another that must give the same rows."""

    reference: Engine
    other: Engine


@pytest.fixture(scope="session")
def both(duckdb: Engine, spark: Engine) -> Both:
    return Both(duckdb, spark)
