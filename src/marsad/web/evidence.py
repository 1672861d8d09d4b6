"""Findings as a page shows them: sentence, facts, features, the network as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.decide.exhibits import Post
from marsad.decide.findings import SealedFinding
from marsad.outputs.passage import Passage, cut, isolated, passage, plain_passage
from marsad.outputs.report import ties
from marsad.outputs.report.chart import Chart
from marsad.outputs.report.data import Feature, Meeting
from marsad.outputs.report.network import network_chart
from marsad.outputs.report.wording import Words
from marsad.records.message import Message
from marsad.records.times import to_datetime

SHOWN_EVIDENCE = 6
SHOWN_LIST = 8
WHOLE = 12_000
"""Characters of a post that are shown: a person who decides about it reads all of it."""

_HIDDEN = frozenset({
    "kind", "text", "span", "spans", "in", "entry_key", "match", "normal", "meetings", "since",
    "until", "windows", "together", "others", "features", "learnt", "objects", "first_movers",
    "rivals", "p", "q",
})  # fmt: skip
"""Fields of evidence that say nothing beyond what is shown, or that only programs read."""


class ByName:
    """Subjects under their own ids: the desk is where they may be seen."""

    def of(self, kind: str, identifier: str) -> str:
        """The id itself."""
        return identifier


@dataclass(frozen=True)
class Part:
    """One piece of evidence."""

    facts: Sequence[tuple[str, Passage | float]]
    features: Sequence[Feature]
    meetings: Sequence[Meeting]


@dataclass(frozen=True)
class Shown:
    """A finding on a page."""

    signal: str
    sentence: str
    score: float
    score_kind: str
    opens_case: bool
    parts: Sequence[Part]
    picture: Chart | None


def shown(finding: SealedFinding, words: Words) -> Shown:
    """A finding in a language."""
    evidence = [part for part in finding.evidence if isinstance(part, Mapping)]
    network = next((part for part in evidence if part.get("kind") == ties.KIND), None)
    others = [part for part in evidence if part is not network][:SHOWN_EVIDENCE]
    values = {name: _tame(value) for name, value in (finding.values or {}).items()}
    return Shown(
        finding.signal,
        Message(finding.message, values).render(words.lang),
        finding.score,
        finding.score_kind,
        finding.opens_case,
        [_part(part) for part in others],
        _picture(finding.finding_id, network, evidence, words) if network else None,
    )


def post_passage(post: Post) -> Passage:
    """A post in full, with what was matched in it marked."""
    return passage(post.text, post.marks, shown=WHOLE)


def whole_passage(text: str) -> Passage:
    """What a stranger wrote, in full."""
    return passage(text, shown=WHOLE)


def short_passage(text: str) -> Passage:
    """A name or a description of a stranger."""
    return plain_passage(text)


def _picture(
    id_: str, network: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], words: Words
) -> Chart:
    return network_chart(f"network-{id_}", ties.network(network, evidence, ByName()), words)


def _part(part: Mapping[str, Any]) -> Part:
    facts = [
        (name, _fact(name, value))
        for name, value in part.items()
        if name not in _HIDDEN and value not in (None, "", [])
    ]
    features = [Feature(**one) for one in part.get("features") or ()]
    meetings = [_meeting(one) for one in part.get("meetings") or ()]
    return Part(facts, sorted(features, key=lambda one: -one.weight), meetings)


def _meeting(one: Mapping[str, Any]) -> Meeting:
    beside = ("post", "partner_post", "at", "delay")
    what = next((str(value) for name, value in one.items() if name not in beside), "")
    return Meeting(one["at"], plain_passage(cut(what)), one["delay"])


def _fact(name: str, value: Any) -> Passage | float:
    if name.endswith("_at") and isinstance(value, int):
        return plain_passage(to_datetime(value).strftime("%Y-%m-%d %H:%M"))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, list):
        more = ["…"] if len(value) > SHOWN_LIST else []
        return plain_passage(" · ".join([*map(_said, value[:SHOWN_LIST]), *more]))
    return plain_passage(_said(value))


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return cut(str(value.get("url") or " ".join(str(part) for part in value.values())))
    return cut(str(value))


def _tame(value: Any) -> Any:
    """A value of a sentence that cannot reorder it, nor make it endless."""
    if isinstance(value, str):
        return isolated(cut(value))
    if isinstance(value, list):
        more = ["…"] if len(value) > SHOWN_LIST else []
        return [_tame(item) for item in value[:SHOWN_LIST]] + more
    return value
