"""The shape of a watched network before and after a takedown."""

from marsad.measure.network.shape import Shape, removed_at_random, shape
from marsad.measure.network.ties import Ties

__all__ = ["Shape", "Ties", "removed_at_random", "shape"]
