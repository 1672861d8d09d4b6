"""What speaks against a finding: said to every reviewer beside what speaks for it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from marsad.decide.dossier import Dossier
from marsad.decide.findings import SealedFinding
from marsad.decide.states import WAITING
from marsad.records.message import Message

SECOND_HAND = ("repost", "quote", "reply")
FEW = 2
UNSCORED = ("notice",)
"""Signals without a score: what people say is not measured."""


def against(dossier: Dossier) -> list[Message]:
    """Reasons for doubt, the weightiest first."""
    found = [*_of_case(dossier)]
    opening = {finding.signal for finding in dossier.findings if finding.opens_case}
    for finding in dossier.findings:
        found += _of_finding(finding, opening)
    found += _of_posts(dossier)
    return list({(one.id, str(one.values)): one for one in found}.values())


def _of_case(dossier: Dossier) -> Iterator[Message]:
    case = dossier.case
    if case.network_only and case.kind != "post":
        yield Message("against.network-only", {})
    if case.state not in WAITING:
        return  # what was decided does not speak against itself
    for event in dossier.of_kind("decided", "overturned"):
        if event.kind == "overturned":
            yield Message("against.overturned", {"outcome": _outcome(event.data)})
        elif event.data["outcome"] in ("no-violation", "exempt"):
            yield Message("against.decided", {"outcome": _outcome(event.data)})


def _outcome(data: Mapping[str, Any]) -> dict[str, list[str]]:
    return {"words": [f"outcome.{data['outcome']}"]}


def _of_finding(finding: SealedFinding, opening: Collection[str]) -> Iterator[Message]:
    signal = {"words": [f"signal.{finding.signal}"]}
    if finding.signal not in opening:
        yield Message("against.opens-none", {"signal": signal})
    for part in finding.evidence:
        yield from _of_part(part)
    if finding.signal == "phrases" and len(finding.evidence) < FEW and finding.opens_case:
        yield Message("against.one-phrase", {})


def _of_part(part: Mapping[str, Any]) -> Iterator[Message]:
    if part.get("kind") == "bank" and part.get("jaccard", 1) < 1:
        yield Message(
            "against.not-same", {"percent": 100 - math.floor(100 * part["jaccard"] + 1e-9)}
        )
    if part.get("kind") != "return":
        return
    if part.get("claim") == "unsure":
        yield Message("against.unsure", {})
    contrary = [one["name"] for one in part.get("features", ()) if one["weight"] < 0]
    if contrary:
        words = {"words": [f"report.feature.{name}" for name in contrary]}
        yield Message("against.features", {"features": words})
    if part.get("rivals"):
        yield Message("against.rivals", {"count": len(part["rivals"])})


def _of_posts(dossier: Dossier) -> Iterator[Message]:
    own = dossier.own_posts
    flagged = [post for post in own if post.signals]
    if dossier.case.kind == "account" and own:
        yield Message("against.flagged", {"flagged": len(flagged), "count": len(own)})
    for kind in SECOND_HAND:
        if any(post.kind == kind for post in flagged):
            yield Message(f"against.{kind}", {})
    scored = [one for one in dossier.findings if one.signal not in UNSCORED]
    if any(one.score_kind != "probability" for one in scored):
        yield Message("against.rank", {})
