"""Who is on duty for orders: ``[orders]`` in marsad.toml.

```toml
[orders]
zone = "Europe/Berlin"          # of the hours below; UTC where it is not set

[[orders.rota]]
name = "Night duty"
email = "night@forum.example"
lang = "ar"                     # of the mail: en or ar
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = "18:00"                  # until the next day where "until" is not later
until = "06:00"
```

Without days and hours somebody is always on duty. Where nobody is, everybody on the rota is
alarmed: an hour is too short for a gap in a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marsad.decide.section import section, wrong
from marsad.locale import LANGUAGES
from marsad.records.times import SECOND

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST, LONGEST = 100, 254
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
_NAMES = ("name", "email", "lang", "days", "from", "until")


@dataclass(frozen=True)
class Turn:
    """Somebody on the rota: on ``days`` from one time of day until another, by the rota's zone."""

    name: str
    email: str
    lang: str = "en"
    days: tuple[str, ...] = DAYS
    since: str = "00:00"
    until: str = "00:00"

    def covers(self, local: datetime) -> bool:
        """Whether they are on duty at a time on the wall."""
        clock = local.strftime("%H:%M")
        if self.since < self.until:
            return self._on(local) and self.since <= clock < self.until
        today = self._on(local) and clock >= self.since
        return today or (self._on(local - timedelta(days=1)) and clock < self.until)

    def _on(self, local: datetime) -> bool:
        return DAYS[local.weekday()] in self.days


@dataclass(frozen=True)
class Duty:
    """The rota, and ``link``, the desk's address before the path of a page; empty where the
    settings do not say how it is reached."""

    rota: Sequence[Turn] = ()
    zone: ZoneInfo | None = None
    link: str = ""

    def at(self, micros: int) -> Sequence[Turn]:
        """Who is alarmed at a time (µs UTC)."""
        moment = datetime.fromtimestamp(micros / SECOND, UTC)
        local = moment.astimezone(self.zone) if self.zone else moment
        return [one for one in self.rota if one.covers(local)] or self.rota

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Duty:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given = section(settings, "orders", ("rota", "zone"))
        rota = given.get("rota", [])
        if not isinstance(rota, list) or len(rota) > MOST:
            raise wrong("orders.rota", rota, "[[orders.rota]]")
        zone = given.get("zone", "")
        return cls(tuple(_turn(one) for one in rota), _zone(zone) if zone else None,
                   _link(settings))  # fmt: skip


def _turn(given: Any) -> Turn:
    if not isinstance(given, Mapping) or not {"name", "email"} <= set(given) <= set(_NAMES):
        raise wrong("orders.rota", given, *_NAMES)
    name, email, lang = given["name"], given["email"], given.get("lang", "en")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST:
        raise wrong("orders.rota.name", name, "…")
    if not isinstance(email, str) or not _MAIL.match(email) or len(email) > LONGEST:
        raise wrong("orders.rota.email", email, "duty@forum.example")
    if lang not in LANGUAGES:
        raise wrong("orders.rota.lang", lang, *LANGUAGES)
    days = given.get("days", list(DAYS))
    if not isinstance(days, list) or not days or not set(map(str, days)) <= set(DAYS):
        raise wrong("orders.rota.days", days, *DAYS)
    times = [given.get(one, "00:00") for one in ("from", "until")]
    for one in times:
        if not isinstance(one, str) or not _TIME.match(one):
            raise wrong("orders.rota.from", one, "18:00")
    return Turn(name, email, lang, tuple(days), *times)


def _zone(given: Any) -> ZoneInfo:
    try:
        return ZoneInfo(given)
    except (KeyError, ValueError, TypeError, OSError) as error:  # not a zone, or not a name at all
        raise wrong("orders.zone", given, "Europe/Berlin") from error


def _link(settings: Mapping[str, Any]) -> str:
    desk = settings.get("desk", {})
    hosts = desk.get("hosts", []) if isinstance(desk, Mapping) else []
    return f"https://{hosts[0]}" if hosts and desk.get("https") else ""
