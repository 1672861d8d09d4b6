"""Answers from the truth of a simulated network, in place of people who label."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

PLATFORM = "simulated"
LABELLER = "truth"


def answer_labels(network: Path, subjects: Iterable[str], draw: str) -> list[dict[str, str]]:
    """A label for each account of a ``draw``: yes if it violates the demonstration's policy."""
    columns = ["account_id", "is_violating"]
    truth = pq.read_table(network / "truth" / "accounts.parquet", columns=columns)
    violating = set(truth.filter(pc.field("is_violating"))["account_id"].to_pylist())
    return [
        {"platform": PLATFORM, "subject": subject, "subject_kind": "account", "draw": draw,
         "label": "yes" if subject.removeprefix(f"{PLATFORM}:") in violating else "no",
         "labeller": LABELLER}
        for subject in subjects
    ]  # fmt: skip


def wave_at(network: Path) -> int:
    """When the wave of suspensions came, in µs UTC."""
    told = json.loads((network / "truth" / "knobs.json").read_text("utf-8"))
    start = datetime.fromisoformat(str(told["knobs"]["start"])).replace(tzinfo=UTC)
    days = float(told["days"]) * float(told["knobs"]["wave_at"])
    return round((start.timestamp() + days * 86_400) * 1_000_000)
