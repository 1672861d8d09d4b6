"""Innocent occasions on which many post the same at the same time: what happens, and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Ints, Rows, chance, mixed, weighted
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import Group
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.window import Window


class Occasion(IntEnum):
    """Kinds of occasions; campaign days are those of activists."""

    MATCH = 0
    SHOW = 1
    ELECTION = 2
    CAMPAIGN_DAY = 3


SECTIONS = {
    Occasion.MATCH: "match tags",
    Occasion.SHOW: "show tags",
    Occasion.ELECTION: "election tags",
    Occasion.CAMPAIGN_DAY: "cause tags",
}
"""The words each kind takes its hashtag from."""

OCCASION = np.dtype(
    [
        ("number", "i4"),
        ("kind", "i1"),  # Occasion
        ("start", "i8"),
        ("language", "i1"),
        ("community", "i4"),  # of the activists, -1 for the others
    ]
)
MOST_MOMENTS = 64
_FOLLOWERS = 0.4
"""Fraction of all who follow football at all, and of those who watch television."""


def plan_occasions(accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    """The occasions of a window, rows of OCCASION in order of time."""
    parts = [
        _live(Occasion.MATCH, knobs.matches, window, knobs, rng),
        _live(Occasion.SHOW, knobs.shows, window, knobs, rng),
        _elections(accounts, window, knobs, rng),
        _campaign_days(accounts, window, knobs, rng),
    ]
    rows = np.concatenate(parts)
    rows = rows[np.argsort(rows["start"], kind="stable")]
    rows["number"] = np.arange(len(rows))
    return rows


def _rows(kind: Occasion, count: int) -> Rows:
    rows = np.zeros(count, OCCASION)
    rows["kind"], rows["community"] = kind, -1
    return rows


def _live(
    kind: Occasion, rate: float, window: Window, knobs: Knobs, rng: np.random.Generator
) -> Rows:
    """Scheduled in the evening, on the hour or half past."""
    rows = _rows(kind, int(rng.poisson(rate * window.days)))
    day = rng.integers(0, window.days, len(rows))
    rows["start"] = window.start + day * DAY + rng.integers(32, 40, len(rows)) * 1_800
    weights = np.array([dict(knobs.languages).get(code, 0.0) for code in LANGUAGES])
    rows["language"] = weighted(rng, weights, len(rows))
    return rows


def _elections(accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    rows = _rows(Occasion.ELECTION, knobs.elections)
    rows["start"] = window.start + rng.integers(0, window.days, len(rows)) * DAY
    party = accounts["language"][accounts["group"] == Group.PARTY_SUPPORTER]
    weights = np.array([dict(knobs.languages).get(code, 0.0) for code in LANGUAGES])
    rows["language"] = party[0] if len(party) else weighted(rng, weights, len(rows))
    return rows


def _campaign_days(accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    """Each cause has days of its own."""
    members = accounts[accounts["group"] == Group.ACTIVIST]
    causes, first = np.unique(members["community"], return_index=True)
    on = rng.random((len(causes), window.days)) < knobs.campaign_days
    cause, day = np.nonzero(on)
    rows = _rows(Occasion.CAMPAIGN_DAY, len(cause))
    rows["community"], rows["language"] = causes[cause], members["language"][first[cause]]
    rows["start"] = window.start + day * DAY
    return rows


def tag_words(rows: Rows) -> list[tuple[str, str]]:
    """The language and section each occasion's hashtag is taken from."""
    return [(LANGUAGES[row["language"]], SECTIONS[Occasion(row["kind"])]) for row in rows]


@dataclass(frozen=True)
class Public:
    """Who can take part in occasions: accounts and the voices that are theirs, one each."""

    accounts: Rows
    voices: Rows

    def speakers(self, language: int, at: int) -> Ints:
        """The voices of a language that are heard at a time, but for machines."""
        voices = self.voices
        heard = (voices["start"] <= at) & (at < voices["stop"]) & (voices["language"] == language)
        return np.flatnonzero(heard & (voices["group"] != Group.WIRE_BOT))

    def viewers(
        self, language: int, at: int, part: float, salt: int, rng: np.random.Generator
    ) -> Ints:
        """A fraction of the speakers; of those who follow such things, so often the same ones."""
        among = self.speakers(language, at)
        faces = self.accounts["face"][self.voices["account"][among]]
        follows = chance(mixed(faces, salt), 8) < _FOLLOWERS
        return among[follows & (rng.random(len(among)) < min(part / _FOLLOWERS, 1.0))]

    def voices_of(self, accounts: Ints) -> Ints:
        """The voice of each account, for those that have one."""
        place = np.full(len(self.accounts), -1, np.int64)
        place[self.voices["account"]] = np.arange(len(self.voices))
        return np.asarray(place[accounts])
