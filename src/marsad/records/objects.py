"""Hashtags, URLs and mentions in a text: one rule, for Python and for columns of a database.

The patterns are written in what Python's ``re`` and RE2 (DuckDB's engine) have in common and read
alike: no look-around, no classes by name, no case folding. They take time proportional to the text.
Those with a group are small on purpose: RE2 finds groups in a large pattern ten times slower.

Where a file lists its objects itself, that list counts and the text is not read.
"""

# mypy: disable-error-code="empty-body, untyped-decorator"
# Functions of DuckDB are declared to Ibis by signatures without bodies.

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from marsad.records.letters import DIGITS, ENCLOSING, LETTERS
from marsad.records.sites import SHORTENERS

# --- hashtags ---------------------------------------------------------------------------------
# The full-width sign is made a plain one first. A tag holds a letter; joiners and the middle dots
# of Catalan, Hebrew and Japanese only inside it. No tag begins right after a letter or a digit,
# after "&" (a character reference) or after "/" (an address).
_IN_TAG = f"[{LETTERS}{ENCLOSING}{DIGITS}_]"
_TAG = (
    f"[{DIGITS}_]*[{LETTERS}]{_IN_TAG}*"
    f"(?:[\u200c\u200d\u00b7\u05be\u05f3\u05f4\u30a0\u30fb]+{_IN_TAG}+)*"
)
HASHTAGS = f"(?:^|[^{LETTERS}{ENCLOSING}{DIGITS}_&/])#{_TAG}(?:/?#{_TAG})*"
"""A hashtag with its sign and the character before it, if any; or several with nothing or a slash
between, ``#a#b/#c``. Without a group, which would make it slow: it is too large a pattern."""

# --- mentions ---------------------------------------------------------------------------------
_NAME = "[A-Za-z0-9_]+"
_DOMAIN = r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
_LABEL = r"[a-z0-9]+(?:-+[a-z0-9]+)*"
MENTION = (
    "(?:^|[^A-Za-z0-9_/])(?:RT)?[@＠]"
    rf"({_NAME}(?:[.-]+{_NAME})*[@＠]{_DOMAIN}"  # name@server
    rf"|{_NAME}(?:-+{_NAME})*(?:\.{_LABEL})*\.[a-z]{{2,}}"  # a domain as a name
    f"|{_NAME})"
)
"""In group 1 an account, without the first sign."""

# --- URLs -------------------------------------------------------------------------------------
_STOP = (
    r"\x00-\x20\x7f-\xa0"
    "\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff"
    '<>"`{}|^' + r"\\" + "«»“”„‘’‹›،؛؟۔。，、！？：；（）「」『』【】《》"
)
_ENDS = ".,;:!?'*&"
_GROUP = rf"\([^{_STOP}()]*\)|\[[^{_STOP}\[\]]*\]"
_BODY = rf"(?:[{_ENDS}]*(?:[^{_STOP}{_ENDS}()\[\]]|{_GROUP}))+"
_CUT = r"(?:\.\.\.)?"
_SCHEME = r"(?:[Hh](?:[Tt][Tt]|[Xx][Xx])[Pp][Ss]?|[Ff][Tt][Pp]|[Tt][Gg])(?:://|\[:\]//|\[://\])"

URL = f"{_SCHEME}{_BODY}{_CUT}"
"""A URL with its scheme; brackets only in pairs, no punctuation at its end."""

_BEFORE = r"(?:^|[^A-Za-z0-9_@./-])"
_DEFANGED = r"(?:[A-Za-z0-9-]+(?:\.|\[\.\]))*[A-Za-z0-9-]+\[\.\]"
BARE_URL = rf"{_BEFORE}((?:[Ww]{{3}}\.|{_DEFANGED}){_BODY}{_CUT})"
"""In group 1 a URL without a scheme, known by ``www.`` or by being defanged."""

_BARE_HOSTS = sorted({*SHORTENERS, "t.me", "telegram.me", "youtu.be"})
_BARE_HOST = "|".join(f"[{host[0].upper()}{host[0]}]{re.escape(host[1:])}" for host in _BARE_HOSTS)
KNOWN_URL = rf"{_BEFORE}((?:{_BARE_HOST})/(?:[./?=&%#-]*[A-Za-z0-9_+])+{_CUT})"
"""In group 1 a URL without a scheme, known by its host: ``t.me/…`` and the shorteners."""

GLUED_BEFORE = r"([A-Za-z0-9])([Hh][Tt][Tt][Pp][Ss]?://)"
"""A URL that begins where a word ends: ``https://t.co/ahttps://t.co/b`` are two."""

GLUED_AFTER = r"(://[\x21-\x7e]*[A-Za-z0-9])" + "([\u0370-\u1fff\u2030-\ud7ff\ue000-\U0010ffff])"
"""A word in another script that begins where a URL ends. Addresses in such scripts are not
affected: there a separator stands before the first letter (``/wiki/مرصد``)."""

_APART = r"\1 \2"
_CUT_ENDS = ("…", "...")


# --- a text -----------------------------------------------------------------------------------
def hashtags(text: str) -> list[str]:
    """The hashtags of a text as written, without the sign, in order, repeats kept."""
    if "#" not in text and "＃" not in text:
        return []
    found = _pattern(HASHTAGS).findall(_without_urls(text.replace("＃", "#")))
    return [tag for match in found for tag in match.replace("/", "").split("#")[1:] if tag]


def mentions(text: str) -> list[str]:
    """The accounts a text mentions as written, without the first sign, in order, repeats kept.

    ``name``, ``name@server`` or a domain (``name.example``); e-mail addresses are none.
    """
    if "@" not in text and "＠" not in text:
        return []
    return _pattern(MENTION).findall(_without_urls(text))


def urls(text: str) -> list[str]:
    """The URLs of a text as written: those with a scheme, then those without; repeats kept.

    One that the platform cut short (it ends in an ellipsis) is left out: where it leads is unknown.
    """
    found: list[str] = []
    if "://" in text or "[:" in text:
        found, text = _taken_out(_pattern(URL), _apart(text))
    for pattern, signs in _BARE:
        if any(sign in text for sign in signs):
            found += _pattern(pattern).findall(text)
    return [url for url in found if not url.endswith(_CUT_ENDS)]


_SIGNS = ("://", "[:")
_BARE = ((BARE_URL, ("www.", "WWW.", "Www.", "[.]")), (KNOWN_URL, ("/",)))
_EVERY_SIGN = (*_SIGNS, *(sign for _, signs in _BARE for sign in signs))


def _without_urls(text: str) -> str:
    if "://" in text or "[:" in text:
        text = _taken_out(_pattern(URL), _apart(text))[1]
    for pattern, signs in _BARE:
        if any(sign in text for sign in signs):
            text = _pattern(pattern).sub(" ", text)
    return text


def _taken_out(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """The matches of a pattern, and the text with a space in place of each."""
    found, rest, end = [], [], 0
    for match in pattern.finditer(text):
        found.append(match[0])
        rest.append(text[end : match.start()])
        end = match.end()
    return found, " ".join((*rest, text[end:]))


def _apart(text: str) -> str:
    """Words and URLs that are glued to one another, with a space between."""
    if _begins_in_word(text):
        text = _pattern(GLUED_BEFORE).sub(_APART, text)
    return text if text.isascii() else _pattern(GLUED_AFTER).sub(_APART, text)


def _begins_in_word(text: str) -> bool:
    """Whether `GLUED_BEFORE` can match: most texts are spared the pattern."""
    at = text.find("://")
    while at != -1:
        start = at - 5 if text[at - 1] in "sS" else at - 4
        if start > 0 and text[start - 1].isalnum():
            return True
        at = text.find("://", at + 3)
    return False


_COMPILED: dict[str, re.Pattern[str]] = {}


def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiled on first use: the classes of letters take some milliseconds."""
    if pattern not in _COMPILED:
        _COMPILED[pattern] = re.compile(pattern)
    return _COMPILED[pattern]


# --- columns of the embedded engine -----------------------------------------------------------
@ibis.udf.scalar.builtin(name="regexp_extract_all")
def _extract(text: str, pattern: str, group: int) -> list[str]:
    """All matches of a pattern (DuckDB)."""


@ibis.udf.scalar.builtin(name="regexp_replace")
def _replace(text: str, pattern: str, by: str, options: str) -> str:
    """A text with matches of a pattern replaced (DuckDB)."""


@ibis.udf.scalar.builtin(name="regexp_matches")
def _matches(text: str, pattern: str) -> bool:
    """Whether a text holds a match of a pattern (DuckDB)."""


@ibis.udf.scalar.builtin(name="list_concat")
def _joined(first: list[str], second: list[str]) -> list[str]:
    """Two lists as one (DuckDB); Ibis's own form asks for each list three times."""


# Nine texts in ten write their objects plainly, with spaces around them. There a short pattern
# finds the same as the whole rule, in a tenth of the time; what is suspect takes the whole rule.
_COMMON = "A-Za-z\u0400-\u0481\u0620-\u064a"
_SUSPECT_TAGS = (
    f"[^ \\n]#|#[^{_COMMON}]|[＃\u200c\u200d\u00b7\u05be\u05f3\u05f4\u30a0\u30fb]"
    r"|#[^ \n]*[./\[]"
)
_PLAIN_TAG = f"#[{_COMMON}]{_IN_TAG}*"
_SUSPECT_MENTIONS = r"[^ \n]@|＠|@[^A-Za-z0-9_]|@[A-Za-z0-9_]+[-.@]|@[^ \n]*[/\[]|@$"
_PLAIN_MENTION = "@([A-Za-z0-9_]+)"
_ANY_URL = ("/", "[", *_BARE[0][1])
# Each word is a URL or has none of the signs of one, unless at its end.
_PLAIN_WORD = r"(?:[^ \n./\[:]*[./\[:]?|https?://[A-Za-z0-9._/+-]*[A-Za-z0-9_])"
_PLAIN_WORDS = rf"^{_PLAIN_WORD}(?:[ \n]+{_PLAIN_WORD})*$"
_PLAIN_URL = "https?://[A-Za-z0-9._/+-]+"


def hashtags_column(text: ir.StringValue) -> ir.ArrayValue:
    """`hashtags` over a column, where posts are imported; an empty list where there is no text."""
    found = _extract(_column_without_urls(text.replace("＃", "#")), HASHTAGS, 0)
    tags = found.map(lambda match: match.replace("/", "").split("#")[1:]).flatten()
    whole = tags.filter(lambda tag: tag != "")
    # without a group, which would take twice the time: the sign is taken off afterwards
    plain = _extract(text, _PLAIN_TAG, 0).map(lambda tag: tag.substr(1))
    either = ibis.ifelse(_matches(text, _SUSPECT_TAGS), whole, plain)
    return _where(_contains(text, ("#", "＃")), either)


def mentions_column(text: ir.StringValue) -> ir.ArrayValue:
    """`mentions` over a column, where posts are imported; an empty list where there is no text."""
    whole = _extract(_column_without_urls(text), MENTION, 1)
    plain = _extract(text, _PLAIN_MENTION, 1)
    either = ibis.ifelse(_matches(text, _SUSPECT_MENTIONS), whole, plain)
    return _where(_contains(text, ("@", "＠")), either)


def urls_column(text: ir.StringValue) -> ir.ArrayValue:
    """`urls` over a column, where posts are imported; an empty list where there is no text."""
    plain = _extract(text, _PLAIN_URL, 0)
    either = ibis.ifelse(_matches(text, _PLAIN_WORDS), plain, _column_of_urls(text))
    return _where(_contains(text, _ANY_URL), either)


def _column_of_urls(text: ir.StringValue) -> ir.ArrayValue:
    found = _where(_contains(text, _SIGNS), _extract(_column_apart(text), URL, 0))
    rest = _column_without_full(text)
    for pattern, signs in _BARE:
        guard = _contains(text, signs) & _matches(text, pattern)
        found = _joined(found, _where(guard, _extract(rest, pattern, 1)))
    return found.filter(lambda url: ~(url.endswith(_CUT_ENDS[0]) | url.endswith(_CUT_ENDS[1])))


def _column_apart(text: ir.StringValue) -> ir.StringValue:
    return _replace(_replace(text, GLUED_BEFORE, _APART, "g"), GLUED_AFTER, _APART, "g")


def _column_without_full(text: ir.StringValue) -> ir.StringValue:
    replaced = _replace(_column_apart(text), URL, " ", "g")
    return ibis.ifelse(_contains(text, _SIGNS), replaced, text)


def _column_without_urls(text: ir.StringValue) -> ir.StringValue:
    rest = _column_without_full(text)
    for pattern, _ in _BARE:
        rest = _replace(rest, pattern, " ", "g")
    return ibis.ifelse(_contains(text, _EVERY_SIGN), rest, text)


def _contains(text: ir.StringValue, signs: tuple[str, ...]) -> ir.BooleanValue:
    return ibis.or_(*(text.contains(sign) for sign in signs))


def _where(guard: ir.BooleanValue, found: ir.ArrayValue) -> ir.ArrayValue:
    """``found`` where the guard holds, else an empty list: patterns run on few rows."""
    none = ibis.literal([], "array<string>")
    return ibis.ifelse(guard.fill_null(False), found, none)
