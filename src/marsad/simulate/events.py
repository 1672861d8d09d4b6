"""What happened, as a list: the wave, bursts, occasions, joint actions, returns and the like."""

from __future__ import annotations

from typing import Any

import numpy as np

from marsad.simulate.draws import Rows
from marsad.simulate.joint_actions import OBJECTS
from marsad.simulate.lifetimes import WAVE_SECONDS, wave_of
from marsad.simulate.occasions import Occasion
from marsad.simulate.population import Group, Origin, State, is_violating
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.window import NEVER, iso_text
from marsad.simulate.world import World

Event = dict[str, Any]


def events(world: World, actions: Rows) -> list[Event]:
    """All events in order of time, each a JSON object with ``event`` and ``at``."""
    found = [
        _wave(world),
        *_bursts(world),
        *_occasions(world),
        *_actions(world, actions),
        *_lineage(world),
    ]
    return sorted(found, key=lambda event: str(event["at"]))


def _wave(world: World) -> Event:
    wave, rows = wave_of(world.window, world.knobs), world.accounts
    within = (wave.start <= rows["ended"]) & (rows["ended"] < wave.start + WAVE_SECONDS)
    gone = within & is_violating(rows["group"]) & (rows["state"] == State.SUSPENDED)
    return {
        "event": "suspension-wave",
        "at": iso_text(wave.start),
        "until": iso_text(wave.start + WAVE_SECONDS),
        "suspended": int(gone.sum()),
    }


def _bursts(world: World) -> list[Event]:
    tags = world.material.tags
    return [
        {
            "event": "burst",
            "at": iso_text(int(burst["start"])),
            "hashtag": tags.names[tags.first_burst + int(burst["number"])].as_py(),
            "language": LANGUAGES[burst["language"]],
            "surfaced": _surfaced(world, int(burst["number"])),
        }
        for burst in world.bursts
    ]


def _surfaced(world: World, burst: int) -> list[str]:
    """Ids of the accounts that begin inside a burst."""
    rows = np.flatnonzero(world.accounts["burst"] == burst)
    return sorted(str(one) for one in world.identities.ids[rows].tolist())


def _occasions(world: World) -> list[Event]:
    tags = world.material.tags
    return [
        {
            "event": Occasion(row["kind"]).name.lower().replace("_", "-"),
            "at": iso_text(int(row["start"])),
            "hashtag": tags.names[tags.first_occasion + int(row["number"])].as_py(),
            "language": LANGUAGES[row["language"]],
            "community": f"activist-{row['community']}" if row["community"] >= 0 else None,
        }
        for row in world.occasions
    ]


def _actions(world: World, actions: Rows) -> list[Event]:
    groups = dict(
        zip(world.accounts["community"].tolist(), world.accounts["group"].tolist(), strict=True)
    )
    names = {
        number: f"{Group(group).name.lower().replace('_', '-')}-{number}"
        for number, group in groups.items()
    }
    return [
        {
            "event": "joint-action",
            "at": iso_text(int(action["time"])),
            "action": int(action["number"]),
            "community": names[int(action["community"])],
            "object": OBJECTS[action["object"]],
            "shared_outside": bool(action["outside"]),
            "is_violating": bool(action["violating"]),
        }
        for action in actions
    ]


def _lineage(world: World) -> list[Event]:
    rows, ids = world.accounts, world.identities.ids
    later = np.flatnonzero(rows["origin"] != Origin.ORIGINAL)
    found: list[Event] = []
    for row in later.tolist():
        at = rows["created"][row] if rows["taken"][row] == NEVER else rows["taken"][row]
        found.append(
            {
                "event": Origin(rows["origin"][row]).name.lower(),
                "at": iso_text(int(at)),
                "account_id": str(ids[row]),
                "parent": str(ids[rows["parent"][row]]),
                "actor": f"actor-{rows['actor'][row]}",
            }
        )
    return found
