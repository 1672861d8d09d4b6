"""Every route as every role: what the table does not allow is refused."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from marsad.decide.roles import PERMISSIONS
from marsad.web.access import ROUTES, TOKEN_ONLY
from marsad.web.app import ROUTERS
from tests.web.conftest import ROLES, House

HAVE = {
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
}


def test_every_route_is_in_the_table_and_nothing_else() -> None:
    assert set(ROUTES) == HAVE


def test_every_act_of_the_table_is_one_that_a_role_has() -> None:
    acts = set().union(*PERMISSIONS.values())
    assert set(ROUTES.values()) - {"public", "visitor"} <= acts


def test_the_roles_are_those_there_are() -> None:
    assert set(ROLES) == set(PERMISSIONS)


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_without_a_login_only_public_routes_answer(house: House, method: str, path: str) -> None:
    answer = house.browser().client.request(method, _filled(path))
    if ROUTES[method, path] == "public":
        assert answer.status_code in (200, 303, 403, 404, 422)
        assert answer.headers.get("location") != "/login"
    else:
        assert answer.status_code in (303, 401)
        assert answer.status_code == 401 or answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_table_says(house: House, people: object, role: str) -> None:
    house.open()
    browser = house.browser(role)
    key = browser.form()
    for (method, path), access in sorted(ROUTES.items()):
        if access in ("public", "visitor") or path.startswith(TOKEN_ONLY):
            continue
        sent = {"form": key} if method == "POST" else None
        answer = browser.client.request(method, _filled(path), data=sent)
        refused = answer.status_code == 403 and "roles do not allow this" in answer.text
        assert refused == (access not in PERMISSIONS[role]), (method, path)


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_token_may_what_the_table_says(house: House, people: object, role: str) -> None:
    house.open()
    client = house.browser().client
    headers = {"authorization": f"Bearer {house.token(role)}"}
    for (method, path), access in sorted(ROUTES.items()):
        if path.startswith(TOKEN_ONLY):
            sent = {} if method == "POST" else None
            answer = client.request(method, _filled(path), json=sent, headers=headers)
            said = answer.json()["error"]["id"] if answer.status_code == 403 else ""
            refused = said == "web.not-allowed"
            assert refused == (access not in PERMISSIONS[role]), (method, path)


@pytest.mark.parametrize("role", ["senior", "appeals"])
def test_a_browsers_login_counts_nowhere_in_the_api(
    house: House, people: object, role: str
) -> None:
    browser = house.browser(role)
    form = {"form": browser.form()}
    for method, path in sorted(ROUTES):
        if path.startswith(TOKEN_ONLY):
            sent = form if method == "POST" else None
            answer = browser.client.request(method, _filled(path), data=sent)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"


def _filled(path: str) -> str:
    for name in ("case", "crisis", "action", "order", "notice", "reporter", "statement", "appeal"):
        path = path.replace(f"{{{name}}}", "1")
    path = path.replace("{code}", "none").replace("{name}", "annex-2")
    return path.replace("{token}", "none")
