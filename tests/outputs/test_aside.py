"""Files that appear whole or not at all, and what is said where they cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marsad.outputs.aside import written_aside
from marsad.records.errors import InputError, OutsideError


def test_a_file_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    with written_aside(out) as aside:
        aside.write_text("whole", "utf-8")
        assert not out.exists()
    assert out.read_text("utf-8") == "whole"
    assert list(tmp_path.iterdir()) == [out]


def test_a_name_that_the_disk_refuses(tmp_path: Path) -> None:
    out = tmp_path / ("n" * 250 + ".html")
    with pytest.raises(OutsideError) as refused, written_aside(out) as aside:
        aside.write_text("x", "utf-8")
    assert refused.value.exit_code == 3
    assert str(out) in str(refused.value)
    assert "may write" in str(refused.value)


def test_a_folder_that_takes_no_files() -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("no folder here that refuses files to everybody")
    with (
        pytest.raises(OutsideError, match=r"/proc/x\.html"),
        written_aside(Path("/proc/x.html")) as aside,
    ):
        aside.write_text("x", "utf-8")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "out.txt"
    out.write_text("old", "utf-8")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutsideError, match="No space left"), written_aside(out) as aside:
        aside.write_text("new", "utf-8")
    assert out.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_other_errors_pass_through(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"), written_aside(tmp_path):
        pass
    with pytest.raises(KeyError), written_aside(tmp_path / "out.txt"):
        raise KeyError("x")
    assert list(tmp_path.iterdir()) == []
