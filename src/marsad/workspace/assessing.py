"""What a workspace's settings say of people's data: how long it is kept, and who receives some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from marsad.decide.impact import Impact
from marsad.decide.operator import Operator
from marsad.decide.preservation.terms import Keeping
from marsad.decide.signing_in import LONGEST
from marsad.records.times import DAY, HOUR
from marsad.store.exposures import KEPT
from marsad.workspace.folder import Workspace
from marsad.workspace.mailing import SECTION as MAIL
from marsad.workspace.notifying import SECTION as WEBHOOKS


@dataclass(frozen=True)
class Kept:
    """Something that is kept for a time: ``what`` names it, ``name`` is the policy's, ``days`` is
    how long, fractions allowed; None: until somebody erases it."""

    what: str
    name: str
    days: float | None


@dataclass(frozen=True)
class Receiver:
    """Somebody who is sent data: ``kind`` is platform, webhook or mail; ``where`` a host."""

    kind: str
    name: str
    where: str


@dataclass(frozen=True)
class Assessment:
    """The data-protection impact page."""

    operator: Operator
    said: Impact
    kept: Sequence[Kept]
    receivers: Sequence[Receiver]


def assessment(workspace: Workspace) -> Assessment:
    """What the settings say. Raises `InputError` for those that are wrong."""
    settings = workspace.settings
    return Assessment(Operator.of(settings), Impact.of(settings), _kept(workspace),
                      _receivers(settings))  # fmt: skip


def _kept(workspace: Workspace) -> list[Kept]:
    policies = [Kept("bystanders", one.reference, one.retention_days)
                for one in workspace.policies.all()]  # fmt: skip
    reporters = Keeping.of(workspace.settings).reporters_days
    return [*policies, Kept("reporters", "", reporters), Kept("exposure", "", KEPT / DAY),
            Kept("sessions", "", LONGEST / HOUR / 24), Kept("mail", "", 0),
            Kept("log", "", None)]  # fmt: skip


def _receivers(settings: Mapping[str, Any]) -> list[Receiver]:
    found = [Receiver("platform", name, "") for name in _table(settings, "platforms")]
    found += [Receiver("webhook", name, _host(section))
              for name, section in _table(settings, WEBHOOKS).items()]  # fmt: skip
    mail = _table(settings, MAIL)
    return [*found, Receiver("mail", "", str(mail.get("host", "")))] if mail else found


def _table(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = settings.get(name, {})
    return found if isinstance(found, Mapping) else {}


def _host(section: Any) -> str:
    url = section.get("url", "") if isinstance(section, Mapping) else ""
    return urlsplit(str(url)).hostname or ""
