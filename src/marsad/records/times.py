"""The one place for times: int64 microseconds since 1970 in UTC, and how precise they are.

A time without a zone is taken as UTC. A file that writes all its times to the minute cannot
answer a question about seconds, so every stored time carries the precision of its file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, Protocol, Self, TypeVar

import ibis
import ibis.expr.types as ir

from marsad.records.functions import (
    TIMESTAMP,
    byte_length,
    micros,
    timestamp,
    try_strptime,
    whole_part,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

PRECISIONS = (DAY, HOUR, MINUTE, SECOND, 1_000, 1)
"""Coarsest first: a file has the first of these that divides all its times."""

EARLIEST = 946_684_800 * SECOND
"""2000-01-01: no platform of today has an older post, a parsing fault does."""

DayOrder = Literal["dmy", "mdy"]

_DIGITS = ("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

_ZONED_FORMATS = (
    "%a %b %d %H:%M:%S %z %Y", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z", "%d/%b/%Y:%H:%M:%S %z",
)  # fmt: skip
_ISO_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")
_NAMED_MONTH_FORMATS = (
    "%d-%b-%y", "%d-%b-%y %I:%M %p",
    "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %Y", "%d %B %Y %H:%M:%S", "%d %B %Y %H:%M",
    "%d %B %Y", "%b %d, %Y %I:%M:%S %p", "%b %d, %Y %I:%M %p", "%b %d, %Y", "%B %d, %Y %I:%M %p",
    "%B %d, %Y", "%b %d, %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT",
    "%b %d, %Y · %I:%M %p UTC", "%Y-%m-%d %I:%M:%S %p", "%d-%b-%Y", "%d-%b-%Y %H:%M:%S",
    "%Y%m%d", "%Y%m%d%H%M%S", "%Y-%m-%dT%H-%M-%S", "%b %d, %Y, %I:%M %p", "%b %d, %Y, %I:%M:%S %p",
    "%B %d, %Y, %I:%M %p", "%B %d, %Y, %I:%M:%S %p", "%A, %B %d, %Y %I:%M:%S %p",
    "%d-%b-%Y %I:%M%p", "%d-%b-%Y %H:%M", "%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S",
)  # fmt: skip
_CLOCKS = ("", " %H:%M", " %H:%M:%S", ", %H:%M", ", %H:%M:%S", " %I:%M %p", " %I:%M:%S %p",
           ", %I:%M %p", ", %I:%M:%S %p", " %I:%M%p")  # fmt: skip
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")
_YEARS = ("%y", "%Y")


class _Replaceable(Protocol):
    """A written time, or a column of them."""

    def replace(self, old: str, new: str, /) -> Self: ...


_Text = TypeVar("_Text", bound=_Replaceable)

_ZONES = {
    "EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600",
    "PST": "-0800", "PDT": "-0700", "CET": "+0100", "CEST": "+0200", "EET": "+0200",
    "EEST": "+0300", "MSK": "+0300",
}  # fmt: skip
"""Names of zones that programs write, as offsets: of most, an engine knows one half of the year."""

_MONTHS = {
    "كانون الثاني": "Jan", "كانون الأول": "Dec", "تشرين الأول": "Oct", "تشرين الثاني": "Nov",
    "يناير": "Jan", "فبراير": "Feb", "مارس": "Mar", "أبريل": "Apr", "ابريل": "Apr",
    "إبريل": "Apr", "مايو": "May", "يونيو": "Jun", "يونيه": "Jun", "يوليو": "Jul",
    "يوليه": "Jul", "أغسطس": "Aug", "اغسطس": "Aug", "سبتمبر": "Sep", "أكتوبر": "Oct",
    "اكتوبر": "Oct", "نوفمبر": "Nov", "ديسمبر": "Dec", "شباط": "Feb", "آذار": "Mar",
    "نيسان": "Apr", "أيار": "May", "حزيران": "Jun", "تموز": "Jul", "آب": "Aug", "أيلول": "Sep",
    "جانفي": "Jan", "فيفري": "Feb", "أفريل": "Apr", "جوان": "Jun", "جويلية": "Jul", "أوت": "Aug",
    " ص": " AM", " م": " PM", "،": ",",
}  # fmt: skip
"""Arabic months, of the East and the West of the Arab world, and the halves of the day."""


def in_english(text: str) -> str:
    """A written time with ASCII digits, English names of months and offsets for zones: what
    `parse` does in a column."""
    if text.isascii():
        return _with_offsets(text)
    return _with_english_months(text.translate(str.maketrans(*_DIGITS)))


def ascii_digits(text: ir.StringValue) -> ir.StringValue:
    """Arabic and Persian digits as ASCII digits; text without other letters is left alone."""
    is_ascii = byte_length(text) == text.length()
    return ibis.cases((is_ascii, text), else_=text.translate(*_DIGITS))


def day_formats(order: DayOrder) -> list[str]:
    """The formats in numbers alone whose day and month the eye cannot tell apart."""
    first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
    dates = [sep.join((first, second, year)) for sep in ("/", ".", "-") for year in _YEARS]
    return [date + clock for date in dates for clock in _CLOCKS]


def parse(
    text: ir.StringValue, order: DayOrder | None = None, likely: Sequence[str] = ()
) -> ir.IntegerValue:
    """Microseconds since 1970 for a text in any of the forms that files use; NULL if none fits.

    Takes ISO 8601 and its relatives, seconds, milliseconds, microseconds and nanoseconds since
    1970 (told apart by size), the forms of X/Twitter and of mail, named months, and days before
    or after months as ``order`` says. Without ``order``, a date such as 3/4/2021 stays unread.
    ``likely`` names the formats to try first (`likely_formats`): what fails costs most.
    """
    formats = [*_ZONED_FORMATS, *_NAMED_MONTH_FORMATS, *(day_formats(order) if order else [])]
    folded = _in_english(text.strip())
    # CASE, not COALESCE: what stands in a branch of CASE is computed for the rows that reach it
    time = ibis.coalesce(
        folded.try_cast(TIMESTAMP), try_strptime(folded, ibis.array([*_ISO_FORMATS, *formats]))
    )
    found = micros(time)
    for known in (epoch(text), micros(text.try_cast(TIMESTAMP))):
        found = ibis.cases((known.notnull(), known), else_=found)
    for name in reversed(likely):
        known = micros(try_strptime(text, ibis.array([name])))
        found = ibis.cases((known.notnull(), known), else_=found)
    return found


def _in_english(text: ir.StringValue) -> ir.StringValue:
    is_ascii = byte_length(text) == text.length()
    named = _with_english_months(text.translate(*_DIGITS))
    return ibis.cases((is_ascii, _with_offsets(text)), else_=named)


def _with_english_months(text: _Text) -> _Text:
    for arabic, english in _MONTHS.items():
        text = text.replace(arabic, english)
    return text


def _with_offsets(text: _Text) -> _Text:
    for zone, offset in _ZONES.items():
        text = text.replace(f" {zone}", f" {offset}")
    return text


def likely_formats(sample: Sequence[str], order: DayOrder | None) -> list[str]:
    """The formats beyond ISO 8601 and seconds since 1970 that a sample of times is written in.

    At most three, the most frequent first; found with Python's own parser, whose directives are
    the same for these formats.
    """
    formats = [*_ZONED_FORMATS, *_NAMED_MONTH_FORMATS, *(day_formats(order) if order else [])]
    counts = Counter(name for text in sample if (name := _format_of(text, formats)))
    return [name for name, _ in counts.most_common(3)]


def day_order(sample: Sequence[str]) -> DayOrder | None:
    """Whether days or months come first in dates such as 3/4/2021, if the sample can tell.

    A first number above 12 anywhere means day first, a second one month first. None where the
    sample says neither or both: guessing would move posts by months.
    """
    pairs = [
        (int(found[1]), int(found[2])) for text in sample if (found := _NUMBERS.match(text.strip()))
    ]
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    if day_first == month_first:
        return None
    return "dmy" if day_first else "mdy"


def _format_of(text: str, formats: Sequence[str]) -> str | None:
    for name in formats:
        try:
            datetime.strptime(text.strip(), name)
        except ValueError:
            continue
        return name
    return None


def epoch(text: ir.StringValue) -> ir.IntegerValue:
    """Microseconds for a number of seconds, milli-, micro- or nanoseconds since 1970.

    The unit follows from the size: 9 or 10 digits before the point are seconds, 11 to 13
    milliseconds, 15 and 16 microseconds, 17 to 19 nanoseconds.
    """
    fraction = text.contains(".")
    whole = fraction.ifelse(ibis.null("int64"), text.try_cast("int64"))
    broken = text.try_cast("float64")
    return ibis.cases(
        (whole.isnull() & broken.between(1e8, 1e10), (broken * SECOND).try_cast("int64")),
        (whole.isnull() & broken.between(1e10, 1e13), (broken * 1_000).try_cast("int64")),
        (whole < 100_000_000, ibis.null("int64")),
        (whole < 10_000_000_000, whole * SECOND),
        (whole < 10_000_000_000_000, whole * 1_000),
        (whole < 100_000_000_000_000, ibis.null("int64")),  # 20240301100005 is written out
        (whole < 10_000_000_000_000_000, whole),
        else_=whole_part(whole, 1_000),
    )


def precision_of(time: ir.IntegerColumn) -> ir.IntegerScalar:
    """The precision of a group of times, as an aggregate: the coarsest unit that divides all."""
    return ibis.cases(
        *[((time % unit).max() == 0, ibis.literal(unit)) for unit in PRECISIONS[:-1]],
        else_=ibis.literal(PRECISIONS[-1]),
    )


def now() -> int:
    """The present in microseconds since 1970."""
    return int(datetime.now(UTC).timestamp() * SECOND)


def to_datetime(micros: int) -> datetime:
    """A stored time as a datetime in UTC."""
    return datetime.fromtimestamp(micros / SECOND, UTC)


def month_of(time: ir.IntegerValue) -> ir.IntegerValue:
    """201605 for a stored time in May 2016, NULL without one; see `month_name`."""
    at = timestamp(time)
    return at.year() * 100 + at.month()


def month_name(month: str) -> str:
    """``2016-05`` for ``201605``: the folder a record is kept in; ``undated`` for anything else."""
    return f"{month[:4]}-{month[4:]}" if month.isdecimal() and len(month) == 6 else "undated"


def needs_day_order(sample: Sequence[str]) -> bool:
    """Whether a sample holds dates in numbers alone whose day and month can be confused."""
    return any(_NUMBERS.match(text.strip()) for text in sample)
