"""Lives from looks: what a look shows, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure.lives import ENDS, Lives, Looks, lives

A, S, D, U = "alive", "suspended", "deactivated", "unknown"


def looks_of(*accounts: str, route: str = "probe") -> Looks:
    """A look a letter, at times 0, 1, 2 …: ``A`` alive, ``S`` suspended, ``?`` saw nothing,
    ``n`` alive by a notice."""
    states = {"A": A, "S": S, "D": D, "?": U, "n": A, "N": S, "P": "protected"}
    rows = [
        (number, at, states[letter], "notice" if letter in "nN" else route)
        for number, letters in enumerate(accounts)
        for at, letter in enumerate(letters)
        if letter != " "
    ]
    account, at, state, by = zip(*rows, strict=True)
    return Looks(np.array(account), np.array(at), np.array(state), np.array(by))


def only(found: Lives) -> tuple[int, int, int, str, bool]:
    assert len(found) == 1
    return (
        int(found.seen[0]), int(found.alive[0]), int(found.gone[0]), str(found.reason[0]),
        bool(found.back[0]),
    )  # fmt: skip


CASES = [
    # looks, first seen, last alive, gone by, why, back
    ("AAASS", 0, 2, 3, S, False),
    ("AAA", 0, 2, -1, "", False),
    ("A", 0, 0, -1, "", False),
    ("AASAA", 0, 4, -1, "", False),  # one look that failed is no end
    ("AAS", 0, 1, -1, "", False),
    ("AASSA", 0, 1, 2, S, True),
    ("AADSS", 0, 1, 2, D, False),  # the reason is that of the first
    ("AA?SS", 0, 1, 3, S, False),
    ("AAS?S", 0, 1, 2, S, False),
    ("AASSASS", 0, 1, 2, S, True),
    ("n AASS", 0, 3, 4, S, False),  # known by a notice before the first look on schedule
    ("AAN ASS", 0, 4, 5, S, False),  # a look after a report is no look on schedule
    ("APPSS", 0, 2, 3, S, False),
]


@pytest.mark.parametrize(("looks", "seen", "alive", "gone", "why", "back"), CASES)
def test_a_life(looks: str, seen: int, alive: int, gone: int, why: str, back: bool) -> None:
    assert only(lives(looks_of(looks))) == (seen, alive, gone, why, back)


def test_who_was_never_seen_alive_on_schedule_is_counted() -> None:
    found = lives(looks_of("SS", "nSS", "ASS", "n"))
    assert (found.account.tolist(), found.never_alive) == ([2], 2)


def test_a_last_look_that_failed_is_counted() -> None:
    assert lives(looks_of("AAS", "AASS", "ASA")).doubtful == 1


def test_other_ends() -> None:
    assert only(lives(looks_of("AAPP"), ends=("protected",)))[2:4] == (2, "protected")
    assert only(lives(looks_of("AASS"), ends=("protected",)))[1:3] == (3, -1)


def test_looks_without_a_route_count_and_those_of_a_search_do_not() -> None:
    assert len(lives(looks_of("AA", route="unknown"))) == 1
    assert len(lives(looks_of("AA", route="search"))) == 0


def test_no_looks() -> None:
    ints, texts = np.zeros(0, np.int64), np.zeros(0, np.str_)
    assert len(lives(Looks(ints, ints, texts, texts))) == 0


def slowly(looks: str) -> tuple[int, int, str] | None:
    """Last alive, gone by, why: look after look."""
    alive, run = -1, []
    for at, letter in enumerate(looks):
        if letter == "A":
            alive, run = at, []
        elif letter != "?":
            run.append(at)
            if len(run) == 2:
                why = {"S": S, "D": D}[looks[run[0]]]
                return (alive, run[0], why) if alive >= 0 else None
    return (alive, -1, "") if alive >= 0 else None


@given(st.lists(st.text("ASD?", min_size=1, max_size=12), min_size=1, max_size=8))
def test_against_one_account_and_look_after_the_other(accounts: list[str]) -> None:
    found = lives(looks_of(*accounts))
    expected = {n: slowly(one) for n, one in enumerate(accounts) if slowly(one)}
    rows = zip(found.alive.tolist(), found.gone.tolist(), found.reason.tolist(), strict=True)
    assert dict(zip(found.account.tolist(), rows, strict=True)) == expected


def test_the_states_that_end_are_known() -> None:
    assert set(ENDS) == {"suspended", "removed", "deactivated", "missing"}
