"""One simulated network for all tests of what is in it, read back from its files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from marsad.simulate import DEMO, Summary, simulate

Row = dict[str, Any]


@dataclass(frozen=True)
class Network:
    """A written network as lists of dicts, one a row; posts and their truth in the same order."""

    summary: Summary

    @property
    def folder(self) -> Path:
        return self.summary.folder

    @cached_property
    def posts(self) -> list[Row]:
        return self._lines("posts.ndjson")

    @cached_property
    def looks(self) -> list[Row]:
        return self._lines("observations.ndjson")

    @cached_property
    def follows(self) -> list[Row]:
        with (self.folder / "follows.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def truth(self) -> list[Row]:
        rows: list[Row] = pq.read_table(self.folder / "truth" / "posts.parquet").to_pylist()
        return rows

    @cached_property
    def accounts(self) -> dict[str, Row]:
        rows = pq.read_table(self.folder / "truth" / "accounts.parquet").to_pylist()
        return {row["account_id"]: row for row in rows}

    @cached_property
    def events(self) -> list[Row]:
        rows: list[Row] = json.loads((self.folder / "truth" / "events.json").read_text("utf-8"))
        return rows

    @cached_property
    def by_id(self) -> dict[str, Row]:
        return {post["id"]: post for post in self.posts}

    @cached_property
    def pairs(self) -> list[tuple[Row, Row]]:
        """Each post with its truth."""
        return list(zip(self.posts, self.truth, strict=True))

    def bank(self, name: str) -> list[str]:
        return (self.folder / "banks" / f"{name}.txt").read_text("utf-8").splitlines()

    def _lines(self, name: str) -> list[Row]:
        with (self.folder / name).open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A thousand accounts over twenty days, with many suspensions, returns and takeovers."""
    folder = tmp_path_factory.mktemp("simulated") / "network"
    knobs = replace(DEMO, wave=0.5, supporters=0.1, takeovers=0.15, announced=0.8)
    return Network(simulate(folder, accounts=1000, days=20, seed=7, knobs=knobs))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Network]:
    """Simulate a small network with some knobs turned."""

    def made(accounts: int = 300, days: int = 5, seed: int = 1, **knobs: Any) -> Network:
        folder = tmp_path / f"{accounts}-{days}-{seed}-{len(list(tmp_path.iterdir()))}"
        return Network(simulate(folder, accounts, days, seed, replace(DEMO, **knobs)))

    return made
