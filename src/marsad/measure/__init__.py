"""Measures: one file each; every answer is an `Estimate`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.measure.capture_recapture import CaptureRecapture, capture_recapture
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
    "CaptureRecapture", "aalen_johansen", "aft", "capture_recapture", "compare", "cox",
    "cumulative_incidence", "kaplan_meier", "lifetimes", "log_rank", "proportional", "turnbull",
]  # fmt: skip

_HOMES = {
    "CaptureRecapture": "capture_recapture",
    "capture_recapture": "capture_recapture",
    **dict.fromkeys(
        ("aalen_johansen", "aft", "compare", "cox", "cumulative_incidence", "kaplan_meier",
         "lifetimes", "log_rank", "proportional", "turnbull"),
        "survival",
    ),
}  # fmt: skip
"""Where each function lives: it is imported when it is first asked for."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
