"""Statements of a workspace: settings, token, turns in the background, the verb, the webhook."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from typer.testing import CliRunner

from marsad.cli import app
from marsad.decide.desk import Desk
from marsad.decide.statements.settings import StatementSettings
from marsad.records.errors import InputError, OutsideError
from marsad.store import open_database, statements
from marsad.web.background import works_of
from marsad.web.site import Site
from marsad.workspace import Workspace, stating
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, Clock, Room
from tests.decide.statements.conftest import RULE
from tests.decide.statements.stand_in import TOKEN, Database, listening
from tests.platforms.receiver import listening as receiving
from tests.workspace.test_notifying import KEY, Told, accept


@pytest.fixture
def there() -> Iterator[Database]:
    with listening() as database:
        yield database


@pytest.fixture
def workspace(tmp_path: Path, there: Database, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace that sends to the stand-in, with a policy and one decision."""
    made = Workspace.create(tmp_path / "ws")
    rule = tmp_path / "demo.toml"
    rule.write_text(RULE)
    made.policies.add(str(rule))
    settings = made.folder / "marsad.toml"
    settings.write_text(
        settings.read_text()
        + f"""
[statements]
address = "{there.address}"
allow_loopback = true
a_minute = 600
"""
    )
    monkeypatch.setenv(stating.TOKEN, TOKEN)
    return Workspace.open(made.folder)


@pytest.fixture
def room(workspace: Workspace) -> Iterator[Room]:
    database = open_database(workspace.folder / "review.db")
    made = Room(Desk(database, (POLICY,)), Clock())
    made.decide(FIRST, made.case("forum:900100"), "warn")
    yield made
    database.close()


def run(workspace: Workspace, *words: str) -> Any:
    return CliRunner().invoke(app, ["statements", *words, "-w", str(workspace.folder)])


def test_the_verb_lists_checks_and_sends(workspace: Workspace, room: Room, there: Database) -> None:
    assert json.loads(run(workspace, "list", "--json").stdout)["waiting"] == 0
    stating.desk(workspace, room.desk.database).make()
    assert "waiting 1" in run(workspace, "list").stdout
    checked = run(workspace, "check", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)) == (0, {"checked": 1, "wrong": {}})
    assert there.stored == {}
    sent = run(workspace, "send", "--json")
    assert sent.exit_code == 0, sent.output
    assert json.loads(sent.stdout) == {"accepted": 1, "existing": 0, "refused": 0, "waiting": 0}
    listed = json.loads(run(workspace, "list", "--state", "accepted", "--json").stdout)
    assert {one["puid"] for one in listed["statements"]} == set(there.stored)
    assert "forum:900100" not in str(listed)
    wrong = run(workspace, "list", "--state", "nonsense")
    assert isinstance(wrong.exception, InputError)


def test_the_verb_lists_what_could_not_be_made(workspace: Workspace, room: Room) -> None:
    policy = next(workspace.policies.folder.glob("demo@1.toml"))
    policy.write_text("name = ")
    stating._read.cache_clear()
    stating.desk(workspace, room.desk.database).make()
    assert "failed 1" in run(workspace, "list").stdout
    [one] = json.loads(run(workspace, "list", "--state", "failed", "--json").stdout)["failed"]
    assert (policy.name in one["why"], one["tries"]) == (True, 1), one
    assert one["why"] in run(workspace, "list", "--state", "failed").stdout


def test_check_says_what_may_not_go(workspace: Workspace, room: Room) -> None:
    """A name that the case learnt after the record was made."""
    from marsad.decide.exhibits import Exhibits, Profile
    from marsad.decide.opening import open_cases
    from tests.decide.conftest import finding

    stating.desk(workspace, room.desk.database).make()
    shown = Exhibits((), (Profile("forum:900100", handle="marker", name="Someone"),))
    open_cases(room.desk.database, [finding("forum:900100", number="2")], room.clock(),
               {("account", "forum:900100"): shown})  # fmt: skip
    checked = run(workspace, "check")
    assert checked.exit_code == 1
    assert "incompatible_content_ground: handle" in checked.stdout


def test_in_the_background_it_is_made_and_sent(
    workspace: Workspace, room: Room, there: Database
) -> None:
    site = Site.of(workspace)
    work = next(one for one in works_of(site, workspace) if one.name == "statements")
    assert work.turn() is True
    assert work.turn() is False
    assert len(there.stored) == 1
    site.desk.database.close()


def test_a_turn_with_nothing_to_do_reads_no_table_that_grows(
    workspace: Workspace, room: Room
) -> None:
    """Each process of a server has one every few seconds, with a million cases, too."""
    site, asked = Site.of(workspace), list[tuple[str, Any]]()
    works = [one for one in works_of(site, workspace) if one.name in ("statements", "answers")]
    while any(one.turn() for one in works):
        pass
    engine = site.desk.database.engine
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    for one in works:
        one.turn()
    with site.desk.database.reading() as transaction:
        plans = {
            row[3] for sql, given in [*asked] if sql.lstrip().startswith("SELECT")
            for row in transaction.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
        }  # fmt: skip
    read = {one for one in plans if one.startswith("SCAN ") or "SEARCH notices USING INTEGER "
            "PRIMARY KEY (rowid>?)" in one}  # fmt: skip
    assert plans
    assert {one.split()[1] for one in read} <= {"statement_turns", "appeal_work"}
    site.desk.database.close()


def test_a_token_that_is_refused_is_said_and_shown_nowhere(
    workspace: Workspace, room: Room, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setenv(stating.TOKEN, "a-secret-that-is-wrong")
    with caplog.at_level(logging.DEBUG), pytest.raises(OutsideError) as refused:
        stating.turn(workspace, room.desk.database)
    failed = run(workspace, "send")
    assert isinstance(failed.exception, OutsideError)
    said = refused.value.message.render() + str(failed.exception) + failed.output + caplog.text
    assert "MARSAD_STATEMENTS_TOKEN" in said
    assert "a-secret" not in said
    assert "a-secret" not in repr(stating.sender(workspace, room.desk.database))


def test_a_token_lies_in_a_file_that_nobody_else_reads(
    workspace: Workspace, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(stating.TOKEN)
    with pytest.raises(InputError):
        stating.sender(workspace, room.desk.database)
    file = workspace.folder / "keys" / "statements.token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o644)
    with pytest.raises(InputError):
        stating.sender(workspace, room.desk.database)
    file.chmod(0o600)
    assert stating.turn(workspace, room.desk.database).sent is not None


def test_without_an_address_they_are_made_and_wait(workspace: Workspace, room: Room) -> None:
    quiet = Workspace(workspace.folder, {})
    done = stating.turn(quiet, room.desk.database)
    assert (done.made, done.sent) == (1, None)
    with room.desk.database.reading() as transaction:
        assert statements.counts(transaction) == {"waiting": 1, "failed": 0}
    with pytest.raises(InputError):
        stating.must_send(quiet, room.desk.database)


@pytest.mark.parametrize("given", [
    {"unheard": 1}, {"address": 5}, {"language": "fr"}, {"territory": []}, {"territory": ["US"]},
    {"territory": ["DE", "DE"]}, {"a_minute": 0}, {"a_minute": True}, {"a_minute": 601},
    {"allow_loopback": "yes"}, {"token": "t"},
])  # fmt: skip
def test_settings_that_are_wrong_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        StatementSettings.of({"statements": given})


@pytest.mark.parametrize("address", ["http://elsewhere.example/api", "https://user@a.example/",
                                     "ftp://a.example", "https://10.0.0.1/api"])  # fmt: skip
def test_an_address_that_is_never_asked_is_refused(
    workspace: Workspace, room: Room, address: str
) -> None:
    said = {"statements": {"address": address}}
    with pytest.raises(InputError):
        stating.sender(Workspace(workspace.folder, said), room.desk.database)


# ── The webhook


@pytest.fixture
def told(workspace: Workspace, room: Room) -> Iterator[Told]:
    keys = workspace.folder / "keys" / "webhook-mine.keys"
    keys.write_text(f"a {KEY.hex()}\n")
    keys.chmod(0o600)
    with receiving({"a": KEY}) as receiver:
        receiver.answers.extend([accept] * 100)
        made = Told(room, receiver, workspace)
        made.tell()
        yield made


def test_who_has_the_ids_is_given_the_text_and_the_code(told: Told, workspace: Workspace) -> None:
    desk = stating.desk(workspace, told.room.desk.database)
    desk.make()
    told.settings = {"ids_of": ["forum"]}
    told.tell()
    said = told.bodies[-1]
    shown = desk.of_case(FIRST, said["case"])[0]
    assert (said["type"], said["says"], said["lang"]) == ("statement.made", "restricted", "en")
    assert (said["text"], said["appeal"]["code"]) == (shown.text, shown.code)
    assert said["appeal"]["until"] is not None
    assert REASON not in str(said)
    assert FIRST.id not in str(said)


def test_nobody_else_is_told_of_statements_and_complaints(told: Told, workspace: Workspace) -> None:
    desk = stating.desk(workspace, told.room.desk.database)
    desk.make()
    told.tell()
    assert told.taken == []


def test_of_a_complaint_it_is_told_that_there_is_one(told: Told, workspace: Workspace) -> None:
    desk = stating.desk(workspace, told.room.desk.database)
    desk.make()
    case = told.room.read("forum:900100").id
    code = desk.of_case(FIRST, case)[0].code
    appeals = Site(told.room.desk, None).appeals  # type: ignore[arg-type]
    appeals.make(code or "", "This was a report, and nothing else.")
    number = appeals.listed(APPEALS)[0].appeal.seq
    appeals.ask(APPEALS, number, "When was it published first?")
    told.settings = {"ids_of": ["forum"]}
    told.tell()
    assert told.taken == ["statement.made", "appeal.made", "appeal.asked"]
    assert "report" not in str(told.bodies[1:])
    assert "published" not in str(told.bodies[1:])
