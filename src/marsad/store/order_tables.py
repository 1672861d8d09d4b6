"""The tables of removal orders."""

from __future__ import annotations

from sqlalchemy import Table

PROJECTED: dict[str, Table] = {}
"""Projections whose rows belong to one entry of the log each, by their ``seq``."""
