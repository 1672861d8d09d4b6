"""The dashboard: how the desk does, each figure with its interval. Nobody is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marsad.decide import blind
from marsad.measure.refusal import Refused
from marsad.outputs.report.wording import Words
from marsad.web.access import Someone, TheSite
from marsad.web.charts import (
    agreement_chart,
    decisions_chart,
    precision_chart,
    predictive_chart,
)
from marsad.web.figures import golden_shown, reversed_of
from marsad.web.pages import lang_of, page
from marsad.workspace import keeping
from marsad.workspace.dashboard import DAYS, Predictive, figures
from marsad.workspace.keeping import Kept

router = APIRouter(include_in_schema=False)


@router.get("/dashboard")
def dashboard(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The page. What is slow to make is read from where it is kept. How many cases wait is not for
    whoever is shown copies: that is the number without copies, and theirs is with them."""
    now = site.desk.clock()
    words = Words(lang_of(request))  # type: ignore[arg-type]
    told = figures(site.desk.database, now)
    kept = keeping.read(site.workspace) if site.workspace is not None else None
    return page(
        request, "dashboard.html.j2", told=told, days=DAYS, kept=kept,
        decisions=decisions_chart(told.decided, now, DAYS, words) if told.decided else None,
        precision=precision_chart(told.precision, words) if told.precision else None,
        readings=agreement_chart(told.agreement.estimates, words),
        golden=golden_shown(told.golden, visitor), mine=reversed_of(told, visitor),
        predictive=_predictive(kept, words), by_signal=_by_signal(kept),
        refused=lambda one: isinstance(one, Refused), aware=not blind.unaware(visitor.reviewer),
    )  # fmt: skip


def _predictive(kept: Kept | None, words: Words) -> Mapping[str, object]:
    """By kind of subject a chart of what each signal finds as it is set, where that can be told."""
    drawn = {kind: predictive_chart(kind, values, words)
             for kind, values in (kept.values if kept else {}).items()}  # fmt: skip
    return {kind: chart for kind, chart in drawn.items() if chart is not None}


def _by_signal(kept: Kept | None) -> Mapping[str, Mapping[str, Sequence[Predictive]]]:
    """By kind of subject the thresholds of each signal."""
    return {
        kind: {signal: list(some) for signal, some in groupby(values, lambda one: one.signal)}
        for kind, values in (kept.values if kept else {}).items()
    }
