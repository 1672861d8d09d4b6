"""What is planned for a day beside everyday posts: joint actions, look-alikes, occasions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.activists import activist_posts
from marsad.simulate.announcements import announcement_posts
from marsad.simulate.bursts import Crowd, burst_posts
from marsad.simulate.checkers import check_posts
from marsad.simulate.draws import Rows, generator
from marsad.simulate.elections import election_posts
from marsad.simulate.joint_actions import ACTION, Habit, act, habits, plan_actions
from marsad.simulate.live import live_posts
from marsad.simulate.look_alikes import app_posts, fan_posts, wire_posts
from marsad.simulate.members import members_of
from marsad.simulate.occasions import Occasion, Public
from marsad.simulate.population import Group
from marsad.simulate.posts import new_posts
from marsad.simulate.window import Window
from marsad.simulate.world import World

_ACTING = (
    Group.CORE,
    Group.CAMPAIGNER,
    Group.APP_USER,
    Group.WIRE_BOT,
    Group.STAR,
    Group.FAN,
    Group.PARTY_SUPPORTER,
    Group.FACT_CHECKER,
    Group.ACTIVIST,
)


@dataclass(frozen=True)
class Plan:
    """Posts planned for one day, in no order, and the joint actions behind some of them."""

    posts: Rows
    actions: Rows


class Planner:
    """Plans day after day. Only the number of the next joint action is kept between days."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._members = {group: members_of(world.accounts, group) for group in _ACTING}
        self._public = Public(world.accounts, world.voices)
        self._next_action = 0

    def announcements(self) -> Rows:
        """Posts that point from one account to another, of the whole window."""
        world = self._world
        rng = generator(world.seed, "announcements")
        return announcement_posts(world.accounts, world.window, world.knobs, rng)

    def day(self, number: int, day: Window) -> Plan:
        """Everything planned for a day; some of it may fall into the next."""
        acted = [self._act(habit, number, day) for habit in habits(self._world.knobs)]
        posts = [
            *(plan.posts for plan in acted),
            self._apps(number, day),
            self._wires(number, day),
            self._fans(number, day),
            self._bursts(number, day),
            self._occasions(number, day),
            self._checks(number, day),
            self._activists(number, day),
        ]
        actions = np.concatenate([np.zeros(0, ACTION), *(plan.actions for plan in acted)])
        return Plan(np.concatenate(posts), actions)

    def _rng(self, part: str, number: int) -> np.random.Generator:
        return generator(self._world.seed, part, number)

    def _act(self, habit: Habit, number: int, day: Window) -> Plan:
        world, members = self._world, self._members[habit.group]
        rng = self._rng(f"actions {habit.group.name}", number)
        actions, which = plan_actions(habit, members, day, self._next_action, world.knobs, rng)
        self._next_action += len(actions)
        posts = act(
            actions, which, habit, members, world.accounts, world.knobs, world.material, rng
        )
        return Plan(posts, actions)

    def _apps(self, number: int, day: Window) -> Rows:
        users, world = self._members[Group.APP_USER], self._world
        return app_posts(users, world.accounts, day, world.knobs, self._rng("apps", number))

    def _wires(self, number: int, day: Window) -> Rows:
        bots, world = self._members[Group.WIRE_BOT], self._world
        rng = self._rng("wires", number)
        return wire_posts(bots, world.accounts, day, world.knobs, world.material, rng)

    def _fans(self, number: int, day: Window) -> Rows:
        stars, fans = self._members[Group.STAR], self._members[Group.FAN]
        world = self._world
        return fan_posts(stars, fans, world.accounts, day, world.knobs, self._rng("fans", number))

    def _bursts(self, number: int, day: Window) -> Rows:
        world = self._world
        starts = world.bursts["start"]
        today = world.bursts[(day.start <= starts) & (starts < day.stop)]
        crowd = Crowd(world.accounts, world.voices)
        rng = self._rng("burst posts", number)
        return burst_posts(today, crowd, world.knobs, world.material, rng)

    def _occasions(self, number: int, day: Window) -> Rows:
        """Matches, shows and elections that begin on the day."""
        starts, kinds = self._world.occasions["start"], self._world.occasions["kind"]
        today = (day.start <= starts) & (starts < day.stop) & (kinds != Occasion.CAMPAIGN_DAY)
        rng = self._rng("occasions", number)
        parts = [self._occasion(one, rng) for one in self._world.occasions[today]]
        return np.concatenate([new_posts(0), *parts])

    def _occasion(self, occasion: np.void, rng: np.random.Generator) -> Rows:
        world, public = self._world, self._public
        if occasion["kind"] == Occasion.ELECTION:
            parties = self._members[Group.PARTY_SUPPORTER]
            return election_posts(occasion, public, parties, world.knobs, world.material, rng)
        return live_posts(occasion, public, world.knobs, world.material, rng)

    def _checks(self, number: int, day: Window) -> Rows:
        desks, world = self._members[Group.FACT_CHECKER], self._world
        rng = self._rng("fact-checks", number)
        return check_posts(desks, self._public, day, world.knobs, world.material, rng)

    def _activists(self, number: int, day: Window) -> Rows:
        causes, world = self._members[Group.ACTIVIST], self._world
        return activist_posts(
            causes, world.occasions, self._public, day, world.knobs, world.material,
            self._rng("activists", number),
        )  # fmt: skip
