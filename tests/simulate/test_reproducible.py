from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from marsad.simulate import DEMO, simulate, timeline

if TYPE_CHECKING:
    from tests.simulate.conftest import Network


MARKS = {"banks/.marsad-no-data", "truth/.marsad-no-data"}
"""What keeps an import of the whole folder from taking these in."""


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(make: Callable[..., Network]) -> None:
    one, two = make(seed=3), make(seed=3)
    assert one.folder != two.folder
    assert content(one.folder) == content(two.folder)


def test_another_seed_gives_other_posts(make: Callable[..., Network]) -> None:
    one, two = content(make(seed=3).folder), content(make(seed=4).folder)
    assert one.keys() == two.keys()
    same = {name for name in one if one[name] == two[name]}
    fixed = {"domains", "links", "phrases", "negative-domains", "negative-phrases"}
    fixed |= {"negative-texts", "redirects"}
    assert same == {f"banks/{name}.txt" for name in fixed} | MARKS


def test_all_files_are_there(network: Network) -> None:
    assert set(content(network.folder)) == {
        "posts.ndjson",
        "observations.ndjson",
        "follows.csv",
        "banks/phrases.txt",
        "banks/domains.txt",
        "banks/links.txt",
        "banks/texts.txt",
        "banks/redirects.txt",
        "banks/negative-phrases.txt",
        "banks/negative-domains.txt",
        "banks/negative-texts.txt",
        "banks/accounts.csv",
        "truth/accounts.parquet",
        "truth/posts.parquet",
        "truth/events.json",
        "truth/knobs.json",
        *MARKS,
    }


def test_the_summary_counts_what_was_written(network: Network) -> None:
    summary = network.summary
    assert summary.posts == len(network.posts) == sum(number for _, number in summary.kinds)
    assert summary.violating_posts == sum(row["is_violating"] for row in network.truth)
    assert summary.accounts == len(network.accounts) > summary.accounts_at_start == 1000
    assert summary.follows == len(network.follows)
    assert summary.observations == len(network.looks)
    bad = sum(row["is_violating"] for row in network.accounts.values())
    assert summary.violating_accounts == bad


def test_progress_rises_from_nothing_to_all(tmp_path: Path) -> None:
    told: list[float] = []
    simulate(tmp_path / "network", accounts=100, days=3, progress=told.append)
    assert told[0] == 0
    assert told[-1] == 1
    assert told == sorted(told)
    assert len(told) >= 5


def test_days_cut_into_slices_are_as_sound(
    make: Callable[..., Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make(seed=5, days=3)
    monkeypatch.setattr(timeline, "_SLICE", 40)
    cut = make(seed=5, days=3)
    assert abs(len(cut.posts) - len(whole.posts)) < 0.2 * len(whole.posts)
    times = [post["created_at"] for post in cut.posts]
    assert times == sorted(times)
    assert [post["id"] for post in cut.posts] == sorted({post["id"] for post in cut.posts})
    reposts = [post for post in cut.posts if post["repost_of"]]
    assert len(reposts) > 0.15 * len(cut.posts)
    assert all(post["text"] == cut.by_id[post["repost_of"]]["text"] for post in reposts)
    actions = {row["action"] for row in cut.truth} - {None}
    known = {row["action"] for row in cut.events if row["event"] == "joint-action"}
    assert actions
    assert actions <= known


@pytest.mark.parametrize("accounts", [100, 101, 250])
def test_small_networks_work(make: Callable[..., Network], accounts: int) -> None:
    assert make(accounts=accounts, days=1).posts


def test_everything_can_be_turned_off(make: Callable[..., Network]) -> None:
    groups = ("supporters", "core", "counter_speakers", "newsrooms", "wire_bots")
    groups += ("app_users", "fans", "campaigners", "broadcasters", "party_supporters")
    groups += ("fact_checkers", "activists", "matches", "shows", "turnout")
    network = make(bursts=0.0, panel=0.0, homonyms=0.0, follows=0.0, **dict.fromkeys(groups, 0.0))
    assert {row["group"] for row in network.accounts.values()} == {"ordinary"}
    assert {row["kind"] for row in network.truth} == {"ordinary"}
    assert network.summary.violating_accounts == 0


def test_nobody_posts_at_volume_nought(make: Callable[..., Network]) -> None:
    network = make(volume=0.0, bursts=0.0)
    assert "own" not in {row["activity"] for row in network.truth}


def test_the_demonstration_has_the_size_it_is_meant_to_have(tmp_path: Path) -> None:
    summary = simulate(tmp_path / "network", knobs=DEMO)
    assert 50_000 <= summary.posts <= 100_000
    assert 0.01 < summary.violating_posts / summary.posts < 0.05
