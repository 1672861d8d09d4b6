"""Keys: where they may be, which lines are keys, and that no error quotes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.platforms.base import Place
from marsad.platforms.secrets import read, variable
from marsad.records.errors import InputError

HEX = "0123456789abcdef" * 4


def place(tmp_path: Path, text: str | None, mode: int = 0o600) -> Place:
    (tmp_path / "keys").mkdir(exist_ok=True)
    if text is not None:
        path = tmp_path / "keys" / "my-forum.keys"
        path.write_text(text)
        path.chmod(mode)
    return Place("my-forum", tmp_path)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"a {HEX}", ["a"]),
        (f"# of 2025\n\na {HEX}\n2026-b:{HEX.upper()}\n", ["a", "2026-b"]),
        (f"  a   {HEX}  ", ["a"]),
        (f"a {HEX * 4}", ["a"]),
    ],
)
def test_keys_in_a_file(tmp_path: Path, text: str, names: list[str]) -> None:
    found = read(place(tmp_path, text), {})
    assert [one.name for one in found] == names
    assert found[0].key.startswith(bytes.fromhex(HEX))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "keys-none"),
        ("", "keys-count"),
        ("# nothing", "keys-count"),
        (HEX, "keys-line"),
        (f"a {HEX[:-2]}", "keys-line"),
        (f"a {HEX}0", "keys-line"),
        (f"a {'xy' * 32}", "keys-line"),
        (f"a {HEX * 5}", "keys-line"),
        (f"a b {HEX}", "keys-line"),
        (f"a {HEX}\nhello", "keys-line"),
        (f"a {HEX}\na {HEX}", "keys-count"),
        ("\n".join(f"k{n} {HEX}" for n in range(9)), "keys-count"),
    ],
)
def test_what_is_no_key_is_named_by_its_line_alone(
    tmp_path: Path, text: str | None, message: str
) -> None:
    with pytest.raises(InputError) as error:
        read(place(tmp_path, text), {})
    assert error.value.message.id == f"platform.{message}"
    assert HEX[:12] not in str(error.value) + repr(error.value.message)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read(tmp_path: Path, mode: int) -> None:
    with pytest.raises(InputError) as error:
        read(place(tmp_path, f"a {HEX}", mode), {})
    assert error.value.message.id == "platform.keys-open"


def test_the_environment_comes_first(tmp_path: Path) -> None:
    assert variable("my-forum") == "MARSAD_MY_FORUM_KEYS"
    said = {"MARSAD_MY_FORUM_KEYS": f"new:{HEX}, old:{'ff' * 32}"}
    assert [one.name for one in read(place(tmp_path, f"a {HEX}"), said)] == ["new", "old"]
    assert [one.name for one in read(place(tmp_path, f"a {HEX}"), {variable("my-forum"): " "})] == [
        "a"
    ]
    with pytest.raises(InputError) as error:
        read(place(tmp_path, None), {"MARSAD_MY_FORUM_KEYS": "hello"})
    assert error.value.message.values["where"] == "MARSAD_MY_FORUM_KEYS"
