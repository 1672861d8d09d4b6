"""``marsad orders``: orders out of files, the list, the authorities, and what is wrong."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from marsad.cli.demo import DEMO_SETTINGS
from marsad.decide.actions.carrying import Carrier
from marsad.platforms.settings import Configured
from marsad.records.times import SECOND, now
from marsad.workspace import Workspace, ordering, reviewing
from tests.cli.conftest import Command
from tests.decide.conftest import SENIOR
from tests.decide.orders.conftest import Forum

KEY = Ed25519PrivateKey.generate()
SETTINGS = """
[operator]
name = "Forum"
email = "c@forum.example"
country = "DE"
languages = ["en"]

[[places]]
platform = "forum"
host = "forum.example"
post = ["/@{account}/{post}"]
"""
AUTHORITIES = [{"id": "de-example", "name": "Example Authority", "state": "DE", "phone": "+49 1",
                "key": base64.b64encode(KEY.public_key().public_bytes_raw()).decode()}]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Workspace.create(tmp_path / "ws").folder
    file = made / "marsad.toml"
    file.write_text(file.read_text() + SETTINGS)
    (tmp_path / "list.json").write_text(json.dumps(AUTHORITIES))
    return made


def order(folder: Path, **more: Any) -> Path:
    """A file with an order."""
    said = {"authority": "de-example", "reference": "R-1", "grounds": ["incites"], "lang": "en",
            "urls": ["https://forum.example/@mona/1"]} | more  # fmt: skip
    file = folder.parent / "order.json"
    file.write_text(json.dumps(said))
    return file


def test_a_signed_order_is_taken_in_and_listed(marsad: Command, folder: Path) -> None:
    added = marsad("orders", "authorities", "add", folder.parent / "list.json", "-w", folder)
    assert added.out == "de-example\tDE\tExample Authority\t+49 1\t\n"
    file = order(folder)
    signature = folder.parent / "order.sig"
    signature.write_bytes(KEY.sign(file.read_bytes()))
    given = ("--received-at", "2026-01-01T00:00", "-w", folder)
    done = marsad("orders", "import", file, "--signature", signature, *given)
    assert done.code == 0, done.err
    assert "the hour ends 2026-01-01T01:00:00+00:00" in done.out
    assert "signature is that of the authority" in done.out
    again = json.loads(marsad("orders", "import", file, "--json", "-w", folder).out)
    assert again["again"]
    assert "not-signed" in again["checks"]
    [listed] = json.loads(marsad("orders", "list", "--json", "-w", folder).out)["orders"]
    assert (listed["id"], listed["state"], listed["size"]) == (again["order"], "received", 1)
    assert "received" in marsad("orders", "list", "-w", folder).out


def test_a_list_that_cannot_be_read_keeps_no_order_back(marsad: Command, folder: Path) -> None:
    (folder / "authorities.json").write_text("[{")
    done = marsad("orders", "import", order(folder), "-w", folder)
    assert done.code == 0
    assert "the hour ends" in done.out
    assert "authorities.json" in done.err


def test_where_no_hour_runs_none_is_named(marsad: Command, folder: Path) -> None:
    file = order(folder)
    assert "the hour ends" in marsad("orders", "import", file, "-w", folder).out
    assert "its hour ends" in marsad("orders", "import", file, "-w", folder).out
    carried_out(Workspace.open(folder))
    said = marsad("orders", "import", file, "-w", folder).out
    assert "No hour runs for it; its state: seen done" in said
    assert "hour ends" not in said


def carried_out(workspace: Workspace) -> None:
    """The one order of a workspace is carried out, and seen to be."""
    database = reviewing.database(workspace)
    desk = ordering.orders(workspace, database)
    desk.execute(SENIOR, desk.running()[0].order.id, "remove")
    forum = Configured("forum", Forum(), an_hour=10)
    for later in (0, 11):
        Carrier(database, lambda _: forum, lambda: now() + later * SECOND).carry_out(9)  # noqa: B023
    desk.keep_up()
    database.close()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"urls": []}, "names no address"),
        ({"urls": ["https://other.example/"]}, "None of its addresses"),
        ({"lang": "fr"}, "language other than"),
        ({"authority": "nobody"}, "not on the kept list"),
        ({"issued_at": "2999-01-01T00:00Z"}, "yet to come"),
    ],
)
def test_what_is_doubtful_is_said_with_what_to_do(
    marsad: Command, folder: Path, more: dict[str, Any], said: str
) -> None:
    done = marsad("orders", "import", order(folder, **more), "-w", folder)
    assert done.code == 0, done.err
    assert said in done.out


def test_what_cannot_be_read_is_the_users_input(marsad: Command, folder: Path) -> None:
    file = order(folder, urls=[f"https://forum.example/@m/{n}" for n in range(501)])
    done = marsad("orders", "import", file, "-w", folder)
    assert (done.code, "at most 500 addresses" in done.err) == (2, True)
    file.write_text("Dear Sir or Madam")
    done = marsad("orders", "import", file, "-w", folder)
    assert (done.code, "/orders/new" in done.err) == (2, True)
    file.write_text("[]")
    done = marsad("orders", "authorities", "add", file, "-w", folder)
    assert done.code == 0
    file.write_text('[{"id": "X"}]')
    done = marsad("orders", "authorities", "add", file, "-w", folder)
    assert (done.code, "entry 1" in done.err) == (2, True)


def test_an_empty_desk_has_no_orders_to_list(marsad: Command, folder: Path) -> None:
    assert marsad("orders", "list", "-w", folder).code == 2
    assert marsad("orders", "authorities", "list", "-w", folder).out == ""


def test_the_example_is_about_what_the_demonstration_answers_for(
    tmp_path: Path, marsad: Command
) -> None:
    folder = Workspace.create(tmp_path / "demo").folder
    with (folder / "marsad.toml").open("a") as file:
        file.write(DEMO_SETTINGS)
    example = Path(__file__).parents[2] / "examples" / "order.json"
    said = json.loads(marsad("orders", "import", example, "-w", folder, "--json").out)
    assert said["checks"] == ["unlisted", "not-signed", "no-date", "not-informed"]
