"""A browser that opens reports, and axe-core to look into them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from marsad.outputs.report import write_report
from tests.conftest import absent, ready
from tests.outputs.measured import everything as told
from tests.outputs.network import Network, busy, context, finding, post
from tests.outputs.test_report import HOSTILE

HERE = Path(__file__).parent
Opened = Callable[..., "contextmanager[Page]"]


def hostile() -> Network:
    """Texts that would break a page, in every place where texts stand."""
    posts = [
        post(n, text=text, client=text, hashtags=[text], urls=[f"https://host.example/{text}"],
             kind="repost", language="ar" if n % 2 else "en")
        for n, text in enumerate([*HOSTILE, "نص عربي مع English و123 في الوسط", "#وسم" * 30])
    ]  # fmt: skip
    return Network(posts, findings=[finding(one) for one in posts])


def measured() -> Network:
    return busy(60)


NETWORKS = {"busy": busy, "hostile": hostile, "empty": Network, "measured": measured}
GIVEN: dict[str, Callable[[], dict[str, Any]]] = {
    "empty": lambda: {"policies": (), "estimates": ()},
    "measured": lambda: {"measured": told()},
}
"""What a report is given besides its network, where it is not the usual."""


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, fetched by npm as `package-lock.json` says."""
    if shutil.which("npm") is None:
        absent("axe-core", "it needs npm (Debian: apt-get install npm)", ready("browser"))
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Reports by network and language."""
    folder = tmp_path_factory.mktemp("reports")
    written = {}
    for name, network in NETWORKS.items():
        with network().opened() as (records, findings, engine):
            for lang in ("en", "ar"):
                path = folder / f"{name}-{lang}.html"
                given = GIVEN.get(name, dict)()
                write_report(records, findings, engine, path, lang, context(**given))
                written[name, lang] = path
    return written


@pytest.fixture
def opened(browser: Browser, reports: dict[tuple[str, str], Path]) -> Opened:
    """Opens a report; fails if the page says anything on its console or asks for anything."""

    @contextmanager
    def open_report(
        name: str = "busy",
        lang: str = "en",
        width: int = 1280,
        scheme: str = "light",
        complaints: int = 0,
    ) -> Iterator[Page]:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: said.append(request.url))
        address = reports[name, lang].as_uri()
        page.goto(address)
        yield page
        assert said[:1] == [address]
        assert len(said) == 1 + complaints, said
        page.close()

    return open_report
