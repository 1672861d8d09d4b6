"""Effects of takedowns: what changed at a date, against what, and what cannot be told."""

from marsad.measure.effect.accounts import Accounts
from marsad.measure.effect.changed import as_percent
from marsad.measure.effect.differences import Compared, differences
from marsad.measure.effect.displacement import Displacement, displacement
from marsad.measure.effect.events import Event, rivals_of
from marsad.measure.effect.placebo import Placebos, placebo_dates
from marsad.measure.effect.ranking import Ranking, placebo_rank
from marsad.measure.effect.report import EffectReport, Told, measure_effect
from marsad.measure.effect.segmented import Segmented, segmented
from marsad.measure.effect.sentences import sentence, sentences
from marsad.measure.effect.series import Series
from marsad.measure.effect.synthetic import Synthetic, synthetic_control
from marsad.measure.effect.turnover import Turnover, turnover

__all__ = [
    "Accounts",
    "Compared",
    "Displacement",
    "EffectReport",
    "Event",
    "Placebos",
    "Ranking",
    "Segmented",
    "Series",
    "Synthetic",
    "Told",
    "Turnover",
    "as_percent",
    "differences",
    "displacement",
    "measure_effect",
    "placebo_dates",
    "placebo_rank",
    "rivals_of",
    "segmented",
    "sentence",
    "sentences",
    "synthetic_control",
    "turnover",
]
