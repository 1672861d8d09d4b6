"""Words, numbers and dates of a report in its language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from marsad import locale
from marsad.outputs.passage import isolated
from marsad.outputs.report.data import Unit
from marsad.records.estimate import Estimate
from marsad.records.times import DAY, MINUTE, to_datetime

Language = Literal["en", "ar"]

_DIRECTION_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")
_COMPACT_ABOVE = 99_999
LEAST_SHOWN = 0.001
"""Smaller measures are shown as below it."""


@dataclass(frozen=True)
class Words:
    """How one language says things. Calling it renders a message of the catalogues."""

    lang: Language

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The direction the language is written in."""
        return "rtl" if self.lang == "ar" else "ltr"

    def __call__(self, message_id: str, **values: Any) -> str:
        """The sentence of a message of the report (``report.`` is put before the id)."""
        return locale.render(f"report.{message_id}", values, self.lang)

    def either(self, group: str, name: str) -> str:
        """A name of a small vocabulary, or the name itself where the catalogue has none."""
        known = locale.catalogue(self.lang).get(f"{group}.{name}")
        return locale.render(f"{group}.{name}", {}, self.lang) if known else name

    def knows(self, message_id: str) -> bool:
        """Whether the report has such a message."""
        return locale.catalogue(self.lang).get(f"report.{message_id}") is not None

    def fact(self, name: str) -> str:
        """The name of a field of evidence; what the catalogue lacks is shown as it is called."""
        known = self.knows(f"fact.{name}")
        return self(f"fact.{name}") if known else isolated(name.replace("_", " "))

    def number(self, value: float, digits: int | None = None) -> str:
        """A number with the language's digits; ``digits`` after the point, or as needed."""
        pattern = None if digits is None else "#,##0." + "0" * digits if digits else "#,##0"
        return self._digits(locale.number(value, self.lang, pattern))

    def shown(self, rows: int, total: int) -> str:
        """How many of all there are a table or chart shows."""
        if rows >= total:
            return self("all-shown", count=total)
        return self("shown", shown=self.number(rows), total=self.number(total))

    def measured(self, value: float) -> str:
        """A number of the evidence: a count as it is, a measure with three figures or so."""
        if 0 < abs(value) < LEAST_SHOWN:
            return self("below", value=self.number(LEAST_SHOWN, 3))
        if float(value).is_integer():
            return self.number(value)
        return self.number(value, 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1)

    def compact(self, value: float) -> str:
        """A number for an axis: 250K, 1.5M where it is long."""
        if abs(value) <= _COMPACT_ABOVE:
            return self.number(value)
        from babel.numbers import format_compact_decimal

        short = format_compact_decimal(
            value, locale=locale._BABEL_LOCALE[self.lang], fraction_digits=1
        )
        return self._digits(short)

    def percent(self, value: float, digits: int = 0) -> str:
        """A fraction as per cent."""
        pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
        return self._digits(locale.percent(value, self.lang, pattern))

    def change(self, value: float) -> str:
        """A fraction as a change in per cent, with its sign."""
        form = "+#,##0%;-#,##0%" if abs(value) >= 0.005 else "0%"
        return self._digits(locale.percent(abs(value) if form == "0%" else value, self.lang, form))

    def score(self, value: float) -> str:
        """A score in [0, 1] with two digits, never rounded up to a certainty."""
        return self.number(math.floor(value * 100 + 1e-9) / 100, 2)

    def date(self, micros: int) -> str:
        """``3 August 2015``, in UTC."""
        return self._babel_date(to_datetime(micros), "d MMMM y")

    def time(self, micros: int, precision: int = MINUTE) -> str:
        """A date with its time of day in UTC, where the data are that precise."""
        if precision >= DAY:
            return self.date(micros)
        clock = self._babel_date(to_datetime(micros), "HH:mm")
        return self("when", date=self.date(micros), time=clock)

    def bin(self, unit: Unit, micros: int) -> str:
        """The name of one bin of a chart over time."""
        time = to_datetime(micros)
        if unit == "hour":
            return self._babel_date(time, "d MMM HH:mm")
        if unit == "month":
            return self._babel_date(time, "LLLL y")
        day = self._babel_date(time, "d MMMM y")
        return self("bin.week", day=day) if unit == "week" else day

    def event(self, day: int) -> str:
        """The name of an event in a drawing: its day (epoch day), short."""
        return self._babel_date(to_datetime(day * DAY), "d MMM y")

    def tick(self, micros: int, pattern: str) -> str:
        """The label of a tick of an axis of time; ``pattern`` of CLDR."""
        return self._babel_date(to_datetime(micros), pattern)

    def language(self, code: str | None) -> str:
        """The name of a language."""
        return locale.language_name(code, self.lang)

    def signal(self, name: str) -> str:
        """The name of a signal; a plug-in's is its own."""
        return self.either("signal", name)

    def estimate_name(self, estimate: Estimate) -> str:
        """``precision:phrases`` → the signal's name; other names stay as they are."""
        return self.signal(estimate.name.partition(":")[2] or estimate.name)

    def digits(self, text: str) -> str:
        """A version or the like with the language's digits, if it is a whole number."""
        return self.number(int(text)) if text.isascii() and text.isdigit() else text

    def sentence_value(self, text: str) -> str:
        """A value that must not disturb the direction of the sentence around it."""
        return isolated(text)

    def _digits(self, text: str) -> str:
        return locale._digits(text.translate(_DIRECTION_MARKS), self.lang)

    def _babel_date(self, time: datetime, pattern: str) -> str:
        from babel.dates import format_datetime

        return self._digits(format_datetime(time, pattern, locale=locale._BABEL_LOCALE[self.lang]))
