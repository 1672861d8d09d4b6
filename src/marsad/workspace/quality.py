"""How well people decide: agreement of second readings, and with golden cases, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marsad.decide import blind
from marsad.decide.outcomes import ACTING, ESCALATE, EXEMPT
from marsad.measure.agreement import krippendorff_alpha
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate, proportion
from marsad.store import golden
from marsad.store.database import Transaction
from marsad.store.golden import Answer

FAMILIES: Mapping[str, Callable[[str], str]] = {
    "outcome": str,
    "violating": lambda outcome: "violating" if outcome in ACTING else "not",
    "exempt": lambda outcome: EXEMPT if outcome == EXEMPT else "not",
    "taken-down": lambda outcome: "down" if outcome in ("remove", "suspend", "hide") else "not",
}
"""What two readings of a case are compared as: the outcome itself, whether it was against somebody,
whether it was an exemption, and whether it takes something down."""

NEXT = "marsad serve"


@dataclass(frozen=True)
class Agreement:
    """α of second readings by family; what cannot be told is among ``refused``. ``read`` cases were
    read twice, ``waiting`` are still to be read or were passed on to a senior."""

    estimates: tuple[Estimate, ...]
    refused: tuple[Refused, ...]
    read: int
    waiting: int


@dataclass(frozen=True)
class Golden:
    """How a reviewer (None: all) answered golden cases: ``agreement`` with its interval, and how
    many they passed on to a senior without it being an accepted answer, which is no answer."""

    reviewer: str | None
    agreement: Estimate
    passed_on: int


def agreement(transaction: Transaction, since: int = 0) -> Agreement:
    """Agreement of cases that were decided since a time (µs UTC) and drawn for a second reading."""
    found = golden.answers(transaction, blind.SECOND, since)
    pairs = [
        (one.known, one.outcome) for one in found
        if one.known is not None and one.outcome not in (None, ESCALATE)
    ]  # fmt: skip
    told, refused = [], []
    for family, of in FAMILIES.items():
        codes = [[of(str(first)), of(str(second))] for first, second in pairs]
        try:
            told.append(
                krippendorff_alpha(codes, name=f"agreement:{family}", frame="second-readings")
            )
        except Refused as refusal:
            refused.append(refusal)
    return Agreement(tuple(told), tuple(refused), len(pairs), len(found) - len(pairs))


def golden_agreement(transaction: Transaction, since: int = 0) -> list[Golden]:
    """Agreement with golden cases: of all together first, then of each reviewer by name. Raises
    `Refused` where none was answered."""
    given = [
        one for one in golden.answers(transaction, blind.GOLDEN, since)
        if one.accepted and one.reviewer is not None
    ]  # fmt: skip
    by: dict[str | None, list[Answer]] = {None: given}
    for one in given:
        by.setdefault(one.reviewer, []).append(one)
    names = sorted(name for name in by if name is not None)
    found = [told for name in (None, *names) if (told := _golden(name, by[name])) is not None]
    if not found:
        raise Refused("quality.no-golden", ["golden"], NEXT)
    return found


def _golden(reviewer: str | None, given: Sequence[Answer]) -> Golden | None:
    counts: Counter[str] = Counter(_read(one) for one in given)
    answered = counts["right"] + counts["wrong"]
    if not answered:
        return None
    name = f"golden-agreement:{reviewer}" if reviewer else "golden-agreement"
    told = proportion(counts["right"], answered, name=name, frame="golden-cases")
    return Golden(reviewer, told, counts["passed on"])


def _read(one: Answer) -> str:
    if one.outcome in one.accepted:
        return "right"
    return "passed on" if one.outcome == ESCALATE else "wrong"
