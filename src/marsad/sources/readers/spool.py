"""Bytes put on the disk, so that they can be read again and at any place."""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from marsad.records.errors import InputError, OutsideError

MOST_SPOOLED = 32 << 30
"""Bytes of what has to be put on the disk to be read: a pipe, or an archive inside another."""

_COPY = 1 << 20
_STANDARD_INPUT = Path("/dev/stdin")
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")


def spooled(stream: io.RawIOBase, limit: int) -> Any:
    """A temporary file with the stream's bytes, or None if they are more than ``limit``.

    Raises `OutsideError` when the disk does not hold it.
    """
    copy = tempfile.NamedTemporaryFile(prefix="marsad-")  # noqa: SIM115 - it outlives this call
    size = 0
    try:
        while piece := stream.read(_COPY):
            size += len(piece)
            if size > limit:
                return None
            copy.write(piece)
        copy.flush()
    except OSError as error:
        raise OutsideError("read.no_room", path=copy.name, error=str(error)) from error
    return copy


def as_path(given: Path) -> Path:
    """The path that is meant: ``-`` is the standard input."""
    return _STANDARD_INPUT if str(given) == "-" else given


def descriptor(path: Path) -> int | None:
    """The number of the open pipe that a path names; None for all that can be opened as a file."""
    if path.is_file() or path.is_dir():
        return None
    if path == _STANDARD_INPUT:
        return 0
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else None


def read_pipe(number: int) -> Any:
    """A temporary file with all that comes out of an open pipe.

    Raises `InputError` where it is a terminal, or ends in more than can be held; OSError where it
    is not open.
    """
    if os.isatty(number):
        raise InputError("input.terminal")
    with io.FileIO(os.dup(number)) as stream:
        copy = spooled(stream, MOST_SPOOLED)
    if copy is None:
        raise InputError("input.piped-too-large", limit=MOST_SPOOLED >> 30)
    return copy
