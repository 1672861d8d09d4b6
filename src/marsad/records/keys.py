"""The one place for secret keys on disk: 32 bytes that only their owner may read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from marsad.records.errors import InputError

KEY_BYTES = 32


def load_or_create(path: Path, purpose: str) -> bytes:
    """The key in a file; makes one where there is none yet.

    The key is a line of hexadecimal digits in a file that only its owner may read (0600). It
    appears whole or not at all, and of several processes that make it at once one wins.
    ``purpose`` names the messages of its errors: ``<purpose>.key-open``, ``<purpose>.key-damaged``.
    """
    try:
        return load(path, purpose)
    except FileNotFoundError:
        _create(path)
        return load(path, purpose)


def load(path: Path, purpose: str) -> bytes:
    """The key in a file. Raises `FileNotFoundError` where there is none, `InputError` where others
    can read it or it is damaged."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if os.name == "posix" and mode & 0o077:
            raise InputError(f"{purpose}.key-open", path=str(path), mode=f"{mode:04o}")
        text = file.read(4096)
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(f"{purpose}.key-damaged", path=str(path))
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(KEY_BYTES).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        aside.unlink(missing_ok=True)
