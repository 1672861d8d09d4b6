"""Files that are there whole or not at all, whatever stops the machine; and files that are gone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read: aside, to the disk, then under its name."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def destroy(path: Path) -> None:
    """Overwrites a file where it lies, as far as the disk does so, and removes it."""
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    remove(path)


def remove(path: Path) -> None:
    """Removes a file, if it is there, and has the disk know."""
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
        sync(path.parent)


def sync(folder: Path) -> None:
    """Has the disk know which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
