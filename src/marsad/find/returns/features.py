"""What is compared of two accounts, and how often each outcome is expected.

Each comparison ends in a level: 0 for nothing in common, then up. ``matches`` are the fractions of
the levels expected where one person is behind both accounts, ``others`` where two are. They are
starting points: the fractions among others are estimated from the pairs themselves, inside each
block, and those among matches where there is enough to learn from. ``matches`` are our choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

MISSING = -1


@dataclass(frozen=True)
class Feature:
    """One comparison; level n + 1 begins at ``steps[n]`` of its value."""

    name: str
    steps: tuple[float, ...]
    matches: tuple[float, ...]
    others: tuple[float, ...]

    def levels(self, values: Floats) -> Levels:
        """The level of each value; `MISSING` for NaN."""
        found = np.searchsorted(np.array(self.steps), values, side="right").astype(np.int8)
        return np.where(np.isnan(values), np.int8(MISSING), found)


FEATURES = (
    Feature("announcement", (1.0, 2.0, 3.0), (0.60, 0.08, 0.12, 0.20),
            (0.985, 0.012, 0.0029, 0.0001)),
    Feature("handle", (0.80, 0.88, 0.94, 0.999), (0.25, 0.08, 0.12, 0.15, 0.40),
            (0.91, 0.06, 0.02, 0.008, 0.002)),
    Feature("name", (0.85, 0.999), (0.40, 0.10, 0.50), (0.970, 0.020, 0.010)),
    Feature("bio", (0.3, 0.6, 0.999), (0.40, 0.10, 0.10, 0.40), (0.94, 0.03, 0.015, 0.015)),
    Feature("avatar", (0.879, 0.96), (0.40, 0.10, 0.50), (0.998, 0.001, 0.001)),
    Feature("follow", (0.02, 0.1, 0.3), (0.15, 0.15, 0.30, 0.40), (0.70, 0.25, 0.045, 0.005)),
    Feature("follower", (0.02, 0.1, 0.3), (0.25, 0.25, 0.35, 0.15), (0.75, 0.21, 0.037, 0.003)),
    Feature("hashtag", (0.05, 0.2, 0.4), (0.25, 0.30, 0.25, 0.20), (0.70, 0.22, 0.07, 0.01)),
    Feature("url", (0.01, 0.1), (0.70, 0.20, 0.10), (0.93, 0.06, 0.01)),
    Feature("mention", (0.02, 0.1, 0.3), (0.50, 0.20, 0.20, 0.10), (0.90, 0.07, 0.025, 0.005)),
    Feature("repost", (0.02, 0.1, 0.3), (0.50, 0.20, 0.20, 0.10), (0.85, 0.11, 0.035, 0.005)),
    Feature("style", (0.0, 1.0, 2.0, 3.0), (0.12, 0.20, 0.28, 0.22, 0.18),
            (0.50, 0.34, 0.13, 0.025, 0.005)),
    Feature("hours", (0.0, 1.0, 2.0), (0.25, 0.35, 0.28, 0.12), (0.50, 0.34, 0.14, 0.02)),
    Feature("language", (0.5,), (0.05, 0.95), (0.50, 0.50)),
    Feature("client", (0.5,), (0.30, 0.70), (0.60, 0.40)),
    Feature("lag", (1.0, 2.0, 3.0, 4.0), (0.08, 0.22, 0.10, 0.20, 0.40),
            (0.70, 0.20, 0.05, 0.035, 0.015)),
)  # fmt: skip
"""``lag``: 0 as active before the other was gone as after, 1 there before and quiet, 2 first known
more than 30 days after, 3 within 30 days, 4 within 7. ``announcement``: 1 one names the other, 2
where an announcement would stand, 3 and says that its writer moved."""

GROUPS = (
    ("follow", "follower", "hashtag", "url", "mention", "repost"),
    ("style", "hours", "language", "client"),
)
"""Features that depend on one another: friends share all of the first, countrymen of the second."""

NAMES = tuple(feature.name for feature in FEATURES)
STYLE: Mapping[str, float] = {"characters": 0.3, "words": 0.8, "shapes": 0.7, "makeup": 0.5,
                              "length": 0.35}  # fmt: skip
TIMES: Mapping[str, float] = {"hours": 0.2, "pauses": 0.5}
"""What each view counts; learnt on split timelines (benchmarks/returns.py)."""
