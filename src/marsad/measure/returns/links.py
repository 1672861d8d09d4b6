"""Links from a closed account to the one its actor came back with, out of findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SIGNAL = "returns"


@dataclass(frozen=True)
class Link:
    """``child`` is held to be a return of ``parent``.

    ``appeared_at`` in µs UTC: when the child began, or began to be the actor's; ``sure`` is whether
    the signal claims it, or keeps it as unsure.
    """

    parent: str
    child: str
    appeared_at: int
    sure: bool


def links_of(findings: Iterable[Mapping[str, Any]]) -> Iterator[Link]:
    """The links in findings of `SIGNAL` (``subject_id`` and ``evidence``, as JSON): every object of
    kind ``return``. What is not in that form is passed over."""
    for finding in findings:
        evidence = json.loads(finding["evidence"])
        for item in evidence if isinstance(evidence, list) else [evidence]:
            if isinstance(item, dict) and item.get("kind") == "return":
                yield from _link(str(finding["subject_id"]), item)


def _link(child: str, item: Mapping[str, Any]) -> Iterator[Link]:
    parent, at, claim = item.get("parent"), item.get("appeared_at"), item.get("claim")
    if isinstance(parent, str) and isinstance(at, (int, float)) and claim in ("match", "unsure"):
        yield Link(parent, child, int(at), claim == "match")
