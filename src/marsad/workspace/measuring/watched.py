"""Accounts and the looks at them, as arrays: what measures of survival start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.measure.observed_lives import Looks
from marsad.measure.refusal import Refused
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.population import of_bank, with_findings
from marsad.workspace.runs import Snapshot

IMPORT_LOOKS = "marsad import FILE --as observations"
MOST_LOOKS = 50_000_000


@dataclass(frozen=True)
class Watched:
    """Looks at accounts; ``accounts`` names them by number, ``created`` is when each was made
    (µs UTC, -1 where no look says)."""

    looks: Looks
    accounts: tuple[str, ...]
    created: npt.NDArray[np.int64]


def watched(
    workspace: Workspace,
    engine: Engine,
    snapshot: Snapshot,
    bank: str = "",
    found: bool = False,
    accounts: Sequence[str] | None = None,
) -> Watched:
    """All looks at accounts; only at these ``accounts``, at those of a ``bank``, or at those with a
    finding that opens a case, where asked. Raises `Refused` where there are none."""
    observations = workspace.current(engine, snapshot, "observations")
    seen = views.looks(observations)
    if accounts is not None:
        seen = _only(seen, accounts, engine)
    if bank:
        seen = seen.semi_join(of_bank(workspace, engine, snapshot, bank), "account")
    if found:
        seen = seen.semi_join(with_findings(workspace, engine, snapshot), "account")
    columns = seen.select("account", "observed_at", "state", "route", "account_created_at")
    rows = engine.collect(columns, limit=MOST_LOOKS)
    if not rows.num_rows:
        raise Refused("measure.survival.no-looks", ["looks"], IMPORT_LOOKS)
    return _as_arrays(rows)


def _only(seen: ir.Table, accounts: Sequence[str], engine: Engine) -> ir.Table:
    wanted = engine.table(pa.table({"wanted": pa.array(accounts, pa.string())}), "wanted")
    return seen.semi_join(wanted, seen.account == wanted.wanted)


def _as_arrays(rows: pa.Table) -> Watched:
    coded = rows["account"].combine_chunks().dictionary_encode()
    account = coded.indices.to_numpy().astype(np.int64)
    made = rows["account_created_at"].fill_null(-1).to_numpy()
    created = np.full(len(coded.dictionary), -1)
    np.maximum.at(created, account, made)
    looks = Looks(account, rows["observed_at"].to_numpy(), _texts(rows["state"]),
                  _texts(rows["route"]))  # fmt: skip
    return Watched(looks, tuple(coded.dictionary.to_pylist()), created)


def _texts(column: pa.ChunkedArray) -> npt.NDArray[np.str_]:
    """A column of few different texts, as numpy has it."""
    coded = column.combine_chunks().dictionary_encode()
    return np.asarray(np.array(coded.dictionary.to_pylist(), np.str_)[coded.indices.to_numpy()])
