"""``marsad user`` with a provider: who is bound to which login."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad.store import log
from marsad.workspace import Workspace
from marsad.workspace.reviewing import database
from tests.cli.conftest import Command

SECTION = '\n[desk.oidc]\nissuer = "https://login.example.org"\nclient_id = "marsad"\n'
SUBJECT = "f3c1-subject"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Workspace.create(tmp_path / "ws").folder
    file = made / "marsad.toml"
    file.write_text(file.read_text() + SECTION)
    return made


def kinds(folder: Path) -> list[str]:
    store = database(Workspace.open(folder))
    with store.reading() as transaction:
        found = log.after(transaction, 0, 100)
    store.close()
    assert SUBJECT not in repr(found)
    return [event.kind for event in found]


def linked(marsad: Command, folder: Path) -> dict[str, bool]:
    listed = json.loads(marsad("user", "list", "--json", "-w", folder).out)["users"]
    return {user["name"]: user["linked"] for user in listed}


def test_bound_when_added_has_no_password(marsad: Command, folder: Path) -> None:
    ended = marsad("user", "add", "mona", "--role", "moderator", "--oidc", SUBJECT, "-w", folder)
    assert ended.code == 0, ended.err
    assert "through the provider" in ended.out
    assert "password" not in ended.out
    assert linked(marsad, folder) == {"mona": True}
    assert kinds(folder) == ["user-added", "user-linked"]


def test_bound_and_unbound_later(marsad: Command, folder: Path) -> None:
    marsad("user", "add", "mona", "--role", "moderator", "-w", folder)
    assert marsad("user", "link", "mona", SUBJECT, "-w", folder).code == 0
    assert linked(marsad, folder) == {"mona": True}
    ended = marsad("user", "unlink", "mona", "-w", folder)
    assert "has no password" not in ended.out
    assert linked(marsad, folder) == {"mona": False}
    assert kinds(folder) == ["user-added", "user-linked", "user-unlinked"]


def test_who_is_left_without_a_way_in_is_told_of(marsad: Command, folder: Path) -> None:
    marsad("user", "add", "mona", "--role", "moderator", "--oidc", SUBJECT, "-w", folder)
    assert "marsad user reset mona" in marsad("user", "unlink", "mona", "-w", folder).out


def test_one_login_is_one_persons(marsad: Command, folder: Path) -> None:
    marsad("user", "add", "mona", "--role", "moderator", "--oidc", SUBJECT, "-w", folder)
    marsad("user", "add", "omar", "--role", "senior", "-w", folder)
    for words in (["link", "omar", SUBJECT],
                  ["add", "third", "--role", "senior", "--oidc", SUBJECT]):  # fmt: skip
        ended = marsad("user", *words, "-w", folder)
        assert (ended.code, "belongs to mona" in ended.err) == (2, True)
    assert marsad("user", "link", "mona", SUBJECT, "-w", folder).code == 0
    assert linked(marsad, folder) == {"mona": True, "omar": False}


@pytest.mark.parametrize("subject", ["", " ", "x" * 256, "منى", "a\nb"])
def test_what_is_no_subject_is_refused(marsad: Command, folder: Path, subject: str) -> None:
    marsad("user", "add", "mona", "--role", "moderator", "-w", folder)
    assert marsad("user", "link", "mona", subject, "-w", folder).code == 2
    assert linked(marsad, folder) == {"mona": False}


def test_without_a_provider_nobody_is_bound(marsad: Command, tmp_path: Path) -> None:
    folder = Workspace.create(tmp_path / "ws").folder
    ended = marsad("user", "add", "mona", "--role", "moderator", "--oidc", SUBJECT, "-w", folder)
    assert ended.code == 2
    assert "[desk.oidc]" in ended.err
    assert json.loads(marsad("user", "list", "--json", "-w", folder).out)["users"] == []
