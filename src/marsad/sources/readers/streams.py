"""Streams of bytes that know how much of the stored file is behind them and why they ended."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

from marsad.records.errors import OutsideError

_STEP = 1 << 18


class Stream(io.RawIOBase):
    """A binary stream that ends instead of raising when its bytes cannot be read further.

    ``fault`` is None, or the reason (an id of the catalogues, ``reject.<fault>``) why the stream
    ended before its time; it is known once `readinto` has returned 0. ``done`` counts bytes of
    the file as stored.
    """

    fault: str | None = None

    @property
    def done(self) -> int:
        """Bytes of the stored file that have been read."""
        return 0

    def readable(self) -> bool:
        """Always: it is what `io` asks before it wraps a stream."""
        return True


class Ended(Stream):
    """A stream without bytes: of a file that cannot be read at all, for the reason ``fault``."""

    def __init__(self, fault: str | None = None) -> None:
        self.fault = fault

    def readinto(self, _buffer: Any) -> int:
        """Nothing to read."""
        return 0


class Stored(Stream):
    """A file, or the ``size`` bytes of it from ``start`` on, as they are stored.

    Raises `OutsideError` when the disk fails. A section that the file is too short for ends with
    the fault ``archive-cut-off``.
    """

    def __init__(self, path: Path, start: int = 0, size: int | None = None) -> None:
        self._path = path
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self._left = size
        self._done = 0

    @property
    def done(self) -> int:
        """Bytes of the stored file that have been read."""
        return self._done

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` from the file; 0 at its end."""
        view = memoryview(buffer).cast("B")
        if self._left is not None:
            view = view[: self._left]
        try:
            count = self._file.readinto(view) or 0
        except OSError as error:
            raise OutsideError("read.disk", path=str(self._path), error=str(error)) from error
        if self._left is not None:
            if len(view) and not count:
                self.fault = "archive-cut-off"
            self._left -= count
        self._done += count
        return count

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()


class Wrapped(Stream):
    """A stream made from another one; it reports the progress and the fault of that one."""

    def __init__(self, source: Stream) -> None:
        self._source = source

    @property
    def done(self) -> int:
        """Bytes of the stored file that have been read."""
        return self._source.done

    def end(self) -> int:
        """The return value of `readinto` at the end: takes over why the source ended."""
        self.fault = self.fault or self._source.fault
        return 0

    def close(self) -> None:
        """Close the stream below, too."""
        if not self.closed:
            self._source.close()
        super().close()


class Peeked(Wrapped):
    """A stream whose first bytes can be looked at before they are read."""

    def __init__(self, source: Stream, size: int) -> None:
        super().__init__(source)
        self.head = read_fully(source, size)
        self._ahead = memoryview(self.head)

    def readinto(self, buffer: Any) -> int:
        """First the bytes that were looked at, then the source's own."""
        view = memoryview(buffer).cast("B")
        if not self._ahead:
            return self._source.readinto(view) or self.end()
        count = min(len(view), len(self._ahead))
        view[:count] = self._ahead[:count]
        self._ahead = self._ahead[count:]
        return count


class Checked(Wrapped):
    """A stream whose bytes must have a CRC-32; otherwise it ends with ``archive-corrupt``."""

    def __init__(self, source: Stream, crc: int) -> None:
        super().__init__(source)
        self._wanted = crc
        self._crc = 0

    def readinto(self, buffer: Any) -> int:
        """The source's bytes; at their end the check."""
        view = memoryview(buffer).cast("B")
        count = self._source.readinto(view)
        if count or not len(view):
            self._crc = zlib.crc32(view[:count], self._crc)
            return count or 0
        self.end()
        if self.fault is None and self._crc != self._wanted:
            self.fault = "archive-corrupt"
        return 0


def fill(stream: Stream, view: memoryview) -> int:
    """Read until ``view`` is full or the stream ends; returns the number of bytes read."""
    filled = 0
    while filled < len(view):
        count = stream.readinto(view[filled:])
        if not count:
            break
        filled += count
    return filled


def read_fully(stream: Stream, size: int) -> bytes:
    """``size`` bytes, fewer only where the stream ends."""
    pieces = []
    while size > 0 and (piece := stream.read(min(size, _STEP))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
