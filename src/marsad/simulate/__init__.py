"""A social network whose truth is known, written as the plain files any platform exports."""

from marsad.simulate.knobs import DEMO, Knobs
from marsad.simulate.simulation import Summary, simulate

__all__ = ["DEMO", "Knobs", "Summary", "simulate"]
