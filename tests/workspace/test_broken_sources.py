"""A source that a package offers and that cannot be imported: the error says whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.records.errors import InputError
from marsad.sources import registry
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.preview import preview
from tests.workspace.conftest import ndjson, posts, take


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that is installed, whose source imports what is not."""
    site = tmp_path / "site"
    facts = site / "heron_formats-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: heron-formats\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[marsad.sources]\nheron = heron_formats:Heron\n")
    (site / "heron_formats.py").write_text("import what_is_not_installed\n")
    monkeypatch.syspath_prepend(str(site))
    registry._plugged.cache_clear()
    registry.sources.cache_clear()
    yield
    registry._plugged.cache_clear()
    registry.sources.cache_clear()


@pytest.mark.usefixtures("plug_in")
def test_its_name_as_a_format(workspace: Workspace, tmp_path: Path) -> None:
    path = ndjson(tmp_path / "a.ndjson", posts({}))
    with pytest.raises(InputError) as raised:
        take(workspace, path, format="heron")
    said = str(raised.value)
    assert "The source heron of the package heron-formats cannot be used" in said
    assert "what_is_not_installed" in said
    with pytest.raises(InputError, match="heron-formats"):
        preview([path], Options(format="heron"))
    assert workspace.log.runs() == []


@pytest.mark.usefixtures("plug_in")
def test_the_other_formats_go_on(workspace: Workspace, tmp_path: Path) -> None:
    path = ndjson(tmp_path / "a.ndjson", posts({}))
    assert take(workspace, path, format="json").taken == 1
    with pytest.raises(InputError, match="There is no format “hero”"):
        take(workspace, path, format="hero")
    assert [problem.render("en") for problem in registry.broken().values()] == [
        "The source heron of the package heron-formats cannot be used (ModuleNotFoundError: No "
        "module named 'what_is_not_installed'). Update or remove that package; the other sources "
        "are not affected."
    ]
