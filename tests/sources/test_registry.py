"""The formats there are, and the order they are asked in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from marsad.sources import registry
from marsad.sources.source import Options, Plan, Sample, Source

ROOT = Path(__file__).resolve().parents[2]


def test_built_in_formats_are_installed_as_plug_ins_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][registry.GROUP] == registry.BUILT_IN


def test_each_format_is_registered_under_its_own_name() -> None:
    assert [source.name for source in registry.sources().values()] == list(registry.sources())


def test_what_takes_anything_is_asked_last() -> None:
    assert list(registry.sources())[-2:] == ["json", "table"]


class Fig(Source):
    """A plug-in that knows rows with a key ``fig``."""

    name = "fig"
    layout = "json"

    @classmethod
    def recognise(cls, sample: Sample, options: Options) -> Plan | None:
        return None if "fig" not in sample.objects[0] else FigPlan()


class FigPlan(Plan):
    source = "fig"
    kinds = ("posts",)
    mapping: dict[str, str] = {}  # noqa: RUF012
    unused = ()

    def loose(self, raw):  # type: ignore[no-untyped-def]
        return {}


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Plug-ins: one that works, one whose module is missing, one that is no source."""
    names = {"fig": "unused:Fig", "gone": "no.such.module:Gone", "odd": "json:JSONDecoder"}
    points = [EntryPoint(name, place, registry.GROUP) for name, place in names.items()]
    load = EntryPoint.load
    monkeypatch.setattr(EntryPoint, "load", lambda self: Fig if self.name == "fig" else load(self))
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    for kept in (registry.sources, registry._plugged):
        kept.cache_clear()
    yield
    for kept in (registry.sources, registry._plugged):
        kept.cache_clear()


@pytest.mark.usefixtures("plugged")
def test_a_plug_in_is_asked_first() -> None:
    row = {"fig": 1, "account": "ann", "created_at": "2021-05-01", "text": "the plums"}
    assert registry.recognise(Sample("x", "json", objects=[row]), Options()).source == "fig"
    del row["fig"]
    assert registry.recognise(Sample("x", "json", objects=[row]), Options()).source == "json"


@pytest.mark.usefixtures("plugged")
def test_a_broken_plug_in_is_named_and_the_others_go_on() -> None:
    assert set(registry.sources()) == {"fig", *registry.BUILT_IN}
    said = {name: problem.render("en") for name, problem in registry.broken().items()}
    assert set(said) == {"gone", "odd"}
    assert "No module named" in said["gone"]
