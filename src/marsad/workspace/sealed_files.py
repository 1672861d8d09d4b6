"""The files of what is kept apart: encrypted, each under a key of its own.

``preserved/N.sealed`` is ciphertext of ChaCha20-Poly1305 (RFC 8439) under the key in
``keys/preserved/N.key``, which itself is encrypted under ``keys/preservation.key``. What a file is
bound to (its record's number, its case and when it was asked for) is authenticated with it: a file
under another's name opens nothing. Who destroys the key of one has destroyed that one wherever
copies of it lie.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from marsad.records import keys
from marsad.records.errors import InputError, OutsideError
from marsad.store.chain import canonical
from marsad.store.preservations import Record
from marsad.workspace import durable

FOLDER, MASTER = "preserved", "preservation.key"
HEAD = b"marsad preserved 1\n"
NONCE = 12


class SealedFiles:
    """The files of one workspace."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def content(self, number: int) -> Path:
        """Where a record's ciphertext lies."""
        return self._root / FOLDER / f"{number}.sealed"

    def ending(self, number: int) -> Path:
        """What is there while a record is deleted: the SHA-256 of its ciphertext."""
        return self._root / FOLDER / f"{number}.ending"

    def endings(self) -> list[int]:
        """The records whose deletion was begun and not cleared away."""
        return [int(path.stem) for path in (self._root / FOLDER).glob("[0-9]*.ending")]

    def left_aside(self) -> list[Path]:
        """Files that somebody who was cut off has not put under their names."""
        folders = (self._root / FOLDER, self._root / "keys" / FOLDER)
        return [path for folder in folders for path in folder.glob(".*")]

    def key(self, number: int) -> Path:
        """Where a record's key lies, encrypted."""
        return self._root / "keys" / FOLDER / f"{number}.key"

    def seal(self, record: Record, content: bytes) -> str:
        """Writes a record; the SHA-256 of its ciphertext, in hex. What stood there is replaced."""
        key, bound = ChaCha20Poly1305.generate_key(), _bound(record)
        durable.write(self.key(record.id), self._wrapped(key, bound))
        made = HEAD + _encrypted(key, content, bound)
        durable.write(self.content(record.id), made)
        return sha256(made).hexdigest()

    def open(self, record: Record) -> bytes:
        """What was written. Raises `OutsideError` for a file or a key that is not there, or that is
        not what was written."""
        try:
            made, wrapped = self.content(record.id).read_bytes(), self.key(record.id).read_bytes()
        except FileNotFoundError as error:
            raise OutsideError("preservation.missing", file=str(error.filename)) from error
        bound = _bound(record)
        try:
            if not made.startswith(HEAD):
                raise InvalidTag
            key = _decrypted(self._master(), wrapped, _key_bound(bound))
            return _decrypted(key, made[len(HEAD) :], bound)
        except (InvalidTag, ValueError) as error:
            file = str(self.content(record.id))
            raise OutsideError("preservation.altered", file=file) from error

    def digest(self, number: int) -> str | None:
        """The SHA-256 of a record's ciphertext as it lies there; None where there is none."""
        try:
            return sha256(self.content(number).read_bytes()).hexdigest()
        except FileNotFoundError:
            return None

    def _wrapped(self, key: bytes, bound: bytes) -> bytes:
        path = self._root / "keys" / MASTER
        if not path.exists() and any((self._root / "keys" / FOLDER).glob("[0-9]*.key")):
            raise InputError("preservation.key-missing", file=str(path))  # no new one in its place
        return _encrypted(keys.load_or_create(path, "preservation"), key, _key_bound(bound))

    def _master(self) -> bytes:
        path = self._root / "keys" / MASTER
        try:
            return keys.load(path, "preservation")
        except FileNotFoundError as error:
            raise InputError("preservation.key-missing", file=str(path)) from error


def _bound(record: Record) -> bytes:
    return canonical({"record": record.id, "case": record.case, "asked_at": record.asked_at})


def _key_bound(bound: bytes) -> bytes:
    return b"key of " + bound


def _encrypted(key: bytes, content: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, content, bound)


def _decrypted(key: bytes, made: bytes, bound: bytes) -> bytes:
    return ChaCha20Poly1305(key).decrypt(made[:NONCE], made[NONCE:], bound)
