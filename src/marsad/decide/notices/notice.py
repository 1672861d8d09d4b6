"""What somebody says in a notice, and whether it is enough to look into (DSA 16(2))."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.decide.places import LONGEST_ID, Place, Places, Site
from marsad.locale import LANGUAGES
from marsad.records import mail_addresses
from marsad.records.errors import InputError, MarsadError

GROUNDS = ("terrorist-content", "incitement", "recruitment", "threat-to-life", "other")
THREAT = "threat-to-life"
KINDS: Mapping[str, str] = {
    "post": "post", "account": "account", "site": "site", "file": "media", "group": "community",
}  # fmt: skip
"""What can be reported → the kind of subject."""

CHANNELS = ("form", "flagger", "platform")
LONGEST_ADDRESS, LONGEST_NAME = 2_000, 200
SHORTEST_REASONS, LONGEST_REASONS, FEWEST_LETTERS = 10, 3_000, 5
"""Characters. With 3,000 of four bytes each a form stays below what the guard lets strangers send.
"""

_HASH = re.compile(r"[0-9a-fA-F]{64}\Z")


@dataclass(frozen=True)
class Given:
    """A notice as somebody gives it.

    ``address`` is a URL, an id of ours (``forum:123``) or the SHA-256 of a file; ``kind`` one of
    `KINDS`, which an id or a hash needs and an address does not. Without ``email`` it is anonymous.
    ``state_body``: it is sent for an authority or another body of a state.
    """

    address: str = ""
    ground: str = ""
    reasons: str = ""
    kind: str = ""
    name: str = ""
    email: str = ""
    good_faith: bool = False
    state_body: bool = False
    lang: str = "en"


@dataclass(frozen=True)
class Notice:
    """A notice that can be looked into: ``place`` is what it is about, ``email`` as it is compared,
    None where it is anonymous."""

    given: Given
    place: Place
    email: str | None


def problems(given: Given, places: Places) -> dict[str, MarsadError]:
    """What is wrong with a notice, by field; nothing for one that can be looked into."""
    found: dict[str, MarsadError | None] = {
        "address": _address(given, places),
        "ground": None if given.ground in GROUNDS else InputError(
            "notice.ground", valid={"words": [f"desk.ground.{one}" for one in GROUNDS]}),
        "reasons": _reasons(given.reasons),
        "name": None if len(given.name) <= LONGEST_NAME else InputError(
            "notice.name", high=LONGEST_NAME),
        "email": None if not given.email.strip() or mail_addresses.normal(given.email)
        else InputError("notice.email"),
        "good_faith": None if given.good_faith else InputError("notice.good-faith"),
        "lang": None if given.lang in LANGUAGES else InputError(
            "user.lang", given=given.lang[:20], valid=list(LANGUAGES)),
    }  # fmt: skip
    return {field: error for field, error in found.items() if error is not None}


def checked(given: Given, places: Places) -> Notice:
    """A notice that can be looked into. Raises the first of its `problems`."""
    for error in problems(given, places).values():
        raise error
    place = find(given, places)
    assert place is not None
    return Notice(given, place, mail_addresses.normal(given.email) if given.email else None)


def find(given: Given, places: Places) -> Place | None:
    """What a notice is about; None where that cannot be told."""
    address = given.address.strip()
    if not 0 < len(address) <= LONGEST_ADDRESS or not address.isprintable():
        return None
    if _HASH.match(address):
        platforms = sorted({site.platform for site in places.sites})
        alone = given.kind == "file" and len(platforms) == 1
        return _of_id("media", platforms[0], address.lower()) if alone else None
    platform, _, native = address.partition(":")
    if platform in {site.platform for site in places.sites} and not native.startswith("//"):
        return _of_id(KINDS.get(given.kind, ""), platform, native)
    return places.find(address) or (_of_site(address, places) if given.kind == "site" else None)


def _of_id(kind: str, platform: str, native: str) -> Place | None:
    if not kind or not 0 < len(native) <= LONGEST_ID or native != native.strip():
        return None
    subject = f"{platform}:{native}"
    return Place(platform, kind, subject, subject if kind == "account" else None)


def _of_site(address: str, places: Places) -> Place | None:
    """A whole site of ours, by any address on it."""
    site, host = places.host(address)
    return Place(site.platform, "site", f"{site.platform}:{host}") if site is not None else None


def _address(given: Given, places: Places) -> MarsadError | None:
    if not places.sites:
        return InputError("notice.none-here")
    address, hosts = given.address.strip(), sorted({site.host for site in places.sites})
    if not address or len(address) > LONGEST_ADDRESS:
        return InputError("notice.address", high=LONGEST_ADDRESS, valid=_examples(places.sites))
    if find(given, places) is not None:
        return None
    known = address.partition(":")[0] in {site.platform for site in places.sites}
    if places.is_ours(address) or known or _HASH.match(address):
        return InputError("notice.unknown", valid=_examples(places.sites))
    return InputError("notice.not-ours", valid=hosts)


def _examples(sites: Sequence[Site]) -> list[str]:
    """Addresses as they look here, some of them."""
    return [one for site in sites for one in site.forms][:6]


def _reasons(text: str) -> MarsadError | None:
    length = len(text.strip())
    words = sum(letter.isalpha() for letter in text) >= FEWEST_LETTERS
    if words and SHORTEST_REASONS <= length <= LONGEST_REASONS:
        return None
    return InputError("notice.reasons", length=length, low=SHORTEST_REASONS, high=LONGEST_REASONS)
