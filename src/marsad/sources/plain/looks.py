"""What a value looks like: a time, a number, an address, a handle. Of samples only, in Python.

A name proposes what a column is and its values confirm it or veto it, so these questions err on the
side of yes for odd forms of the right thing, and of no for another thing.
"""

from __future__ import annotations

import re
from functools import cache

from marsad.records.times import in_english


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬٫", "01234567890123456789,.")

MISSING = ("NA", "N/A", "<NA>", "NaN", "nan", "NULL", "null", "None", "none", "\\N", "-")
"""How tables write that there is no value, besides leaving it empty."""

_YEAR = r"(?:19|20)\d{2}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?:\s*(?:Z|[A-Z]{2,5}|[+-]\d{2}:?\d{2}|[+-]\d{2}))?"
_TIMES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:[T ]+{_CLOCK}{_ZONE})?",
        rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?\d{{4}}(?:\d{{2}})?Z?)?",
        rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:{_YEAR}|\d{{2}})(?:[,T ]+{_CLOCK}{_ZONE})?",
        rf"{_YEAR}-\d{{2}}-\d{{2}}T\d{{2}}-\d{{2}}-\d{{2}}",
        rf"\d{{1,2}}-[A-Z][a-z]{{2}}-\d{{2}}(?: {_CLOCK})?",
    )
)
_MONTH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)
_WRITTEN_DATE = re.compile(rf"(?=.*\b{_YEAR}\b)(?=.*\b[0-3]?\d\b)[\w ,.:+/·()-]{{8,60}}")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}(?:\.0)?|\d{15,16}")
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?")
_MIDNIGHT = re.compile(r"[T ]+0{1,2}:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00| UTC)?$")
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
_URL = re.compile(r"(?:https?|ftps?|at)://\S+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.)+[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)
_ID = re.compile(
    r"\d{5,}|[0-9a-f]{16,}|[0-9a-f-]{36}|did:\w+:\S+|(?:https?|at)://\S+|[a-z]{1,12}[_:-]?\d{4,}|"
    r"UC[\w-]{22}|t\d_\w+|[\w+/-]{20,}={0,2}",
    re.IGNORECASE,
)
_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_BOOLEAN = _words("true false t f yes no y n 0 1 0.0 1.0 oui non ja nein si sí نعم لا")
_REPOST_WORDS = _words(
    "retweet retweets retweeted rt repost reposted reblog reblogged share shared boost announce "
    "original originals tweet post quote quoted quote_tweet quotetweet quotetweets reply "
    "replied replied_to comment status photo link video"
)
_STATES = _words(
    "alive active ok found exists public live online dormant inactive protected private locked "
    "withheld deactivated suspended removed deleted missing notfound not_found unknown banned "
    "unavailable gone error closed takendown limited 200 403 404 410 63 50"
)
_EDGE_WORDS = _words(
    "follow follows following follower friend mention mentions reply replies replied repost "
    "reposts retweet retweets quote quotes like likes block mute share comment"
)
_PLATFORMS = _words(
    "twitter x facebook telegram instagram tiktok youtube mastodon bluesky reddit vk gab parler "
    "gettr "
    "discord whatsapp threads truthsocial rumble 4chan 8kun tumblr linkedin pinterest snapchat "
    "weibo "
    "activitypub fediverse pleroma peertube odysee bitchute minds ok odnoklassniki matrix signal "
    "تويتر فيسبوك تيليجرام تلغرام يوتيوب انستغرام"
)
_DEVICES = _words("ios android web iphone ipad mobile desktop windows macos linux api app browser")
_CLIENT = re.compile(
    r"twitter|tweet|web|iphone|ipad|android|mobile|app\b|bot\b|client|mastodon|tusky|ifttt|buffer|"
    r"hootsuite|dlvr|instagram|facebook|blackberry|windows|mac\b|<a href",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Without white space around it, Arabic and Persian digits as ASCII ones."""
    return text.strip().translate(_DIGITS)


def is_missing(text: str) -> bool:
    """Whether a cell says that it has no value."""
    return not text.strip() or text.strip() in MISSING


def is_empty(text: str) -> bool:
    """Whether a cell shows nothing of what the column holds: missing, or an empty list."""
    return is_missing(text) or text.strip() in ("[]", "{}", '""')


def is_time(text: str) -> bool:
    """A date, with a time of day or not; a plain number is one only if it can be seconds."""
    return is_written_time(text) or is_epoch(text)


@cache
def is_written_time(text: str) -> bool:
    """A date that is not a mere number of seconds."""
    text = in_english(text.strip())
    if len(text) > 60:
        return False
    if any(pattern.fullmatch(text) for pattern in _TIMES):
        return True
    return bool(_MONTH.search(text) and _WRITTEN_DATE.fullmatch(text))


def is_epoch(text: str) -> bool:
    """Seconds, milli- or microseconds since 1970, between 1980 and 2070."""
    text = plain(text)
    if not _EPOCH.fullmatch(text):
        return False
    seconds = float(text)
    while seconds > 1e11:
        seconds /= 1000
    return 3.15e8 < seconds < 3.2e9


def is_day(text: str) -> bool:
    """A date without a time of day, or at midnight."""
    text = plain(text)
    if is_epoch(text):
        return float(text) % 86400 == 0
    return is_written_time(text) and (":" not in text or bool(_MIDNIGHT.search(text)))


def is_time_of_day(text: str) -> bool:
    """A clock's time without a date."""
    return bool(_TIME_OF_DAY.fullmatch(plain(text)))


def is_number(text: str) -> bool:
    """A number, with thousands marked or not, or in scientific notation."""
    return bool(_NUMBER.fullmatch(plain(text)))


def is_whole(text: str) -> bool:
    """A whole number."""
    return bool(_WHOLE.fullmatch(plain(text)))


def is_url(text: str) -> bool:
    """A URL with its scheme."""
    return bool(_URL.match(text.strip()))


def is_address(text: str) -> bool:
    """A URL with or without scheme, or a domain."""
    return is_url(text) or bool(_DOMAIN.fullmatch(text.strip()))


def is_id(text: str) -> bool:
    """A native id: a long number, a hash, a DID, a URL, a prefix with a number; no word."""
    return bool(_ID.fullmatch(text.strip()))


def is_name(text: str) -> bool:
    """What a handle may be: one word."""
    text = text.strip().removeprefix("@")
    return 0 < len(text) <= 100 and not any(letter.isspace() for letter in text)


def is_spreadsheet_id(text: str) -> bool:
    """An id that a spreadsheet has rounded."""
    return bool(_SPREADSHEET.fullmatch(text.strip()))


def is_message_number(text: str) -> bool:
    """A number that counts something, too small to be an id of its own."""
    text = plain(text).removesuffix(".0")
    return text.isdecimal() and len(text) < 9


def is_boolean(text: str) -> bool:
    """Yes or no."""
    return text.strip().lower() in _BOOLEAN


def is_repost_word(text: str) -> bool:
    """Yes or no, or a kind of post."""
    return is_boolean(text) or text.strip().lower().replace(" ", "_") in _REPOST_WORDS


def is_state(text: str) -> bool:
    """What becomes of an account, in a word or a code."""
    return text.strip().lower().replace(" ", "") in _STATES


def is_yes_or_state(text: str) -> bool:
    """What becomes of an account, or whether it became so."""
    return is_boolean(text) or is_state(text)


def is_edge_word(text: str) -> bool:
    """A kind of edge."""
    return text.strip().lower() in _EDGE_WORDS


def is_client(text: str) -> bool:
    """The name of a program that posts."""
    return bool(_CLIENT.search(text)) and len(text) <= 300


def is_platform(text: str) -> bool:
    """The name of a platform that is known."""
    return text.strip().lower().replace(" ", "") in _PLATFORMS


def is_device(text: str) -> bool:
    """What one posts with rather than where."""
    return text.strip().lower() in _DEVICES


def is_prose(text: str) -> bool:
    """What somebody wrote rather than a code: several words, or letters beyond ASCII."""
    text = text.strip()
    wordy = " " in text or not text.isascii()
    return wordy and not is_time(text) and not is_url(text.split()[0] if text else "")


def is_html(text: str) -> bool:
    """Marked-up text as Mastodon writes it."""
    text = text.strip()
    return text.startswith(("<p>", "<p ", "<div", "<span", "<a ")) and text.endswith(">")
