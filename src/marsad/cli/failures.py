"""What a verb ended with, as an error that a person can act on."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.records.errors import MarsadError, OutsideError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_ROOM = re.compile("No space left on device|File too large|Disk quota exceeded")
_PARQUET = re.compile(r"""["']([^"']+\.parquet)["']""")


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Where the disk refuses and does not say what, it was this folder."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(folder)
        raise


def explained(error: BaseException) -> MarsadError:
    """The error itself where it explains itself, else one that does."""
    if isinstance(error, MarsadError):
        return _of_engine(error) if error.message.id == "engine.failed" else error
    if isinstance(error, OSError):
        return _of_disk(error)
    if isinstance(error, MemoryError):
        return OutsideError("cli.memory")
    return MarsadError("cli.fault", error=f"{type(error).__name__}: {error}"[:1000])


def _of_disk(error: OSError) -> OutsideError:
    said = error.strerror or str(error) or type(error).__name__
    what = f"{error.filename}: {said}" if error.filename else said
    if error.errno in _FULL or _NO_ROOM.search(what):
        return OutsideError("disk.full", what=what)
    return OutsideError("disk.refused" if error.errno in _REFUSED else "disk.failed", what=what)


def _of_engine(error: MarsadError) -> MarsadError:
    """An engine speaks of files: of one it had no room for, or of one that it could not read."""
    said = str(error.message.values["error"]).partition("\n")[0]
    if _NO_ROOM.search(said):
        return OutsideError("disk.full", what=said)
    named = _PARQUET.search(said)
    if named is None:
        return error
    why = said[named.end() :].strip(" :,.") or said
    return _of_file(Path(named[1]), why) or error


def _of_file(path: Path, why: str) -> MarsadError | None:
    """The error for a file of a workspace's table; None where it is no such file."""
    from marsad.workspace import Workspace
    from marsad.workspace.damage import explained as damaged
    from marsad.workspace.folder import SETTINGS

    root = next((folder for folder in path.parents if (folder / SETTINGS).is_file()), None)
    if root is None:
        return None
    log = Workspace.open(root).log
    for file in log.snapshot().files:
        if root / file.path == path:
            return damaged(log, file, "data.damaged", error=why)
    return None
