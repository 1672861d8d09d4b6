"""The provider that people of a workspace's desk may log in through, as its settings name one."""

from __future__ import annotations

from marsad.decide.oidc import settings as oidc
from marsad.decide.oidc.provider import Provider
from marsad.decide.oidc.settings import Settings
from marsad.records.errors import InputError
from marsad.workspace.folder import SETTINGS, Workspace


def provider(workspace: Workspace) -> Provider | None:
    """The provider; None where the settings name none. Raises `InputError` for settings that are
    wrong, for a secret that is missing or open to others, and where the extra is not installed."""
    found = settings(workspace)
    if found is None:
        return None
    oidc.check_installed()
    return Provider(found, oidc.client_secret(workspace.folder / "keys"))


def settings(workspace: Workspace) -> Settings | None:
    """What the workspace says of its provider, None where it says nothing."""
    section = oidc.section(workspace.settings)
    return None if section is None else oidc.settings(section, workspace.folder / SETTINGS)


def existing_settings(workspace: Workspace) -> Settings:
    """As `settings`. Raises `InputError` where there are none."""
    found = settings(workspace)
    if found is None:
        raise InputError("oidc.unset", section=oidc.WHERE, file=str(workspace.folder / SETTINGS))
    return found
