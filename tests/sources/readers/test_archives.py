"""Archives that are cut off or broken: everything before the fault is read, and the fault said."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard

from marsad.sources.readers import Limits, files
from marsad.sources.readers.decompress import decompressed
from marsad.sources.readers.streams import Stored
from tests.sources.readers.reading import Content, content, with_file
from tests.sources.readers.test_files import zipped

LINES = [b'{"n": %d, "x": "%x"}\n' % (i, random.Random(i).getrandbits(200)) for i in range(4000)]
ROWS = b"".join(LINES)
COMPRESS = {
    "gzip": gzip.compress,
    "zstd": lambda data: zstandard.ZstdCompressor(write_content_size=False).compress(data),
    "bzip2": lambda data: bz2.compress(data, 1),
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC64),
}
# Zstandard, bzip2 and xz give nothing of a block that is not whole.
GRANULE = {"gzip": 2000, "zstd": 140_000, "bzip2": 100_000, "xz": 300_000, "zip": 2000}


def read_one(data: bytes, limits: Limits = Limits()) -> Content:  # noqa: B008 - frozen
    def use(path):
        [file] = files([path])
        return content(file, limits)

    return with_file(data, use, "data.zip")


def assert_read_up_to_the_fault(found: Content, fault: str, least: int) -> None:
    """The rows are the first lines of the file, at least so many bytes of them, and the only
    rejected row is the one where they break off."""
    got = [row["json"].encode() for row in found.rows]
    assert got == LINES[: len(got)]
    assert sum(map(len, got)) >= least
    [(line, reason, raw)] = found.rejected
    assert (line, reason) == (len(got) + 1, fault)
    assert raw is None or LINES[len(got)].startswith(raw.encode())


@pytest.mark.parametrize("name", COMPRESS)
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_compressed_file_that_is_cut_off(name, share) -> None:
    data = COMPRESS[name](ROWS)
    found = read_one(data[: int(len(data) * share)], Limits(block_bytes=5000))
    least = int(len(ROWS) * share) - GRANULE[name] - 1000
    assert_read_up_to_the_fault(found, "archive-cut-off", least)


@pytest.mark.parametrize("name", COMPRESS)
def test_a_compressed_file_with_a_broken_part(name) -> None:
    data = bytearray(COMPRESS[name](ROWS))
    place = int(len(data) * 0.8)
    data[place : place + 50] = bytes(50)
    found = read_one(bytes(data))
    assert [reason for _, reason in found.reasons] == ["archive-corrupt"]
    sound = int(len(ROWS) * 0.8) - GRANULE[name] - 1000
    got = b"".join(row["json"].encode() for row in found.rows)
    assert got[: max(sound, 0)] == ROWS[: max(sound, 0)]


@pytest.mark.parametrize("name", COMPRESS)
def test_other_bytes_after_the_end(name) -> None:
    found = read_one(COMPRESS[name](ROWS) + b"something else")
    assert len(found.rows) == len(LINES)
    assert found.rejected == [(len(LINES) + 1, "archive-corrupt", None)]


def test_a_wrong_checksum_is_said_after_all_rows() -> None:
    data = bytearray(gzip.compress(ROWS))
    data[-6] ^= 1
    found = read_one(bytes(data))
    assert len(found.rows) == len(LINES)
    assert found.rejected == [(len(LINES) + 1, "archive-corrupt", None)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_zip_archive_that_is_cut_off(method, share) -> None:
    data = zipped({"rows.json": ROWS}, method)
    found = read_one(data[: int(len(data) * share)])
    granule = GRANULE["bzip2"] * 9 if method == zipfile.ZIP_BZIP2 else GRANULE["zip"]
    assert_read_up_to_the_fault(found, "archive-cut-off", int(len(ROWS) * share) - granule - 1000)


@pytest.mark.parametrize("streamed", [False, True])
def test_members_before_the_cut_are_whole(tmp_path: Path, streamed) -> None:
    """With ``streamed`` the sizes stand after the members, as programs write that cannot seek."""
    data = _streamed_zip({"a": ROWS, "b": ROWS, "c": ROWS}) if streamed else None
    data = data or zipped({"a": ROWS, "b": ROWS, "c": ROWS})
    path = tmp_path / "x.zip"
    path.write_bytes(data[: len(data) // 2])
    first, second = files([path])
    assert (first.name, second.name) == ("x.zip!a", "x.zip!b")
    assert len(content(first).rows) == len(LINES)
    assert content(first).rejected == []
    assert_read_up_to_the_fault(content(second), "archive-cut-off", len(ROWS) // 3)


def test_an_archive_cut_between_members(tmp_path: Path) -> None:
    data = zipped({"a": ROWS, "b": ROWS})
    path = tmp_path / "x.zip"
    path.write_bytes(data[: data.index(b"PK\x01\x02") + 10])
    found = {file.name: content(file) for file in files([path])}
    assert {name: len(each.rows) for name, each in found.items()} == {
        "x.zip!a": 4000, "x.zip!b": 4000, "x.zip": 0,
    }  # fmt: skip
    assert found["x.zip"].reasons == [(1, "archive-cut-off")]


def _streamed_zip(members: dict[str, bytes]) -> bytes:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.data += data
            return len(data)

    target = Unseekable()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return bytes(target.data)


def test_a_member_that_does_not_match_its_checksum() -> None:
    data = bytearray(zipped({"a": ROWS}, zipfile.ZIP_STORED))
    data[data.index(b'"n": 3999') + 7] ^= 1
    found = read_one(bytes(data))
    assert len(found.rows) == len(LINES)
    assert found.reasons == [(len(LINES) + 1, "archive-corrupt")]


def test_an_encrypted_member() -> None:
    data = bytearray(zipped({"a": ROWS}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    assert read_one(bytes(data)).reasons == [(1, "archive-encrypted")]


def test_a_method_that_nobody_knows() -> None:
    data = bytearray(zipped({"a": ROWS}))
    for signature, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(signature) + place] = 77
    assert read_one(bytes(data)).reasons == [(1, "archive-unsupported")]


@pytest.mark.parametrize("name", ["gzip", "zstd", "bzip2", "xz", "zip"])
def test_bombs_are_read_in_bounded_memory(tmp_path: Path, name) -> None:
    zeros = 100 << 20
    path = tmp_path / "bomb"
    path.write_bytes(_bomb(name, zeros))
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    size = 0
    [file] = files([path])
    with file.open() as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (size, stream.fault) == (zeros, None)
    assert peak < 60 << 20


def _bomb(name: str, zeros: int) -> bytes:
    if name == "zip":
        return zipped({"zeros": bytes(zeros)})
    makers = {
        "gzip": lambda: zlib.compressobj(9, wbits=31),
        "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
        "bzip2": bz2.BZ2Compressor,
        "xz": lzma.LZMACompressor,
    }
    maker = makers[name]()
    piece = bytes(1 << 20)
    return b"".join(maker.compress(piece) for _ in range(zeros >> 20)) + maker.flush()


def test_random_bytes_after_a_magic_number_crash_nothing() -> None:
    rng = random.Random(1)
    heads = [data[:size] for data in (c(ROWS) for c in COMPRESS.values()) for size in (6, 20, 400)]
    heads += [zipped({"a": ROWS})[:size] for size in (4, 30, 31, 60)]
    for head in heads:
        for _ in range(20):
            data = head + rng.randbytes(rng.randrange(300))

            def use(path):
                return [content(file) for file in files([path])]

            assert with_file(data, use)


def test_a_stream_reports_the_bytes_of_the_stored_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = gzip.compress(ROWS)
    path.write_bytes(data)
    with decompressed(Stored(path)) as stream:
        assert 0 < stream.done <= len(data)
        assert stream.read() == ROWS
        assert stream.done == len(data)
