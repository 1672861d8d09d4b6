"""A program with a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from tests.decide.conftest import POLICY, REASON
from tests.web.conftest import House

API = "/api/v1"


@dataclass
class Program:
    """Sends JSON with a token."""

    client: TestClient
    key: str

    def get(self, path: str, **query: Any) -> Response:
        return self.client.get(API + path, params=query, headers=self._headers())

    def post(self, path: str, body: Any = None, key: str = "", **more: Any) -> Response:
        headers = self._headers() | ({"idempotency-key": key} if key else {})
        return self.client.post(API + path, json=body, headers=headers, **more)

    def raw(self, method: str, path: str, **more: Any) -> Response:
        headers = self._headers() | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"} if self.key else {}

    def decide(self, case: int, outcome: str, key: str = "", **more: Any) -> Response:
        """Takes, opens an item of its own where one is named, decides as it sees the case."""
        token = self.post(f"/cases/{case}/take").json()["lease"]["token"]
        if "item" in more:
            assert self.post(f"/cases/{case}/items", {"item": more["item"]}).status_code == 200
        version = self.get(f"/cases/{case}").json()["case"]["version"]
        body = {"outcome": outcome, "policy": POLICY, "reason": REASON, "version": version,
                "token": token} | more  # fmt: skip
        return self.post(f"/cases/{case}/decide", body, key)


@pytest.fixture
def program(house: House) -> Program:
    """That of a moderator."""
    house.add("mona", "moderator")
    return of(house, "mona")


def of(house: House, name: str, *scopes: str) -> Program:
    return Program(house.browser().client, house.token(name, *scopes))


def error_of(answer: Response) -> str:
    """The id of an error, which has the one shape."""
    assert answer.headers["content-type"].startswith("application/json")
    said = answer.json()
    assert set(said) == {"error"}
    error = said["error"]
    assert set(error) - {"fields"} == {"id", "message", "status"}
    assert error["status"] == answer.status_code
    assert error["message"]
    assert error["message"] != error["id"]
    return str(error["id"])
