"""Where every search begins."""

from __future__ import annotations

import pytest

from marsad.banks import Bank, Entry
from marsad.find.returns.parents import judged, vouched
from marsad.records.errors import InputError

DAY = 86_400_000_000


def bank(*entries: Entry, name: str = "gone", negative: bool = False) -> Bank:
    return Bank(name, "accounts", entries, negative=negative)


def test_since_and_basis_come_with_the_entry() -> None:
    entry = Entry("x:1", source="desk", options={"since": "1970-01-02", "basis": "final"})
    one = vouched([bank(entry)])["x:1"]
    # a date counts to its end: on that day the account may still have posted
    assert one.since == 2 * DAY - 1
    assert (one.basis, one.source, one.bank) == ("final", "desk", "gone")


def test_without_since_it_is_not_known() -> None:
    assert vouched([bank(Entry("x:1"))])["x:1"].since is None


def test_withdrawn_in_one_list_is_withdrawn_in_all() -> None:
    lists = [bank(Entry("x:@A"), Entry("x:2")), bank(Entry("x:@a", withdrawn="2024-01-01"))]
    assert list(vouched(lists)) == ["x:2"]


def test_a_negative_list_takes_accounts_out() -> None:
    lists = [bank(Entry("x:1"), Entry("x:2")), bank(Entry("x:1"), negative=True)]
    assert list(vouched(lists)) == ["x:2"]


@pytest.mark.parametrize(
    "banks",
    [[], [bank()], [Bank("p", "phrases", (Entry("x:1"),))]],
    ids=["no bank", "an empty one", "of another kind"],
)
def test_nobody_to_start_from_is_refused(banks: list[Bank]) -> None:
    with pytest.raises(InputError, match="marsad bank add") as refusal:
        vouched(banks)
    assert refusal.value.message.id == "returns.nobody"


def test_all_withdrawn_leaves_nobody() -> None:
    assert vouched([bank(Entry("x:1", withdrawn="2024-01-01"))]) == {}


def test_judged_pairs() -> None:
    found = judged([bank(Entry("x:@C", options={"returned_from": "x:1", "not_from": "x:2"}))])
    assert found.yes == {("x:@c", "x:1")}
    assert found.no == {("x:@c", "x:2")}
