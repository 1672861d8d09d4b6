"""Findings put into what the report shows: pseudonyms, sentences, texts with their marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marsad.outputs.names import LINK_FIELDS, Names
from marsad.outputs.passage import Passage, cut, isolated, plain_passage
from marsad.outputs.report import ties
from marsad.outputs.report.data import (
    AccountLine,
    Accounts,
    Evidence,
    Fact,
    Feature,
    FindingLine,
    Meeting,
    SignalFindings,
    Within,
)
from marsad.outputs.report.proposals import (
    SHOWN_EVIDENCE,
    SHOWN_LIST,
    TENTHS,
    RawFindings,
    evidence_of,
)
from marsad.outputs.rows import Row
from marsad.records.message import Message
from marsad.records.times import to_datetime

_HIDDEN = (
    "kind", "text", "span", "spans", "in", "entry_key", "match", "normal", "meetings", "since",
    "until", "windows", "together", "others", "features", "learnt",
)  # fmt: skip
"""Fields of evidence that say nothing beyond what is shown, or that only programs read."""


def shown_signals(raw: RawFindings, names: Names) -> tuple[SignalFindings, ...]:
    """Signals with their findings, under pseudonyms."""
    return tuple(_signal(row, raw, names) for row in raw.signals)


def _signal(row: Row, raw: RawFindings, names: Names) -> SignalFindings:
    return SignalFindings(
        row["signal"],
        row["findings"],
        row["subjects"],
        row["accounts"],
        int(row["opens_case"] or 0),
        row["lowest"],
        row["highest"],
        tuple(int(row[f"tenth_{n}"] or 0) for n in range(TENTHS)),
        tuple(_finding(finding, raw, names) for finding in raw.tops[row["signal"]]),
    )


def _finding(row: Row, raw: RawFindings, names: Names) -> FindingLine:
    post = raw.posts.get(row["subject_id"], {})
    platform = row["subject_id"].partition(":")[0]
    evidence = evidence_of(row)
    own = _own_spans(evidence, row["subject_id"])
    network = next((item for item in evidence if item.get("kind") == ties.KIND), None)
    others = [item for item in evidence if item is not network][:SHOWN_EVIDENCE]
    text = post.get("text")
    return FindingLine(
        anchor=names.of("finding", row["finding_id"]),
        subject_kind=row["subject_kind"],
        subject=names.of(row["subject_kind"], row["subject_id"]),
        account=names.of("account", row["account"]) if row["account"] else None,
        score=row["score"],
        score_kind=row["score_kind"],
        message=_message(row, names, platform),
        evidence=tuple(_evidence(item, row, raw, names, platform) for item in others),
        text=names.passage(text, platform, own) if text else None,
        language=_language_tag(post.get("language")),
        posted_at=post.get("created_at"),
        opens_case=row["opens_case"],
        network=ties.network(network, evidence, names) if network else None,
    )


def _language_tag(code: str | None) -> str | None:
    """A language as HTML names it, for those who hear the page; None where it cannot be one."""
    return code if code and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) else None


def _message(row: Row, names: Names, platform: str) -> Message:
    """The sentence with values that name nobody and cannot reorder it."""
    values = Message.from_json(row["message"], row["values"]).values
    safe = {
        name: names.value("link" if _is_link(name, values) else name, value, platform)
        for name, value in values.items()
    }
    return Message(row["message"], {name: _isolated(value) for name, value in safe.items()})


def _isolated(value: Any) -> Any:
    if isinstance(value, str):
        return isolated(cut(value))
    if isinstance(value, list):
        more = ["…"] if len(value) > SHOWN_LIST else []
        return [_isolated(item) for item in value[:SHOWN_LIST]] + more
    return value


def _is_link(name: str, values: Mapping[str, Any]) -> bool:
    """Whether a value is a link: an entry is one where it matched a host."""
    return name in LINK_FIELDS or (name == "entry" and "host" in values)


def _spans(item: Mapping[str, Any]) -> list[tuple[int, int]]:
    pairs = [*(item.get("spans") or []), item.get("span")]
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(at, int) for at in pair)
    ]


def _own_spans(evidence: Sequence[Mapping[str, Any]], subject: str) -> list[tuple[int, int]]:
    """Where in the subject's own text the evidence stands."""
    own = [item for item in evidence if "text" not in item and item.get("post", subject) == subject]
    return [span for item in own for span in _spans(item)]


def _evidence(item: Row, row: Row, raw: RawFindings, names: Names, platform: str) -> Evidence:
    facts = [
        Fact(name, _fact("link" if _is_link(name, item) else name, value, names, platform))
        for name, value in item.items()
        if name not in _HIDDEN and value not in (None, "", [], row["subject_id"])
    ]
    return Evidence(
        str(item.get("kind", "")),
        tuple(facts),
        _text(item, row, raw, names, platform),
        tuple(_meeting(one, names, platform) for one in item.get("meetings") or ()),
        _sweep(item) if item.get("kind") == "sweep" else (),
        tuple(Feature(**one) for one in item.get("features") or ()),
    )


def _sweep(item: Mapping[str, Any]) -> tuple[Within, ...]:
    others = item["others"] or [None] * len(item["windows"])
    return tuple(map(Within, item["windows"], item["together"], others))


def _meeting(one: Mapping[str, Any], names: Names, platform: str) -> Meeting:
    """A meeting as evidence has it: the object is what stands beside the posts and the times."""
    beside = ("post", "partner_post", "at", "delay")
    (name, value), *_ = ((name, one[name]) for name in one if name not in beside)
    return Meeting(
        one["at"], plain_passage(_said(names.value(name, value, platform))), one["delay"]
    )


def _fact(name: str, value: Any, names: Names, platform: str) -> Passage | float:
    if name.endswith("_at") and isinstance(value, int):
        return plain_passage(to_datetime(value).strftime("%Y-%m-%d %H:%M"))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    safe = names.value(name, value, platform)
    if isinstance(safe, list):
        more = ["…"] if len(safe) > SHOWN_LIST else []
        return plain_passage(" · ".join([*(_said(part) for part in safe[:SHOWN_LIST]), *more]))
    return plain_passage(_said(safe))


def _said(value: Any) -> str:
    """A value in words; of a step of a chain its link."""
    if isinstance(value, Mapping):
        if {"value", "low", "high"} <= set(value):
            high = "∞" if value["high"] is None else value["high"]
            return f"{value['value']} ({value['low']} – {high})"
        return str(value.get("url") or " ".join(str(part) for part in value.values()))
    return str(value)


def _text(
    item: Mapping[str, Any], row: Row, raw: RawFindings, names: Names, platform: str
) -> Passage | None:
    """The text that a piece of evidence quotes, where it is not the subject's own."""
    if isinstance(item.get("text"), str):
        return names.passage(item["text"], platform, _spans(item))
    other = raw.posts.get(str(item.get("post", "")))
    if other and other["text"] and other["id"] != row["subject_id"]:
        return names.passage(other["text"], other["platform"], _spans(item))
    return None


def shown_accounts(raw: RawFindings, names: Names, lines: Sequence[SignalFindings]) -> Accounts:
    """The accounts with most findings, with where in the report theirs are shown."""
    anchors: dict[str, list[str]] = {}
    for signal in lines:
        for finding in signal.rows:
            if finding.account:
                anchors.setdefault(finding.account, []).append(finding.anchor)
    rows = tuple(_account(row, raw, names, anchors) for row in raw.accounts)
    return Accounts(rows, int(raw.accounts[0]["distinct"]) if raw.accounts else 0)


def _account(
    row: Row, raw: RawFindings, names: Names, anchors: Mapping[str, Sequence[str]]
) -> AccountLine:
    shown = names.of("account", row["account"])
    return AccountLine(
        shown,
        row["findings"],
        tuple(raw.by_signal.get(row["account"], ())),
        raw.written.get(row["account"], 0),
        row["highest"],
        tuple(anchors.get(shown, ())),
    )
