"""The one place for keyed pseudonyms: what stands in reports and exports instead of identities.

A pseudonym is HMAC-SHA256 of an id under the workspace's key, so the same account has the same
name in every report and export of a workspace and another in every other workspace. Who lacks the
key cannot test a guess; who has it can, and must keep it as secret as the ids themselves.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from marsad.records import keys
from marsad.records.ids import SEPARATOR, subject_id

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
    """The pseudonyms of a workspace; makes its key where there is none yet."""
    return Pseudonyms(keys.load_or_create(path, "pseudonyms"))
