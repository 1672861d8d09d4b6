"""The OpenAPI says what the API does: asked by schemathesis, as one who may do everything."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from marsad.banks import Entry
from marsad.decide import users
from marsad.decide.desk import Desk
from marsad.decide.signing_in import SCOPES, Door, Visitor
from marsad.store import open_database
from marsad.store import users as stored
from marsad.web import limits
from marsad.web.access import ROUTES
from marsad.web.app import create_app
from marsad.web.site import Site
from marsad.workspace import Workspace
from marsad.workspace.screening import Screener
from tests.decide.conftest import POLICY, Clock
from tests.web.conftest import PASSWORD, House

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance, negative_data_rejection, unsupported_method,
]  # fmt: skip


PROGRAMS = sorted((method, path) for method, path in ROUTES if path.startswith("/api/"))


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, str]:
    """A house with cases, and the token of somebody who may do everything."""
    folder: Path = tmp_path_factory.mktemp("api")
    workspace, clock = Workspace.create(folder / "ws"), Clock()
    workspace.banks.add("phrases", [Entry("marker word")], kind="phrases")
    database = open_database(folder / "review.db")
    site = Site(Desk(database, (POLICY,), clock), Door(database, (), clock),
                screener=Screener(workspace, database))  # fmt: skip
    house = House(site, clock)
    for number in range(3):
        house.open(f"x:{number}")
    users.add(database, "all", ("senior", "appeals", "auditor"), at=clock(), password=PASSWORD)
    with database.reading() as transaction:
        user = stored.by_name(transaction, "all")
    assert user is not None
    return house, site.door.new_token(Visitor(user), "test", SCOPES, 30)[1]


@pytest.fixture(scope="module")
def api(open_house: tuple[House, str]) -> BaseSchema:
    app = create_app(open_house[0].site)
    made = schemathesis.openapi.from_asgi("/openapi.json", app, headers={"Host": "127.0.0.1"})
    made.raw_schema.pop("security")  # the token is sent with all; tests of access leave it out
    return made


@pytest.mark.parametrize(("method", "path"), PROGRAMS)
def test_every_answer_is_one_that_is_documented(
    api: BaseSchema, open_house: tuple[House, str], method: str, path: str
) -> None:
    headers = {"Authorization": f"Bearer {open_house[1]}", "Host": "127.0.0.1"}

    @given(case=api[path][method].as_strategy() | _wrong(api, method, path))
    @settings(
        max_examples=30, derandomize=True, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def asked(case: schemathesis.Case) -> None:
        limits.forget()
        case.call_and_validate(headers=headers, checks=CHECKS)

    asked()


def _wrong(api: BaseSchema, method: str, path: str) -> SearchStrategy[schemathesis.Case]:
    """Requests that break the description on purpose, where there is something to break."""
    wrong: SearchStrategy[schemathesis.Case] = api[path][method].as_strategy(
        generation_mode=GenerationMode.NEGATIVE
    )
    return wrong


def test_it_is_public_and_names_every_route(house: House) -> None:
    answer = house.browser().get("/openapi.json")
    assert answer.status_code == 200
    said = {(method.upper(), path) for path, routes in answer.json()["paths"].items()
            for method in routes}  # fmt: skip
    assert said == {(method, path) for method, path in ROUTES if path.startswith("/api/")}
    for routes in answer.json()["paths"].values():
        for one in routes.values():
            assert {"401", "403", "405", "413", "415", "422", "429"} <= set(one["responses"])
