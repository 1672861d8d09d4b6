"""Numbers in addresses and forms, as far as a database can hold them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi import Path as PathParameter

Number = Annotated[int, PathParameter(ge=1, lt=1 << 63)]
Whole = Annotated[int, Form(ge=0, lt=1 << 63)]


def number_of(given: str) -> int | None:
    """A number in a query; None for what is none."""
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) <= 18 else None
