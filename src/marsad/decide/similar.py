"""Decided cases that share something with a case: the rarer what they share, the likelier it helps.

The work is bounded whatever the number of cases: of a case the rarest `KEYS` keys are followed, of
each key the newest `OF_A_KEY` decided cases, and no key is counted beyond `COUNTED`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide import sharing
from marsad.decide.history import known_until
from marsad.decide.sharing import Key
from marsad.store import case_keys, sealed, verdicts
from marsad.store.case_keys import Kept
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.verdicts import Verdict

KINDS = ("entry", "text", "domain", "community", "hashtag")
KEYS, OF_A_KEY, COUNTED = 20, 20, 200


@dataclass(frozen=True)
class Similar:
    """A decided case and its verdict; what it ``shares`` with the case asked for, the rarest first
    (without words where they stand in no finding: the text of an item);
    ``weight`` grows with how rare that is."""

    case: int
    verdict: Verdict
    shares: tuple[Key, ...]
    weight: float


def decided_like(transaction: Transaction, case: Case, limit: int = 10) -> list[Similar]:
    """Decided cases like a case, the likest first; of its own person none, that is history."""
    if case.route == "random" and case.state != "decided":
        return []
    source = case.id if case.copy_of is None else case.copy_of
    below = known_until(transaction, case)
    kept = case_keys.by_rarity(transaction, source, KINDS, KEYS, COUNTED)
    shared: dict[int, list[Kept]] = defaultdict(list)
    for one in kept:
        for number in case_keys.with_key(transaction, one.number, OF_A_KEY, True, below):
            if number != source:
                shared[number].append(one)
    ranked = sorted(shared, key=lambda number: (-_weight(shared[number]), -number))
    return _told(transaction, case, source, ranked[: limit * 3], shared, below)[:limit]


def _weight(keys: Sequence[Kept]) -> float:
    return sum(math.log(1 + COUNTED / one.cases) for one in keys)


def _told(
    transaction: Transaction, case: Case, source: int, ranked: Sequence[int],
    shared: dict[int, list[Kept]], below: int | None,
) -> list[Similar]:  # fmt: skip
    last = verdicts.last_of_cases(transaction, ranked)
    words = _words(transaction, source)
    own = verdicts.cases_of(transaction, case.person, ranked)
    found = []
    for number in ranked:
        verdict = last.get(number)
        if verdict is None or verdict.step != "decided" or number in own:
            continue
        if below is not None and verdict.seq >= below:
            continue
        shares = tuple(words.get(one.number, Key(one.kind, "")) for one in shared[number])
        found.append(Similar(number, verdict, shares, _weight(shared[number])))
    return found


def _words(transaction: Transaction, case_id: int) -> dict[int, Key]:
    """What the keys of a case stand for."""
    found = sharing.of_findings(sealed.of_case(transaction, case_id))
    return {one.number: one for one in found}
