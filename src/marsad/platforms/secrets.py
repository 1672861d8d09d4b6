"""Keys that two sides share, with rotation: several are valid at once, and each has a name.

They are in a file of the workspace's folder ``keys`` (mode 0600), or in the environment, never in
marsad.toml. A line is a name and at least 64 hexadecimal digits; lines that begin with ``#`` say
nothing.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.platforms.base import Place
from marsad.records.errors import InputError

LARGEST = 16_384
MOST = 8
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z")
_KEY = re.compile(r"(?:[0-9a-fA-F]{2}){32,128}\Z")


@dataclass(frozen=True)
class Secret:
    """A key and its name; printing one shows the name alone."""

    name: str
    key: bytes = field(repr=False)


def variable(name: str) -> str:
    """The environment's name for the keys of a platform."""
    return f"MARSAD_{re.sub('[^A-Z0-9]', '_', name.upper())}_KEYS"


def read(place: Place, environment: Mapping[str, str] = os.environ) -> tuple[Secret, ...]:
    """The keys of a platform, from the environment (lines apart by commas or ends of lines) if it
    is set there, else from ``keys/NAME.keys``.

    Raises `InputError` where there are none, others can read the file, or a line is no key; no
    error quotes what a line holds.
    """
    path, said = place.keys / f"{place.name}.keys", environment.get(variable(place.name), "")
    where = variable(place.name) if said.strip() else str(path)
    text = said if said.strip() else _file(path, place.name)
    lines = [line.strip() for line in text.replace(",", "\n").splitlines()]
    found = tuple(
        _secret(number, line, where)
        for number, line in enumerate(lines, start=1)
        if line and not line.startswith("#")
    )
    if not 1 <= len(found) <= MOST or len({one.name for one in found}) < len(found):
        raise InputError("platform.keys-count", where=where, most=MOST)
    return found


def _secret(number: int, line: str, where: str) -> Secret:
    name, _, key = line.partition(":") if ":" in line else line.partition(" ")
    name, key = name.strip(), key.strip()
    if not _NAME.match(name) or not _KEY.match(key):
        raise InputError("platform.keys-line", where=where, line=number)
    return Secret(name, bytes.fromhex(key))


def private_text(path: Path) -> str:
    """What stands in a file that only its owner may read. Raises `FileNotFoundError` where there is
    none, `InputError` where others can read it."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if os.name == "posix" and mode & 0o077:
            raise InputError("platform.keys-open", path=str(path), mode=f"{mode:04o}")
        return file.read(LARGEST).decode("ascii", "replace")


def _file(path: Path, name: str) -> str:
    try:
        return private_text(path)
    except FileNotFoundError as error:
        raise InputError("platform.keys-none", path=str(path), name=variable(name)) from error
