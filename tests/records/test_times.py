"""Times: many forms, one meaning; what is open is not guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.engines import open_engine
from marsad.records import times

FORMS = [
    ("2023-01-01T00:00:00Z", "2023-01-01T00:00:00"),
    ("2023-01-01T03:00:00+03:00", "2023-01-01T00:00:00"),
    ("2023-01-01 00:00:00 +0300", "2022-12-31T21:00:00"),
    ("2023-01-01", "2023-01-01T00:00:00"),
    ("2023-01-01 10:05", "2023-01-01T10:05:00"),
    ("2023-01-01T10:05:07.123456Z", "2023-01-01T10:05:07.123456"),
    ("1623881091", "2021-06-16T22:04:51"),
    ("1623881091.0", "2021-06-16T22:04:51"),
    ("1623881091.25", "2021-06-16T22:04:51.250"),
    ("1623881091123", "2021-06-16T22:04:51.123"),
    ("1623881091123456", "2021-06-16T22:04:51.123456"),
    ("1623881091123456789", "2021-06-16T22:04:51.123456"),
    ("20230105", "2023-01-05T00:00:00"),
    ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24"),
    ("Mon, 02 Jan 2006 15:04:05 +0100", "2006-01-02T14:04:05"),
    ("12 Jan 2020", "2020-01-12T00:00:00"),
    ("Jan 5, 2021 3:04 PM", "2021-01-05T15:04:00"),
    ("٢٠٢٣-٠١-٠١ ١٠:٠٥", "2023-01-01T10:05:00"),
    ("10/1/2017 19:58", "2017-10-01T19:58:00"),
    ("10.1.17", "2017-10-01T00:00:00"),
    ("20210106120000", "2021-01-06T12:00:00"),
    ("2021-07-04 05:06:07 EDT", "2021-07-04T09:06:07"),
    ("2021-03-04 05:06:07 EST", "2021-03-04T10:06:07"),
    ("Mon May 03 10:00:00 EDT 2021", "2021-05-03T14:00:00"),
    ("May 3, 2021, 10:00 AM", "2021-05-03T10:00:00"),
    ("Monday, May 3, 2021 10:00:00 AM", "2021-05-03T10:00:00"),
    ("05-Jan-2022 03:04PM", "2022-01-05T15:04:00"),
    ("03-May-21", "2021-05-03T00:00:00"),
    ("01-Feb-21 10:00 AM", "2021-02-01T10:00:00"),
    ("3 مايو 2021", "2021-05-03T00:00:00"),
    ("٣ مايو ٢٠٢١", "2021-05-03T00:00:00"),
    ("٣ أيار ٢٠٢١ ١٠:٠٥", "2021-05-03T10:05:00"),
    ("3 كانون الثاني 2021", "2021-01-03T00:00:00"),
    ("soon", None),
    ("", None),
    ("2020", None),
    ("2017-13-40", None),
]


def parsed(texts: list[str], order: times.DayOrder | None) -> list[int | None]:
    with open_engine() as engine:
        rows = engine.table(pa.table({"text": texts}), "texts")
        found = rows.mutate(number=rows.text.length(), at=times.parse(rows.text, order))
        table = engine.collect(found)
    by_text = dict(zip(table["text"].to_pylist(), table["at"].to_pylist(), strict=True))
    return [by_text[text] for text in texts]


def test_the_forms_of_files() -> None:
    found = parsed([text for text, _ in FORMS], "mdy")
    for (text, wanted), micros in zip(FORMS, found, strict=True):
        shown = None if micros is None else times.to_datetime(micros).replace(tzinfo=None)
        expected = None if wanted is None else datetime.fromisoformat(wanted)
        assert shown == expected, text


def test_a_sample_is_read_as_its_column_is() -> None:
    """What a source guesses from a sample in Python holds for the column in the engine."""
    texts = [text for text, _ in FORMS] + [" ٣ آب ٢٠٢١ CET ", "1 Jan 2020 CEST", "۱۲ جوان EST"]
    with open_engine() as engine:
        rows = engine.table(pa.table({"text": texts}), "texts")
        column = engine.collect(rows.mutate(english=times._in_english(rows.text)))
    found = {row["text"]: row["english"] for row in column.to_pylist()}
    assert found == {text: times.in_english(text) for text in texts}


def test_day_first_and_open() -> None:
    assert parsed(["3/4/2021"], "dmy") == [1617408000 * times.SECOND + 0]
    assert parsed(["3/4/2021"], None) == [None]


ORDERS = [
    (["3/25/2021"], "mdy"),
    (["25/3/2021"], "dmy"),
    (["3/4/2021"], None),
    (["3/25/2021", "25/3/2021"], None),
    (["2021-03-25"], None),
]


@pytest.mark.parametrize(("sample", "order"), ORDERS)
def test_the_order_of_day_and_month(sample: list[str], order: str | None) -> None:
    assert times.day_order(sample) == order


@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_sample_breaks_the_guess(sample: list[str]) -> None:
    times.likely_formats(sample, times.day_order(sample))
    times.needs_day_order(sample)


@given(st.lists(st.integers(0, 2**52), min_size=1, max_size=20))
def test_precision_divides_all(micros: list[int]) -> None:
    with open_engine() as engine:
        rows = engine.table(pa.table({"at": pa.array(micros, pa.int64())}), "times")
        found = engine.collect(rows.aggregate(p=times.precision_of(rows["at"])))["p"][0].as_py()
    assert all(at % found == 0 for at in micros)
    coarser = [unit for unit in times.PRECISIONS if unit > found]
    assert all(any(at % unit for at in micros) for unit in coarser)


def test_now_is_in_utc() -> None:
    assert abs(times.to_datetime(times.now()) - datetime.now(UTC)).total_seconds() < 60
