"""Numbers in addresses and forms, as far as a database can hold them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi import Path as PathParameter

Number = Annotated[int, PathParameter(ge=1, lt=1 << 63)]
Whole = Annotated[int, Form(ge=0, lt=1 << 63)]
