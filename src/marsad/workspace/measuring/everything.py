"""All measures that a workspace can be asked for, as a report tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from marsad.measure.census.marginals import Marginal
from marsad.measure.census.sentences import is_of_group
from marsad.measure.census.sentences import sentence as of_census
from marsad.measure.effect import EffectReport
from marsad.measure.effect.events import in_order
from marsad.measure.effect.sentences import headlines, of_each_kind
from marsad.measure.effect.sentences import whose as whose_effects
from marsad.measure.minding import Whose
from marsad.measure.network.sentences import sentence as of_network
from marsad.measure.refusal import Refused
from marsad.measure.returns.sentences import sentence as of_returns
from marsad.measure.survival.answers import Curve
from marsad.measure.survival.sentences import sentence as of_survival
from marsad.records.estimate import Estimate
from marsad.records.times import DAY
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring import census, effect, network, returns, survival

Said = Callable[[str], list[str]]
"""The sentences of a measure, in a language."""


@dataclass(frozen=True)
class Measured:
    """What one measure told: its estimates, their sentences, and what could not be told; and what
    is drawn of it: of survival the curve, of a census its ``marginals``, of ``effects`` each
    report, of ``networks`` the estimates around each event by its date. What is drawn of a census,
    group by group, is not among the sentences."""

    measure: str
    estimates: Sequence[Estimate] = ()
    refused: Sequence[Refused] = ()
    said: Said = field(default=lambda lang: [])
    curve: Curve | None = None
    marginals: Sequence[Marginal] = ()
    effects: Sequence[EffectReport] = ()
    networks: Mapping[str, Sequence[Estimate]] = field(default_factory=dict)

    def whose(self, lang: str) -> list[Whose]:
        """The estimates by what they are of."""
        if self.effects:
            return whose_effects(self.effects, lang)
        return Whose.each(self.estimates)


def everything(workspace: Workspace, events: Sequence[str] = (), until: int = 0) -> list[Measured]:
    """Every measure; what cannot be told is among the answers, as its refusal.

    ``events`` are dates or files of events, without which nothing is measured around one; ``until``
    (µs UTC) ends the hits of routes that a census takes.
    """
    asked: list[tuple[str, Callable[[], Measured]]] = [
        ("census", lambda: _census(workspace, until)),
        ("survival", lambda: _survival(workspace)),
        ("returns", lambda: _returns(workspace)),
    ]
    if events:
        asked.append(("effect", lambda: _effect(workspace, events)))
        asked.append(("network", lambda: of_networks(workspace, events)))
    return [_answer(name, ask) for name, ask in asked]


def _answer(name: str, ask: Callable[[], Measured]) -> Measured:
    try:
        return ask()
    except Refused as refusal:
        return Measured(name, refused=[refusal])


def _each(estimates: Sequence[Estimate], sentence: Callable[[Estimate, str], str]) -> Said:
    return lambda lang: [sentence(one, lang) for one in estimates]


def _census(workspace: Workspace, until: int) -> Measured:
    found = census.census(workspace, census.Asked(until=until))
    links = [one for one in found.estimates if not is_of_group(one)]
    said = _each(links, of_census)
    return Measured("census", found.estimates, found.refused, said, marginals=found.marginals)


def _survival(workspace: Workspace) -> Measured:
    found = survival.survival(workspace, survival.Asked())
    said = _each(found.estimates, of_survival)
    return Measured("survival", found.estimates, found.refused, said, found.curve)


def _returns(workspace: Workspace) -> Measured:
    found = returns.returns(workspace)
    return Measured("returns", found.estimates, found.refused, _each(found.estimates, of_returns))


def _effect(workspace: Workspace, events: Sequence[str]) -> Measured:
    reports = effect.effect(workspace, effect.Asked(events))
    return Measured(
        "effect",
        [one.estimate for report in reports for one in report.told],
        of_each_kind([one for report in reports for one in report.refused]),
        lambda lang: headlines(reports, lang),
        effects=reports,
    )


def of_networks(workspace: Workspace, events: Sequence[str]) -> Measured:
    """Around each takedown; where there are several, names end in its date."""
    takedowns = in_order([one for given in events for one in effect.events_of(given)])
    found: dict[str, Sequence[Estimate]] = {}
    refused: list[Refused] = []
    asked = [network.Asked(one.day * DAY) for one in takedowns]
    for event, told in zip(takedowns, network.networks(workspace, asked), strict=True):
        if isinstance(told, Refused):
            refused.append(told)
        else:
            found[event.date] = told.estimates
    if len(takedowns) > 1:
        found = {date: [_dated(one, date) for one in some] for date, some in found.items()}
    every = [one for some in found.values() for one in some]
    return Measured("network", every, refused, _each(every, of_network), networks=found)


def _dated(estimate: Estimate, date: str) -> Estimate:
    return replace(estimate, name=f"{estimate.name}-{date}")
