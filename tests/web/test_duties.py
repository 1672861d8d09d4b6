"""The pages of duties and of what the desk means for people's data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marsad.decide.operator import Operator
from marsad.workspace import Workspace
from tests.web.conftest import House

SETTINGS = """
[operator]
name = "Forum"
email = "desk@forum.example"
size = "small"
service = "platform"

[impact]
purposes = "<b>finding</b> accounts"
risks = ["somebody is wrongly acted against"]

[webhooks.mine]
url = "https://user:secret@hooks.forum.example/hook?key=secret"

[mail]
host = "mail.forum.example"
sender = "desk@forum.example"
"""


@pytest.fixture
def forum(house: House, tmp_path: Path) -> House:
    workspace = Workspace.create(tmp_path / "forum")
    with (workspace.folder / "marsad.toml").open("a") as file:
        file.write(SETTINGS)
    workspace = Workspace.open(workspace.folder)
    workspace.policies.add("research")
    operator = Operator.of(workspace.settings)
    house.site = replace(house.site, workspace=workspace, operator=operator)
    house.add("ana", "analyst")
    return house


@pytest.mark.parametrize(
    ("lang", "follows", "spared"),
    [("en", "(EU) 2021/784", "depends on country in [operator]"),
     ("ar", "2021/784", "يتوقف على country في [operator]")],
)  # fmt: skip
def test_duties_follow_from_the_settings(
    forum: House, lang: str, follows: str, spared: str
) -> None:
    page = forum.browser("ana", lang).client.get("/duties").text
    assert follows in page
    assert page.count(spared) == 2


def test_the_assessment_says_what_is_set_and_what_is_missing(forum: House) -> None:
    page = forum.browser("ana").client.get("/impact").text
    assert "&lt;b&gt;finding&lt;/b&gt; accounts" in page
    assert "5 answers are missing" in page
    assert "add legal_basis to [impact]" in page
    assert "research@1" in page
    for host in ("hooks.forum.example", "mail.forum.example"):
        assert host in page
    assert "secret" not in page


def test_moderators_do_not_see_them(forum: House) -> None:
    forum.add("mona", "moderator")
    client = forum.browser("mona").client
    for path in ("/duties", "/impact"):
        assert client.get(path).status_code == 403


def test_a_desk_without_a_workspace_has_no_assessment(house: House) -> None:
    house.site = replace(house.site, workspace=None)
    house.add("ana", "analyst")
    client = house.browser("ana").client
    assert client.get("/impact").status_code == 404
    assert client.get("/duties").status_code == 200
