"""Orders of a workspace: out of its settings, with alarms that arrive at a real mail server."""

from __future__ import annotations

import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from marsad.decide.orders import reading
from marsad.records.errors import InputError
from marsad.store import open_database
from marsad.workspace import Workspace, mailing, ordering
from tests.decide.conftest import Clock
from tests.mail_server import mail_server

TURNS = [{"name": "Night duty", "email": f"{lang}@people.example", "lang": lang}
         for lang in ("en", "ar")]  # fmt: skip


def test_alarms_arrive_in_each_ones_language_and_once(tmp_path: Path) -> None:
    folder = Workspace.create(tmp_path / "ws").folder
    database, clock = open_database(folder / "review.db"), Clock()
    with mail_server() as post:
        mail = {"host": "127.0.0.1", "port": post.port, "security": "none",
                "sender": "desk@forum.example"}  # fmt: skip
        desk = {"hosts": ["desk.example"], "https": True}
        workspace = Workspace(folder, {"mail": mail, "orders": {"rota": TURNS}, "desk": desk})
        orders = replace(ordering.orders(workspace, database), clock=clock)
        said = {"urls": ["https://forum.example/@secret/1"], "explanation": "secret words"}
        order = orders.import_(reading.of(said)).order.id
        for _ in range(8):
            orders.keep_up()
            mailing.deliver(workspace, database, clock)
            clock.now += 10 * 60_000_000
    database.close()
    assert len(post.taken) == 10  # five alarms, two people
    for mail in post.taken:
        assert isinstance(mail, EmailMessage)
        text = mail["Subject"] + mail.get_content()
        assert f"https://desk.example/orders/{order}" in text
        assert "secret" not in text
    subjects = [mail["Subject"] for mail in post.taken if mail["To"] == "en@people.example"]
    assert subjects == [
        "Removal order: 60 minutes left", "Removal order: 30 minutes left",
        "Removal order, told late: 10 minutes left", "Removal order, told late: 0 minutes left",
        "Removal order: the hour is over",
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["orders", "places", "operator"])
def test_settings_that_are_wrong_are_named_before_an_order_is_taken_in(
    tmp_path: Path, table: str
) -> None:
    folder = Workspace.create(tmp_path / "ws").folder
    database = open_database(folder / "review.db")
    with pytest.raises(InputError) as error:
        ordering.orders(Workspace(folder, {table: json.loads('"wrong"')}), database)
    assert error.value.message.id == "settings.value"
    database.close()
