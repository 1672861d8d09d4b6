"""The log as lines of JSON that anybody can check without Marsad; nothing private is in them."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.store import checkpoints, log
from marsad.store.chain import canonical
from marsad.store.database import Transaction


def lines(transaction: Transaction) -> Iterator[str]:
    """An object a line: the entries in order, then the checkpoints.

    ``{"seq", "prev", "body", "hash"}``, where ``body`` is the very text whose bytes (ASCII) were
    hashed and ``prev`` and ``hash`` are hexadecimal; ``{"checkpoint": {…}}``.
    """
    for seq, prev, body, digest in log.entries(transaction):
        said = {"seq": seq, "prev": prev.hex(), "body": body.decode("ascii"), "hash": digest.hex()}
        yield canonical(said).decode("ascii")
    for one in checkpoints.stored(transaction):
        yield f'{{"checkpoint":{one.to_json()}}}'
