"""The signal keeps the contract of signals."""

from __future__ import annotations

from marsad.find.bursts import Bursts
from marsad.find.contract import SignalContract


class TestBursts(SignalContract):
    signal = Bursts
