"""The transparency report as a page, a table and JSON, in English and Arabic."""

from __future__ import annotations

from marsad.outputs.transparency.writing import written

__all__ = ["written"]
