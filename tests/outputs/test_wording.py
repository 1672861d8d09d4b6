"""Numbers and dates of a report: with the digits of the catalogues' languages."""

from __future__ import annotations

import pytest

from marsad import locale
from marsad.outputs.report.wording import Words
from tests.outputs.network import START

SHOWN = [
    (Words("ar").number(1_234), "١٬٢٣٤"),
    (Words("ar").percent(0.5), "٥٠٪"),
    (Words("ar").date(START), "١ يونيو ٢٠١٥"),
    (Words("ar").compact(250_000), "٢٥٠ ألف"),
    (Words("en").date(START), "1 June 2015"),
    (Words("en").compact(250_000), "250K"),
]


@pytest.mark.parametrize(("shown", "expected"), SHOWN)
def test_digits(shown: str, expected: str) -> None:
    assert shown.replace("\u00a0", " ") == expected


def test_digits_are_those_of_the_catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "_ARABIC_DIGITS", {ord(digit): "D" for digit in "0123456789"})
    assert Words("ar").date(START) == "D يونيو DDDD"
