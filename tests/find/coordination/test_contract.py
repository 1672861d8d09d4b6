"""Both signals keep the contract of signals."""

from __future__ import annotations

from marsad.find.contract import SignalContract
from marsad.find.coordination import Automation, Coordination


class TestCoordination(SignalContract):
    signal = Coordination


class TestAutomation(SignalContract):
    signal = Automation
