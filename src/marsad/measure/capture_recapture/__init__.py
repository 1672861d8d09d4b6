"""Capture–recapture: what no route of discovery saw, from how the routes overlap."""

import sys
from types import ModuleType

from marsad.measure.capture_recapture.abundance import Fitted
from marsad.measure.capture_recapture.measure import capture_recapture
from marsad.measure.capture_recapture.result import CaptureRecapture

__all__ = ["CaptureRecapture", "Fitted", "capture_recapture"]


class _Module(ModuleType):
    """`marsad.measure.capture_recapture` is this folder and, for readers, the function in it."""

    __call__ = staticmethod(capture_recapture)


sys.modules[__name__].__class__ = _Module
