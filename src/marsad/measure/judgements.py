"""Labels as judgements: positive, negative, or unsure, and what most labellers said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.records.errors import InputError

Floats = npt.NDArray[np.float64]

YES = frozenset(
    {"yes", "y", "1", "1.0", "true", "positive", "violating", "violation", "نعم", "مخالف"}
)
NO = frozenset(
    {"no", "n", "0", "0.0", "false", "negative", "none", "no violation", "not violating",
     "no-violation", "لا", "غير مخالف"}
)  # fmt: skip
UNSURE = frozenset({"unsure", "?", "unknown", "skip", "unclear", "لا أدري", "غير متأكد"})


@dataclass(frozen=True)
class Label:
    """What one person said of one subject."""

    subject: str
    label: str
    labeller: str | None = None


@dataclass(frozen=True)
class Judged:
    """Subjects with a row of codes each, a column a labeller: 1, 0, NaN for unsure and unsaid."""

    subjects: tuple[str, ...]
    labellers: tuple[str, ...]
    codes: Floats

    def majority(self) -> Mapping[str, float]:
        """What most said of each subject; NaN where they are even, or all unsure."""
        lead = np.nansum(2 * self.codes - 1, axis=1)
        called = np.where(lead > 0, 1.0, np.where(lead < 0, 0.0, np.nan))
        return dict(zip(self.subjects, called.tolist(), strict=True))

    def by(self, labeller: str) -> Judged:
        """What one labeller said alone."""
        return self._columns([who == labeller for who in self.labellers])

    def without(self, labeller: str) -> Judged:
        """What all others said."""
        return self._columns([who != labeller for who in self.labellers])

    def _columns(self, kept: Sequence[bool]) -> Judged:
        names = tuple(who for who, keep in zip(self.labellers, kept, strict=True) if keep)
        return Judged(self.subjects, names, self.codes[:, np.array(kept, bool)])


def judged(labels: Iterable[Label], positive: Sequence[str] = ()) -> Judged:
    """Labels as codes. ``positive`` names the labels that count as positive; without it they are
    read as `YES`, `NO` and `UNSURE`, in any case, and others raise `InputError`.

    Of one person the label that comes last counts.
    """
    said: dict[str, dict[str, float]] = defaultdict(dict)
    wanted = {_plain(one) for one in positive}
    for one in labels:
        said[one.subject][one.labeller or ""] = _code(_plain(one.label), wanted)
    subjects = tuple(sorted(said))
    labellers = tuple(sorted({who for codes in said.values() for who in codes}))
    rows = [[said[subject].get(who, np.nan) for who in labellers] for subject in subjects]
    return Judged(subjects, labellers, np.array(rows, float).reshape(len(subjects), len(labellers)))


def _code(label: str, positive: set[str]) -> float:
    if label in UNSURE:
        return np.nan
    if positive:
        return float(label in positive)
    if label in YES:
        return 1.0
    if label in NO:
        return 0.0
    raise InputError("measure.labels.unknown", given=label[:50], yes="yes", no="no")


def _plain(label: str) -> str:
    return " ".join(label.lower().split())
