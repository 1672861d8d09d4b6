"""One finding a child: why it may be the return of an account that is gone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from marsad.find.returns import compare
from marsad.find.returns.accounts import NEVER
from marsad.find.returns.claims import Claim, claims, roots
from marsad.find.returns.features import NAMES
from marsad.find.returns.matching import Weighed
from marsad.find.returns.parents import Vouched
from marsad.find.signal import Found
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.times import to_datetime

FULL = 30.0
"""ln odds that count as a score of 1 where no probability can be given."""

CLEARLY = math.log(2)
"""Weight, for or against, that makes a match twice as likely: less is not spoken of."""

SHOWN_FEATURES = 3

REASON = {
    "announcement": "announced",
    "follower": "followed",
    **dict.fromkeys(("handle", "name", "bio", "avatar"), "names"),
    **dict.fromkeys(("follow", "hashtag", "url", "mention", "repost"), "company"),
    **dict.fromkeys(("style", "hours", "language", "client"), "writing"),
}
"""What the sentence calls a feature."""


def findings(found: Weighed, gone: Mapping[str, Vouched]) -> Iterator[Found]:
    """The claims as findings; those that are unsure open no case."""
    since, first = found.known.since, compare.appeared(found.known)
    made = claims(found.pairs, found.chance, found.log_odds, since, first)
    heads = roots(made)
    for one in made:
        yield _finding(one, found, gone, heads[one.child])


def _finding(one: Claim, found: Weighed, gone: Mapping[str, Vouched], root: int) -> Found:
    ids = found.known.accounts.ids
    child, parent = ids[one.child].as_py(), ids[one.parent].as_py()
    how, kind = _how(one, found), "probability" if found.calibrated else "weight"
    evidence = {
        "kind": "return",
        "parent": parent,
        "since": int(found.known.since[one.parent]),
        "appeared_at": _appeared(one, found),
        "weight": round(float(found.log_odds[one.pair]), 3),
        "claim": "match" if one.clear else "unsure",
        "how": how,
        "features": _features(one.pair, found),
        "learnt": found.learnt,
        "bank": gone[parent].bank,
        "basis": gone[parent].basis,
        "source": gone[parent].source,
        "changed": list(_changes(one, found)),
        "rivals": [
            {"parent": ids[int(found.pairs.parent[at])].as_py(),
             "weight": round(float(found.log_odds[at]), 3)}
            for at in one.rivals
        ],
    }  # fmt: skip
    return Found(
        "account", child, key(child), child, _score(one, found), _message(one, found, parent, how),
        [evidence], parent, score_kind=kind, opens_case=one.clear,
        community=f"lineage:{key(ids[root].as_py()):016x}",
    )  # fmt: skip


def _how(one: Claim, found: Weighed) -> str:
    """``takeover`` where an older account changed after a silence and after the other was gone,
    ``backup`` where it was there before, else ``new``."""
    since = int(found.known.since[one.parent])
    if int(found.known.accounts.first[one.child]) >= since:
        return "new"
    return "takeover" if int(found.known.cuts.since[one.child]) >= since else "backup"


def _changes(one: Claim, found: Weighed) -> tuple[str, ...]:
    texts = found.known.texts
    changed = found.known.cuts.changed if texts is None else texts.changed
    return changed.get(one.child, ())


def _appeared(one: Claim, found: Weighed) -> int | None:
    at = int(compare.appeared(found.known)[one.child])
    return None if at == NEVER else at


def _features(pair: int, found: Weighed) -> list[dict[str, Any]]:
    """Every feature that could be compared, the heaviest first."""
    rows = [
        {"name": name, "value": round(float(found.values[pair, n]), 4),
         "weight": round(float(found.weights[pair, n]), 3)}
        for n, name in enumerate(NAMES)
        if not math.isnan(found.values[pair, n])
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(row["weight"]), row["name"]))


def _score(one: Claim, found: Weighed) -> float:
    if found.calibrated:
        return float(found.chance[one.pair])
    return min(max(float(found.log_odds[one.pair]) / FULL, 0.0), 1.0)


def _message(one: Claim, found: Weighed, parent: str, how: str) -> Message:
    """The sentence: its reason is the kind of feature that weighs most."""
    weights = found.weights[one.pair]
    best = max(REASON, key=lambda name: (weights[NAMES.index(name)], name))
    order = np.argsort(-weights, kind="stable")[:SHOWN_FEATURES]
    most = [NAMES[at] for at in order if weights[at] >= CLEARLY] or [best]
    values = {
        "parent": parent,
        "since": _day(int(found.known.since[one.parent])),
        "count": int((weights >= CLEARLY).sum()),
        "against": int((weights <= -CLEARLY).sum()),
        "compared": len(_features(one.pair, found)),
        "most": {"words": [f"report.feature.{name}" for name in most]},
    }
    if how == "takeover":
        changed = _changes(one, found)
        values["changed"] = {"words": [f"report.feature.{name}" for name in changed]}
    claim = "match" if one.clear else "unsure"
    return Message(f"returns.{claim}.{how}.{REASON[best]}", values)


def _day(at: int) -> str:
    return to_datetime(max(at, 0)).date().isoformat()
