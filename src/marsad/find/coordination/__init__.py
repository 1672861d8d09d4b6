"""Accounts that share the same objects closer together than chance would have it."""

from marsad.find.coordination.signal import Automation, Coordination

__all__ = ["Automation", "Coordination"]
