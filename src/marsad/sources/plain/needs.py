"""What each kind of record needs of a table, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from marsad.records.errors import InputError
from marsad.sources.choices import near
from marsad.sources.loose import LOOSE
from marsad.sources.plain.choose import Chosen

ORDER = ("posts", "edges", "shares", "labels", "observations", "series")

OBJECTS = ("url", "hashtag", "domain", "image", "repost", "reply", "mention", "text", "object")
"""Fields that name an object of a share, each with the kind of object of the same name."""

Needs = tuple[tuple[str, ...], ...]
"""Groups of fields: one of each group is needed."""

_ACCOUNT = ("account_id", "handle")
_SEEN = ("state", "followers", "following", "account_posts", "bio", "avatar", "account_created_at")

NEEDS: Mapping[str, Needs] = {
    "posts": (_ACCOUNT, ("created_at",), ("text", "repost_of")),
    "edges": (("source",), ("target",)),
    "shares": (_ACCOUNT, ("shared_at",), OBJECTS),
    "labels": (("subject", "post_id", *_ACCOUNT), ("label",)),
    "observations": (_ACCOUNT, _SEEN),
    "series": (("day",), ("value",)),
}
"""What a kind needs to be recognised from the columns."""

_NEEDS_AS: Mapping[str, Needs] = {
    **NEEDS,
    "posts": (_ACCOUNT, ("created_at",), ("text", "repost_of", "urls", "hashtags", "media_urls",
                                           "media_hashes", "reply_to", "quote_of")),
    "observations": (_ACCOUNT,),
}  # fmt: skip
"""What a kind needs when the user names it."""

KIND_NAMES = {"accounts": "observations"}
"""``--as accounts`` asks for observations of accounts."""


def kind_named(name: str) -> str:
    """The kind of rows that ``--as`` means; InputError for an unknown one."""
    valid = [*LOOSE, *KIND_NAMES]
    if name not in valid:
        raise InputError("sources.unknown-kind", given=name, near=near(name, valid), valid=valid)
    return KIND_NAMES.get(name, name)


def missing(chosen: Chosen, asked: bool) -> list[tuple[str, ...]]:
    """The groups of fields of which a kind needs one and has none."""
    needs = (_NEEDS_AS if asked else NEEDS)[chosen.kind]
    lacking = [group for group in needs if not any(name in chosen for name in group)]
    return [*lacking, chosen.lacks] if chosen.lacks else lacking
