"""What Marsad's outcomes, kinds and routes are in the words of Regulation (EU) 2022/2065.

One table each, so that somebody who knows the regulation can read them. A decision is taken by
people, always: detection proposes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from marsad.decide import blind
from marsad.decide.outcomes import ACTING, VALID
from marsad.records.policy import Policy

LABELLED = "DECISION_VISIBILITY_CONTENT_LABELLED"
DEMOTED = "DECISION_VISIBILITY_CONTENT_DEMOTED"
DISABLED = "DECISION_VISIBILITY_CONTENT_DISABLED"
REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"
SUSPENDED = "DECISION_ACCOUNT_SUSPENDED"
PARTLY = "DECISION_PROVISION_PARTIAL_SUSPENSION"

VISIBILITY, ACCOUNT, PROVISION = "decision_visibility", "decision_account", "decision_provision"


class Restriction(NamedTuple):
    """A restriction of Article 17(1): the field of the record, and what it says."""

    field: str
    value: str


BY_OUTCOME: Mapping[str, Restriction] = {
    "return": Restriction(PROVISION, PARTLY),  # (c): whoever took the account over loses its use
    "warn": Restriction(VISIBILITY, LABELLED),  # (a): shown with a warning
    "reduce": Restriction(VISIBILITY, DEMOTED),  # (a)
    "hide": Restriction(VISIBILITY, DISABLED),  # (a): it is there, and nobody can reach it
    "remove": Restriction(VISIBILITY, REMOVED),  # (a)
    "suspend": Restriction(ACCOUNT, SUSPENDED),  # (d): it can be given back, so not terminated
}

RESTRICTIONS: Mapping[tuple[str, str], Restriction] = {
    (outcome, kind): BY_OUTCOME[outcome]
    for kind, valid in VALID.items()
    for outcome in valid
    if outcome in ACTING
}
"""(outcome, kind of subject) → what it restricts; nothing else can be decided against somebody."""


class Source(NamedTuple):
    """How a case came to be seen, Article 17(3)(b) and (c)."""

    source_type: str
    automated_detection: str


VOLUNTARY = "SOURCE_VOLUNTARY"
ARTICLE_16, TRUSTED = "SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER"
OTHER_NOTICE = "SOURCE_TYPE_OTHER_NOTIFICATION"

SOURCES: Mapping[str, Source | None] = {
    blind.SIGNAL: Source(VOLUNTARY, "Yes"),
    blind.NOTICE: Source(ARTICLE_16, "No"),
    blind.RANDOM: Source(VOLUNTARY, "No"),
    blind.ORDER: Source(OTHER_NOTICE, "No"),  # by an order that nobody followed; the rest: 17(5)
    blind.GOLDEN: None,  # copies: what is decided there changes nothing in the world
    blind.SECOND: None,
}
"""Route → source; None: no statement is made."""

CHANNELS: Mapping[str, str] = {
    "form": ARTICLE_16,
    "platform": ARTICLE_16,  # a user's report that a platform has passed on
    "flagger": TRUSTED,
}
"""By which way a notice came → source; any other is another type of notification."""

BY_PEOPLE = "AUTOMATED_DECISION_NOT_AUTOMATED"

ILLEGAL, INCOMPATIBLE = "illegal", "incompatible"
SECURITY, TERRORIST = "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", "KEYWORD_TERRORIST_CONTENT"
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
TAKEN_OVER = "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"


class Ground(NamedTuple):
    """What a decision rests on: ``kind`` is illegal or incompatible (None where the policy names
    neither a law nor a rule), with the category and its keywords."""

    kind: str | None
    category: str
    keywords: tuple[str, ...]


def source(route: str, channels: Collection[str]) -> Source | None:
    """The source of a case: its route, and the channels of the notices that came before it was
    decided. Of several notices the one of a trusted flagger counts."""
    if route != blind.NOTICE:
        return SOURCES[route]
    types = {CHANNELS.get(one, OTHER_NOTICE) for one in channels}
    for type_ in (TRUSTED, ARTICLE_16, OTHER_NOTICE):
        if type_ in types:
            return Source(type_, "No")
    return SOURCES[route]


def ground(outcome: str, policy: Policy | None) -> Ground:
    """The ground that a policy gives: a designation makes content illegal, a platform's own rule
    makes it incompatible. A study's protocol is no ground against anybody."""
    if outcome == "return":
        return Ground(_kind(policy), FRAUD, (TAKEN_OVER,))
    return Ground(_kind(policy), SECURITY, (TERRORIST,))


def _kind(policy: Policy | None) -> str | None:
    if policy is not None and policy.grounds.get("designations"):
        return ILLEGAL
    return INCOMPATIBLE if policy is not None and policy.grounds.get("rules") else None


CONTENT_OF_MEDIA: Mapping[str, str] = {
    "image": "CONTENT_TYPE_IMAGE", "photo": "CONTENT_TYPE_IMAGE", "gif": "CONTENT_TYPE_IMAGE",
    "animated_gif": "CONTENT_TYPE_VIDEO", "gifv": "CONTENT_TYPE_VIDEO",
    "video": "CONTENT_TYPE_VIDEO", "audio": "CONTENT_TYPE_AUDIO",
}  # fmt: skip
"""Kind of a post's media, as platforms call it → type."""

TEXT, OTHER = "CONTENT_TYPE_TEXT", "CONTENT_TYPE_OTHER"
WORDS_FOR = {"account": "Account", "media": "Media file", "site": "Links to a site"}
"""What stands beside ``CONTENT_TYPE_OTHER``, by kind of subject."""


def content_types(kind: str, text: bool, media: Sequence[str]) -> dict[str, object]:
    """The fields for the type of the content that was restricted: a post's are its text and its
    media, an account's and a site's are none of those the list has."""
    if kind in ("account", "site"):
        return {"content_type": [OTHER], "content_type_other": WORDS_FOR[kind]}
    found = {CONTENT_OF_MEDIA.get(one, OTHER) for one in media}
    found |= {TEXT} if text and kind == "post" else set()
    if not found:
        found = {TEXT} if kind == "post" else {OTHER}
    more = {"content_type_other": WORDS_FOR["media"]} if OTHER in found else {}
    return {"content_type": sorted(found), **more}
