"""An instant full replacement of suspended accounts: nothing changes but who posts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from marsad.banks import Entry
from marsad.measure.effect import EffectReport
from marsad.measure.effect.series import day_text
from marsad.records.estimate import Estimate
from marsad.records.times import DAY
from marsad.simulate import DEMO, Knobs, simulate
from marsad.simulate.answers import wave_at
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.importing import import_files
from marsad.workspace.measuring.effect import Asked, effect

REPLACED = replace(
    DEMO, volume=0.05, ceiling=60.0, supporters=0.2, core=0.0, newcomers=0.0, hazard=0.0,
    deactivation=0.0, other_hazard=0.0, backups=0.0, takeovers=0.0, surfacing=0.0, attached=0.0,
    pauses=0.0, announced=0.0, wave=0.6, wave_at=0.6, returns=1.0, return_lag=0.01, slowest=1.0,
    fastest=1.0,
)  # fmt: skip
"""Six in ten violating accounts are suspended within hours; each is back within two, and posts as
it did. Nobody else comes or goes."""


def posts_around(folder: Path, knobs: Knobs) -> list[EffectReport]:
    """The effect of the wave on posts of all violating accounts, those that came back too."""
    network = folder / "network"
    simulate(network, 400, 60, 1, knobs)
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("demo")
    files = [network / name for name in ("posts.ndjson", "observations.ndjson")]
    import_files(workspace, files, Options(platform="simulated"))
    truth = pq.read_table(network / "truth" / "accounts.parquet").to_pylist()
    listed = [Entry(f"simulated:{row['account_id']}") for row in truth if row["is_violating"]]
    workspace.banks.add("violating", listed, kind="accounts")
    event = day_text(wave_at(network) // DAY)
    return effect(workspace, Asked([event], outcome="posts", bank="violating"))


def change(report: EffectReport, name: str) -> Estimate:
    assert report.alone
    (found,) = [one for one in report.alone.estimates if one.name.startswith(name)]
    return found


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> list[EffectReport]:
    return posts_around(tmp_path_factory.mktemp("replaced"), REPLACED)


def test_instant_full_replacement_shows_no_effect(replaced: list[EffectReport]) -> None:
    population = replaced[0]
    assert population.outcome.frame == "replenished"
    for name in ("level-change", "window-change"):
        found = change(population, name)
        assert found.low < 1 < found.high
        assert found.high / found.low < 2  # it would tell of a fall like that of the panel
    assert not any("mostly-taken-down" in one.estimate.warnings for one in population.told)


def test_those_of_before_alone_fall_all_the_same(replaced: list[EffectReport]) -> None:
    panel = replaced[1]
    assert panel.outcome.frame == "closed-panel"
    assert change(panel, "level-change").high < 0.7
    assert "closed-panel" in change(panel, "level-change").warnings
    assert ["replenished-frame"] in [list(one.missing) for one in panel.refused]


def test_without_returns_the_population_falls(tmp_path: Path) -> None:
    """The same test sees an effect where there is one."""
    gone = posts_around(tmp_path, replace(REPLACED, returns=0.0))
    assert change(gone[0], "level-change").high < 0.7
