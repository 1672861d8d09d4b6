"""Compressed streams: gzip, Zstandard, bzip2 and xz, told by their first bytes.

A decompressor here never raises and never gives more than a bounded piece at once, so that neither
a broken file nor a decompression bomb costs more than the bytes that cannot be read.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import zstandard

from marsad.sources.readers.streams import Peeked, Stream, Wrapped

_READ = 1 << 18
_PIECE = 1 << 20
_SMALL_PIECE = 1 << 16
# 512 bytes of Zstandard expand to at most 16 MiB: a block of 128 KiB takes 4 bytes or more.
_ZSTD_STEP = 1 << 9
# What `zstd --long=31` needs; large public archives of posts are packed with it.
_ZSTD_WINDOW = 1 << 31
_MAX_LAYERS = 5
_LONGEST_MAGIC = 10


class Decoder(Protocol):
    """One compressed member: a gzip member, a Zstandard frame, …"""

    eof: bool
    broken: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes) -> bytes:
        """A piece of output, which may be empty. On broken input what came before it."""


class Inflate:
    """Deflate, with zlib's ``wbits`` for the container: 31 gzip, -15 none."""

    def __init__(self, wbits: int) -> None:
        self._zlib = zlib.decompressobj(wbits)
        self.eof = self.broken = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes) -> bytes:
        """At most 1 MiB of output."""
        data = self._zlib.unconsumed_tail + data
        before = self._zlib.copy()
        try:
            out = self._zlib.decompress(data, _PIECE)
        except zlib.error:
            self.broken = True
            return _until_broken(before, data)
        self.eof = self._zlib.eof
        self.needs_input = not self._zlib.unconsumed_tail and len(out) < _PIECE
        self.unused_data = self._zlib.unused_data
        return out


def _until_broken(state: Any, data: bytes) -> bytes:
    """What zlib gives before it fails: it throws away the output of the call that fails."""
    pieces = []
    try:
        for i in range(len(data)):
            pieces.append(state.decompress(data[i : i + 1]))
    except zlib.error:
        pass
    return b"".join(pieces)


class Zstd:
    """A Zstandard frame, fed in steps so small that none can expand beyond bounds."""

    def __init__(self) -> None:
        self._zstd = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        self._waiting = memoryview(b"")
        self.eof = self.broken = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes) -> bytes:
        """1 MiB of output or a little more; at most 17 MiB for hostile input."""
        waiting = memoryview(bytes(self._waiting) + data) if data else self._waiting
        pieces, size = [], 0
        while waiting and size < _PIECE and not self.eof and not self.broken:
            step, waiting = waiting[:_ZSTD_STEP], waiting[_ZSTD_STEP:]
            try:
                pieces.append(self._zstd.decompress(step))
            except zstandard.ZstdError:
                self.broken = True
                break
            size += len(pieces[-1])
            self.eof = self._zstd.eof
        self._waiting = waiting
        self.needs_input = not waiting
        if self.eof:
            self.unused_data = self._zstd.unused_data + bytes(waiting)
        return b"".join(pieces)


class Library:
    """A decompressor of the standard library with the interface of `bz2` and `lzma`."""

    def __init__(self, decompressor: Any) -> None:
        self._inner = decompressor
        self.eof = self.broken = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes) -> bytes:
        """At most 64 KiB of output: a call that fails gives nothing of what came before."""
        try:
            out: bytes = self._inner.decompress(data, _SMALL_PIECE)
        except (OSError, lzma.LZMAError, EOFError, ValueError):
            self.broken = True
            return b""
        self.eof = self._inner.eof
        self.needs_input = self._inner.needs_input
        self.unused_data = self._inner.unused_data
        return out


class Decompressed(Wrapped):
    """The bytes that a compressed stream stands for.

    Concatenated members count as one stream, zeros between them as padding. Faults:
    ``archive-cut-off``, ``archive-corrupt`` (also for other bytes after the last member).
    ``members=False`` is for a container that itself says where the data ends.
    """

    def __init__(
        self, source: Stream, make: Callable[[], Decoder], *, members: bool = True
    ) -> None:
        super().__init__(source)
        self._make = make
        self._members = members
        self._decoder = make()
        self._ready = memoryview(b"")
        self._over = False

    def readinto(self, buffer: Any) -> int:
        """Decompressed bytes; 0 at the end or at the first byte that cannot be decompressed."""
        view = memoryview(buffer).cast("B")
        while not self._ready:
            if self._over:
                return self.end()
            self._step()
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _step(self) -> None:
        decoder = self._decoder
        if decoder.eof:
            self._next_member(decoder.unused_data)
            return
        data = (self._source.read(_READ) or b"") if decoder.needs_input else b""
        if decoder.needs_input and not data:
            self._stop("archive-cut-off")
        else:
            self._decode(data)

    def _decode(self, data: bytes) -> None:
        self._ready = memoryview(self._decoder.decompress(data))
        if self._decoder.broken:
            self._stop("archive-corrupt")

    def _next_member(self, rest: bytes) -> None:
        if not self._members:
            self._stop(None)
            return
        while not rest.lstrip(b"\0"):
            rest = self._source.read(_READ) or b""
            if not rest:
                self._stop(None)
                return
        self._decoder = self._make()
        self._decode(rest.lstrip(b"\0"))

    def _stop(self, fault: str | None) -> None:
        self._over = True
        self.fault = self.fault or self._source.fault or fault


def inflate_gzip() -> Decoder:
    """A member of a gzip file."""
    return Inflate(31)


def inflate_raw() -> Decoder:
    """Deflate as zip stores it."""
    return Inflate(-15)


def decode_bzip2() -> Decoder:
    """A stream of a bzip2 file."""
    return Library(bz2.BZ2Decompressor())


def decode_xz() -> Decoder:
    """A stream of an xz file."""
    return Library(lzma.LZMADecompressor(format=lzma.FORMAT_XZ))


_MAGIC: Mapping[bytes, Callable[[], Decoder]] = {
    b"\x1f\x8b\x08": inflate_gzip,
    b"\x28\xb5\x2f\xfd": Zstd,
    **{bytes([0x50 + i, 0x2A, 0x4D, 0x18]): Zstd for i in range(16)},  # skippable frames
    **{b"BZh%d1AY&SY" % level: decode_bzip2 for level in range(1, 10)},
    b"\xfd7zXZ\0": decode_xz,
}


def decompressed(stream: Stream) -> Stream:
    """The stream with every layer of compression taken off, up to five."""
    for _ in range(_MAX_LAYERS):
        peeked = Peeked(stream, _LONGEST_MAGIC)
        make = next((make for magic, make in _MAGIC.items() if peeked.head.startswith(magic)), None)
        if make is None:
            return peeked
        stream = Decompressed(peeked, make)
    return stream
