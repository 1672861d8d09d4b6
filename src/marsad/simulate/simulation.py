"""Write a whole simulated network to a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from marsad.records.errors import InputError
from marsad.simulate.accounts_truth import accounts_truth
from marsad.simulate.bank_files import write_banks
from marsad.simulate.discovery import Discovery, discover
from marsad.simulate.draws import Rows
from marsad.simulate.events import events
from marsad.simulate.followers import FollowerCounts
from marsad.simulate.follows_file import write_follows
from marsad.simulate.joint_actions import ACTION
from marsad.simulate.knobs import MIN_ACCOUNTS, Knobs
from marsad.simulate.looks_file import LooksFile
from marsad.simulate.population import is_violating
from marsad.simulate.posts import Kind
from marsad.simulate.posts_file import PostsFile
from marsad.simulate.posts_truth import PostsTruth
from marsad.simulate.timeline import timeline
from marsad.simulate.world import World, build_world
from marsad.sources.readers.files import NO_DATA

Progress = Callable[[float], None]
_MAX_DAYS = 3_660
_AFTER_FOLLOWS = 0.1


@dataclass(frozen=True)
class Summary:
    """What was written. ``accounts`` counts those that came later too; ``kinds`` posts by kind."""

    folder: Path
    accounts: int
    accounts_at_start: int
    violating_accounts: int
    posts: int
    violating_posts: int
    kinds: tuple[tuple[str, int], ...]
    follows: int
    observations: int


def simulate(
    folder: Path,
    accounts: int = 2000,
    days: int = 30,
    seed: int = 1,
    knobs: Knobs = Knobs(),  # noqa: B008 - frozen
    progress: Progress | None = None,
) -> Summary:
    """Write a social network whose truth is known, as plain source files that an import reads.

    ``accounts`` is their number at the start (at least 100); those that return, and backups, come
    on top. ``days`` is the length of the window. The same arguments give the same bytes, with the
    same versions of NumPy and Arrow. ``progress`` is told fractions in [0, 1].

    Writes ``posts.ndjson``, ``observations.ndjson``, ``follows.csv``, ``banks/`` and
    ``truth/``; see docs/concepts/simulated-network.md. Memory does not grow with days or posts.
    `InputError` for arguments out of range, and for a folder that has something in it.
    """
    _check(folder, accounts, days, seed)
    tell = progress or (lambda fraction: None)
    tell(0.0)
    world = build_world(accounts, days, seed, knobs)
    truth = folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    (truth / NO_DATA).touch()  # an import of the whole folder must not learn it
    with (folder / "follows.csv").open("wb") as file:
        follows, counts = write_follows(file, world)
    tell(_AFTER_FOLLOWS)
    found = discover(world)
    posts, actions = _write_timeline(folder, world, found, counts, tell)
    pq.write_table(
        accounts_truth(world, found.reached, posts), truth / "accounts.parquet", compression="zstd"
    )
    _write_json(truth / "events.json", events(world, actions))
    settings = {"accounts": accounts, "days": days, "seed": seed, "knobs": knobs.as_json()}
    _write_json(truth / "knobs.json", settings)
    write_banks(folder / "banks", world)
    tell(1.0)
    return _summary(folder, accounts, world, posts, follows, len(found.looks))


def _check(folder: Path, accounts: int, days: int, seed: int) -> None:
    """Refuse what cannot be simulated before anything is written."""
    ranges = {
        "accounts": (accounts, MIN_ACCOUNTS, 2**31 - 1),
        "days": (days, 1, _MAX_DAYS),
        "seed": (seed, 0, 2**63 - 1),
    }
    for name, (given, low, high) in ranges.items():
        if not low <= given <= high:
            raise InputError("simulate.knob", knob=name, given=given, low=low, high=high)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("simulate.folder", folder=str(folder))


def _write_timeline(
    folder: Path, world: World, found: Discovery, counts: FollowerCounts, tell: Progress
) -> tuple[PostsTruth, Rows]:
    """Posts, looks and the posts' truth, slice after slice; returns the truth and all actions."""
    truth = PostsTruth(folder / "truth" / "posts.parquet", world)
    actions = [np.zeros(0, ACTION)]
    with (
        (folder / "posts.ndjson").open("wb") as posts_out,
        (folder / "observations.ndjson").open("wb") as looks_out,
    ):
        posts_file = PostsFile(posts_out, world)
        looks_file = LooksFile(looks_out, world, counts)
        for part in timeline(world):
            posts_file.write(part.posts)
            truth.write(part.posts)
            looks_file.write(_between(found.looks, part.span.start, part.span.stop), part.posts)
            actions.append(part.actions)
            done = (part.span.stop - world.window.start) / (world.window.stop - world.window.start)
            tell(_AFTER_FOLLOWS + (0.99 - _AFTER_FOLLOWS) * done)
    truth.close()
    return truth, np.concatenate(actions)


def _write_json(path: Path, content: Any) -> None:
    """JSON with sorted keys and two spaces, the same bytes for the same content."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _between(looks: Rows, start: int, stop: int) -> Rows:
    low, high = np.searchsorted(looks["time"], [start, stop])
    return looks[low:high]


def _summary(
    folder: Path, start: int, world: World, posts: PostsTruth, follows: int, looks: int
) -> Summary:
    kinds = tuple((kind.name.lower().replace("_", "-"), int(posts.kinds[kind])) for kind in Kind)
    return Summary(
        folder=folder,
        accounts=len(world.accounts),
        accounts_at_start=start,
        violating_accounts=int(is_violating(world.accounts["group"]).sum()),
        posts=int(posts.posts.sum()),
        violating_posts=int(posts.violating.sum()),
        kinds=kinds,
        follows=follows,
        observations=looks,
    )
