from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from marsad.records.errors import InputError
from marsad.simulate import Knobs, simulate


@pytest.mark.parametrize(
    "knobs",
    [
        {"reposts": 1.1},
        {"reposts": -0.1},
        {"reposts": math.nan},
        {"community_size": 1},
        {"probe_every": 0.0},
        {"volume": math.inf},
        {"languages": (("ar", 0.5),)},
        {"languages": (("xx", 1.0),)},
        {"languages": (("ar", -1.0), ("en", 2.0))},
        {"violating_languages": (("fr", 1.0),)},
        {"supporters": 0.5, "fans": 0.5},
    ],
)
def test_a_knob_out_of_range_is_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        Knobs(**knobs)
    assert refused.value.message.id.startswith("simulate.")


def test_the_message_names_knob_value_and_range() -> None:
    with pytest.raises(InputError) as refused:
        Knobs(reposts=2.0)
    assert dict(refused.value.message.values) == {
        "knob": "reposts",
        "given": 2.0,
        "low": 0,
        "high": 1.0,
    }


@pytest.mark.parametrize(
    "arguments",
    [{"accounts": 99}, {"days": 0}, {"days": 4000}, {"seed": -1}, {"seed": 2**63}],
)
def test_arguments_out_of_range_are_refused(tmp_path: Path, arguments: dict[str, int]) -> None:
    folder = tmp_path / "network"
    with pytest.raises(InputError):
        simulate(folder, **arguments)
    assert not folder.exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError) as refused:
        simulate(tmp_path, accounts=100, days=1)
    assert refused.value.message.id == "simulate.folder"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "network").write_text("")
    with pytest.raises(InputError):
        simulate(tmp_path / "network", accounts=100, days=1)
