"""A network of accounts as a drawing, with when they met below it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from marsad.outputs.report.chart import Chart, Table, drawing
from marsad.outputs.report.data import Network
from marsad.outputs.report.over_time import Panel, columns
from marsad.outputs.report.svg import Plane, tag
from marsad.outputs.report.wording import Words

Floats = npt.NDArray[np.float64]

WIDE, HIGH, EDGE = 640, 360, 24
"""The drawing's own units: it is scaled as a whole."""
_NUMBERED = 40
"""Accounts whose numbers can be read beside one another."""
_SEED = 20_160_101


def network_chart(id_: str, network: Network, words: Words) -> Chart:
    """The accounts as numbered dots, nearer where they met more; columns of meetings over time."""
    title, summary = words("network.title"), _told(network, words)
    places = layout(network)
    picture = tag(
        "svg",
        *_lines(network, places),
        *_dots(network, places, words),
        viewBox=f"0 0 {WIDE} {HIGH}", width="100%", height=HIGH, class_="network",
    )  # fmt: skip
    panel = Panel(
        words("network.meetings"), [one.posts for one in network.meetings.bins], "bar", 70
    )
    plane = Plane(words.lang == "ar")
    below, height = columns(network.meetings, [panel], HIGH, plane, words)
    svg = drawing(id_, title, summary, height, [picture, *below], upright=True)
    return Chart(id_, title, summary, svg, _table(network, words))


def _told(network: Network, words: Words) -> str:
    met = [one for one in network.meetings.bins if one.posts]
    numbered = len(network.accounts) <= _NUMBERED
    return words(
        "network.summary" if numbered else "network.summary-large",
        accounts=words.shown(len(network.accounts), network.size),
        ties=words.shown(len(network.ties), network.all_ties),
        first=words.bin(network.meetings.unit, met[0].start),
        last=words.bin(network.meetings.unit, met[-1].start),
    )


def layout(network: Network) -> Floats:
    """Places of the accounts within the drawing, the same each time.

    Maxent-stress (Gansner, Hu and North 2013, IEEE TVCG 19, 927): accounts with a tie near each
    other, the others apart.
    """
    import networkit  # takes a second to load

    size = len(network.accounts)
    ends = np.array([[tie.u, tie.v] for tie in network.ties] or np.zeros((0, 2)), np.uint64)
    # without a tie among those shown an account hangs on the one before it
    loose = np.setdiff1d(np.arange(1, size), _reached(network))
    ends = np.concatenate([ends, np.stack([loose - 1, loose], 1).astype(np.uint64)])
    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    networkit.setSeed(_SEED, False)
    try:
        u, v = np.ascontiguousarray(ends.T)
        graph = networkit.GraphFromCoo((u, v), n=size)
        drawn = networkit.viz.MaxentStress(graph, 2, 2)
        drawn.run()
        at = np.array(drawn.getCoordinates())
    finally:
        networkit.setNumberOfThreads(threads)
    low, span = at.min(axis=0), np.maximum(np.ptp(at, axis=0), 1e-9)
    room = np.array([WIDE - 2 * EDGE, HIGH - 2 * EDGE])
    return np.asarray(EDGE + (at - low) / span * room)


def _reached(network: Network) -> npt.NDArray[np.int64]:
    """The accounts that can be reached from the first along ties."""
    near: dict[int, set[int]] = {}
    for tie in network.ties:
        near.setdefault(tie.u, set()).add(tie.v)
        near.setdefault(tie.v, set()).add(tie.u)
    reached, fresh = {0}, [0]
    while fresh:
        fresh = [one for at in fresh for one in near.get(at, ()) if one not in reached]
        reached.update(fresh)
    return np.array(sorted(reached))


def _lines(network: Network, places: Floats) -> list[Markup]:
    most = max((tie.close for tie in network.ties), default=1)
    return [
        tag(
            "line",
            x1=f"{places[tie.u][0]:.1f}", y1=f"{places[tie.u][1]:.1f}",
            x2=f"{places[tie.v][0]:.1f}", y2=f"{places[tie.v][1]:.1f}",
            class_="tie", stroke_width=f"{0.4 + 2 * tie.close / most:.1f}",
        )
        for tie in network.ties
    ]  # fmt: skip


def _dots(network: Network, places: Floats, words: Words) -> list[Markup]:
    drawn = []
    numbered = len(network.accounts) <= _NUMBERED
    for number, (x, y) in enumerate(places):
        kind = "first" if number in network.first else "dot"
        name = tag("title", network.accounts[number])
        drawn.append(
            tag("circle", name, cx=f"{x:.1f}", cy=f"{y:.1f}", r=11 if numbered else 5, class_=kind)
        )
        if numbered:
            label = words.number(number + 1)
            drawn.append(tag("text", label, x=f"{x:.1f}", y=f"{y + 4.5:.1f}", class_="dot-number"))
    return drawn


def _table(network: Network, words: Words) -> Table:
    partners: Counter[int] = Counter()
    close: Counter[int] = Counter()
    for tie in network.ties:
        for place in (tie.u, tie.v):
            partners[place] += 1
            close[place] += tie.close
    rows = tuple(
        (
            words.number(place + 1),
            name,
            words.number(partners[place]),
            words.number(close[place]),
            words("network.first") if place in network.first else "",
        )
        for place, name in enumerate(network.accounts)
    )
    names = ("number", "account", "partners", "meetings", "first-mover")
    return Table(tuple(words(f"column.{name}") for name in names), rows, (2, 3))
