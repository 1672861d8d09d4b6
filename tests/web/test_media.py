"""Media that the platform has are shown to whoever opened their post, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.exhibits import Exhibits, Post
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import open_cases
from marsad.decide.signing_in import Visitor
from marsad.store import users
from marsad.store.cases import Case
from marsad.web.site import Settings
from marsad.workspace import Workspace
from tests.web.conftest import Browser, House

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
FILES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/gif": b"GIF89a....",
    "image/webp": b"RIFF\1\2\3\4WEBPVP8 ",
    "image/avif": b"\0\0\0\x1cftypavif",
    "video/mp4": b"\0\0\0\x1cftypisom" + b"frames" * 50,
    "video/webm": b"\x1aE\xdf\xa3",
    "audio/ogg": b"OggS",
    "audio/mpeg": b"ID3\4",
}
NOT_SHOWN = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7",
    "empty": b"",
    "riff": b"RIFF\1\2\3\4WAVE",
}


@pytest.fixture
def folder(house: House, tmp_path: Path) -> Path:
    """The platform's files, as the site's settings name them."""
    workspace = Workspace.create(tmp_path / "ws")
    house.site = replace(house.site, workspace=workspace, settings=Settings(media="files"))
    made = workspace.folder / "files"
    made.mkdir()
    return made


def put(folder: Path, content: bytes) -> str:
    name = sha256(content).hexdigest()
    (folder / name).write_bytes(content)
    return name


def case_with(house: House, *media: dict[str, Any]) -> Case:
    """A case about a post with media."""
    found = SealedFinding("f", "post", "x:1", "x:7", "phrases", 0.5)
    post = Post("x:1", "x:7", "amber lantern", "en", media=media, signals=("phrases",))
    shown = {("post", "x:1"): Exhibits((post,))}
    open_cases(house.site.desk.database, [found], house.clock(), shown)
    return house.read("x:1", "post")


def look(browser: Browser, case: Case, name: str, item: str = "x:1") -> Any:
    return browser.get(f"/cases/{case.id}/media", params={"item": item, "name": name})


def opened(browser: Browser, case: Case) -> str:
    """The page, once its post was opened."""
    browser.post(f"/cases/{case.id}/items", f"/cases/{case.id}", item="x:1")
    return browser.get(f"/cases/{case.id}").text


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("kind", FILES)
def test_what_can_be_shown_is_once_its_post_is_open(house: House, folder: Path, kind: str) -> None:
    name = put(folder, FILES[kind])
    case, browser = case_with(house, {"hash": name, "alt": "a lamp"}), house.browser("moderator")
    assert name not in browser.get(f"/cases/{case.id}").text
    assert look(browser, case, name).status_code == 404  # covered: not even by its address
    page = opened(browser, case)
    assert "a lamp" in page
    assert f"name={name}" in page
    answer = look(browser, case, name)
    assert (answer.status_code, answer.content) == (200, FILES[kind])
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert ("muted" in page) is not kind.startswith("image")
    assert ("sharp" in page) is not kind.startswith("audio")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("kind", NOT_SHOWN)
def test_what_might_run_is_not_shown(house: House, folder: Path, kind: str) -> None:
    name = put(folder, NOT_SHOWN[kind])
    case, browser = case_with(house, {"hash": name}), house.browser("moderator")
    page = opened(browser, case)
    assert "not at hand here" in page
    assert look(browser, case, name).status_code == 404


@pytest.mark.usefixtures("people")
def test_a_file_that_was_changed_is_not_shown_and_said_to_be(house: House, folder: Path) -> None:
    name = put(folder, PNG)
    case, browser = case_with(house, {"hash": name}), house.browser("moderator")
    assert '<img src="/cases' in opened(browser, case)
    (folder / name).write_bytes(PNG + b"something else")
    page = browser.get(f"/cases/{case.id}").text
    assert "its content is not what its name says" in page
    assert '<img src="/cases' not in page
    assert look(browser, case, name).status_code == 404


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "name", ["", "../marsad.toml", "..%2fmarsad.toml", "a" * 64, "A" * 64, "٣" * 64, "\0" * 64]
)
def test_no_other_file_can_be_asked_for(house: House, folder: Path, name: str) -> None:
    put(folder, PNG)
    case, browser = case_with(house, {"hash": name}), house.browser("moderator")
    assert "not at hand here" in opened(browser, case)
    assert look(browser, case, name).status_code == 404


@pytest.mark.usefixtures("people")
def test_a_file_is_shown_with_its_own_post_alone(house: House, folder: Path) -> None:
    name, other = put(folder, PNG), put(folder, FILES["image/gif"])
    case, browser = case_with(house, {"hash": name}), house.browser("moderator")
    opened(browser, case)
    assert look(browser, case, name).status_code == 200
    assert look(browser, case, other).status_code == 404  # there, but no part of the post
    assert look(browser, case, name, "x:2").status_code == 404
    somebody_else = house.browser("senior")
    assert look(somebody_else, case, name).status_code == 404  # who has not opened the post


@pytest.mark.usefixtures("people")
def test_a_part_of_a_video_can_be_asked_for(house: House, folder: Path) -> None:
    name = put(folder, FILES["video/mp4"])
    case, browser = case_with(house, {"hash": name}), house.browser("moderator")
    opened(browser, case)
    path = f"/cases/{case.id}/media?item=x:1&name={name}"
    part = browser.get(path, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("act", ["stat", "open"])
def test_a_file_that_cannot_be_read_is_none(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    name = put(folder, PNG)
    case, browser = case_with(house, {"hash": name, "alt": "a lantern"}), house.browser("moderator")
    given = getattr(Path, act)

    def refuses(path: Path, *more: Any, **others: Any) -> Any:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return given(path, *more, **others)

    monkeypatch.setattr(Path, act, refuses)
    page = opened(browser, case)
    assert "a lantern" in page
    assert "/media?" not in page
    assert look(browser, case, name).status_code == 404


@pytest.mark.usefixtures("people")
def test_without_a_folder_or_a_file_the_description_stands_there(house: House) -> None:
    case = case_with(house, {"url": "https://media.example/1.jpg", "alt": "a <b>lamp</b>"},
                     {"url": "javascript:alert(1)", "hash": "a" * 64})  # fmt: skip
    page = opened(house.browser("moderator"), case)
    assert "not at hand here" in page
    assert "a &lt;b&gt;lamp&lt;/b&gt;" in page
    assert 'href="https://media.example/1.jpg" rel="noreferrer noopener nofollow"' in page
    assert "javascript:" not in page


@pytest.mark.usefixtures("people")
def test_looking_at_media_is_counted(house: House, folder: Path) -> None:
    case, browser = case_with(house, {"hash": put(folder, PNG)}), house.browser("moderator")
    opened(browser, case)
    with house.site.desk.database.reading() as transaction:
        user = users.by_name(transaction, "moderator")
    assert user is not None
    assert house.site.desk.exposure(Visitor(user).reviewer).hour.media == 1
