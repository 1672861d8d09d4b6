"""Findings of acting together: one for each account of a group, and one for the group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from marsad.find.coordination.exhibits import Meeting, delays, seconds
from marsad.find.coordination.groups import Group
from marsad.find.coordination.picture import pictured
from marsad.find.coordination.sweep import swept
from marsad.find.signal import Found
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.times import to_datetime

SHOWN_PARTNERS = 8
SHOWN_MEETINGS = 8
SHOWN_OBJECTS = 20
UNSEEN = 10
LED = 0.9
"""Where one account was first on so many of a group's objects, the others may only follow it."""

OBJECTS = {"repost": "reposted_post", "reply": "answered_post", "text": "copied_post"}
"""What evidence calls an object that is a post; others go by the name of their kind."""


def group_findings(group: Group, window: int) -> Iterator[Found]:
    """The findings of one group under the signal ``coordination``, or ``automation`` where one
    source explains it; the latter open no case."""
    name = "automation" if group.source else "coordination"
    yield _of_group(group, name, window)
    for account in group.accounts:
        yield _of_account(group, int(account), name, window)


def _of_group(group: Group, name: str, window: int) -> Found:
    since, until = group.span
    movers = group.first_movers()
    values = {
        "count": len(group.accounts),
        "objects": len(group.objects),
        "window": _plain(seconds(window)),
        "since": _day(since),
        "until": _day(until),
        **_source(group),
    }
    ids = group.exhibits.accounts
    first, led = movers[0]
    if led >= LED * len(group.objects):
        values |= {"leader": ids[first], "first": led}
    about = {
        "kind": "group",
        "size": len(group.accounts),
        "objects": [
            {OBJECTS.get(kind, kind): name} for kind, name in group.favourites(SHOWN_OBJECTS)
        ],
        "density": round(group.density, 3),
        "since": since,
        "until": until,
        "first_movers": [{"account": ids[who], "objects": count} for who, count in movers],
    }
    evidence = [about, pictured(group), swept(group)]
    return Found(
        "community", group.id, key(group.id), None, _score(group, group.edges),
        Message(_sentence(group, name, "leader" in values), values), evidence, f"within:{window}",
        community=group.id, opens_case=group.opens_case,
    )  # fmt: skip


def _sentence(group: Group, name: str, led: bool) -> str:
    """What is told of a group: by the reading that spoke of most of its pairs, unless something
    else might explain it."""
    if group.source:
        return f"{name}.group.timetable" if group.by_the_clock else f"{name}.group"
    if not group.joined:
        return f"{name}.group.pairs"
    if led:
        return f"{name}.group.led"
    timing = bool(group.exhibits.edges.timing[group.edges].mean() >= 0.5)
    return f"{name}.group" if timing else f"{name}.group.audience"


def _of_account(group: Group, account: int, name: str, window: int) -> Found:
    edges, ids = group.exhibits.edges, group.exhibits.accounts
    mine = group.edges[(edges.u[group.edges] == account) | (edges.v[group.edges] == account)]
    order = mine[np.lexsort((mine, edges.p[mine], -edges.count[mine]))]
    best = order[0]
    partners = {edges.other(int(place), account) for place in mine}
    reading = "timing" if edges.timing[best] else "audience"
    told = "timetable" if group.by_the_clock else reading
    values = {
        "count": len(partners),
        "window": _plain(seconds(window)),
        "partner": ids[edges.other(int(best), account)],
        "close": int(edges.count[best]),
        "common": int(edges.common[best]),
        "expected": rounded(float(edges.expected[best])),
        **_source(group),
    }
    return Found(
        "account", ids[account], account, ids[account], _score(group, mine),
        Message(f"{name}.account.{told}", values),
        [_edge(group, int(place), account) for place in order[:SHOWN_PARTNERS]],
        f"within:{window}", community=group.id, opens_case=group.opens_case,
    )  # fmt: skip


def _edge(group: Group, place: int, account: int) -> dict[str, Any]:
    """One edge as evidence: with whom, how often, by what chance, and the very posts."""
    edges, ids = group.exhibits.edges, group.exhibits.accounts
    meetings = group.exhibits.meetings[place]
    return {
        "kind": "edge",
        "partner_account": ids[edges.other(place, account)],
        "object_kind": edges.kind[place],
        "reading": "timing" if edges.timing[place] else "audience",
        "close": int(edges.count[place]),
        "common": int(edges.common[place]),
        "expected": float(edges.expected[place]),
        "p": float(edges.p[place]),
        "q": float(edges.q[place]),
        **_mine(delays(meetings), int(edges.u[place]) == account),
        "meetings": [
            _meeting(one, int(edges.u[place]) == account) for one in meetings[:SHOWN_MEETINGS]
        ],
    }


def _mine(found: dict[str, Any], is_u: bool) -> dict[str, Any]:
    """Delays as the account sees them: how often it came first, and the other."""
    first, second = ("u_first", "v_first") if is_u else ("v_first", "u_first")
    return {
        "delay": found["delay"], "spread": found["spread"],
        "came_first": found[first], "came_second": found[second],
    }  # fmt: skip


def _meeting(one: Meeting, is_u: bool) -> dict[str, Any]:
    ours, theirs = (one.u_post, one.v_post) if is_u else (one.v_post, one.u_post)
    our_time, their_time = (one.u_at, one.v_at) if is_u else (one.v_at, one.u_at)
    return {
        OBJECTS.get(one.kind, one.kind): one.object,
        "post": ours.id,
        "partner_post": theirs.id,
        "at": our_time,
        "delay": seconds(their_time - our_time),
    }


def _source(group: Group) -> dict[str, Any]:
    return {"source": group.source.name, "by": group.source.kind} if group.source else {}


def _score(group: Group, edges: np.ndarray[Any, Any]) -> float:
    """Of the objects in common along these edges the fraction shared close together, as if there
    were `UNSEEN` more that were not: of two groups that always meet, the busier comes first."""
    every = group.exhibits.edges
    return float(every.count[edges].sum() / (every.common[edges].sum() + UNSEEN))


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def rounded(expected: float) -> float:
    """Two figures: more would promise more than is known."""
    return float(f"{expected:.2g}")


def _day(at: int) -> str:
    return to_datetime(at).date().isoformat()
