"""Settings as they are written on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.find.settings import settings
from marsad.records.errors import InputError


@pytest.mark.parametrize(
    ("given", "names", "wanted"),
    [
        ([], [], {}),
        (["coordination.window=30"], [], {"coordination": {"window": 30}}),
        (["window = 30"], ["coordination"], {"coordination": {"window": 30}}),
        (["window=0.5"], ["coordination"], {"coordination": {"window": 0.5}}),
        (
            ["window=30", "kinds=url,reply"], ["coordination", "automation"],
            {name: {"window": 30, "kinds": "url,reply"} for name in ("coordination", "automation")},
        ),
        (["threshold=1"], ["copies", "phrases"], {"copies": {"threshold": 1.0}}),
    ],
)  # fmt: skip
def test_what_is_set(given: list[str], names: list[str], wanted: dict[str, Any]) -> None:
    assert settings(given, names) == wanted


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("window", ["coordination"]),
        ("windows=3", ["coordination"]),
        ("window=3", ["copies"]),
        ("=3", ["copies"]),
        ("nothing.window=3", []),
        ("window=soon", ["coordination"]),
        ("copies.threshold=", []),
        ("choice=maybe", ["coordination"]),
    ],
)
def test_what_no_signal_has_is_refused(given: str, names: list[str]) -> None:
    with pytest.raises(InputError):
        settings([given], names)


def test_a_setting_that_is_given_twice_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        settings(["window=30", "coordination.window=60"], ["coordination"])
    assert refused.value.message.id == "find.set-twice"
    assert settings(["copies.threshold=1", "window=30"], ["copies", "coordination"])
