"""``[desk.oidc]`` in marsad.toml: which provider people may log in through.

```toml
[desk.oidc]
issuer = "https://login.example.org/realms/desk"
client_id = "marsad"
name = "Example's login"     # what the button says
scopes = ["openid"]
amr = ["mfa"]                # what counts as a second factor here; without these two, nothing does
acr = ["urn:example:gold"]
```

The secret of the client is a line in ``keys/oidc.secret``, mode 0600. Needs the extra ``oidc``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marsad.platforms import secrets
from marsad.platforms.base import REQUIRED, Setting
from marsad.platforms.outward import Limits, Outward
from marsad.platforms.settings import check_section, read
from marsad.records.errors import InputError

WHERE, EXTRA = "[desk.oidc]", "oidc"
SECRET = "oidc.secret"
LIMITS = Limits(connect=3.0, read=5.0, total=8.0)
"""A browser waits for three requests; whoever is slower than that is away."""

SETTINGS = (
    Setting("issuer", str, REQUIRED, "the provider's address, exactly as its tokens name it"),
    Setting("client_id", str, REQUIRED, "the name that the provider knows this desk by"),
    Setting("name", str, "", "what the button calls the provider"),
    Setting("scopes", list, ["openid"], "what the provider is asked for; openid is enough"),
    Setting("amr", list, [], "values of amr, each of which stands for a second factor"),
    Setting("acr", list, [], "values of acr, each of which stands for a second factor"),
    Setting("allow_loopback", bool, False, "whether it may be on this machine, by http too"),
    Setting("allow_private", bool, False, "whether it may be in the organisation's own network"),
    Setting("ca", str, "", "a file of certificates to trust in place of the usual ones"),
)


@dataclass(frozen=True)
class Settings:
    """A provider as a workspace names it. A login with one of ``amr`` or ``acr`` counts as one with
    a second factor."""

    issuer: str
    client_id: str
    name: str = ""
    scopes: tuple[str, ...] = ("openid",)
    amr: frozenset[str] = frozenset()
    acr: frozenset[str] = frozenset()
    outward: Outward = field(default_factory=lambda: Outward(limits=LIMITS))


def settings(given: Any, file: Path) -> Settings:
    """The section. Raises `InputError` that names what is wrong and what would be valid."""
    check_section(given, WHERE, file)
    said = read(given, SETTINGS, WHERE, file)
    for name in ("scopes", "amr", "acr"):
        if not all(isinstance(one, str) and one.isascii() and one.split() == [one]
                   for one in said[name]):  # fmt: skip
            raise _bad(name, said[name], '["…"]', file)
    client = said["client_id"]
    if not client.isascii() or not client.isprintable() or not client:
        raise _bad("client_id", client, '"…"', file)
    if "openid" not in said["scopes"]:
        raise _bad("scopes", said["scopes"], '["openid"]', file)
    outward = Outward(said["allow_loopback"], said["ca"], LIMITS, said["allow_private"])
    outward.check(said["issuer"], "issuer")
    if "?" in said["issuer"]:
        raise _bad("issuer", said["issuer"].partition("?")[0], "https://…", file)
    return Settings(
        said["issuer"], client, said["name"], tuple(dict.fromkeys(said["scopes"])),
        frozenset(said["amr"]), frozenset(said["acr"]), outward,
    )  # fmt: skip


def section(said: Mapping[str, Any]) -> Any:
    """The section in all of marsad.toml; None where there is none."""
    desk = said.get("desk", {})
    return desk.get("oidc") if isinstance(desk, Mapping) else None


def client_secret(keys: Path) -> str:
    """The client's secret. Raises `InputError` where there is none or others can read it."""
    path = keys / SECRET
    try:
        found = secrets.private_text(path).strip()
    except FileNotFoundError:
        found = ""
    if not found or not found.isascii() or not found.isprintable():
        raise InputError("oidc.no-secret", file=str(path))
    return found


def check_installed() -> None:
    """Raises `InputError` where what reads ID tokens is not installed."""
    if find_spec("joserfc") is None:
        raise InputError("oidc.not-installed", section=WHERE, extra=EXTRA)


def _bad(setting: str, given: Any, valid: str, file: Path) -> InputError:
    return InputError("platform.setting-type", file=str(file), section=WHERE, setting=setting,
                      given=str(given)[:100], valid=valid)  # fmt: skip
