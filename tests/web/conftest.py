"""A site with a desk, its people, and a client for each of them that keeps cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import argon2
import pytest
from fastapi.testclient import TestClient
from httpx import Response

from marsad.decide import credentials, users
from marsad.decide.desk import Desk
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import open_cases
from marsad.decide.signing_in import SCOPES, Door, Visitor
from marsad.store import cases, open_database
from marsad.store import users as stored_users
from marsad.store.cases import Case
from marsad.web.app import create_app
from marsad.web.limits import forget
from marsad.web.site import Settings, Site
from tests.decide.conftest import POLICY, START, Clock

PASSWORD = "a long password"
BASE = "http://127.0.0.1:8000"
ROLES = (
    "moderator", "senior", "appeals", "analyst", "auditor", "admin", "trusted-flagger", "platform",
)  # fmt: skip


@dataclass
class Browser:
    """A client that sends what a page's forms would."""

    client: TestClient

    def get(self, path: str, **more: Any) -> Response:
        return self.client.get(path, **more)

    def post(self, path: str, page: str = "/profile", **fields: str) -> Response:
        """Sends a form that a page of the session has."""
        return self.client.post(path, data={"form": self.form(page), **fields})

    def form(self, page: str = "/profile") -> str:
        found = re.search(r'name="form" value="([0-9a-f]+)"', self.client.get(page).text)
        return found[1] if found else ""

    def log_in(self, name: str, password: str = PASSWORD) -> Response:
        return self.client.post("/login", data={"name": name, "password": password})


@dataclass
class House:
    """A site with its clock, and browsers for it."""

    site: Site
    clock: Clock

    def browser(self, name: str = "", lang: str = "en") -> Browser:
        """A browser; with a name somebody is logged in."""
        client = TestClient(
            create_app(self.site), BASE, headers={"accept-language": lang}, follow_redirects=False
        )
        browser = Browser(client)
        if name:
            assert browser.log_in(name).status_code == 303
        return browser

    def token(self, name: str, *scopes: str) -> str:
        """The key of a new token of somebody's; for everything, where no scopes are named."""
        with self.site.desk.database.reading() as transaction:
            user = stored_users.by_name(transaction, name)
        assert user is not None
        return self.site.door.new_token(Visitor(user), "test", scopes or SCOPES, 30)[1]

    def add(self, name: str, *roles: str, **more: Any) -> users.Added:
        given = {"password": PASSWORD} | more
        return users.add(self.site.desk.database, name, roles, at=self.clock(), **given)

    def open(
        self, subject: str = "x:1", kind: str = "account", text: str = "marker word",
        language: str = "en", signal: str = "phrases", content: str = "", **more: Any,
    ) -> Case:  # fmt: skip
        """A case with one post of its own."""
        account = subject if kind == "account" else "x:author"
        post = f"{subject}-post" if kind == "account" else subject
        found = SealedFinding(
            f"{signal}-{subject}", kind, subject, account, signal, 0.5,
            message="phrases.found", values={"count": 1, "phrases": [text]},
            evidence=[{"kind": "phrase", "entry": text, "spans": [[0, 6]]}], **more,
        )  # fmt: skip
        shown = Exhibits(
            (
                Post(
                    post,
                    account,
                    text,
                    language,
                    START,
                    signals=(signal,),
                    marks=((0, 6),),
                    content=content,
                ),
            ),
            (Profile(account, handle="someone", name=text, bio=text, state="alive"),),
        )
        open_cases(self.site.desk.database, [found], self.clock(), {(kind, subject): shown})
        return self.read(subject, kind)

    def read(self, subject: str = "x:1", kind: str = "account") -> Case:
        with self.site.desk.database.reading() as transaction:
            case = cases.of_subject(transaction, kind, subject)
        assert case is not None
        return case


@pytest.fixture
def house(desk_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    forget()
    # what a password costs is not what is tested here, and some hundred tests hash eight each
    monkeypatch.setattr(credentials, "_HASHER", argon2.PasswordHasher(1, 8, 1))
    clock = Clock()
    monkeypatch.setattr("marsad.web.cases.now", clock)
    monkeypatch.setattr("marsad.web.pages.now", clock)
    database = open_database(desk_file)
    site = Site(Desk(database, (POLICY,), clock), Door(database, (), clock), Settings())
    yield House(site, clock)
    database.close()


@pytest.fixture
def people(house: House) -> dict[str, users.Added]:
    """One of each role, called like it."""
    return {role: house.add(role, role) for role in ROLES}


def fields_of(response: Response) -> dict[str, str]:
    """The hidden fields of a page's forms; of several with one name the last."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.text)
    return {name: unescape(value) for name, value in found}
