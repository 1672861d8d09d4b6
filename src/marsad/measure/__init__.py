"""Measures: every answer is an `Estimate`, or a refusal that says what is missing.

The functions take plain arrays and need no workspace; each is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.measure.actors import accounts_per_actor
    from marsad.measure.agreement import krippendorff_alpha
    from marsad.measure.capture_recapture import capture_recapture
    from marsad.measure.effect import differences, measure_effect, segmented, synthetic_control
    from marsad.measure.prevalence import adjusted_prevalence, coder_accuracy, draw, ppi
    from marsad.measure.respondent_driven import rds
    from marsad.measure.survival import (
        aalen_johansen,
        aft,
        compare,
        cox,
        cumulative_incidence,
        kaplan_meier,
        lifetimes,
        log_rank,
        proportional,
        turnbull,
    )

__all__ = [
    "aalen_johansen", "accounts_per_actor", "adjusted_prevalence", "aft", "capture_recapture",
    "coder_accuracy", "compare", "cox", "cumulative_incidence", "differences", "draw",
    "kaplan_meier", "krippendorff_alpha", "lifetimes", "log_rank", "measure_effect", "ppi",
    "proportional", "rds", "segmented", "synthetic_control", "turnbull",
]  # fmt: skip

_HOMES = {
    "actors": ("accounts_per_actor",),
    "agreement": ("krippendorff_alpha",),
    "capture_recapture": ("capture_recapture",),
    "effect": ("differences", "measure_effect", "segmented", "synthetic_control"),
    "prevalence": ("adjusted_prevalence", "coder_accuracy", "draw", "ppi"),
    "respondent_driven": ("rds",),
    "survival": (
        "aalen_johansen", "aft", "compare", "cox", "cumulative_incidence", "kaplan_meier",
        "lifetimes", "log_rank", "proportional", "turnbull",
    ),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
