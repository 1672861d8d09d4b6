"""What a record that is kept apart holds: all that is known of its case, as one tar."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from marsad.decide import dossier
from marsad.records import times
from marsad.store import cases, log, orders
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.log import Event
from marsad.store.preservations import Record
from marsad.workspace import known_records
from marsad.workspace.folder import Workspace

FORM, SAID = 1, "record.json"
LARGEST_MEDIUM, LARGEST = 64 << 20, 256 << 20
"""Bytes of one file of media and of all of a record; what is larger is named, and not kept."""


def bundle(workspace: Workspace, transaction: Transaction, record: Record) -> bytes:
    """A tar of ``record.json`` and the media at hand, the same for the same case."""
    events = log.events_of(transaction, record.case)
    case = cases.read(transaction, record.case, lock=False)
    stored = known_records.of_subject(workspace, case) if case is not None else {}
    media, left_out = _media(workspace, events, stored.get("posts", ()))
    said = _said(transaction, record, case, events) | {"records": stored, "left_out": left_out}
    written = json.dumps(said, ensure_ascii=True, sort_keys=True, indent=1).encode("ascii")
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in {SAID: written, **media}.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(content), 0o600, record.asked_at // times.SECOND
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def whose(content: bytes) -> set[str]:
    """Whom a record is about: the ids of its subject, of the posts that are or belong to it, and of
    the accounts that wrote them. An order often names a post alone; whose it is stands here."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        member = archive.extractfile(SAID)
        said = json.load(member) if member is not None else {}
    case = said.get("case") or {}
    kind, subject = case.get("kind"), case.get("subject")
    posts = [*said["records"].get("posts", ()), *said["exhibits"].get("posts", ())]
    if kind in ("post", "account"):
        posts = [one for one in posts if subject in (one["id"], one["account"])]
    return {subject, *(one[name] for one in posts for name in ("id", "account"))} - {None}


def _said(
    transaction: Transaction, record: Record, case: Case | None, events: list[Event]
) -> dict[str, Any]:
    known = orders.of_case(transaction, record.case)
    return {
        "form": FORM, "record": record.id, "asked_at": record.asked_at, "cause": record.cause,
        "case": asdict(case) if case else None,
        "orders": [one._asdict() for one in known],
        "order_entry": _order(transaction, record),
        "exhibits": dossier.exhibits_of(events).to_dict(),
        "entries": [
            {"seq": one.seq, "at": one.at, "actor": one.actor, "kind": one.kind, "data": one.data,
             "private": one.private}
            for one in events
        ],
    }  # fmt: skip


def _order(transaction: Transaction, record: Record) -> Mapping[str, Any] | None:
    """What the log has of the order, where its number is that of an entry."""
    if record.order is None or not 0 < record.order <= log.head(transaction).seq:
        return None
    event = log.event(transaction, record.order)
    return {"kind": event.kind, "at": event.at, "data": event.data, "private": event.private}


def _media(
    workspace: Workspace, events: list[Event], posts: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """The files of media whose content is what the records say, and the rest by name."""
    folder = workspace.settings.get("desk", {}).get("media", "")
    sealed = [one for post in dossier.exhibits_of(events).posts for one in post.media]
    stored = [one for post in posts for one in post.get("media") or ()]
    names = {str(one.get("hash") or "") for one in (*sealed, *stored)}
    kept: dict[str, bytes] = {}
    left_out: list[dict[str, Any]] = []
    for name in sorted(names - {""}):
        content = _file(workspace.folder / folder, name) if folder else None
        if content is None or sum(map(len, kept.values())) + len(content) > LARGEST:
            left_out.append({"hash": name, "why": "absent" if content is None else "too-large"})
        else:
            kept[f"media/{name}"] = content
    return kept, left_out


def _file(folder: Path, name: str) -> bytes | None:
    """A file that is called by the SHA-256 of its content; None where there is no such file."""
    path = folder / name
    if len(name) != 64 or not name.isalnum() or not path.is_file():
        return None
    if path.stat().st_size > LARGEST_MEDIUM:
        return None
    content = path.read_bytes()
    return content if sha256(content).hexdigest() == name else None
