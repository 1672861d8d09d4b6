"""What of a text is compared: its words, without what changes from one copy to the next.

Copies of one text differ in the short link at their end, in whom they address, in emoji and in
punctuation. These are taken out before texts are compared, so that they neither hide a copy nor
make one of two texts that share nothing but a link.
"""

from __future__ import annotations

import re
import unicodedata

from marsad.records.normalise import normalise
from marsad.records.objects import GLUED_AFTER, MENTION, URL

# Besides addresses with a scheme: those with www., and a host followed by a path (``t.co/…``,
# ``pic.example.com/…``), which must begin a word, so that it is tried once a word and time stays
# linear. Old clients cut texts in the middle of a link, hence ``htt…``. Here, unlike where posts
# are imported, it does no harm to take out too much: it is taken out of every copy.
_URL = re.compile(URL)
_GLUED = re.compile(GLUED_AFTER)
_BARE_URL = re.compile(
    r"(?<![\w.])www\.\S*|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/\S*"
    r"|(?<!\w)ht?t?p?s?:?/?…",
    re.IGNORECASE,
)
_MENTION = re.compile(MENTION)
_REPOST = re.compile(r"\A\s*RT\s*(?=[@＠])", re.IGNORECASE)


class _Words(dict[int, str]):
    """Code point → itself where it is part of a word, else a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        kept = char if category[0] in "LMN" else " "
        if category not in ("Cn", "Co"):
            self[code] = kept
        return kept


_WORDS = _Words()


def content(text: str) -> str:
    """The words of a text in their one spelling, with single spaces between them.

    Addresses, mentions, the ``RT`` before a mention, punctuation, emoji and the # of hashtags are
    gone; letters, digits and signs that belong to letters stay. A text that has none is "".
    """
    addressed = "@" in text or "＠" in text
    if addressed:
        text = _REPOST.sub("", text, count=1)
    text = _without_urls(text)
    if addressed:
        text = _MENTION.sub(" ", text)
    return " ".join(normalise(text).translate(_WORDS).split())


def _without_urls(text: str) -> str:
    if "://" in text:
        if not text.isascii():
            text = _GLUED.sub(r"\1 \2", text)
        text = _URL.sub(" ", text)
    if "/" in text or "…" in text or "www." in text.lower():
        text = _BARE_URL.sub(" ", text)
    return text


def is_marked_repost(text: str) -> bool:
    """Whether a text says itself that it is another's: ``RT @name …``."""
    return _REPOST.match(text) is not None
