"""Members of a zip archive: by its directory, or one after another where the directory is lost.

Names inside an archive are names and nothing else: nothing is unpacked to a path that they say.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from marsad.sources.readers.decompress import (
    Decoder,
    Decompressed,
    Zstd,
    decode_bzip2,
    inflate_raw,
)
from marsad.sources.readers.streams import Checked, Ended, Stored, Stream

_LOCAL = struct.Struct("<4s5H3L2H")
_SIGNATURE = b"PK\x03\x04"
_STORED = 0
_ENCRYPTED = 1
_SIZE_FOLLOWS = 8
_UTF8_NAME = 0x800
_TOO_LARGE_FOR_32_BITS = 0xFFFFFFFF
# A data descriptor (at most 24 bytes) may stand between a member and the next header.
_DESCRIPTOR = 24
_DECODERS = {8: inflate_raw, 12: decode_bzip2, 93: Zstd}


@dataclass(frozen=True)
class Member:
    """One file in an archive. ``start`` is the place of its header; sizes are in bytes.

    ``size`` and ``crc`` are None where only decompressing tells.
    """

    name: str
    start: int
    size: int | None
    crc: int | None
    method: int
    encrypted: bool = False


@dataclass(frozen=True)
class Listing:
    """The members of an archive; ``fault`` where there were more that can no longer be found."""

    members: tuple[Member, ...]
    fault: str | None = None


def is_zip(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a zip archive (an empty one has no members)."""
    return head.startswith((_SIGNATURE, b"PK\x05\x06"))


def listing(path: Path) -> Listing:
    """The files in an archive, in the order of their names; folders are left out."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = Listing(tuple(_from_directory(info) for info in archive.infolist()))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OSError):
        found = _salvage(path)
    files = (member for member in found.members if not member.name.endswith("/"))
    return Listing(tuple(sorted(files, key=lambda member: member.name)), found.fault)


def _from_directory(info: zipfile.ZipInfo) -> Member:
    return Member(
        name=info.filename,
        start=info.header_offset,
        size=info.compress_size,
        crc=info.CRC,
        method=info.compress_type,
        encrypted=bool(info.flag_bits & _ENCRYPTED),
    )


def open_member(path: Path, member: Member) -> Stream:
    """The member's bytes, checked against its CRC. Faults: ``archive-cut-off``,
    ``archive-corrupt``, ``archive-encrypted``, ``archive-unsupported``."""
    if member.encrypted:
        return Ended("archive-encrypted")
    with path.open("rb") as file:
        header = _header_at(file, member.start)
    if header is None:
        return Ended("archive-corrupt")
    if member.method == _STORED and member.size is None:
        return Ended("archive-unsupported")
    stored = Stored(path, header.data, member.size)
    if member.method == _STORED:
        stream: Stream = stored
    elif decoder := _DECODERS.get(member.method):
        stream = Decompressed(stored, decoder, members=False)
    else:
        stored.close()
        return Ended("archive-unsupported")
    return stream if member.crc is None else Checked(stream, member.crc)


@dataclass(frozen=True)
class _Header:
    """A local header; ``data`` is where the member's bytes begin."""

    member: Member
    data: int


def _header_at(file: BinaryIO, start: int) -> _Header | None:
    """The header at ``start``, if one stands there whole."""
    file.seek(start)
    fixed = file.read(_LOCAL.size)
    if len(fixed) < _LOCAL.size or not fixed.startswith(_SIGNATURE):
        return None
    _, _, flags, method, _, _, crc, size, full_size, name_size, extra_size = _LOCAL.unpack(fixed)
    name, extra = file.read(name_size), file.read(extra_size)
    if len(name) + len(extra) < name_size + extra_size:
        return None
    follows = bool(flags & _SIZE_FOLLOWS)
    member = Member(
        name=name.decode("utf-8" if flags & _UTF8_NAME else "cp437", "replace"),
        start=start,
        size=None if follows else _real_size(size, full_size, extra),
        crc=None if follows else crc,
        method=method,
        encrypted=bool(flags & _ENCRYPTED),
    )
    return _Header(member, start + _LOCAL.size + name_size + extra_size)


def _real_size(size: int, full_size: int, extra: bytes) -> int:
    """The compressed size, from the zip64 field where 32 bits do not hold it."""
    if size != _TOO_LARGE_FOR_32_BITS:
        return size
    place = 8 if full_size == _TOO_LARGE_FOR_32_BITS else 0
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1 and len(extra) >= 4 + place + 8:
            return int(struct.unpack_from("<Q", extra, 4 + place)[0])
        extra = extra[4 + length :]
    return size


def _salvage(path: Path) -> Listing:
    """The members that stand before the cut in an archive whose directory is missing."""
    members = []
    length = path.stat().st_size
    for header, end in _walk(path):
        members.append(header.member)
        if end is None or end > length:  # the cut is inside this one, and reading it says so
            return Listing(tuple(members))
    return Listing(tuple(members), "archive-cut-off")


def _walk(path: Path) -> Iterator[tuple[_Header, int | None]]:
    """Local headers one after another, each with the end of its data if that can be known."""
    place = 0
    with path.open("rb") as file:
        while (header := _header_at(file, place)) is not None:
            size = header.member.size
            end = _find_end(path, header) if size is None else header.data + size
            yield header, end
            if end is None:
                return
            file.seek(end)
            gap = file.read(_DESCRIPTOR + len(_SIGNATURE)).find(_SIGNATURE)
            if gap < 0:
                return
            place = end + gap


def _find_end(path: Path, header: _Header) -> int | None:
    """Where the data of a member of unknown size ends: its compression knows."""
    make = _DECODERS.get(header.member.method)
    if make is None:
        return None
    with Stored(path, header.data) as stored:
        decoder: Decoder = make()
        while not decoder.eof and not decoder.broken:
            data = (stored.read(1 << 18) or b"") if decoder.needs_input else b""
            if decoder.needs_input and not data:
                return None
            decoder.decompress(data)
        return header.data + stored.done - len(decoder.unused_data) if decoder.eof else None
