"""The examples of docs/api.md, as they stand there."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.workspace import Workspace
from marsad.workspace.notifying import _SETTINGS, EVENTS
from marsad.workspace.screening import Screener
from tests.decide.notices.conftest import PLACES
from tests.web.api.conftest import Program, of
from tests.web.conftest import House

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
CURLS = re.findall(r"^curl (?:.*\\\n)*.*$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(CURLS) == 5


@pytest.mark.parametrize("line", CURLS)
def test_the_examples_are_answered(
    house: House, program: Program, tmp_path: Path, line: str
) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    house.site = replace(house.site, screener=Screener(workspace, house.site.desk.database))
    case = house.open().id
    if "/notices" in line:
        house.site = replace(house.site, places=PLACES)
        house.add("watchers", "trusted-flagger")
        program = of(house, "watchers")
    words = shlex.split(line.replace("\\\n", " ").replace("$TOKEN", program.key))
    address = words[-1].removeprefix("http://127.0.0.1:8000")
    address = address.replace("/cases/1/", f"/cases/{case}/")
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    body = words[words.index("-d") + 1] if "-d" in words else None
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    client = house.browser().client
    assert client.request(method, address, headers=headers, content=body).status_code == 200


def test_every_setting_and_event_of_webhooks_is_there() -> None:
    text = PAGE.read_text("utf-8")
    for name in (*(one.name for one in _SETTINGS), *EVENTS.values()):
        assert f"`{name}`" in text
