"""The authorities that may send orders: ``authorities.json`` in the workspace, a list of objects.

```json
[{"id": "de-example", "name": "Example Authority", "state": "DE", "address": "…",
  "phone": "+49 …", "email": "orders@authority.example", "domains": ["authority.example"],
  "key": "the Ed25519 public key, base64"}]
```

The register that the Commission keeps under Article 12(4) seeds it. The number to call back is the
one that stands here, never the one in an order.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from marsad.decide.orders.annexes import Authority
from marsad.records.errors import InputError

FILE = "authorities.json"
MOST, LONGEST, LARGEST = 2_000, 500, 5_000_000
UNLISTED = "unlisted-"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,63}\Z")
_STATE = re.compile(r"[A-Z]{2}\Z")


@dataclass(frozen=True)
class Listed:
    """An authority of the list: ``domains`` are those its mail comes from, none where that is not
    known, ``key`` is its Ed25519 public key in base64, empty where it has given none."""

    id: str
    name: str
    state: str
    address: str = ""
    phone: str = ""
    email: str = ""
    domains: tuple[str, ...] = ()
    key: str = ""

    @property
    def authority(self) -> Authority:
        """As an order names it."""
        return Authority(self.id, self.name, self.state, self.address, self.phone, self.email)

    def may_write_from(self, email: str) -> bool:
        """Whether a mail address is of its domains, or of parts of them."""
        domain = email.rpartition("@")[2] if "@" in email else ""
        labels = domain.strip().rstrip(".").lower().split(".")
        within = {".".join(labels[one:]) for one in range(len(labels))}
        return not self.domains or not within.isdisjoint(self.domains)

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether a signature over exactly these bytes is under this authority's key."""
        if not self.key:
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.key))
            key.verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Authorities:
    """The kept list."""

    listed: Sequence[Listed] = ()

    def find(self, authority: str) -> Listed | None:
        """An authority by its id, or by its name as it stands in the list."""
        wanted = authority.strip().casefold()
        by_id = (one for one in self.listed if one.id == wanted)
        by_name = (one for one in self.listed if one.name.casefold() == wanted)
        return next(by_id, None) or next(by_name, None)


def unlisted(given: Authority) -> Authority:
    """An authority that is not on the list, with an id made of what it calls itself."""
    name = given.name or given.id
    said = f"{name.strip().casefold()}\n{given.state}"
    digest = sha256(said.encode("utf-8", "replace")).hexdigest()
    return replace(given, name=name, id=UNLISTED + digest[:12])


def read(folder: Path) -> Authorities:
    """The list of a workspace, empty where there is none. Raises `InputError` for one that cannot
    be read: better none is trusted than half of it."""
    file = folder / FILE
    if not file.is_file():
        return Authorities()
    return Authorities(tuple(_read(file)))


def add(folder: Path, file: Path) -> Authorities:
    """Adds the authorities of a JSON or CSV file to the list of a workspace; one with an id that is
    there takes its place."""
    known = {one.id: one for one in read(folder).listed}
    known |= {one.id: one for one in _read(file)}
    listed = [known[one] for one in sorted(known)]
    if len(listed) > MOST:
        raise InputError("orders.authorities.many", high=MOST)
    said = [asdict(one) | {"domains": list(one.domains)} for one in listed]
    aside = folder / f".{FILE}.part"
    aside.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    aside.replace(folder / FILE)
    return Authorities(tuple(listed))


def _read(file: Path) -> list[Listed]:
    try:
        if file.stat().st_size > LARGEST:
            raise InputError("orders.authorities.file", file=str(file), error=f"> {LARGEST}")
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("orders.authorities.file", file=str(file), error=str(error)) from error
    try:
        rows = (
            list(csv.DictReader(io.StringIO(text))) if file.suffix == ".csv" else json.loads(text)
        )
    except (ValueError, csv.Error, RecursionError) as error:
        raise InputError("orders.authorities.file", file=str(file), error=str(error)) from error
    if not isinstance(rows, list) or len(rows) > MOST:
        raise InputError("orders.authorities.file", file=str(file), error=f"[…] ≤ {MOST}")
    return [_listed(row, file, number) for number, row in enumerate(rows, 1)]


def _listed(row: Any, file: Path, number: int) -> Listed:
    names = [one.name for one in fields(Listed)]
    if not isinstance(row, Mapping) or not set(row) <= set(names):
        raise _bad(file, number, "", names)
    given = {name: value for name, value in row.items() if value not in (None, "")}
    domains = given.pop("domains", [])
    domains = domains.split() if isinstance(domains, str) else domains
    if not isinstance(domains, list) or not all(_short(one) for one in domains):
        raise _bad(file, number, "domains", ["authority.example"])
    for name, value in given.items():
        if not _short(value):
            raise _bad(file, number, name, ["…"])
    for name, form in (("id", _ID), ("state", _STATE)):
        if not form.match(given.get(name, "")):
            raise _bad(file, number, name, ["de-example" if name == "id" else "DE"])
    if not given.get("name"):
        raise _bad(file, number, "name", ["…"])
    if not _is_key(given.get("key", "")):
        raise _bad(file, number, "key", ["32 bytes, base64"])
    return Listed(**given, domains=tuple(one.lower() for one in domains))


def _short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and value.isprintable()


def _is_key(text: str) -> bool:
    try:
        return not text or len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _bad(file: Path, number: int, name: str, valid: Sequence[str]) -> InputError:
    return InputError("orders.authorities.row", file=str(file), row=number, name=name or "…",
                      valid=list(valid))  # fmt: skip
