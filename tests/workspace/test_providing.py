"""``[desk.oidc]``: what may stand there, and what is said of what may not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marsad.decide.oidc import settings as oidc
from marsad.records.errors import InputError
from marsad.web.site import Site
from marsad.workspace import Workspace, providing

ISSUER = 'issuer = "https://login.example.org/realms/desk"\nclient_id = "marsad"\n'


def workspace(folder: Path, section: str | None = ISSUER, secret: str = "hush") -> Workspace:
    made = Workspace.create(folder / "ws")
    file = made.folder / "marsad.toml"
    if section is not None:
        file.write_text(f"{file.read_text()}\n[desk]\nname = 'a'\n[desk.oidc]\n{section}")
    if secret:
        key = made.folder / "keys" / oidc.SECRET
        key.parent.mkdir(exist_ok=True)
        key.write_text(f"{secret}\n")
        key.chmod(0o600)
    return Workspace.open(made.folder)


def test_a_desk_without_the_section_has_no_provider(tmp_path: Path) -> None:
    opened = workspace(tmp_path, None)
    assert providing.provider(opened) is None
    with pytest.raises(InputError) as error:
        providing.existing_settings(opened)
    assert error.value.message.id == "oidc.unset"


def test_a_site_has_the_provider_of_its_workspace(tmp_path: Path) -> None:
    site = Site.of(workspace(tmp_path, ISSUER + 'amr = ["mfa"]\nname = "Example"\n'))
    assert site.provider is not None
    assert site.provider.secret == "hush"
    assert site.provider.settings.amr == {"mfa"}
    assert "hush" not in repr(site)
    site.desk.database.close()


@pytest.mark.parametrize(
    ("section", "message"),
    [('client_id = "a"', "platform.setting-missing"),
     ('issuer = "https://a.example"', "platform.setting-missing"),
     (ISSUER + "extra = 1", "platform.setting-unknown"),
     (ISSUER + 'client_secret = "x"', "platform.secret"),
     (ISSUER + "scopes = 'openid'", "platform.setting-type"),
     (ISSUER + "scopes = ['email']", "platform.setting-type"),
     (ISSUER + "scopes = ['openid email']", "platform.setting-type"),
     (ISSUER + "amr = [1]", "platform.setting-type"),
     (ISSUER + "allow_loopback = 1", "platform.setting-type"),
     ('issuer = "https://a.example"\nclient_id = "منى"', "platform.setting-type"),
     ('issuer = "https://a.example"\nclient_id = ""', "platform.setting-type"),
     ('issuer = "https://a.example/?a=b"\nclient_id = "a"', "platform.setting-type"),
     ('issuer = "http://a.example"\nclient_id = "a"', "platform.url"),
     ('issuer = "http://127.0.0.1"\nclient_id = "a"', "platform.url"),
     ('issuer = "https://a@a.example"\nclient_id = "a"', "platform.url"),
     ('issuer = "https://10.0.0.1"\nclient_id = "a"', "platform.private"),
     ('issuer = "https://169.254.169.254"\nclient_id = "a"\nallow_private = true',
      "platform.private"),
     ('issuer = "http://10.0.0.1"\nclient_id = "a"\nallow_private = true', "platform.url"),
     (ISSUER + 'ca = "no-file"', "platform.ca")],
)  # fmt: skip
def test_settings_that_are_wrong(tmp_path: Path, section: str, message: str) -> None:
    opened = workspace(tmp_path, section)
    with pytest.raises(InputError) as error:
        Site.of(opened)
    assert error.value.message.id == message


@pytest.mark.parametrize("host", ["10.0.0.1", "172.16.9.9", "192.168.0.1", "[fd00::1]"])
def test_a_provider_in_ones_own_network_where_that_is_allowed(tmp_path: Path, host: str) -> None:
    section = f'issuer = "https://{host}/"\nclient_id = "a"\nallow_private = true'
    assert providing.settings(workspace(tmp_path, section)) is not None


def test_without_a_secret_nobody_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        providing.provider(workspace(tmp_path, secret=""))
    assert error.value.message.id == "oidc.no-secret"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_secret_that_others_can_read_is_none(tmp_path: Path) -> None:
    opened = workspace(tmp_path)
    (opened.folder / "keys" / oidc.SECRET).chmod(0o640)
    with pytest.raises(InputError) as error:
        providing.provider(opened)
    assert error.value.message.id == "platform.keys-open"


def test_without_the_extra_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "find_spec", lambda name: None)
    with pytest.raises(InputError) as error:
        providing.provider(workspace(tmp_path))
    assert 'pip install "marsad[oidc]"' in str(error.value)
