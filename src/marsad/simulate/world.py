"""The network before anybody posts: accounts, voices, handles, communities, bursts, occasions."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.simulate.bursts import plan_bursts
from marsad.simulate.changes import change
from marsad.simulate.debuts import surface
from marsad.simulate.draws import Rows, generator
from marsad.simulate.identities import Identities, identities
from marsad.simulate.knobs import Knobs
from marsad.simulate.lineages import Lineages, grow
from marsad.simulate.occasions import plan_occasions, tag_words
from marsad.simulate.population import initial_accounts
from marsad.simulate.posts import Material, material
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.voices import voices_of
from marsad.simulate.window import Window


@dataclass(frozen=True)
class World:
    """Everything that is settled before the first post. Rows have the dtypes of their modules."""

    seed: int
    knobs: Knobs
    window: Window
    lineages: Lineages
    voices: Rows
    bursts: Rows
    occasions: Rows
    identities: Identities
    material: Material

    @property
    def accounts(self) -> Rows:
        """All accounts, those of the start first."""
        return self.lineages.accounts


def build_world(accounts: int, days: int, seed: int, knobs: Knobs) -> World:
    """The world of ``accounts`` accounts at the start, and those that come later."""
    window = Window.of(knobs.start, days)
    first = initial_accounts(accounts, window, knobs, generator(seed, "population"))
    lineages = grow(first, window, knobs, generator(seed, "lineages"))
    bursts = plan_bursts(window, knobs, generator(seed, "bursts"))
    surface(lineages.accounts, bursts, window, knobs, generator(seed, "debuts"))
    occasions = plan_occasions(lineages.accounts, window, knobs, generator(seed, "occasions"))
    change(lineages.accounts, window, knobs, generator(seed, "changes"))
    languages = [LANGUAGES[code] for code in bursts["language"].tolist()]
    communities = int(lineages.accounts["community"].max(initial=-1)) + 1
    return World(
        seed=seed,
        knobs=knobs,
        window=window,
        lineages=lineages,
        voices=voices_of(lineages, window, knobs, generator(seed, "voices")),
        bursts=bursts,
        occasions=occasions,
        identities=identities(lineages.accounts, seed),
        material=material(seed, languages, communities, tag_words(occasions)),
    )
