"""Return rates drawn: by day after the closing, with what can be found at least."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from marsad.outputs.report.chart import Chart
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate

_RATE = re.compile(
    r"return-rate-day-(?P<day>[0-9.e+]+)(?:-(?P<of>first-closings|with-unsure|adjusted))?"
)
ORDER = ("", "first-closings", "adjusted", "with-unsure")


def returns_charts(estimates: Sequence[Estimate], words: Words) -> list[Sequence[Chart]]:
    """One chart of all return rates, or none."""
    found: dict[str, list[Row]] = defaultdict(list)
    for one in estimates:
        if named := _RATE.fullmatch(one.name):
            day = words.number(float(named["day"]))
            found[named["of"] or ""].append(Row(words("returns.by-day", day=day), one))
    if not found:
        return []
    blocks = [Block(found[of], words(f"returns.{of or 'each'}")) for of in ORDER if of in found]
    level = words.percent(blocks[0].rows[0].estimate.level)
    chart = dots_chart(
        "return-rates", words("chart.returns.title"), words("chart.returns.summary", level=level),
        blocks, "fraction", words("axis.back"), words,
    )  # fmt: skip
    return [[chart]]
