"""The room of the desk's tests, for reports about it."""

from __future__ import annotations

from tests.decide.conftest import room

__all__ = ["room"]
