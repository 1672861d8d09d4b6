"""Lives from looks: what a look shows, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure.observed_lives import ENDS, Lives, Looks, lives

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
    ("AA", 0, 1, -1, "", False),
    ("AASAA", 0, 4, -1, "", False),  # one look that failed is no end
    ("AAS", 0, 1, -1, "", False),
    ("AASSA", 0, 1, 2, S, True),
    ("AADSS", 0, 1, 2, D, False),  # the reason is that of the first
    ("AA?SS", 0, 1, 3, S, False),
    ("AAS?S", 0, 1, 2, S, False),
    ("AASSASS", 0, 1, 2, S, True),
    ("nSS", 0, 0, 1, S, False),
    ("nAnSS", 0, 1, 3, S, False),
    ("SSAASS", 2, 3, 4, S, False),  # not seen before
    ("n AASS", 0, 3, 4, S, False),  # known by a notice before the first look on schedule
    ("AAN ASS", 0, 4, 5, S, False),  # a look after a report is no look on schedule
    ("APPSS", 0, 2, 3, S, False),
]


@pytest.mark.parametrize(("looks", "seen", "alive", "gone", "why", "back"), CASES)
def test_a_life(looks: str, seen: int, alive: int, gone: int, why: str, back: bool) -> None:
    assert only(lives(looks_of(looks))) == (seen, alive, gone, why, back)


def test_who_gives_no_life_is_counted() -> None:
    found = lives(looks_of("SS", "ASS", "n", "S", "nn", "A"))
    assert (found.account.tolist(), found.never_alive, found.unscheduled) == ([1], 2, 3)


def test_a_last_look_that_failed_is_counted() -> None:
    assert lives(looks_of("AAS", "AASS", "ASA")).doubtful == 1


def test_other_ends() -> None:
    assert only(lives(looks_of("AAPP"), ends=("protected",)))[2:4] == (2, "protected")
    assert only(lives(looks_of("AASS"), ends=("protected",)))[1:3] == (3, -1)


@pytest.mark.parametrize(
    ("looks", "route", "lived"),
    [
        ("AASS", "unknown", 1),
        ("AAAA", "unknown", 0),  # sightings: nobody was looked for
        ("AAAA", "probe", 1),
        ("AASS", "search", 0),
    ],
)
def test_which_looks_are_on_schedule(looks: str, route: str, lived: int) -> None:
    assert len(lives(looks_of(looks, route=route))) == lived


def test_where_some_are_known_to_be_on_schedule_others_are_not_taken_for_it() -> None:
    both = looks_of("AAAA", "AASS")
    probed = Looks(both.account, both.at, both.state, np.where(both.account, "unknown", "probe"))
    found = lives(probed)
    assert (found.account.tolist(), found.unscheduled) == ([0], 1)
    assert len(lives(probed, route="unknown")) == 1


def test_no_looks() -> None:
    ints, texts = np.zeros(0, np.int64), np.zeros(0, np.str_)
    assert len(lives(Looks(ints, ints, texts, texts))) == 0


def slowly(looks: str) -> tuple[int, int, str] | None:
    """Last alive, gone by, why: look after look; nothing without a second look that saw it."""
    begin = looks.find("A")
    if begin < 0 or not looks[begin + 1 :].strip("?"):
        return None
    alive, run = -1, []
    for at, letter in enumerate(looks):
        if letter == "A":
            alive, run = at, []
        elif letter != "?" and alive >= 0:
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
