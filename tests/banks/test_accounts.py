"""Who is listed, over all banks of accounts."""

from __future__ import annotations

import pytest

from marsad.banks import Bank, Entry
from marsad.banks.accounts import listed, spelled

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


def test_who_is_named_by_handle_and_by_id_is_one() -> None:
    """Withdrawn under one name is withdrawn under the other."""
    ids = {"x:@ann": "x:1", "x:@bob": "x:2"}
    entries = Entry("x:@Ann"), Entry("x:2", withdrawn="2024-06-01"), Entry("x:@bob")
    assert set(listed([bank(*entries)], ids)) == {"x:1"}
    assert set(listed([bank(Entry("x:@Ann"), Entry("x:1", options=SINCE))], ids)) == {"x:1"}


def test_everybody_named_in_banks() -> None:
    judged = Entry("x:3", options={"returned_from": "x:@Ann", "not_from": "x:4"})
    banks = [bank(judged, Entry("x:@Bob")), Bank("words", "phrases", (Entry("x:9"),))]
    assert spelled(banks) == ["x:3", "x:4", "x:@ann", "x:@bob"]
