"""What all tests share: where the shared data is, and what stands outside Python."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tests import postgres
from tests.order import long_files_first

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"

# No test asserts a time, hypothesis's included.
settings.register_profile("marsad", deadline=None, print_blob=True)
settings.load_profile("marsad")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name cases of packed bytes by their place: a gzip file holds the second it was made in.

    Two workers that collect in different seconds would otherwise have different tests.
    """
    packed = isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable())
    return argname if packed else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Once those that are not to run are gone, and only where processes share the rest."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items[:] = long_files_first(items)


@pytest.fixture(autouse=True)
def no_workspace_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace set in the developer's shell must not be the one a test writes to."""
    monkeypatch.delenv("MARSAD_WORKSPACE", raising=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public research data: ``$MARSAD_DATA``, else ``../shared/data``.

    It is not part of the repository. Without it a test is skipped, in CI it fails.
    """
    folder = Path(os.environ.get("MARSAD_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        absent("shared data", f"not at {folder}; name its folder with MARSAD_DATA", IN_CI)
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium that tests marked `browser` drive."""
    path = os.environ.get("MARSAD_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        absent("Chromium", "run: make test-all", ready("browser"))
    return Path(path)


@pytest.fixture(scope="session")
def java_home() -> Path:
    """The Java that tests marked `java` run Spark on."""
    java = shutil.which("java")
    home = os.environ.get("JAVA_HOME") or (java and Path(java).resolve().parent.parent)
    if not home:
        absent("Java", "run: make test-all", ready("java"))
    os.environ["JAVA_HOME"] = str(home)
    return Path(home)


@pytest.fixture(autouse=True)
def no_database_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor must the database that it names."""
    monkeypatch.delenv("MARSAD_DATABASE", raising=False)


BOTH_DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's file without content. To copy it takes a thirtieth of the time that its migrations
    take, and a thousand tests want one."""
    from marsad.store import open_database

    file = tmp_path_factory.mktemp("made_once") / "review.db"
    open_database(file).close()
    return file


@pytest.fixture
def desk_file(made_once: Path, tmp_path: Path) -> Path:
    """A desk's file without content, of one test alone."""
    return shutil.copyfile(made_once, tmp_path / "review.db")


@pytest.fixture(params=BOTH_DATABASES)
def place(request: pytest.FixtureRequest) -> Iterator[Path | str]:
    """Where a desk's database can be opened: a file, and a database of its own on a server."""
    if request.param == "sqlite":
        yield request.getfixturevalue("desk_file")
        return
    with postgres.database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(params=BOTH_DATABASES)
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """`place`, without any table."""
    if request.param == "sqlite":
        yield tmp_path / "review.db"
        return
    with postgres.empty_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """An empty PostgreSQL server for tests marked `postgres`."""
    url = os.environ.get("MARSAD_TEST_POSTGRES")
    if url is None:
        absent("PostgreSQL", "run: make test-all", ready("postgres"))
    return url


def ready(marker: str) -> bool:
    """Whether `make test-all` has said that tests with this marker can run: then they must."""
    return marker in os.environ.get("MARSAD_TEST_READY", "").split(",")


def absent(what: str, hint: str, required: bool) -> NoReturn:
    """Fail where the thing has to be there, else skip; both say what is missing."""
    if required:
        pytest.fail(f"{what} is missing: {hint}")
    pytest.skip(f"{what} is missing: {hint}")
