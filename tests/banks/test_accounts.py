"""Who is listed, over all banks of accounts."""

from __future__ import annotations

import pytest

from marsad.banks import Bank, Entry
from marsad.banks.accounts import listed

SINCE = {"since": "2024-05-01"}


def bank(*entries: Entry, name: str = "gone", negative: bool = False) -> Bank:
    return Bank(name, "accounts", entries, negative=negative)


@pytest.mark.parametrize(
    ("banks", "wanted"),
    [
        ([], {}),
        ([Bank("words", "phrases", (Entry("x:1"),))], {}),
        ([bank(Entry("x:1"), Entry("x:@Ann"))], {"x:1": "gone", "x:@ann": "gone"}),
        ([bank(Entry("x:1")), bank(Entry("x:1", withdrawn="2024-06-01"), name="other")], {}),
        ([bank(Entry("x:@ann")), bank(Entry("x:@Ann"), name="never", negative=True)], {}),
        ([bank(Entry("x:1")), bank(Entry("x:1"), name="other")], {"x:1": "gone"}),
        (
            [bank(Entry("x:1")), bank(Entry("x:1", options=SINCE), name="dated"),
             bank(Entry("x:1", options=SINCE), name="late")], {"x:1": "dated"},
        ),
    ],
)  # fmt: skip
def test_who_counts(banks: list[Bank], wanted: dict[str, str]) -> None:
    assert {account: one.bank for account, one in listed(banks).items()} == wanted
