"""Bursts of hashtags and links, and the accounts that surface inside them."""

from marsad.find.bursts.signal import Bursts

__all__ = ["Bursts"]
