"""Prevalence in the frame: how many of the accounts that were found are what was looked for.

`draw` says whom to label, with known probabilities; `ppi` reads the labels back, and `Positives`
tells what the positives are like. What coders get wrong is corrected by `adjusted_prevalence`,
from a part that was labelled for certain.
"""

from marsad.measure.prevalence.coding import (
    CoderAccuracy,
    adjusted_prevalence,
    coder_accuracy,
    majority,
)
from marsad.measure.prevalence.composition import Positives
from marsad.measure.prevalence.design import Draw, draw
from marsad.measure.prevalence.estimate import Prevalence, ppi

__all__ = [
    "CoderAccuracy", "Draw", "Positives", "Prevalence", "adjusted_prevalence", "coder_accuracy",
    "draw", "majority", "ppi",
]  # fmt: skip
