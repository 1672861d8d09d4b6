"""The figures of a transparency report as tables and drawings, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad import locale
from marsad.outputs.report.axes import count_scale, level_axis
from marsad.outputs.report.chart import Chart, Table, drawing, label_text
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.svg import Plane
from marsad.outputs.report.wording import Words
from marsad.outputs.transparency.naming import named
from marsad.records.estimate import Estimate
from marsad.records.times import DAY, HOUR, MINUTE
from marsad.workspace.transparency.figures import Account, Figure

SECTIONS: Mapping[str, Sequence[str]] = {
    "decisions": ("opened", "reopened", "decisions", "taken-back"),
    "automation": ("found-right", "overturned"),
    "notices": ("notices", "notices-right", "notice-to-decided", "reporters"),
    "orders": (
        "orders",
        "orders-ended",
        "orders-in-time",
        "order-to-confirmed",
        "order-items",
        "order-texts",
        "order-cases",
    ),
    "appeals": ("statements", "appeals", "appeals-decided", "appeal-to-decided"),
    "actions": ("asked", "confirmed", "failed"),
    "times": ("opened-to-decided", "asked-to-confirmed"),
}
"""Sections in order, and the figures of each. A figure of none of them is in the last section."""

ROW = 42
DRAWN = ("decisions", "found-right", "overturned", "notices-right")


@dataclass(frozen=True)
class Shown:
    """A figure as the page has it: a table for each part with its name, and the drawing where there
    is something to draw."""

    name: str
    title: str
    about: str
    tables: Sequence[tuple[str, Table]]
    chart: Chart | None


def section(name: str, account: Account, words: Words) -> list[Shown]:
    """The figures of a section that there is anything to say of."""
    found = [_shown(one, account, words) for one in SECTIONS[name]]
    return [one for one in found if one is not None]


def _shown(figure: str, account: Account, words: Words) -> Shown | None:
    rows = account.of(figure)
    if not rows:
        return None
    title, about = (_say(words, f"{part}.{figure}") for part in ("figure", "about"))
    chart = _chart(figure, title, about, account, words)
    if chart is not None:  # what is drawn has its numbers beside it
        rows = [one for one in rows if one.share is None and not one.of.startswith("outcome:")]
    return Shown(figure, title, about, _tables(rows, account.threshold, words), chart)


def _tables(rows: Sequence[Figure], threshold: int, words: Words) -> list[tuple[str, Table]]:
    """What is of all first, then part by part."""
    parts: dict[str, list[Figure]] = {"": []}
    for one in rows:
        part, mark, _ = one.of.partition(":")
        parts.setdefault(part if mark else "", []).append(one)
    return [
        (_say(words, f"by.{part or 'all'}"), table(some, threshold, words))
        for part, some in parts.items() if some
    ]  # fmt: skip


def table(rows: Sequence[Figure], threshold: int, words: Words) -> Table:
    """Figures of one name: what each is of, and its numbers with their intervals."""
    timed = any(one.median is not None for one in rows)
    shares = any(one.share is not None for one in rows)
    names = ("of", "n", "median", "p95") if timed else ("of", "n", "share") if shares else (
        "of", "count"
    )  # fmt: skip
    headers = tuple(_say(words, f"column.{name}") for name in names)
    shown = tuple((named(one.of, words), *_cells(one, names[1:], threshold, words)) for one in rows)
    return Table(headers, shown, tuple(range(1, len(names))))


def _cells(one: Figure, names: Sequence[str], threshold: int, words: Words) -> list[str]:
    if one.hidden:
        return [_say(words, "hidden", threshold=words.number(threshold))] + [
            "—" for _ in names[1:]
        ]  # fmt: skip
    found = []
    for name in names:
        if name in ("count", "n"):
            found.append(words.number(getattr(one, name) or 0))
        elif name == "share":
            found.append(_share(one.share, words) if one.share else "—")
        else:
            found.append(_length(getattr(one, name), getattr(one, f"{name}_interval"), words))
    return found


def _share(share: Estimate, words: Words) -> str:
    return _say(words, "interval", value=words.percent(share.value, 1),
                low=words.percent(share.low, 1), high=words.percent(share.high, 1))  # fmt: skip


def _length(value: int | None, interval: Estimate | None, words: Words) -> str:
    if value is None:
        return "—"
    if interval is None:
        return _say(words, "bare", value=length(value, words))
    return _say(words, "interval", value=length(value, words),
                low=length(round(interval.low), words),
                high=length(round(interval.high), words))  # fmt: skip


def length(micros: int, words: Words) -> str:
    """A length of time in minutes, hours or days, with one digit."""
    for name, unit in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if micros >= 2 * unit or name == "minutes":
            return _say(words, f"length.{name}", value=words.number(micros / unit, 1))
    raise AssertionError


def _chart(figure: str, title: str, about: str, account: Account, words: Words) -> Chart | None:
    if figure not in DRAWN:
        return None
    if figure == "decisions":
        return _bars(figure, title, about, account, words)
    shares = [
        Row(named(one.of, words), one.share) for one in account.of(figure) if one.share is not None
    ]
    if not shares:
        return None
    level = words.percent(shares[0].estimate.level)
    axis = words("axis.estimate", level=level)
    return dots_chart(figure, title, about, [Block(shares)], "fraction", axis, words)


def _bars(id_: str, title: str, about: str, account: Account, words: Words) -> Chart | None:
    """Decisions by outcome as bars, the label above each."""
    every = account.of(id_, "outcome")
    ordered = sorted((one for one in every if one.count), key=lambda one: (-one.size, one.of))
    if not ordered:
        return None
    plane, height = Plane(words.lang == "ar"), ROW * len(ordered)
    scale = count_scale(ordered[0].size)
    drawn = level_axis(scale, height, plane, words)
    for n, one in enumerate(ordered):
        drawn.append(label_text(plane, n * ROW + 16, named(one.of, words)))
        drawn.append(plane.text(100, n * ROW + 16, words.number(one.size), "end", "value"))
        drawn.append(plane.rect(0, 100 * one.size / scale.top, n * ROW + 22, 11, class_="bar"))
    svg = drawing(id_, title, about, height + 30, drawn)
    return Chart(id_, title, about, svg, table(every, account.threshold, words))


def _say(words: Words, message: str, **values: str) -> str:
    return locale.render(f"transparency.{message}", values, words.lang)
