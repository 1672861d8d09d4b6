"""Sections of marsad.toml: what they may say, and what the error names where they may not."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from marsad.platforms import registry
from marsad.platforms.base import Place
from marsad.platforms.registry import broken, check, platform_class, platforms
from marsad.platforms.settings import AN_HOUR, configured
from marsad.platforms.simulated import Simulated
from marsad.records.errors import InputError


def section(tmp_path: Path, given: Any) -> Any:
    return configured("demo", given, Place("demo", tmp_path), tmp_path / "marsad.toml")


def test_what_is_not_set_has_its_default(tmp_path: Path) -> None:
    found = section(tmp_path, {"by": "simulated"})
    assert (found.name, found.an_hour, found.platform.name) == ("demo", AN_HOUR, "simulated")
    assert section(tmp_path, {"by": "simulated", "an_hour": 5, "fails": 1}).an_hour == 5


@pytest.mark.parametrize(
    ("given", "message", "named"),
    [
        ("simulated", "section", "[platforms.demo]"),
        ({}, "unknown", "simulated"),
        ({"by": "telepathy"}, "unknown", "telepathy"),
        ({"by": 7}, "unknown", "7"),
        ({"by": ["simulated"]}, "unknown", "manual"),
        ({"by": "simulated", "an_hour": 0}, "setting-type", "an_hour"),
        ({"by": "simulated", "an_hour": "many"}, "setting-type", "many"),
        ({"by": "simulated", "an_hour": True}, "setting-type", "True"),
        ({"by": "simulated", "speed": 1}, "setting-unknown", "speed"),
        ({"by": "simulated", "seed": 1.5}, "setting-type", "1.5"),
        ({"by": "webhook"}, "setting-missing", "url"),
        ({"by": "webhook", "secret": "hunter2"}, "secret", "secret"),
        ({"by": "webhook", "api_key": "hunter2"}, "secret", "api_key"),
        ({"by": "webhook", "keys": ["hunter2"]}, "secret", "keys"),
        ({"by": "simulated", "token": "hunter2"}, "secret", "token"),
        ({"by": "simulated", "user_password": "hunter2"}, "secret", "user_password"),
        ({"by": "manual", "links": "https://example.org/{id}"}, "setting-type", "links"),
    ],
)
def test_what_a_section_may_not_say(tmp_path: Path, given: Any, message: str, named: str) -> None:
    with pytest.raises(InputError) as error:
        section(tmp_path, given)
    assert error.value.message.id == f"platform.{message}"
    assert named in str(error.value)
    assert "hunter2" not in str(error.value)


def test_plugins_are_taken_and_broken_ones_told(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("twin", "marsad.platforms.simulated:Simulated", registry.GROUP),
        EntryPoint("gone", "no_such_module:Platform", registry.GROUP),
        EntryPoint("simulated", "no_such_module:Simulated", registry.GROUP),  # never hides ours
    ]
    monkeypatch.setattr(registry, "entry_points", lambda **_: points)
    registry._loaded.cache_clear()
    try:
        assert set(broken()) == {"twin", "gone"}
        assert platforms()["simulated"] is Simulated
        assert "entry point" in broken()["twin"].render("en")
        with pytest.raises(InputError) as error:
            platform_class("gone")
        assert error.value.message.id == "platform.broken"
    finally:
        monkeypatch.undo()
        registry._loaded.cache_clear()


def test_what_is_no_platform() -> None:
    class Half(Simulated.__mro__[1]):  # type: ignore[misc]
        name = "half"

    for found, name in ((7, "x"), (int, "x"), (Half, "half"), (Simulated, "other")):
        with pytest.raises(TypeError):
            check(found, name)
