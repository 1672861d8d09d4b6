"""What is looked at when an order comes in, and what whoever is on call is told of it.

No check stops the hour, and none refuses: that only a person does, with a ground that is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide.operator import Operator
from marsad.decide.orders.authorities import Listed
from marsad.decide.orders.reading import Given
from marsad.decide.places import Place, Places
from marsad.records.times import DAY, HOUR, MINUTE

LONG_AGO = 7 * DAY
"""An order that was issued earlier than this before it came is worth a question."""
CONFIDENTIAL = 42 * DAY


def latest_end(received_at: int) -> int:
    """The latest end of a non-disclosure that is likely (µs UTC): twice the six weeks of Article
    11(3)†."""
    return received_at + 2 * CONFIDENTIAL


"""Article 11(3): six weeks, and six more†."""
BEFORE = 12 * HOUR
"""Article 3(2): how long before a first order its authority's information comes."""
AHEAD = 5 * MINUTE
"""What a clock may be fast."""

GRAVE = frozenset({
    "no-url", "none-ours", "no-places", "unlisted", "no-authority", "signature-wrong",
    "other-domain", "issued-ahead", "no-reference", "confidential-over",
})  # fmt: skip
"""Checks that have to be settled with the authority, while the hour runs."""

GOOD = frozenset({"signed", "informed", "emergency-not-informed", "known"})
"""What is as it should be."""

CHECKS = (
    "no-authority", "unlisted", "known", "signed", "signature-wrong", "not-signed", "other-domain",
    "no-url", "none-ours", "some-not-ours", "not-found", "no-places", "no-reference", "no-date",
    "issued-ahead", "issued-long-ago", "received-ahead", "received-late", "no-grounds", "no-lang",
    "other-language", "informed", "not-informed", "emergency-not-informed", "cross-border",
    "no-operator", "confidential-long", "confidential-over", "rest",
)  # fmt: skip
"""All of them, as pages list them."""


@dataclass(frozen=True)
class Facts:
    """What an order is held against. ``email`` is the mail address that it gives, ``places`` are
    what each of its addresses is about, ``signed`` is whether a signature came with it and holds
    (None: none came); ``first`` whether the authority had not sent one before, ``informed_at`` when
    its information came. Times in µs UTC."""

    given: Given
    listed: Listed | None
    email: str
    places: Sequence[Place | None]
    ours: Places
    operator: Operator
    signed: bool | None
    first: bool
    informed_at: int | None
    now: int


def of(facts: Facts) -> list[str]:
    """The checks that have something to say, in the order of `CHECKS`."""
    said = {*_authority(facts), *_addresses(facts), *_times(facts), *_form(facts)}
    return [one for one in CHECKS if one in said]


def _authority(facts: Facts) -> set[str]:
    named = facts.given.form.authority
    if not named.name:
        return {"no-authority"}
    said = {"unlisted" if facts.listed is None else "known"}
    said.add({True: "signed", False: "signature-wrong", None: "not-signed"}[facts.signed])
    if facts.listed and facts.email and not facts.listed.may_write_from(facts.email):
        said.add("other-domain")
    if facts.first:
        said.add(_information(facts))
    return said


def _information(facts: Facts) -> str:
    """Article 3(2): the first order of an authority is announced twelve hours before, save in
    emergencies."""
    if facts.informed_at is not None and facts.informed_at <= facts.now - BEFORE:
        return "informed"
    return "emergency-not-informed" if facts.given.form.emergency else "not-informed"


def _addresses(facts: Facts) -> set[str]:
    urls = facts.given.form.urls
    if not urls:
        return {"no-url"}
    if not facts.ours.sites:
        return {"no-places"}
    ours = [facts.ours.is_ours(one) for one in urls]
    if not any(ours):
        return {"none-ours"}
    said = set() if all(ours) else {"some-not-ours"}
    lost = any(mine and place is None for mine, place in zip(ours, facts.places, strict=True))
    return said | ({"not-found"} if lost else set())


def _times(facts: Facts) -> set[str]:
    form, said = facts.given.form, set()
    if form.issued_at is None:
        said.add("no-date")
    elif form.issued_at > facts.now + AHEAD:
        said.add("issued-ahead")
    elif form.issued_at < facts.now - LONG_AGO:
        said.add("issued-long-ago")
    if facts.given.received_at is not None and facts.given.received_at > facts.now:
        said.add("received-ahead")
    if facts.given.received_at is not None and facts.given.received_at < facts.now - HOUR:
        said.add("received-late")
    since = form.issued_at if form.issued_at is not None else facts.now
    if form.confidential_until is not None and form.confidential_until > since + CONFIDENTIAL:
        said.add("confidential-long")
    if form.confidential_until is not None and form.confidential_until <= facts.now:
        said.add("confidential-over")
    return said


def _form(facts: Facts) -> set[str]:
    form, operator, said = facts.given.form, facts.operator, set()
    if not form.reference:
        said.add("no-reference")
    if not form.grounds:
        said.add("no-grounds")
    if not form.lang:
        said.add("no-lang")
    elif operator.languages and form.lang not in operator.languages:
        said.add("other-language")
    if not operator.country:
        said.add("no-operator")
    elif is_cross_border(facts):
        said.add("cross-border")
    if facts.given.rest:
        said.add("rest")
    return said


def is_cross_border(facts: Facts) -> bool:
    """Whether an authority of another State than that of establishment has issued it; only then is
    there Article 4."""
    state = facts.listed.state if facts.listed else facts.given.form.authority.state
    return bool(state and facts.operator.country and state != facts.operator.country)
