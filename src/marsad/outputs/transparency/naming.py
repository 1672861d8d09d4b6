"""What the parts of a transparency report are called."""

from __future__ import annotations

from marsad.outputs.passage import isolated
from marsad.outputs.report.wording import Words

_GROUPS = {
    "outcome": "desk.outcome", "exemption": "desk.exemption", "kind": "desk.kind",
    "act": "action.act", "route": "transparency.route", "ground": "desk.ground",
    "channel": "transparency.channel", "about": "transparency.about-what",
    "result": "transparency.result", "state": "transparency.order", "step": "transparency.step",
    "measure": "transparency.measure", "figure": "transparency.figure",
}  # fmt: skip


def named(of: str, words: Words) -> str:
    """The name of a cell: of ``outcome:hide`` what the desk calls it."""
    part, _, name = of.partition(":")
    if part == "signal":
        return words.signal(name)
    if part == "language" and name != "unknown":
        return words.language(name)
    if part in _GROUPS:
        return words.either(_GROUPS[part], name)
    if not name:
        return words.either("transparency.of", part)
    return words.either("transparency.of", name) if name == "unknown" else isolated(name)
