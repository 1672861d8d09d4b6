"""An order out of a file or a form: JSON with the fields of `AnnexI`, times in ISO 8601.

Nothing of the form has to be there: an order that lacks something was received all the same, and
its hour runs. What is there has to be of its kind and within bounds; fields that are not known are
kept as they came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from marsad.decide.orders.annexes import GROUNDS, AnnexI, Authority
from marsad.records.errors import InputError
from marsad.records.times import SECOND, to_datetime

MOST_URLS, LONGEST_URL = 500, 8_000
SHORT, LONG = 500, 20_000
LARGEST = 5_000_000
"""Bytes of a file."""
LARGEST_REST = 50_000
FIRST_YEAR, LAST_YEAR = 2, 9998
"""Times beyond them cannot be shown in every zone, nor what lies some weeks after them."""
"""Characters of all that is not known."""

_TEXTS = {
    "reference": 100, "addressee": SHORT, "contact_point": SHORT, "established_in": 2,
    "located": LONG, "explanation": LONG, "copied_to": SHORT, "follow_up": LONG, "redress": LONG,
    "lang": 3, "signed": SHORT,
}  # fmt: skip
_REFERENCE = re.compile(r"(?=.*\d)[\w .,/:#()\[\]&+*'’§№–-]+")
"""It stays in the log for good: an e-mail address, say, or a sentence of somebody is none."""
_FLAGS = ("emergency", "informed_before")
_TIMES = ("issued_at", "confidential_until", "received_at")
_AUTHORITY = {"id": 64, "name": SHORT, "state": 2, "address": SHORT, "phone": SHORT, "email": SHORT}
FIELDS = (*_TEXTS, *_FLAGS, *_TIMES, "authority", "urls", "grounds")


@dataclass(frozen=True)
class Given:
    """An order as it was given: the form, when it came (None: now), and fields that the form does
    not have."""

    form: AnnexI
    received_at: int | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)


def of_file(content: bytes) -> Given:
    """An order in a file's bytes. Raises `InputError` that says what is wrong with which field."""
    if len(content) > LARGEST:
        raise _bad("…", f"{len(content)} B", f"≤ {LARGEST} B")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError("order.file", error=str(error)[:200]) from error
    return of(said)


def of(said: Any) -> Given:
    """An order as an object of JSON."""
    if not isinstance(said, Mapping):
        raise _bad("…", said, "{…}")
    texts: dict[str, Any] = {name: _text(name, said.get(name), most)
                             for name, most in _TEXTS.items()}  # fmt: skip
    flags: dict[str, Any] = {name: _flag(name, said.get(name)) for name in _FLAGS}
    times: dict[str, Any] = {name: _time(name, said.get(name)) for name in _TIMES}
    received_at = times.pop("received_at")
    rest = {name: value for name, value in said.items() if name not in FIELDS}
    if texts["reference"] and not _REFERENCE.fullmatch(texts["reference"]):
        rest["reference"] = texts["reference"]  # nothing is refused: its hour runs
        texts["reference"] = ""
    form = AnnexI(
        _authority(said.get("authority")), urls=_urls(said.get("urls")),
        grounds=_grounds(said.get("grounds")), **texts, **flags, **times,
    )  # fmt: skip
    _check_rest(rest)
    return Given(form, received_at, rest)


def _check_rest(rest: Mapping[str, Any]) -> None:
    """Raises `InputError` for fields that nobody knows where they are too long, or hold what is no
    number (``NaN``)."""
    names = ", ".join(sorted(rest))[:SHORT]
    try:
        length = len(json.dumps(rest, allow_nan=False))
    except ValueError as error:
        raise _bad(names, "NaN, Infinity", "1, 2.5, …") from error
    if length > LARGEST_REST:
        raise _bad(names, f"> {LARGEST_REST}", f"≤ {LARGEST_REST}")


def time_of(name: str, text: str) -> int | None:
    """A time of a form, UTC where it names no zone; None where nothing stands there."""
    return _time(name, text or None)


def _authority(said: Any) -> Authority:
    if said is None:
        return Authority("", "", "")
    if isinstance(said, str):
        said = {"id": said}
    if not isinstance(said, Mapping):
        raise _bad("authority", said, '{"id": "de-example"}')
    given = {name: _text(f"authority.{name}", said.get(name), most)
             for name, most in _AUTHORITY.items()}  # fmt: skip
    return Authority(**given | {"state": given["state"].upper()})


def _urls(said: Any) -> tuple[str, ...]:
    """The addresses, each once, in the order in which they are named."""
    if said is None:
        return ()
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise _bad("urls", said, '["https://…"]')
    found = dict.fromkeys(one.strip() for one in said if one.strip())
    if len(found) > MOST_URLS:
        raise InputError("order.urls", count=len(found), high=MOST_URLS)
    for one in found:
        if len(one) > LONGEST_URL:
            raise _bad("urls", one, f"≤ {LONGEST_URL}")
    return tuple(found)


def _grounds(said: Any) -> tuple[str, ...]:
    if said is None:
        return ()
    if not isinstance(said, list) or not all(one in GROUNDS for one in said):
        raise _bad("grounds", said, ", ".join(GROUNDS))
    return tuple(one for one in GROUNDS if one in said)


def _text(name: str, said: Any, most: int) -> str:
    if said is None:
        return ""
    if not isinstance(said, str) or len(said) > most or "\0" in said:
        raise _bad(name, said, f"≤ {most}")
    text = said.encode("utf-8", "replace").decode()  # half a letter stands for nothing
    if name == "lang" and text and not re.fullmatch(r"[a-z]{2,3}", text):
        raise _bad(name, said, "en")
    return text.strip()


def _flag(name: str, said: Any) -> bool:
    if said not in (None, True, False):
        raise _bad(name, said, "true, false")
    return bool(said)


def _time(name: str, said: Any) -> int | None:
    if said is None:
        return None
    try:
        time = datetime.fromisoformat(said.strip())
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        micros = round((time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * SECOND)
        if not FIRST_YEAR <= to_datetime(micros).year <= LAST_YEAR:
            raise ValueError
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise _bad(name, said, "2026-06-07T14:30:00+02:00") from error
    return micros


def _bad(name: str, given: Any, valid: str) -> InputError:
    return InputError("order.field", name=name, given=str(given)[:200], valid=valid)
