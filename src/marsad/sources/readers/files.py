"""Which files there are to read: folders walked, archives opened up, each with a stable name."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from marsad.records.errors import InputError
from marsad.sources.readers.decompress import decompressed
from marsad.sources.readers.spool import MOST_SPOOLED, as_path, descriptor, read_pipe, spooled
from marsad.sources.readers.streams import Ended, Peeked, Stored, Stream
from marsad.sources.readers.zip_archive import Member, is_zip, listing, open_member

_HEAD = 4
MAX_ARCHIVE_DEPTH = 3
"""Archives inside archives that are opened; deeper ones are refused, as bombs are made so."""
NO_DATA = ".marsad-no-data"
"""A file of this name in a folder says that nothing in it is to be imported."""
_OFFICE = ("[Content_Types].xml", "mimetype")
_NOT_DATA = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class InputFile:
    """One file to read: on the disk, or a member of an archive.

    ``name`` is for people and for provenance: relative, the same wherever the data lies, with
    ``archive.zip!member.csv`` for members. ``size`` is in bytes as stored. ``fault`` is the
    reason why nothing of it can be read (an id, ``reject.<fault>``).
    """

    name: str
    path: Path
    size: int
    member: Member | None = None
    fault: str | None = None
    unpacked: IO[bytes] | None = None
    """The temporary file that ``path`` names, for what came out of a pipe and for a member of an
    archive inside an archive; it is deleted with the last file that needs it."""

    def stored(self) -> Stream:
        """The bytes as stored; a member's as its archive holds it, without the archive's own
        compression. Raises `InputError` if it cannot be opened."""
        if self.fault:
            return Ended(self.fault)
        try:
            if self.member:
                return open_member(self.path, self.member)
            return Stored(self.path)
        except OSError as error:
            raise unreadable(self.path, error) from error

    def open(self) -> Stream:
        """A binary stream of the content, every layer of compression taken off."""
        return decompressed(self.stored())


def files(paths: Sequence[Path]) -> list[InputFile]:
    """The files to read for paths given by a person.

    Folders are walked in the order of names, hidden files left out; zip archives are opened up;
    ``-`` is the standard input. A file that is reached twice is read once. Raises `InputError` for
    a path that does not exist, a folder without files and what may not be read; what a file holds
    is not judged here.
    """
    found: dict[Path, InputFile] = {}
    for given in map(as_path, map(Path, paths)):
        try:
            number = descriptor(given)
            if number is not None:
                if given not in found:
                    found[given] = _piped(number)
                continue
            for path, name in _walk(given):
                found.setdefault(path.resolve(), InputFile(name, path, path.stat().st_size))
        except OSError as error:
            raise unreadable(given, error) from error
    named = _with_distinct_names(list(found.values()))
    return [inner for file in named for inner in _open_up(file, 0)]


def _piped(number: int) -> InputFile:
    """What comes out of a pipe, as a file."""
    copy = read_pipe(number)
    path = Path(copy.name)
    return InputFile(f"fd{number}" if number else "stdin", path, path.stat().st_size, unpacked=copy)


def _walk(given: Path) -> Iterator[tuple[Path, str]]:
    """The files of a path with their names; a folder's begin with its own name."""
    if not given.exists():
        raise InputError("input.missing", path=str(given))
    if not given.is_dir():
        if not given.is_file():
            raise InputError("input.not_a_file", path=str(given))
        yield given, given.name
        return
    folder = given.resolve()
    inside = sorted(_files_below(folder), key=lambda path: path.relative_to(folder).as_posix())
    if not inside:
        raise InputError("input.empty_folder", path=str(given))
    for path in inside:
        yield path, f"{folder.name}/{path.relative_to(folder).as_posix()}".lstrip("/")


def _files_below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise unreadable(Path(error.filename or folder), error) from error

    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [
            name for name in folders if not _hidden(name) and not Path(here, name, NO_DATA).exists()
        ]
        for name in names:
            path = Path(here, name)
            if not _hidden(name) and path.is_file():
                yield path


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in _NOT_DATA


def _with_distinct_names(found: list[InputFile]) -> list[InputFile]:
    """Files whose names collide are told apart by the folders they lie in."""
    result = found
    for depth in range(1, 1 + max((len(file.path.resolve().parts) for file in found), default=0)):
        names = Counter(file.name for file in result)
        if max(names.values(), default=0) <= 1:
            break
        result = [
            replace(now, name="/".join(now.path.resolve().parts[-depth - 1 :]).lstrip("/"))
            if names[now.name] > 1
            else now
            for now in result
        ]
    return result


def _open_up(file: InputFile, depth: int) -> Iterator[InputFile]:
    """The file itself, or what is in it if it is an archive."""
    with Peeked(file.open(), _HEAD) as stream:
        if not is_zip(stream.head):
            yield file
            return
        if depth == MAX_ARCHIVE_DEPTH:
            yield replace(file, fault="archive-too-deep")
            return
        archive = file if _is_stored_zip(file) else _unpack(file, stream)
    if archive.fault:
        yield archive
        return
    yield from _members(archive, file, depth)


def _members(archive: InputFile, outer: InputFile, depth: int) -> Iterator[InputFile]:
    found = listing(archive.path)
    if any(member.name in _OFFICE for member in found.members):
        yield outer  # a document that only happens to be packed; opening it says what it is
        return
    seen: Counter[str] = Counter()
    for member in found.members:
        if any(_hidden(part) for part in member.name.split("/") if part not in ("", ".", "..")):
            continue
        seen[member.name] += 1
        again = f" ({seen[member.name]})" if seen[member.name] > 1 else ""
        inner = InputFile(
            name=f"{outer.name}!{member.name}{again}",
            path=archive.path,
            size=member.size if member.size is not None else archive.size - member.start,
            member=member,
            unpacked=archive.unpacked,
        )
        yield from _open_up(inner, depth + 1)
    if found.fault:
        yield replace(outer, fault=found.fault)


def _is_stored_zip(file: InputFile) -> bool:
    """Whether the archive lies on the disk as it is, so that it needs no unpacking."""
    if file.member:
        return False
    with Peeked(file.stored(), _HEAD) as stored:
        return is_zip(stored.head)


def _unpack(file: InputFile, stream: Stream) -> InputFile:
    """A copy on the disk of an archive that lies inside another one."""
    copy = spooled(stream, MOST_SPOOLED)
    if copy is None:
        return replace(file, fault="archive-too-large")
    path = Path(copy.name)
    return InputFile(file.name, path, path.stat().st_size, unpacked=copy)


def unreadable(path: Path, error: OSError) -> InputError:
    """The error for a path that the operating system does not let us read."""
    return InputError("input.unreadable", path=str(path), error=error.strerror or str(error))
