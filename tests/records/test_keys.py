"""Secret keys on disk: made once, refused where others can read them or they are damaged."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from marsad import locale
from marsad.records.errors import InputError
from marsad.records.keys import load, load_or_create

PURPOSES = ("pseudonyms", "audit")


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a.key"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: load_or_create(path, "audit"), range(16)))
    assert made == {load(path, "audit")}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["a.key"]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("00" * 32, 0o640, "key-open"),
        ("00" * 32, 0o604, "key-open"),
        ("00" * 31, 0o600, "key-damaged"),
        ("zz" * 32, 0o600, "key-damaged"),
        ("", 0o600, "key-damaged"),
    ],
)
def test_what_is_refused(tmp_path: Path, purpose: str, text: str, mode: int, said: str) -> None:
    path = tmp_path / "a.key"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(InputError) as error:
        load_or_create(path, purpose)
    assert error.value.message.id == f"{purpose}.{said}"
    assert str(path) in error.value.message.render("ar")
    assert error.value.message.id in locale.catalogue("en")
    assert path.read_text() == text


def test_reading_makes_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "a.key", "audit")
    assert list(tmp_path.iterdir()) == []
