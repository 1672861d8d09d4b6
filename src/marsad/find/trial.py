"""What one bank would match in one text, before anything is searched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from marsad.banks import Bank
from marsad.find.registry import reading_banks
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.tables import POSTS
from marsad.records.urls import normalise_url


@dataclass(frozen=True)
class Trial:
    """One match: which signal, its score, its sentence, the evidence as in a finding."""

    signal: str
    score: float
    message: Message
    evidence: Sequence[Mapping[str, Any]]


def try_bank(bank: Bank, text: str) -> list[Trial]:
    """What a bank alone would match in a text, by each signal that reads its kind.

    A negative bank is tried as if it were positive: what matches is what it would hold back. An
    address needs no scheme here. Raises where no signal reads banks of that kind.
    """
    if bank.kind == "redirects":
        return _redirect(bank, text)
    found = []
    signals = reading_banks(bank.kind)
    if not signals:
        raise InputError("bank.no-signal", name=bank.name, kind=bank.kind)
    for name, signal in signals.items():
        batch = _post(text).select(list(signal.reads))
        rows = signal().load([replace(bank, negative=False)]).screen(batch).to_pylist()
        for row in rows:
            message = Message.from_json(row["message"], row["values"])
            found.append(Trial(name, row["score"], message, json.loads(row["evidence"])))
    return found


def _post(text: str) -> pa.RecordBatch:
    """A post that holds the text, and links to it if it is an address."""
    alone = text.strip()
    row = {
        **dict.fromkeys(POSTS.names), "id": "trial:1", "key": 1, "version": 1, "platform": "trial",
        "account": "trial:@somebody", "account_key": 1, "created_at": 0, "precision": 1,
        "kind": "post", "text": text, "urls": [alone] if normalise_url(alone) else [],
    }  # fmt: skip
    return pa.RecordBatch.from_pylist([row], schema=POSTS)


def _redirect(bank: Bank, text: str) -> list[Trial]:
    """Where a redirect bank says that an address leads."""
    short = normalise_url(text.strip())
    for entry in bank.active:
        if short is not None and normalise_url(entry.value) == short:
            target = str(entry.options.get("target", ""))
            message = Message("links.leads-to", {"entry": entry.value, "target": target})
            evidence = {"kind": "redirect", "bank": bank.name, "version": bank.version,
                        "entry": entry.value, "target": target}  # fmt: skip
            return [Trial("links", 1.0, message, [evidence])]
    return []
