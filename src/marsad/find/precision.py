"""Whether times are known as finely as a window asks."""

from __future__ import annotations

import ibis.expr.types as ir

from marsad.engines import Engine
from marsad.find.signal import Refusal
from marsad.records.message import Message
from marsad.records.times import SECOND


def fine_enough(
    shares: ir.Table, engine: Engine, window: int, refusal: str, note: str
) -> tuple[ir.Table, list[Message]]:
    """The shares whose times are known as finely as ``window`` (µs), and a note of the others.

    Raises `Refusal` with the message ``refusal`` where none are; ``note`` counts what is left out.
    """
    coarse = (shares.precision > window).fill_null(True)
    counted = shares.agg(
        coarse=coarse.cast("int64").sum().fill_null(0),
        every=shares.count(),
        precision=shares.precision.max().fill_null(0),
    )
    row = engine.collect(counted).to_pylist()[0]
    if row["coarse"] and row["coarse"] == row["every"]:
        seconds = row["precision"] // SECOND
        raise Refusal(refusal, given=window / SECOND, precision=seconds)
    notes = [Message(note, {"count": row["coarse"]})] if row["coarse"] else []
    return shares.filter(~coarse), notes
