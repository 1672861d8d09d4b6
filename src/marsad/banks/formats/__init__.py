"""The formats lists come in, one file each, in the order in which they are asked."""

from __future__ import annotations

from marsad.banks.formats.format import About, Bad, ListFormat, Row
from marsad.banks.formats.mastodon import DomainBlocks
from marsad.banks.formats.objects import Objects
from marsad.banks.formats.plain import Plain
from marsad.banks.formats.table import Table
from marsad.banks.formats.typed import Typed

__all__ = ["FORMATS", "About", "Bad", "ListFormat", "Row"]

FORMATS: tuple[type[ListFormat], ...] = (DomainBlocks, Objects, Typed, Table, Plain)
"""The most particular first; plain text takes whatever is left."""
