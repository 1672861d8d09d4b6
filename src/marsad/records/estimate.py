"""An estimate: a number that never travels without its interval, method and frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from marsad.records.errors import InputError


@dataclass(frozen=True)
class Estimate:
    """A value with its interval.

    ``low`` ≤ ``value`` ≤ ``high``, all finite; ``level`` in (0, 1); ``frame`` says what the number
    is about and ``assumptions`` what must hold for it; ``n`` is the number of units behind it.
    ``bound`` is set where only one side is known. ``method``, ``frame``, ``assumptions`` and
    ``warnings`` are ids: the catalogues have a sentence for each (``report.method.…`` and so on).
    """

    name: str
    value: float
    low: float
    high: float
    level: float
    method: str
    frame: str
    n: int
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    bound: Literal["lower", "upper"] | None = None

    def __post_init__(self) -> None:
        numbers = (self.low, self.value, self.high)
        if not all(math.isfinite(x) for x in numbers) or not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: no finite interval: {numbers}")
        if not 0 < self.level < 1:
            raise ValueError(f"{self.name}: level {self.level} is not between 0 and 1")

    def to_dict(self) -> dict[str, Any]:
        """The estimate as the command line prints it with ``--json``."""
        fields = asdict(self)
        if self.bound is None:
            del fields["bound"]
        return fields


_ASSUMED = {"clopper-pearson": "independent-trials", "korn-graubard": "independent-clusters"}


def proportion(
    successes: int | Sequence[int],
    trials: int | Sequence[int],
    level: float = 0.95,
    *,
    name: str = "proportion",
    frame: str = "units",
) -> Estimate:
    """A proportion with a Clopper–Pearson interval, widened where units come in clusters.

    ``successes`` and ``trials`` are counts, or sequences of counts with one entry per cluster (for
    posts: per account). With clusters the number of trials is replaced by the effective one of
    Korn and Graubard (1998), n* = n / deff · (t_{n−1} / t_{C−1})², where deff is the ratio
    estimator's variance over the binomial's. Refuses where nothing was tried, and with fewer than
    two clusters.
    """
    if isinstance(successes, int) and isinstance(trials, int):
        tried = float(trials)
        return _exact(successes, trials, tried, level, name, frame, "clopper-pearson", ())
    if isinstance(successes, int) or isinstance(trials, int):
        raise InputError("estimate.lengths", name=name)
    return _clustered(list(successes), list(trials), level, name, frame)


def _clustered(
    successes: list[int], trials: list[int], level: float, name: str, frame: str
) -> Estimate:
    if len(successes) != len(trials):
        raise InputError("estimate.lengths", name=name)
    kept = [(x, n) for x, n in zip(successes, trials, strict=True) if n > 0]
    total, hits = sum(n for _, n in kept), sum(x for x, _ in kept)
    if total == 0:
        raise InputError("estimate.nothing", name=name)
    if len(kept) < 2:
        raise InputError("estimate.clusters", name=name, clusters=len(kept))
    effective = _effective_trials(kept, hits, total, level)
    warnings = ("few-clusters",) if len(kept) < 10 else ()
    method = "korn-graubard"
    return _exact(hits, total, effective, level, name, frame, method, warnings)


def _effective_trials(kept: list[tuple[int, int]], hits: int, total: int, level: float) -> float:
    """n* of Korn and Graubard; at p = 0 or 1 every cluster counts once, the safe side."""
    from scipy import stats

    p, clusters = hits / total, len(kept)
    if hits in (0, total):
        return float(clusters)
    spread = sum((x - p * n) ** 2 for x, n in kept) * clusters / (clusters - 1) / total**2
    design_effect = max(spread / (p * (1 - p) / total), 1.0)
    upper = (1 + level) / 2
    ratio = stats.t.ppf(upper, max(total - 1, 1)) / stats.t.ppf(upper, clusters - 1)
    return float(min(total / design_effect * ratio**2, total))


def _exact(
    hits: int,
    total: int,
    effective: float,
    level: float,
    name: str,
    frame: str,
    method: str,
    warnings: tuple[str, ...],
) -> Estimate:
    from scipy import stats

    if total <= 0:
        raise InputError("estimate.nothing", name=name)
    if not 0 <= hits <= total:
        raise InputError("estimate.counts", name=name, successes=hits, trials=total)
    p = hits / total
    x, alpha = p * effective, (1 - level) / 2
    low = 0.0 if hits == 0 else float(stats.beta.ppf(alpha, x, effective - x + 1))
    high = 1.0 if hits == total else float(stats.beta.ppf(1 - alpha, x + 1, effective - x))
    return Estimate(
        name, p, min(low, p), max(high, p), level, method, frame, total,
        assumptions=(_ASSUMED[method],), warnings=warnings,
    )  # fmt: skip
