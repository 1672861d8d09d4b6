"""What the pages work with: the desk, the door, and the settings of one workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from marsad.decide.appeals.desk import Appeals
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.desk import Desk
from marsad.decide.notices.desk import Notices
from marsad.decide.notices.settings import NoticeSettings
from marsad.decide.oidc.provider import Provider
from marsad.decide.opening import Mixing
from marsad.decide.operator import Operator
from marsad.decide.orders import authorities
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.decide.orders.hour import Hours
from marsad.decide.places import Places
from marsad.decide.preservation.desk import Preservation
from marsad.decide.roles import PERMISSIONS
from marsad.decide.signing_in import Door
from marsad.decide.statements.desk import Statements
from marsad.decide.statements.making import Maker
from marsad.decide.statements.settings import StatementSettings
from marsad.records.errors import InputError
from marsad.workspace import Workspace, mailing, providing, reviewing, stating
from marsad.workspace.screening import Screener

REPORTS = {"en": "report.html", "ar": "report-ar.html"}
"""Where in the workspace a report lies that the desk shows."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Settings:
    """``[desk]`` in marsad.toml. ``hosts`` are the names the desk answers to besides this
    machine's own; ``https`` says that whoever stands before it speaks TLS; ``second_factor`` are
    the roles that need one; ``name`` stands at the top of every page; ``media`` is a folder with
    the platform's files (`marsad.web.media`). What is under ``oidc`` is read by
    `marsad.decide.oidc.settings`."""

    hosts: Sequence[str] = ()
    https: bool = False
    second_factor: Sequence[str] = ()
    name: str = ""
    media: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Settings:
        """Out of marsad.toml. Raises `InputError` for what it does not know."""
        desk = said.get("desk", {})
        known = {"hosts", "https", "second_factor", "name", "media", "oidc"}
        if not isinstance(desk, Mapping) or not desk.keys() <= known:
            raise InputError("serve.settings", given=str(sorted(desk))[:200], valid=sorted(known))
        hosts, roles = desk.get("hosts", []), desk.get("second_factor", [])
        for role in roles:
            if role not in PERMISSIONS:
                raise InputError("user.role", given=str(role)[:100], valid=sorted(PERMISSIONS))
        return cls(tuple(hosts), bool(desk.get("https")), tuple(roles), str(desk.get("name", "")),
                   str(desk.get("media", "")))  # fmt: skip


@dataclass(frozen=True)
class Site:
    """One workspace over HTTP. ``demo`` is (name, password) of the demonstration's login, or None.
    ``reports`` are pages that were written before, by language. ``workspace`` is None only where a
    test needs none, and then there is no ``screener``: it takes its banks from there. ``provider``
    is whom people may log in through, None where the settings name nobody; ``operator`` is who runs
    it, ``places`` say which addresses are theirs, ``noticing`` how notices are dealt with, ``duty``
    who is alarmed of orders, ``hours`` what time it is for them."""

    desk: Desk
    door: Door
    settings: Settings = Settings()
    demo: tuple[str, str] | None = None
    screener: Screener | None = None
    reports: Mapping[str, Path] = field(default_factory=dict)
    workspace: Workspace | None = None
    provider: Provider | None = None
    operator: Operator = field(default_factory=Operator)
    places: Places = field(default_factory=Places)
    noticing: NoticeSettings = field(default_factory=NoticeSettings)
    duty: Duty = field(default_factory=Duty)
    hours: Hours = field(default_factory=Hours)

    @classmethod
    def of(cls, workspace: Workspace, **more: Any) -> Site:
        """The site of a workspace; its database is opened, and made where there is none."""
        settings = Settings.of(workspace.settings)
        StatementSettings.of(workspace.settings)  # said at the start, and not on a page
        AppealSettings.of(workspace.settings)
        desk = reviewing.desk(workspace)
        door = Door(desk.database, settings.second_factor)
        written = {
            lang: workspace.folder / name
            for lang, name in REPORTS.items()
            if (workspace.folder / name).is_file()
        }
        given = {"screener": Screener(workspace, desk.database),
                 "provider": providing.provider(workspace),
                 "operator": Operator.of(workspace.settings),
                 "places": Places.of(workspace.settings),
                 "noticing": NoticeSettings.of(workspace.settings),
                 "duty": Duty.of(workspace.settings)} | more  # fmt: skip
        return cls(desk, door, settings, reports=written, workspace=workspace, **given)

    @property
    def notices(self) -> Notices:
        """What people report, and what is done about it."""
        mixing = Mixing(self.desk.settings.quality.golden, self.desk.chance)
        return Notices(self.desk.database, self.places, self.desk.clock, self.noticing, mixing)

    @property
    def orders(self) -> Orders:
        """What people do with removal orders."""
        known = partial(authorities.read, self.workspace.folder) if self.workspace else Authorities
        return Orders(self.desk.database, self.desk.clock, self.places, self.operator, self.duty,
                      known, self.hours)  # fmt: skip

    @property
    def sends_mail(self) -> bool:
        """Whether mail leaves; where the workspace names no server it waits."""
        return self.workspace is not None and mailing.SECTION in self.workspace.settings

    @property
    def media(self) -> Path | None:
        """The folder of media, where one is named: as it stands, or inside the workspace."""
        if not self.settings.media or self.workspace is None:
            return None
        return self.workspace.folder / self.settings.media

    @property
    def preservation(self) -> Preservation:
        """Holds, requests about one's own data, and what is kept apart."""
        return Preservation(self.desk.database, self.desk.clock)

    @property
    def statements(self) -> Statements:
        """What people and the public are told of decisions."""
        desk = self.desk
        if self.workspace is not None:
            return stating.desk(self.workspace, desk.database, desk.clock)
        maker = Maker(StatementSettings(), AppealSettings(), self.operator, lambda _: None)
        return Statements(desk.database, maker, desk.clock)

    @property
    def appeals(self) -> Appeals:
        """Complaints about decisions."""
        said = self.workspace.settings if self.workspace is not None else {}
        desk = self.desk
        return Appeals(desk.database, AppealSettings.of(said), desk.policies, desk.clock)

    @property
    def names(self) -> frozenset[str]:
        """The host names that it answers to."""
        return frozenset({*LOOPBACK, *self.settings.hosts})
