"""Media of posts, where the platform's own files of them are at hand.

``[desk] media`` names a folder in which each file is called by the SHA-256 of its content, as the
records have it. Nothing is ever fetched: a look at another site would tell it who is watching.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response

from marsad.decide.exhibits import Post
from marsad.records.errors import InputError
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number

router = APIRouter(include_in_schema=False)

KINDS: Sequence[tuple[str, str]] = (
    (r"\x89PNG\r\n\x1a\n", "image/png"),
    (r"\xff\xd8\xff", "image/jpeg"),
    (r"GIF8[79]a", "image/gif"),
    (r"RIFF....WEBP", "image/webp"),
    (r"....ftypavif", "image/avif"),
    (r"....ftyp", "video/mp4"),
    (r"\x1aE\xdf\xa3", "video/webm"),
    (r"OggS", "audio/ogg"),
    (r"ID3|\xff[\xf2\xf3\xfb]", "audio/mpeg"),
)
"""How files begin → what they are. What is none of these is not shown: a drawing in SVG is a
document that can run scripts."""

BEGINNING = 16
SHUT = "default-src 'none'; sandbox"
Name = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True)
class Medium:
    """A medium of a post on its page. ``kind`` is image, video or audio where it can be shown; else
    empty, and ``altered`` says that there is a file and its content is not what its name says."""

    hash: str
    alt: str
    link: str
    kind: str = ""
    altered: bool = False


def of_post(folder: Path | None, post: Post) -> list[Medium]:
    """The media of a post, with what can be shown of each."""
    found = []
    for one in post.media:
        name, url = str(one.get("hash") or ""), str(one.get("url") or "")
        _, kind, altered = _looked_at(folder, name)
        kind = kind.partition("/")[0]
        link = url if url.startswith(("https://", "http://")) else ""
        found.append(Medium(name, str(one.get("alt") or ""), link, kind, altered))
    return found


@router.get("/cases/{case}/media")
def show(
    site: TheSite, visitor: Someone, case: Number, item: Name = "", name: Name = ""
) -> Response:
    """The file of a medium, for whoever has opened the post that it is part of."""
    dossier = site.desk.dossier(visitor.reviewer, case)
    post = dossier.exhibits.post(item)
    path, kind, _ = _looked_at(site.media, name)
    if (
        post is None
        or item not in dossier.opened_by(visitor.reviewer.id)
        or name not in {str(one.get("hash")) for one in post.media}
        or path is None
        or not kind
    ):
        raise InputError("decide.no-exhibit", item=item[:200], case=case)
    return FileResponse(path, media_type=kind, headers={"Content-Security-Policy": SHUT})


def _looked_at(folder: Path | None, name: str) -> tuple[Path | None, str, bool]:
    """The file of a medium, what it is (empty: nothing that is shown), and whether its content is
    not what its name says. A file that cannot be read is none: the case is there all the same."""
    try:
        path = _file(folder, name)
        if path is None or not _is_whole(path):
            return None, "", path is not None
        return path, _type(path), False
    except OSError:
        return None, "", False


def _file(folder: Path | None, name: str) -> Path | None:
    if folder is None or not re.fullmatch("[0-9a-f]{64}", name):
        return None
    path = folder / name
    return path if path.is_file() else None


def _type(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(BEGINNING).decode("latin-1")
    return next((kind for form, kind in KINDS if re.match(form, begins, re.DOTALL)), "")


def _is_whole(path: Path) -> bool:
    """Whether a file has the content that it is called by."""
    said = path.stat()
    return _digest(path, said.st_mtime_ns, said.st_size, said.st_ino) == path.name


@lru_cache(4096)
def _digest(path: Path, changed_at: int, size: int, inode: int) -> str:
    """The SHA-256 of a file, read once for each of its versions."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
