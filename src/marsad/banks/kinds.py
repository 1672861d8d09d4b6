"""What an entry of each kind of bank must be, and when two entries are the same one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from marsad.banks.bank import KINDS, Entry
from marsad.records.message import Message
from marsad.records.normalise import normalise
from marsad.records.urls import normalise_domain, normalise_url

MAX_VALUE = {"phrases": 500, "texts": 65_536}
MAX_OTHER_VALUE = 4_096
"""Longest values, in characters."""

MATCHES = {
    "phrases": ("words", "substring", "proclitics"),
    "links": ("exact", "prefix"),
    "domains": ("under", "exact"),
}
"""What ``match`` may say for a kind, its default first. A link with ``prefix`` also covers the
pages below it; a domain with ``exact`` covers no subdomain."""

ALGORITHMS = {
    "pdq": 64, "md5": 32, "video_md5": 32, "sha1": 40, "sha256": 64, "video_sha256": 64,
    "sha512": 128,
}  # fmt: skip
"""Hash algorithms and the length of their hashes in hexadecimal characters."""


class NotTaken(ValueError):  # noqa: N818 - a refusal that is counted, not a failure
    """A value that no entry can be made of; ``message`` says why."""

    def __init__(self, reason: str, **values: Any) -> None:
        self.message = Message(f"bank.not-taken.{reason}", values)
        super().__init__(reason)


@dataclass(frozen=True)
class Checked:
    """A value as it is stored, what it adds to the options, and the key that says which it is."""

    value: str
    key: str
    options: Mapping[str, Any]


def make_entry(kind: str, value: str, **fields: Any) -> Entry:
    """An entry of a kind from what was written; raises `NotTaken` where it cannot be one.

    ``fields`` are those of `Entry`. A redirect may be written as ``short target``, a hash as
    ``algorithm:hash``.
    """
    options = dict(fields.pop("options", {}))
    checked = _check(kind, value, options)
    return Entry(checked.value, options={**options, **checked.options}, **fields)


def entry_key(kind: str, entry: Entry) -> str:
    """The key of an entry: two entries with the same key are the same entry."""
    return _check(kind, entry.value, dict(entry.options)).key


def _check(kind: str, value: str, options: dict[str, Any]) -> Checked:
    value = value.strip() if kind == "texts" else value.replace("\t", " ").strip()
    limit = MAX_VALUE.get(kind, MAX_OTHER_VALUE)
    if not value:
        raise NotTaken("empty")
    if len(value) > limit:
        raise NotTaken("too-long", limit=limit, length=len(value))
    if kind != "texts" and not _PRINTABLE.match(value):
        raise NotTaken("control")
    valid = MATCHES.get(kind, ())
    if "match" in options and options["match"] not in valid:
        raise NotTaken("match", given=str(options["match"]), kind=kind, valid=list(valid))
    return _CHECKS[kind](value, options)


_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+\Z")


def _phrase(value: str, options: dict[str, Any]) -> Checked:
    key = normalise(value)
    if not key:
        raise NotTaken("nothing-to-match")
    return Checked(value, key, {})


def _text(value: str, options: dict[str, Any]) -> Checked:
    if re.search("[\ud800-\udfff]", value):
        raise NotTaken("control")
    return Checked(value, value, {})


def _link(value: str, options: dict[str, Any]) -> Checked:
    key = normalise_url(value)
    if key is None:
        raise NotTaken("not-a-link", given=value[:200])
    return Checked(value, key, {})


def _domain(value: str, options: dict[str, Any]) -> Checked:
    if "*" in value.removeprefix("*."):
        raise NotTaken("obfuscated", given=value[:200])
    key = normalise_domain(value)
    if key is None:
        raise NotTaken("not-a-domain", given=value[:200])
    return Checked(value, key, {})


def _redirect(value: str, options: dict[str, Any]) -> Checked:
    short, _, rest = re.sub(r"\s+(?:->|=>|→)\s+", " ", value).partition(" ")
    target = rest.strip() or str(options.get("target") or "")
    if not target:
        raise NotTaken("no-target", given=value[:200])
    key, end = normalise_url(short), normalise_url(target)
    if key is None or end is None:
        raise NotTaken("not-a-link", given=(target if key else short)[:200])
    if key == end:
        raise NotTaken("leads-to-itself", given=short[:200])
    return Checked(short, key, {"target": target})


def _account(value: str, options: dict[str, Any]) -> Checked:
    from marsad.records.ids import SEPARATOR  # brings Ibis, which the other kinds do not need
    from marsad.records.platforms import platform_named

    platform, separator, name = value.partition(SEPARATOR)
    known = separator and re.match(r"[a-z0-9_-]+\Z", platform) and not name.startswith("//")
    if not known or not name.strip("@ "):
        raise NotTaken("not-an-account", given=value[:200])
    since = str(options.get("since") or "").strip()
    closed = closed_at(since) if since else 0
    if closed is None:
        raise NotTaken("not-a-time", given=since[:100])
    if closed > (time.time() + 2 * 86_400) * 1e6:
        raise NotTaken("in-future", given=since[:100])
    value = f"{platform_named(platform)}{separator}{name}"
    return Checked(value, value.lower() if name.startswith("@") else value, {})


def closed_at(since: str) -> int | None:
    """µs UTC of when an account was closed (ISO 8601), without a zone in UTC; None if it is none.

    A date counts to its end: on that day the account may still have posted.
    """
    try:
        at = datetime.fromisoformat(since.strip())
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None
    return micros + (86_400_000_000 - 1 if len(since.strip()) <= 10 else 0)


def _hash(value: str, options: dict[str, Any]) -> Checked:
    named = re.match(r"([^:\s]+)[:\s]\s*(.*)\Z", value)
    algorithm = (named[1] if named else str(options.get("algorithm") or "")).lower()
    digits = (named[2] if named else value).lower()
    if not algorithm:
        raise NotTaken("no-algorithm", given=value[:200], valid=list(ALGORITHMS))
    if algorithm not in ALGORITHMS:
        raise NotTaken("algorithm", given=algorithm[:50], valid=list(ALGORITHMS))
    length = ALGORITHMS[algorithm]
    if len(digits) != length or not re.match(r"[0-9a-f]+\Z", digits):
        raise NotTaken(
            "not-a-hash", given=digits[:200], algorithm=algorithm, length=length, found=len(digits)
        )
    return Checked(digits, f"{algorithm}:{digits}", {"algorithm": algorithm})


_CHECKS: dict[str, Callable[[str, dict[str, Any]], Checked]] = {
    "phrases": _phrase,
    "links": _link,
    "domains": _domain,
    "texts": _text,
    "redirects": _redirect,
    "accounts": _account,
    "hashes": _hash,
}
assert set(_CHECKS) == set(KINDS)
