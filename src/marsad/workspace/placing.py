"""Where the desk's database of a workspace is: review.db, or a server that the settings name.

``database = "postgresql+psycopg://…"`` in marsad.toml, or ``$MARSAD_DATABASE``, which goes before
it. No password stands in marsad.toml, which people copy and show: it is a line of its own in
``keys/database.password``, or where PostgreSQL's own programs look for it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marsad.records.errors import InputError
from marsad.store import addresses

DATABASE = "review.db"
VARIABLE = "MARSAD_DATABASE"
SETTING = "database"
PASSWORD = "keys/database.password"


def place(folder: Path, settings: Mapping[str, Any], file: Path) -> Path | str:
    """The file, or the server's URL with its password. Raises `InputError` for a setting that is no
    URL, a password in ``file``, which are the settings, and one that others can read."""
    given = os.environ.get(VARIABLE)
    if not given:
        given = settings.get(SETTING)
        if given is None:
            return folder / DATABASE
        if not isinstance(given, str):
            raise InputError("database.setting", file=str(file), valid=addresses.FORM)
        if addresses.has_password(given):
            where = str(folder / PASSWORD)
            raise InputError("database.password-written", file=str(file), place=where)
    return addresses.with_password(given, _password(folder / PASSWORD))


def shown(where: Path | str) -> str:
    """A place for people and logs, without the password."""
    return addresses.shown(addresses.parsed(where)) if isinstance(where, str) else str(where)


def _password(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if os.name == "posix" and mode & 0o077:
                raise InputError("database.password-open", file=str(path), mode=f"{mode:04o}")
            return file.read(4096).decode("utf-8", "replace").strip("\r\n") or None
    except FileNotFoundError:
        return None
