"""Returns as the truth of a simulated network has them, and a signal that finds what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa

import marsad.workspace.finding as finding
from marsad.engines import Engine
from marsad.find.signal import Example, Found, NetworkSignal, Records, found_batch
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.workspace import Workspace


def link(
    parent: str, child: str, at: int, claim: str = "match", how: str = "new"
) -> dict[str, Any]:
    """A link as the evidence of a finding has it, with the child beside it."""
    return {"kind": "return", "parent": parent, "child": child, "since": 0, "appeared_at": at,
            "weight": 9.0, "claim": claim, "how": how, "features": []}  # fmt: skip


def store_links(workspace: Workspace, links: Sequence[Mapping[str, Any]], monkeypatch: Any) -> None:
    """Runs a signal called ``returns`` that finds these links, and stores its findings."""

    class Told(NetworkSignal):
        name: ClassVar[str] = "returns"
        reads: ClassVar[tuple[str, ...]] = ("posts",)

        def find(self, records: Records, engine: Engine) -> ir.Table:
            children: dict[str, list[Mapping[str, Any]]] = {}
            for one in links:
                children.setdefault(one["child"], []).append(one)
            rows = [_found(child, given) for child, given in children.items()]
            return engine.table(pa.Table.from_batches([found_batch(rows)]), "told")

        @classmethod
        def examples(cls) -> Sequence[Example]:
            return []

    with monkeypatch.context() as patched:
        patched.setattr(finding, "signal", lambda name: Told)
        finding.find(workspace, ["returns"])


def _found(child: str, links: Sequence[Mapping[str, Any]]) -> Found:
    message = Message("signal.coordination")
    return Found(
        "account", child, key(child), child, 0.9, message, list(links), str(links[0]["parent"]),
        community="lineage:0a",
    )  # fmt: skip
