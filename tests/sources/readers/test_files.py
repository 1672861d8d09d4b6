"""What there is to read: folders, archives in archives, names, and what cannot be opened."""

from __future__ import annotations

import gc
import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import zstandard

from marsad.records.errors import InputError
from marsad.sources.readers import files, open_reader, spool
from marsad.sources.readers.files import NO_DATA
from tests.sources.readers.reading import content

ROWS = b'{"n": 1}\n{"n": 2}\n'


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def names(*paths: Path) -> list[str]:
    return [file.name for file in files(paths)]


def write(folder: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_folders_are_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "data",
        dict.fromkeys(("b.json", "a/z.json", "a/.hidden", ".git/x", "a/b/c.csv", "A.txt"), ROWS),
    )
    assert names(folder) == ["data/A.txt", "data/a/b/c.csv", "data/a/z.json", "data/b.json"]
    assert names(folder / "a" / ".hidden") == [".hidden"]


def test_names_do_not_depend_on_where_the_data_lies(tmp_path: Path, monkeypatch) -> None:
    write(tmp_path / "data", {"x.json": ROWS, "y.json": ROWS})
    absolute = names(tmp_path / "data")
    monkeypatch.chdir(tmp_path / "data")
    assert names(Path()) == absolute == ["data/x.json", "data/y.json"]
    assert names(Path("x.json")) == ["x.json"]


def test_a_file_is_read_once_and_equal_names_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.json": ROWS, "b/x.json": ROWS})
    assert names(tmp_path / "a/x.json", tmp_path / "a/../a/x.json") == ["x.json"]
    assert names(tmp_path / "a/x.json", tmp_path / "b/x.json") == ["a/x.json", "b/x.json"]


@pytest.mark.parametrize(
    ("given", "message"),
    [("nothing", "input.missing"), ("empty", "input.empty_folder"), ("pipe", "input.not_a_file")],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, given: str, message: str) -> None:
    (tmp_path / "empty" / ".hidden").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as error:
        files([tmp_path / given])
    assert error.value.message.id == message
    assert error.value.message.values == {"path": str(tmp_path / given)}


@contextmanager
def piped(data: bytes) -> Iterator[int]:
    """The number of a pipe that gives these bytes."""
    out, into = os.pipe()
    writer = Thread(target=lambda: Path(f"/dev/fd/{into}").write_bytes(data))
    writer.start()
    writer.join(0.2)
    os.close(into)
    try:
        yield out
    finally:
        writer.join()
        os.close(out)


@pytest.mark.parametrize("given", ["-", "/dev/stdin"])
@pytest.mark.parametrize("data", [ROWS, gzip.compress(ROWS), zipped({"x.json": ROWS})])
def test_the_standard_input_is_a_file(given: str, data: bytes) -> None:
    with piped(data) as number:
        kept = os.dup(0)
        os.dup2(number, 0)
        try:
            [file] = files([Path(given), Path(given)])
        finally:
            os.dup2(kept, 0)
            os.close(kept)
    assert file.name.split("!")[0] == "stdin"
    assert content(file).values == content(file).values == [{"n": 1}, {"n": 2}]


def test_a_pipe_is_a_file_until_nobody_needs_it() -> None:
    with piped(ROWS) as number:
        [file] = files([Path(f"/dev/fd/{number}")])
    assert (file.name, file.size) == (f"fd{number}", len(ROWS))
    path = file.path
    assert path.exists()
    del file
    gc.collect()
    assert not path.exists()


def test_a_pipe_has_a_bound(monkeypatch) -> None:
    monkeypatch.setattr(spool, "MOST_SPOOLED", len(ROWS) - 1)
    with piped(ROWS) as number, pytest.raises(InputError) as error:
        files([Path(f"/dev/fd/{number}")])
    assert error.value.message.id == "input.piped-too-large"


def test_a_terminal_is_no_file() -> None:
    one, other = os.openpty()
    try:
        with pytest.raises(InputError) as error:
            files([Path(f"/dev/fd/{other}")])
    finally:
        os.close(one)
        os.close(other)
    assert error.value.message.id == "input.terminal"


@pytest.mark.parametrize(
    ("given", "message"),
    [("/dev/zero", "input.not_a_file"), ("/dev/fd/9999", "input.unreadable")],
)
def test_what_is_no_open_pipe(given: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        files([Path(given)])
    assert error.value.message.id == message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    write(tmp_path, {"x.json": ROWS})
    (tmp_path / "x.json").chmod(0)
    with pytest.raises(InputError) as error:
        files([tmp_path / "x.json"])
    assert error.value.message.id == "input.unreadable"


def test_compression_is_told_by_content(tmp_path: Path) -> None:
    write(
        tmp_path / "d",
        {
            "gz.json": gzip.compress(ROWS),
            "zst": zstandard.compress(ROWS),
            "twice.gz": gzip.compress(zstandard.compress(ROWS)),
            "members.gz": gzip.compress(ROWS) + gzip.compress(ROWS) + b"\0" * 100,
            "frames.zst": b"\x50\x2a\x4d\x18\x02\0\0\0xx" + zstandard.compress(ROWS) * 2,
            "plain.gz": ROWS,
        },
    )
    found = {file.name: content(file) for file in files([tmp_path / "d"])}
    assert [each.rejected for each in found.values()] == [[]] * len(found)
    assert {name: len(each.rows) for name, each in found.items()} == {
        "d/frames.zst": 4,
        "d/gz.json": 2,
        "d/members.gz": 4,
        "d/plain.gz": 2,
        "d/twice.gz": 2,
        "d/zst": 2,
    }


def test_archives_are_opened_up(tmp_path: Path) -> None:
    inner = zipped({"deep.json": ROWS})
    path = tmp_path / "archive.bin"
    path.write_bytes(
        zipped(
            {
                "b.json.gz": gzip.compress(ROWS),
                "a/": b"",
                "a/x.json": ROWS,
                "../../etc/evil.json": ROWS,
                "/absolute.json": ROWS,
                ".hidden.json": ROWS,
                "__MACOSX/._x.json": ROWS,
                "inner.zip": inner,
                "inner.zip.gz": gzip.compress(inner),
            }
        )
    )
    assert names(path) == [
        "archive.bin!../../etc/evil.json",
        "archive.bin!/absolute.json",
        "archive.bin!a/x.json",
        "archive.bin!b.json.gz",
        "archive.bin!inner.zip!deep.json",
        "archive.bin!inner.zip.gz!deep.json",
    ]
    for file in files([path]):
        assert content(file).values == [{"n": 1}, {"n": 2}]
    assert not (tmp_path.parent / "etc").exists()


def test_unpacked_archives_are_deleted_with_their_last_file(tmp_path: Path) -> None:
    (tmp_path / "outer.zip").write_bytes(zipped({"inner.zip": zipped({"a": ROWS, "b": ROWS})}))
    first, second = files([tmp_path / "outer.zip"])
    copy = first.path
    assert copy == second.path
    assert copy.exists()
    del first
    assert copy.exists()
    del second
    assert not copy.exists()


def test_archives_nested_too_deep_are_refused(tmp_path: Path) -> None:
    data = ROWS
    for depth in range(5):
        data = zipped({f"{depth}.zip": data})
    (tmp_path / "bomb.zip").write_bytes(data)
    [file] = files([tmp_path / "bomb.zip"])
    found = content(file)
    assert (found.rows, found.reasons) == ([], [(1, "archive-too-deep")])


def test_two_members_of_one_name(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x", b'{"n": 1}\n')
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x", b'{"n": 2}\n')
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    found = {file.name: content(file).values for file in files([tmp_path / "a.zip"])}
    assert found == {"a.zip!x": [{"n": 1}], "a.zip!x (2)": [{"n": 2}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zipped({"[Content_Types].xml": b"<x/>", "xl/sheet1.xml": b"<x/>"}), "input.not_rows"),
        (b"%PDF-1.7\n", "input.not_rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "input.not_rows"),
        (b"x" * 257 + b"ustar\0", "input.not_rows"),
        (b"\n <!DOCTYPE html>\n<html>", "input.markup"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "input.markup"),
        (b"PAR1" + bytes(50), "input.corrupt"),
        (b"ARROW1\0\0" + bytes(50), "input.corrupt"),
    ],
)
def test_what_is_no_table_of_rows_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "x").write_bytes(data)
    [file] = files([tmp_path / "x"])
    with pytest.raises(InputError) as error:
        open_reader(file)
    assert error.value.message.id == message
    assert error.value.message.values["path"] == "x"


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", gzip.compress(b"")])
def test_an_empty_file_has_no_rows(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    found = content(files([tmp_path / "x"])[0])
    assert (found.rows, found.rejected, found.reader.columns) == ([], [], ())
    assert found.reader.sample().rows.num_rows == 0


def test_a_folder_that_is_marked_as_no_data_is_left_out(tmp_path: Path) -> None:
    for name in ("a.csv", "truth/b.csv", "truth/more/c.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("id\n1\n")
    (tmp_path / "truth" / NO_DATA).touch()
    assert [file.path.name for file in files([tmp_path])] == ["a.csv"]
    assert [file.path.name for file in files([tmp_path / "truth" / "b.csv"])] == ["b.csv"]
