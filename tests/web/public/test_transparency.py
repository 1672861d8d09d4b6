"""The public page of transparency reports: what was published, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marsad.decide.operator import Operator
from marsad.outputs.transparency.publishing import folder_of
from marsad.outputs.transparency.writing import written
from marsad.workspace import Workspace
from marsad.workspace.transparency.figures import Account, Figure
from marsad.workspace.transparency.span import year
from tests.web.conftest import House

SPAN = year(2026)
TOLD = Account(SPAN, 7, "ab" * 32, 5, (Figure("decisions", "all", 103),))
AT = f"/transparency/{SPAN.name}"


@pytest.fixture
def public(house: House, tmp_path: Path) -> House:
    workspace = Workspace.create(tmp_path / "published")
    forum = Operator(name="Forum", email="desk@forum.example")
    house.site = replace(house.site, workspace=workspace, operator=forum)
    return house


@pytest.mark.parametrize(("lang", "said"), [("en", "Nothing has been"), ("ar", "لم يُنشر شيء")])
def test_before_anything_was_published(public: House, lang: str, said: str) -> None:
    answer = public.browser(lang=lang).client.get("/transparency")
    assert answer.status_code == 200
    assert said in answer.text
    assert "Forum" in answer.text


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_published_report_is_there_for_everybody(public: House, lang: str) -> None:
    assert public.site.workspace is not None
    written(TOLD, public.site.operator, folder_of(public.site.workspace, SPAN), 0)
    client = public.browser(lang=lang).client
    listed = client.get("/transparency").text
    name = "report-ar.html" if lang == "ar" else "report.html"
    for file in (name, "figures.csv", "figures.json"):
        assert f'href="{AT}/{file}"' in listed
    page = client.get(f"{AT}/{name}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    figures = client.get(f"{AT}/figures.json")
    assert figures.json()["figures"] == [{"figure": "decisions", "of": "all", "count": 103}]
    assert figures.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        f"{AT}/report.html", f"{AT}/marsad.toml", "/transparency/../figures.json",
        "/transparency/%2e%2e/marsad.toml", "/transparency/x/figures.json",
        f"/transparency/{SPAN.name}%2f..%2f../marsad.toml",
    ],
)  # fmt: skip
def test_nothing_else_is_there(public: House, path: str) -> None:
    assert public.browser().client.get(path).status_code in (303, 404)
