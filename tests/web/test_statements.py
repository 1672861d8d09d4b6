"""Records for the transparency database at the desk: seen by state, mended, sent on."""

from __future__ import annotations

import pytest

from tests.decide.conftest import REASON
from tests.web.conftest import House
from tests.web.test_appeal import code_of, say


@pytest.fixture
def held(house: House, people: object) -> int:
    """A record that is held back: without a workspace there is no policy to take a ground from."""
    code_of(house)
    from marsad.store import statements

    with house.site.desk.database.reading() as transaction:
        return statements.in_state(transaction, "held", 1)[0].seq


def test_what_is_held_back_says_why_and_can_be_set_aside(house: House, held: int) -> None:
    senior = house.browser("senior")
    page = senior.get("/statements")
    assert f'id="statement-{held}"' in page.text
    assert "decision_ground" in page.text
    again = senior.post(f"/statements/{held}/mend?state=held", decision_facts="Other words here.")
    assert again.status_code == 422
    assert "Other words here." in again.text
    assert senior.post(f"/statements/{held}/renew").status_code == 422
    assert senior.post(f"/statements/{held}/drop", reason="no").status_code == 422
    done = senior.post(f"/statements/{held}/drop?state=held", reason=REASON)
    assert done.headers["location"] == f"/statements?state=held&done={held}"
    assert f'id="statement-{held}"' in senior.get("/statements?state=dropped").text
    assert senior.post(f"/statements/{held}/drop", reason=REASON).status_code == 409


@pytest.mark.parametrize("state", ["held", "refused", "waiting", "accepted", "dropped", "nonsense"])
@pytest.mark.parametrize("role", ["senior", "appeals", "auditor"])
def test_every_state_has_its_page(house: House, held: int, state: str, role: str) -> None:
    page = house.browser(role).get(f"/statements?state={state}")
    assert page.status_code == 200
    assert (say("statements.mend-go") in page.text) == (
        role == "senior" and state in ("held", "nonsense")
    )


def test_a_statement_that_is_not_there_is_not_found(house: House, people: object) -> None:
    senior = house.browser("senior")
    assert senior.post("/statements/999/drop", reason=REASON).status_code == 404
    assert senior.post("/statements/999/mend").status_code == 404


def test_what_could_not_be_made_is_on_the_page(house: House, people: object) -> None:
    code_of(house)
    from marsad.records.message import Message
    from marsad.store import statements

    with house.site.desk.database.writing() as transaction:
        [one] = statements.undone(transaction, 0, 1)
        why = Message("statements.no-entry", {"entry": one.seq})
        statements.fail(transaction, one.seq, why, 0, 0)
    page = house.browser("senior").get("/statements")
    assert why.render("en") in page.text
    assert f'href="/cases/{one.case_id}"' in page.text
