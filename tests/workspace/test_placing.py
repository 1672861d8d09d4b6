"""Where the desk's database is: the settings, the environment, the password."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.records.errors import InputError
from marsad.workspace import placing
from marsad.workspace.placing import place

URL = "postgresql+psycopg://marsad@db.example:5432/desk"


def test_without_a_setting_it_is_a_file(tmp_path: Path) -> None:
    assert place(tmp_path, {}, tmp_path / "marsad.toml") == tmp_path / "review.db"


@pytest.mark.parametrize(
    "given", [URL, "postgresql://marsad@db.example:5432/desk", f" {URL} "],
)  # fmt: skip
def test_a_server(tmp_path: Path, given: str) -> None:
    assert place(tmp_path, {"database": given}, tmp_path / "marsad.toml") == URL


def test_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARSAD_DATABASE", URL.replace("marsad@", "marsad:word@"))
    found = place(tmp_path, {"database": "postgresql://other/db"}, tmp_path / "marsad.toml")
    assert found == URL.replace("marsad@", "marsad:word@")
    assert placing.shown(found) == URL


def test_the_password_is_a_file_of_its_own(tmp_path: Path) -> None:
    kept = tmp_path / "keys" / "database.password"
    kept.parent.mkdir()
    kept.write_text("w:o@r/d\n", "utf-8")
    kept.chmod(0o600)
    found = place(tmp_path, {"database": URL}, tmp_path / "marsad.toml")
    assert found == URL.replace("marsad@", "marsad:w%3Ao%40r%2Fd@")
    assert placing.shown(found) == URL
    kept.chmod(0o644)
    with pytest.raises(InputError) as error:
        place(tmp_path, {"database": URL}, tmp_path / "marsad.toml")
    assert error.value.message.id == "database.password-open"


@pytest.mark.parametrize(
    ("given", "message"),
    [(7, "database.setting"), ("", "store.url"), ("review.db", "store.url"),
     ("mysql://a:word@b/c", "store.url"), ("postgresql://a:word@b", "store.url"),
     ("postgresql://a:word@b:port/c", "store.url"),
     ("postgresql://a:word@b/c", "database.password-written"),
     ("postgresql://a@b/c?password=word", "database.password-written")],
)  # fmt: skip
def test_what_cannot_be(tmp_path: Path, given: object, message: str) -> None:
    with pytest.raises(InputError) as error:
        place(tmp_path, {"database": given}, tmp_path / "marsad.toml")
    assert error.value.message.id == message
    assert "word@" not in str(error.value)
    assert "=word" not in str(error.value)
