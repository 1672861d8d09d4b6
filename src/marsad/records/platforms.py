"""Names of platforms: one id for each, however a file or a person writes it.

The id stands before the colon of every subject id, so two spellings of one platform would make two
accounts of one. A platform that is not known here goes by its own name in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from marsad.records.errors import InputError

LONGEST = 40
"""Characters of the longest name."""

UNKNOWN = "unknown"
"""The platform of records of which nothing says where they are from."""

PARTIES = ("authority", "flagger", "reporter")
"""What stands before the colon in the names of those who are no accounts: no platform is called so,
or somebody who reported and an account of that platform would be one person."""

_NAMES = {
    "bluesky": "bsky bsky.app bsky.social",
    "facebook": "fb fb.com facebook.com فيسبوك فايسبوك",
    "instagram": "ig instagram.com انستغرام انستقرام إنستغرام",
    "linkedin": "linkedin.com",
    "reddit": "reddit.com",
    "telegram": "t.me tg telegram.me telegram.org تيليجرام تلغرام تليغرام",
    "tiktok": "tiktok.com تيكتوك",
    "truthsocial": "truthsocial.com",
    "twitter": "x x.com twitter.com تويتر إكس",
    "vk": "vk.com vkontakte vkontakte.ru",
    "youtube": "yt youtube.com youtu.be يوتيوب",
}
"""Platform → its other names. X keeps the name that its ids have in most archives."""

_ID_OF = {other: name for name, others in _NAMES.items() for other in others.split()}
_TOKEN = re.compile(r"\w[\w.+-]*")


@lru_cache(maxsize=4_096)
def platform_id(name: str) -> str | None:
    """The id of the platform called ``name``; None where that is no name.

    A name is one word of letters, digits, dots, hyphens, underscores and plus signs, `LONGEST`
    characters at most, and none of `PARTIES`; its case, and ``www.`` before it, say nothing.
    """
    plain = unicodedata.normalize("NFKC", name).strip().lower().removeprefix("www.")
    if len(plain) > LONGEST or not _TOKEN.fullmatch(plain) or plain in PARTIES:
        return None
    return _ID_OF.get(plain, plain)


def platform_named(name: str) -> str:
    """The id of the platform that a person named; InputError where that is no name."""
    found = platform_id(name)
    if found is None:
        raise InputError("platform.name", given=name[: 2 * LONGEST], longest=LONGEST,
                         parties=list(PARTIES))  # fmt: skip
    return found


def platform_column(names: ir.StringValue) -> ir.StringValue:
    """`platform_id` over a column; NULL where there is no name."""
    return _platform_ids(names).nullif("")


@ibis.udf.scalar.pyarrow(signature=(("string",), "string"))  # type: ignore[untyped-decorator]
def _platform_ids(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """`platform_id` of each, "" where there is none: the engine takes no NULL from a function.

    A column has few platforms, and each is looked up once.
    """
    few = pc.unique(names)
    known = [platform_id(name) or "" if name else "" for name in few.to_pylist()]
    return pa.array(known, pa.string()).take(pc.index_in(names, few))
