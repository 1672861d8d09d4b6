"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.records.errors import InputError, OutsideError


@contextmanager
def written_aside(out: Path) -> Iterator[Path]:
    """A path beside ``out`` to write to; renamed to ``out`` at the end, removed on an error.

    Raises `InputError` where ``out`` names no file in a folder, `OutsideError` where the disk or
    its permissions refuse.
    """
    try:
        if out.is_dir():
            raise InputError("export.is-folder", path=str(out))
        if not out.parent.is_dir():
            raise InputError("export.no-folder", path=str(out), folder=str(out.parent))
        yield from _aside(out)
    except OSError as error:
        raise OutsideError(
            "export.cannot-write", path=str(out), error=error.strerror or str(error)
        ) from error


def _aside(out: Path) -> Iterator[Path]:
    aside = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    try:
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
