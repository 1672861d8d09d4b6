"""What a simulated network can be told: every knob with its unit, range and where it comes from."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

from marsad.records.errors import InputError

MIN_ACCOUNTS = 100
Shares = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Knobs:
    """Settings of a simulation. The defaults follow published figures where there are any.

    Fractions are in [0, 1], rates are a day and not negative. Sizes of groups are fractions of the
    accounts at the start; those that come back, and backups, come on top. `InputError` for a value
    outside its range.
    """

    start: date = date(2024, 3, 1)
    """First day of the window, 00:00 UTC."""

    # Volume and the mixture of what is posted
    volume: float = 1.0
    """Posts a day relative to the published marginals (mean 15.6). 1 reproduces them."""
    ceiling: float = 1370.0
    """Most posts a day of one account, at volume 1. The default is where the mean is as published;
    lower, the few that never stop do not drown a small network."""
    languages: Shares = (("ar", 0.45), ("en", 0.25), ("fr", 0.10), ("tr", 0.10), ("fa", 0.10))
    violating_languages: Shares = (("ar", 0.80), ("en", 0.20))
    """1 in 5 English, as in the census of 2015. Only languages with marker phrases: ar and en."""
    reposts: float = 0.30
    replies: float = 0.12
    linked: float = 0.12
    tagged: float = 0.25

    # Groups, as fractions of the accounts
    supporters: float = 0.04
    core: float = 0.015
    counter_speakers: float = 0.01
    newsrooms: float = 0.005
    wire_bots: float = 0.005
    app_users: float = 0.04
    fans: float = 0.03
    campaigners: float = 0.005
    broadcasters: float = 0.002
    party_supporters: float = 0.02
    fact_checkers: float = 0.003
    activists: float = 0.015
    community_size: int = 15
    """Accounts in a coordinated community."""
    communities: int = 0
    """How many communities the core has; 0: as many as ``community_size`` makes of it."""

    # What violating accounts post, and who quotes them
    violating_posts: float = 0.25
    """Fraction of a violating account's own posts that violate; the rest is ordinary."""
    near_copies: float = 0.20
    marker_links: float = 0.15
    evasions: float = 0.35
    """Of violating posts: near copies, links; of those with a marker phrase: spelled to evade."""
    counter_quotes: float = 0.40
    news_quotes: float = 0.25
    homonyms: float = 0.002
    """Fraction of posts that quote a marker against it, report on it, or mean something else."""
    stray_reposts: float = 0.001
    """Fraction of other people's reposts that pass on a violating post."""

    # Acting together
    core_actions: float = 2.0
    campaign_actions: float = 0.5
    """Joint actions of a community a day."""
    participation: float = 0.6
    core_delay: float = 8.0
    """Mean seconds between the first share of an object and another one in the same action."""
    campaign_delay: float = 30.0
    jitter: float = 1.0
    """Spread of those delays relative to their mean: 1 as by chance, 0 like clockwork."""
    outside_objects: float = 0.3
    """Fraction of actions on a link or hashtag that outsiders share as well."""
    violating_actions: float = 0.6
    cover: float = 1.0
    """Everyday posts of the core relative to what others of its activity write: the more, the
    better hidden."""

    # Innocent look-alikes
    app_lines: int = 5
    app_participation: float = 0.4
    wire_headlines: float = 6.0
    star_posts: float = 3.0
    fans_notified: float = 0.1
    """Fraction of fans who have notifications on and repost within seconds."""
    fan_participation: float = 0.3
    bursts: float = 0.3
    """Hashtags that surge, a day; each draws ``burst_size`` of the accounts of its language."""
    burst_size: float = 0.03
    surfacing: float = 0.3
    """Fraction of the violating accounts that are new in the window, returns too, whose first posts
    are inside a burst; where one comes in their language within a week."""
    attached: float = 0.3
    """Chance that an account which came back within the week takes part in a burst."""

    # Changes of accounts that stay their owners': they look like taken-over ones
    pauses: float = 0.02
    """Fraction of accounts, ordinary and violating, that are silent for a quarter to half of the
    window."""
    changed: float = 0.5
    """Of these: fraction that come back with another client, half of them in another language."""
    renamed: float = 0.02
    """Fraction of those accounts that take another name; of those that pause, ``changed``."""

    # Innocent occasions
    matches: float = 0.15
    shows: float = 0.1
    """Football matches and television shows a day, each in one language."""
    match_viewers: float = 0.06
    show_viewers: float = 0.04
    """Fraction of the accounts of its language that post during one."""
    elections: int = 1
    """Elections in the window, in the language of the parties."""
    turnout: float = 0.12
    """Fraction of the accounts of its language that post on an election on its day."""
    party_links: int = 6
    """Links that each party puts out on the day."""
    fact_checks: float = 2.0
    """Posts a day that fact-checkers answer, nearly all of them, with the same link."""
    campaign_days: float = 0.1
    """Fraction of days that are campaign days of an activists' cause."""

    # Ends and returns
    newcomers: float = 0.03
    """Fraction of accounts created within the window."""
    hazard: float = 0.00064
    """Daily hazard of suspension of a violating account: 678 of 20,000 in 54 days."""
    wave: float = 0.2
    """Fraction of the living violating accounts suspended within hours in a wave."""
    wave_at: float = 0.6
    """When the wave comes, as a fraction of the window."""
    other_hazard: float = 0.00002
    deactivation: float = 0.0003
    backups: float = 0.1
    returns: float = 0.6
    takeovers: float = 0.05
    """Fractions of the suspended who come back on a new account, or on a stranger's old one."""
    takeovers_renamed: float = 0.5
    """Fraction of taken-over accounts on which the actor puts the name of the account before."""
    owner_posts: float = 5.0
    taker_posts: float = 0.0
    """Least posts expected, within the window, of the owner of a taken-over account and of who took
    it over: each posts at a rate of their own, or as much more as that takes."""
    return_lag: float = 2.0
    """Median days between suspension and return; log-normal."""
    slowest: float = 0.7
    fastest: float = 1.2
    """Posts a day of an actor's new account relative to the one before: uniform between these."""
    announced: float = 0.4
    handle_kept: float = 0.8
    style_kept: float = 0.9
    topics_kept: float = 0.8
    hours_kept: float = 0.9
    """Fractions of new accounts of an actor with a handle like the old one, the same way of
    writing, the same topics, the same hours of the day."""
    follows_kept: float = 0.7
    """Fraction of those whom an account followed that the next one follows again."""
    regained: float = 0.4
    """Fraction of an account's followers who find its next one."""

    # Follow graph
    follows: float = 20.0
    homophily: float = 0.7

    # Discovery
    reach_search: float = 0.35
    reach_graph: float = 0.40
    reach_notice: float = 0.15
    reach_bank: float = 0.20
    """Chance that a route finds an average violating account that lives through the window."""
    route_dependence: float = 0.5
    """0: routes find accounts independently; larger: the same visible accounts by all routes."""
    panel: float = 0.2
    """Fraction of all accounts looked at on schedule, with every account found so far."""
    probe_every: float = 3.0
    failed_looks: float = 0.01

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            _check(field.name, getattr(self, field.name))
        _check_violating(self.violating_languages)
        if self.slowest > self.fastest:
            raise InputError(
                "simulate.knob", knob="slowest", given=self.slowest, low=0, high=self.fastest
            )
        groups = sum(getattr(self, name) for name in GROUP_KNOBS)
        if groups > 0.9:
            raise InputError(
                "simulate.groups", given=round(groups, 3), limit=0.9, knobs=list(GROUP_KNOBS)
            )

    def as_json(self) -> dict[str, Any]:
        """The knobs as a JSON object; the date as ISO 8601."""
        return {**dataclasses.asdict(self), "start": self.start.isoformat()}


GROUP_KNOBS = (
    "supporters",
    "core",
    "counter_speakers",
    "newsrooms",
    "wire_bots",
    "app_users",
    "fans",
    "campaigners",
    "broadcasters",
    "party_supporters",
    "fact_checkers",
    "activists",
)

# Upper ends of knobs that are not fractions; the lower end is 0 unless LOWEST names another.
HIGHEST = {
    "volume": 100.0,
    "ceiling": 10_000.0,
    "community_size": 10_000,
    "communities": 10_000,
    "jitter": 10.0,
    "cover": 10.0,
    "matches": 24.0,
    "shows": 24.0,
    "elections": 100,
    "party_links": 1_000,
    "fact_checks": 1_000.0,
    "core_actions": 1_000.0,
    "campaign_actions": 1_000.0,
    "core_delay": 86_400.0,
    "campaign_delay": 86_400.0,
    "app_lines": 24,
    "wire_headlines": 1_000.0,
    "star_posts": 1_000.0,
    "bursts": 100.0,
    "hazard": 10.0,
    "other_hazard": 10.0,
    "deactivation": 10.0,
    "return_lag": 365.0,
    "slowest": 10.0,
    "fastest": 10.0,
    "owner_posts": 10_000.0,
    "taker_posts": 10_000.0,
    "follows": 5_000.0,
    "route_dependence": 10.0,
    "probe_every": 3_650.0,
}
LOWEST = {"community_size": 2, "probe_every": 0.1, "return_lag": 0.01}
WRITTEN = ("ar", "en", "fr", "tr", "fa")
"""Languages that posts can be written in: there is a word list for each."""
WITH_MARKERS = ("ar", "en")


def _check(name: str, value: Any) -> None:
    if isinstance(value, date):
        return
    if isinstance(value, tuple):
        _check_shares(name, value)
        return
    low, high = LOWEST.get(name, 0), HIGHEST.get(name, 1.0)
    if not low <= value <= high:
        raise InputError("simulate.knob", knob=name, given=value, low=low, high=high)


def _check_shares(name: str, shares: Shares) -> None:
    total = sum(share for _, share in shares)
    known = all(code in WRITTEN and share >= 0 for code, share in shares)
    if not known or abs(total - 1) > 1e-6:
        raise InputError(
            "simulate.languages", knob=name, given=[code for code, _ in shares], valid=list(WRITTEN)
        )


def _check_violating(shares: Shares) -> None:
    if any(code not in WITH_MARKERS for code, _ in shares):
        raise InputError(
            "simulate.languages",
            knob="violating_languages",
            given=[code for code, _ in shares],
            valid=list(WITH_MARKERS),
        )


DEMO = Knobs(volume=0.11, ceiling=120.0, hazard=0.008, wave=0.25)
"""For a demonstration: fewer posts than published, nobody who posts a tenth of them all, and enough
suspensions to have returns."""
