"""What of a text is compared: its words, without what changes from one copy to the next.

Copies of one text differ in the short link at their end, in whom they address, in emoji and in
punctuation. These are taken out before texts are compared, so that they neither hide a copy nor
make one of two texts that share nothing but a link.
"""

from __future__ import annotations

import re
import unicodedata

from marsad.records.normalise import normalise

# With a scheme, with www., or a host followed by a path (``t.co/…``, ``pic.example.com/…``). The
# host must begin a word, so that a pattern is tried once a word and time stays linear. Old clients
# cut texts in the middle of a link, hence ``http…``.
_URL = re.compile(
    r"https?(?::[^\s<>\"«»“”]*|…)|(?<![\w.])www\.[^\s<>\"«»“”]+"
    r"|(?<![\w.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/[^\s<>\"«»“”]*",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w@＠])[@＠]\w+(?:[.@-]\w+)*")
_REPOST = re.compile(r"\s*RT\s*(?=[@＠])", re.IGNORECASE)


class _Words(dict[int, str]):
    """Code point → itself where it is part of a word, else a space. Filled as characters are met."""

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
    bare = _MENTION.sub(" ", _URL.sub(" ", _REPOST.sub("", text, count=1)))
    return " ".join(normalise(bare).translate(_WORDS).split())


def is_marked_repost(text: str) -> bool:
    """Whether a text says itself that it is another's: ``RT @name …``."""
    return _REPOST.match(text) is not None
