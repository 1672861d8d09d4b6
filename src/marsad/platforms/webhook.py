"""A platform that takes actions as signed JSON, and tells at a signed address what is so.

A 200 says that a request arrived. Only a look, at another time and address, says that it was done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self
from urllib.parse import quote, urlsplit

from marsad.platforms import secrets
from marsad.platforms.base import (
    ACTS,
    KINDS,
    REQUIRED,
    Answer,
    Asked,
    Ending,
    Place,
    Platform,
    Setting,
    Sight,
    Subject,
)
from marsad.platforms.outward import Limits, NotReached, Outward, Reply
from marsad.platforms.secrets import Secret
from marsad.platforms.signing import KEY, SIGNATURE, TIMESTAMP, headers, retry_after, sign
from marsad.records.errors import InputError
from marsad.records.times import SECOND, to_datetime

__all__ = ["KEY", "SIGNATURE", "TIMESTAMP", "Webhook", "sign"]

_LATER = frozenset({401, 403, 408, 409, 421, 423, 425, 429})
_NOT_JSON = Sight("unknown", note="no JSON")


class Webhook(Platform):
    """Another system that acts, over https. See docs/concepts/actions.md for what it must do."""

    name = "webhook"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("url", str, REQUIRED, "where actions are posted"),
        Setting("status_url", str, REQUIRED, "where a look asks: an address with {kind} and {id}"),
        Setting("can", dict, {}, "kind of subject → acts that it takes; all where it is not named"),
        Setting("allow_loopback", bool, False, "whether it may be on this machine, by http too"),
        Setting("ca", str, "", "a file of certificates to trust in place of the usual ones"),
        Setting("timeout_seconds", float, 30.0, "longest time for one request, at most 120"),
    )

    def __init__(
        self, url: str, status_url: str, keys: Sequence[Secret], outward: Outward,
        clock: Callable[[], int], can: Mapping[str, Sequence[str]] | None = None,
    ) -> None:  # fmt: skip
        self._url, self._status_url, self._keys = url, status_url, keys
        self._outward, self._clock, self._can = outward, clock, can or {}

    @classmethod
    def open(cls, settings: Mapping[str, Any], place: Place) -> Self:
        """Raises `InputError` for addresses that are not asked, and where there are no keys."""
        seconds = settings["timeout_seconds"]
        if not 0 < seconds <= 120:
            raise _bad(place, "timeout_seconds", seconds, "0 < x ≤ 120")
        limits = Limits(min(5.0, seconds), min(10.0, seconds), seconds)
        outward = Outward(settings["allow_loopback"], settings["ca"], limits)
        outward.check(settings["url"])
        status = settings["status_url"]
        outward.check(status.replace("{kind}", "k").replace("{id}", "i"), "status_url")
        if "{id}" not in status or set("{}") & set(urlsplit(status).netloc):
            raise _bad(place, "status_url", status.partition("?")[0], "{id}")
        for kind, acts in settings["can"].items():
            if kind not in KINDS or not isinstance(acts, list) or not set(acts) <= set(ACTS):
                raise _bad(place, f"can.{kind}", acts, ", ".join(ACTS))
        keys = secrets.read(place)
        return cls(settings["url"], status, keys, outward, place.clock, settings["can"])

    def can(self, kind: str) -> frozenset[str]:
        """What the settings say; anything where they say nothing of the kind."""
        return frozenset(self._can.get(kind, ACTS)) if kind in KINDS else frozenset()

    def request(self, asked: Asked, key: str) -> Answer:
        """Posts the action."""
        return self._post(asked, key, "action")

    def undo(self, asked: Asked, key: str) -> Answer:
        """Posts that it is to be taken back."""
        return self._post(asked, key, "undo")

    def look(self, subject: Subject) -> Sight:
        """Gets the state at the status address."""
        filled = {"{kind}": subject.kind, "{id}": subject.id}
        url = re.sub(r"\{kind\}|\{id\}", lambda found: _encoded(filled[found[0]]), self._status_url)
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            reply = self._outward.send("GET", url, self._headers(target.encode("ascii")))
        except NotReached as error:
            return Sight("unknown", note=error.why)
        return _sight(reply)

    def _post(self, asked: Asked, key: str, kind: str) -> Answer:
        body = _body(asked, key, kind)
        headers = self._headers(body) | {"Content-Type": "application/json", KEY: key}
        try:
            reply = self._outward.send("POST", self._url, headers, body)
        except NotReached as error:
            return Answer("later", error.why, sent=error.sent)
        return _answer(reply, self._clock())

    def _headers(self, content: bytes) -> dict[str, str]:
        return headers(self._keys, self._clock() // SECOND, content)


def _body(asked: Asked, key: str, kind: str) -> bytes:
    said = {
        "type": kind, "key": key, "act": asked.act, "undoes": asked.undoes,
        "subject": {"kind": asked.subject.kind, "id": asked.subject.id},
        "case": asked.case, "decision": asked.decision, "evidence": asked.evidence,
        "policy": asked.policy, "decided_at": to_datetime(asked.decided_at).isoformat(),
    }  # fmt: skip
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def _answer(reply: Reply, now: int) -> Answer:
    said, status = f"{reply.status} {_word(reply)}", reply.status
    ending: Ending = "refused"
    if 200 <= status < 300:
        ending = "accepted"
    elif status in (404, 410):
        ending = "gone"
    elif status in _LATER or status >= 500 or status < 200:
        ending = "later"
    return Answer(ending, said, retry_after(reply, now))


def _sight(reply: Reply) -> Sight:
    if reply.status in (404, 410):
        return Sight("missing", note=str(reply.status))
    if reply.status != 200:
        return Sight("unknown", note=str(reply.status))
    said = _json(reply)
    if said is None:
        return _NOT_JSON
    measures = said.get("measures")
    seen = [one for one in measures if isinstance(one, str)] if isinstance(measures, list) else []
    return Sight(str(said.get("state")), frozenset(seen), str(said.get("note") or ""))


def _word(reply: Reply) -> str:
    said = _json(reply) or {}
    word = said.get("said")
    return word if isinstance(word, str) else ""


def _json(reply: Reply) -> dict[str, Any] | None:
    try:
        said = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _encoded(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")


def _bad(place: Place, setting: str, given: Any, valid: str) -> InputError:
    return InputError(
        "platform.setting-type", file="marsad.toml", section=f"[platforms.{place.name}]",
        setting=setting, given=str(given)[:100], valid=valid,
    )  # fmt: skip
