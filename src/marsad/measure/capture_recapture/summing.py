"""The sum of independent estimates with an interval, however skewed theirs are.

Donner and Zou (2012, Statistical Methods in Medical Research 21:347): the sum's low end lies as far
below it as the root of the summed squares of the parts' distances to their low ends, and so above.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Interval = tuple[float, float, float | None]
"""Value, low and high; high is None where there is none."""


def summed(parts: Sequence[Interval]) -> Interval:
    """The interval of the sum of independent parts; without a high end if one part has none."""
    value = sum(part[0] for part in parts)
    low = value - math.hypot(*(part[0] - part[1] for part in parts))
    highs = [part[2] for part in parts if part[2] is not None]
    if len(highs) < len(parts):
        return value, low, None
    return value, low, value + math.hypot(*(h - p[0] for h, p in zip(highs, parts, strict=True)))
