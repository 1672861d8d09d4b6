"""The one place for keyed pseudonyms: what stands in reports and exports instead of identities.

A pseudonym is HMAC-SHA256 of an id under the workspace's key, so the same account has the same
name in every report and export of a workspace and another in every other workspace. Who lacks the
key cannot test a guess; who has it can, and must keep it as secret as the ids themselves.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from marsad.records.errors import InputError
from marsad.records.ids import SEPARATOR, subject_id

KEY_BYTES = 32
LENGTH = 12
"""Letters after the prefix: 60 bits; two of 10 million ids share a pseudonym with p = 4e-5."""

# A finding's id is a plain hash of its subject's: whoever can guess the one can test the other.
PREFIXES = {
    "account": "acct",
    "post": "post",
    "media": "media",
    "site": "site",
    "community": "comm",
    "finding": "find",
}

# Possessive, so that a long run of signs costs no more than its length.
_NAME = r"\w++(?:[.-]\w++)*+"
_MENTION = re.compile(rf"(?<![\w@＠])[@＠]++(?P<handle>{_NAME}(?:[@＠]{_NAME})*+)")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u00ad]")


class Mention(NamedTuple):
    """A handle named in a text: ``text[start:end]`` is ``@handle``."""

    start: int
    end: int
    handle: str


@dataclass(frozen=True)
class Pseudonyms:
    """Pseudonyms under one key of at least 16 bytes. Picklable, so workers can carry it."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            raise ValueError(f"a key of {len(self.key)} bytes can be guessed; 16 are the least")

    def of(self, kind: str, identifier: str) -> str:
        """``acct-k3v9q2mx7abc`` for a subject id; ``kind`` is one of `PREFIXES`.

        Handles are compared without regard to case, as platforms do.
        """
        prefix = PREFIXES[kind]
        if kind == "account" and f"{SEPARATOR}@" in identifier:
            identifier = identifier.lower()
        named = f"{kind}\0{identifier}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self.key, named, "sha256")[:10]
        return f"{prefix}-{base64.b32encode(digest)[:LENGTH].decode('ascii').lower()}"

    def of_handle(self, platform: str, handle: str) -> str:
        """The pseudonym of an account known by its handle alone."""
        return self.of("account", subject_id(platform, handle=handle))


def mentions_in(text: str) -> Iterator[Mention]:
    """The handles a text names: ``@name``, ``@name@server``, ``@name.example``.

    Signs that do not show (zero-width, direction) between ``@`` and the name, or inside it, hide
    no name. Mail addresses are no mentions.
    """
    if "@" not in text and "＠" not in text:
        return
    shown: Sequence[int] = range(len(text))
    if _UNSEEN.search(text):
        shown = [at for at, letter in enumerate(text) if not _UNSEEN.match(letter)]
    for match in _MENTION.finditer("".join(text[at] for at in shown)):
        start, end = match.span()
        yield Mention(shown[start], shown[end - 1] + 1, match["handle"])


def load_or_create(path: Path) -> Pseudonyms:
    """The pseudonyms of a workspace; makes its key where there is none yet.

    The key is a line of hexadecimal digits in a file that only its owner may read (0600). It
    appears whole or not at all, and of several processes that make it at once one wins.
    """
    try:
        return _load(path)
    except FileNotFoundError:
        _create(path)
        return _load(path)


def _load(path: Path) -> Pseudonyms:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if os.name == "posix" and mode & 0o077:
            raise InputError("pseudonyms.key-open", path=str(path), mode=f"{mode:04o}")
        text = file.read(4096)
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError("pseudonyms.key-damaged", path=str(path))
    return Pseudonyms(key)


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(KEY_BYTES).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        aside.unlink(missing_ok=True)
