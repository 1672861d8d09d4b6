"""Accounts divided by accounts per actor; both are reported."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.measure import accounts_per_actor
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

ACCOUNTS = Estimate("accounts", 1000.0, 900.0, 1100.0, 0.95, "m", "frame", 400)
SIZES = [1] * 30 + [2] * 12 + [4] * 8


def test_by_hand() -> None:
    """50 lineages with 86 accounts."""
    found = accounts_per_actor(ACCOUNTS, SIZES)
    assert found.accounts == ACCOUNTS
    assert found.per_actor.value == pytest.approx(86 / 50)
    assert found.actors.value == pytest.approx(1000 * 50 / 86)
    assert found.actors.low < found.actors.value < found.actors.high
    ratio = (found.actors.high - found.actors.low) / found.actors.value
    assert ratio > 0.2  # wider than that of the accounts, which is a fifth


def test_accounts_drawn_meet_long_lineages_more_often() -> None:
    each = np.repeat(SIZES, SIZES)
    found = accounts_per_actor(ACCOUNTS, each, drawn="accounts")
    assert found.actors.value == pytest.approx(1000 * 50 / 86)
    assert found.per_actor.low < 86 / 50 < found.per_actor.high


def test_missed_links_make_it_a_bound() -> None:
    found = accounts_per_actor(ACCOUNTS, SIZES)
    assert (found.actors.bound, found.per_actor.bound) == ("upper", "lower")
    known = accounts_per_actor(ACCOUNTS, SIZES, complete=True)
    assert (known.actors.bound, known.per_actor.bound) == (None, None)
    assert "links-complete" in known.actors.assumptions


@pytest.mark.parametrize("drawn", ["lineages", "accounts"])
def test_everybody_alone_is_no_proof_of_it(drawn: str) -> None:
    found = accounts_per_actor(ACCOUNTS, [1] * 40, drawn=drawn)  # type: ignore[arg-type]
    assert (found.per_actor.value, found.actors.value) == (1, 1000)
    if drawn == "lineages":
        assert found.per_actor.high > 1.05


def test_both_intervals_hold_the_truth_of_simulated_lineages() -> None:
    rng = np.random.default_rng(2)
    held = {"lineages": 0, "accounts": 0}
    for _ in range(300):
        sizes = rng.geometric(0.6, 80)
        by_account = rng.geometric(0.6, 4000)
        met = rng.choice(np.repeat(by_account, by_account), 80)
        for drawn, given in (("lineages", sizes), ("accounts", met)):
            one = accounts_per_actor(ACCOUNTS, given, drawn=drawn).per_actor  # type: ignore[arg-type]
            held[drawn] += one.low <= 1 / 0.6 <= one.high
    assert min(held.values()) > 0.92 * 300


@pytest.mark.parametrize(("sizes", "message"), [(None, "none"), ([], "none"), ([1, 2, 1], "few")])
def test_refused_where_nobody_looked(sizes: list[int] | None, message: str) -> None:
    with pytest.raises(Refused) as refused:
        accounts_per_actor(ACCOUNTS, sizes)
    assert refused.value.message.id == f"measure.actors.{message}"
    assert (refused.value.missing, refused.value.next) == (("lineages",), "marsad find returns")


def test_an_actor_without_an_account() -> None:
    with pytest.raises(InputError):
        accounts_per_actor(ACCOUNTS, [1, 2, 0, 1, 1, 1])
