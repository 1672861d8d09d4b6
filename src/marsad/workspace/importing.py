"""Import: files → raw rows → loose rows → staged rows, block by block."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from marsad.engines.duckdb import DuckDBEngine
from marsad.records import times
from marsad.records.errors import InputError
from marsad.sources import registry, strict
from marsad.sources.readers import InputFile, Reader, files, open_reader
from marsad.sources.source import RAW_LIMIT, Options, Plan, RawBlock
from marsad.workspace.folder import OpenRun, Workspace, begin
from marsad.workspace.settling import WIDE, settle

SAMPLE_ROWS = 1_000

Progress = Callable[[str, int, int, int], None]
"""Called with file, bytes done, bytes in all, rows read so far."""


@dataclass(frozen=True)
class Imported:
    """What came of an import: read = taken + already + all rejected."""

    read: int
    taken: int
    already: int
    rejected: Mapping[str, int]
    tables: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = ()

    def to_dict(self) -> dict[str, object]:
        """As ``import --json`` prints it."""
        return asdict(self)


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    options: Options,
    progress: Progress | None = None,
    day_order: times.DayOrder | None = None,
) -> Imported:
    """Reads files into a workspace, as one run.

    Raises `InputError` where no file at all could be recognised; a file among others that cannot
    be read is counted as one rejected row.
    """
    registry.check_format(options.format)
    inputs = files(paths)
    parameters = {"paths": [str(path) for path in paths], **_given(options)}
    with ExitStack() as held, begin(workspace, "import", parameters) as run:
        with DuckDBEngine(run.staging.folder) as engine:
            stager = Stager(engine, run, options, progress, day_order)
            stager.stage_all(inputs)
            # dedupe against all that is there, and commit, before the next import may do so
            held.enter_context(workspace.log.locked("records"))
            snapshot = workspace.log.snapshot()
            staged = {kind: stager.rows(kind) for kind in stager.staged}
            outcome = settle(workspace, snapshot, engine, run, staged, options.route)
        rejected = stager.write_rejected()
        result = Imported(
            stager.read, outcome.taken, outcome.already, rejected, outcome.tables,
            [*stager.warnings, *(warning.render() for warning in outcome.warnings)],
        )  # fmt: skip
        run.counts.update(result.to_dict())
    return result


class Stager:
    """Stages the blocks of files: ``staged`` lists what was written, by kind."""

    def __init__(
        self,
        engine: DuckDBEngine,
        run: OpenRun,
        options: Options,
        progress: Progress | None,
        day_order: times.DayOrder | None,
    ) -> None:
        self.engine, self.run, self.options = engine, run, options
        self.read = 0
        self.staged: dict[str, list[Path]] = {}
        self._schemas: dict[str, ibis.Schema] = {}
        self.warnings: list[str] = []
        self._progress = progress
        self._contexts = Contexts(engine, options, day_order)
        self._rejected: Counter[str] = Counter()
        self._rejected_path = run.staging.folder / "rejected.ndjson"

    def stage_all(self, inputs: Sequence[InputFile]) -> None:
        """Stages every file; raises what the first one met if none could be recognised."""
        failures: list[tuple[InputFile, InputError]] = []
        for file in inputs:
            try:
                self._stage_file(file)
            except InputError as error:
                failures.append((file, error))
        if failures and len(failures) == len(inputs):
            raise failures[0][1]
        for file, failure in failures:
            self.read += 1
            self._reject(file.name, [(0, file.fault or "file-not-recognised", str(failure))])
            self.warnings.append(failure.message.render())

    def rows(self, kind: str) -> ir.Table:
        """The staged rows of a kind, with NULL in the columns that a file does not fill."""
        rows = self.engine.read_all(self.staged[kind], same_columns=False)
        missing = {
            name: ibis.null(dtype)
            for name, dtype in self._schemas[kind].items()
            if name not in rows.columns
        }
        return rows.mutate(**missing) if missing else rows

    def write_rejected(self) -> dict[str, int]:
        """Adds the rejected rows to the run; returns how many there were for each reason."""
        rows = sum(self._rejected.values())
        if rows:
            self.run.add("rejected", self._rejected_path, rows)
        return dict(self._rejected.most_common())

    def _stage_file(self, file: InputFile) -> None:
        reader = open_reader(file)
        plan = registry.recognise(reader.sample(), self.options)
        with _read_ahead(reader.blocks()) as blocks:
            first = first_rows(reader, SAMPLE_ROWS)
            context = self._contexts.of(file, reader, plan, first)
            writer = _BlockWriter(self.engine, plan, context, self.run.staging.folder, first)
            self._schemas.update(writer.schemas)
            for block in blocks:
                self._stage_block(file, writer, block)
        self.warnings += [told.render() for told in (*reader.warnings, *plan.warnings)]

    def _stage_block(self, file: InputFile, writer: _BlockWriter, block: RawBlock) -> None:
        self.read += block.rows.num_rows + block.rejected.num_rows
        self._reject(file.name, _tuples(block.rejected))
        if block.rows.num_rows:
            for kind, path in writer.write(block.rows).items():
                self._collect_rejected(file.name, kind, block, path)
                self.staged.setdefault(kind, []).append(path)
        if self._progress:
            self._progress(file.name, block.done, block.total, self.read)

    def _collect_rejected(self, name: str, kind: str, block: RawBlock, path: Path) -> None:
        if _none_rejected(path):
            return
        table = pq.read_table(path, columns=["line", "reason", "raw"], filters=_REJECTED)
        rows = _tuples(table.select(["line", "reason", "raw"]))
        if kind in WIDE:  # what one row gives is rejected as one
            rows = list(dict.fromkeys(rows))
        whole = _raw_rows(block.rows, {line for line, _, raw in rows if raw is None})
        self._reject(
            name, [(line, why, whole.get(line) if raw is None else raw) for line, why, raw in rows]
        )

    def _reject(self, name: str, rows: Sequence[tuple[int, str, str | None]]) -> None:
        if not rows:
            return
        self._rejected.update(reason for _, reason, _ in rows)
        with self._rejected_path.open("a", encoding="utf-8", errors="surrogateescape") as out:
            for line, reason, raw in rows:
                row = {"file": name, "line": line, "reason": reason, "raw": (raw or "")[:RAW_LIMIT]}
                out.write(json.dumps(row, ensure_ascii=True) + "\n")


_REJECTED = pc.field("reason").is_valid()


def _none_rejected(path: Path) -> bool:
    """Whether a staged file has no reason in any row, as its footer tells."""
    footer = pq.read_metadata(path)
    place = footer.schema.names.index("reason")
    counted = [footer.row_group(i).column(place).statistics for i in range(footer.num_row_groups)]
    empty = sum(part.null_count for part in counted if part and part.has_null_count)
    return bool(empty == footer.num_rows)


class Contexts:
    """What a file's rows have in common, found out from its first rows, or from all if need be."""

    def __init__(
        self, engine: DuckDBEngine, options: Options, day_order: times.DayOrder | None
    ) -> None:
        self._engine, self._options, self._day_order = engine, options, day_order
        self._now = times.now()

    def of(self, file: InputFile, reader: Reader, plan: Plan, first: pa.Table) -> strict.Context:
        """The context of one file, of which ``first`` are the first rows."""
        texts = self._time_texts(plan, first)
        order = self._day_order or times.day_order(texts)
        if order is None and times.needs_day_order(texts):
            order = self._order_in_whole_file(plan, reader)
        return strict.Context(
            platform=(self._options.platform or "unknown").lower(),
            route=self._options.route or "unknown",
            now=self._now,
            file=file.name,
            series=Path(file.name).name.split(".")[0],
            day_order=order,
            likely=tuple(times.likely_formats(texts, order)),
        )

    def _order_in_whole_file(self, plan: Plan, reader: Reader) -> times.DayOrder | None:
        """Reads on until a date tells day from month; None if the whole file never does."""
        for block in reader.blocks():
            if order := times.day_order(self._time_texts(plan, block.rows)):
                return order
        return None

    def _time_texts(self, plan: Plan, rows: pa.Table) -> list[str]:
        """How the times of some rows are written, each way once."""
        if rows.num_rows == 0:
            return []
        texts: set[str] = set()
        for kind, loose in plan.loose(self._engine.view("raw", rows)).items():
            column = strict.TIME_COLUMN[kind]
            found = self._engine.collect(loose.select(column).distinct())[column]
            texts.update(text for text in found.to_pylist() if text)
        return list(texts)


@contextmanager
def _read_ahead(blocks: Iterator[RawBlock]) -> Iterator[Iterator[RawBlock]]:
    """The same blocks; the first is read from now on, each other while the one before it is
    written."""
    with ThreadPoolExecutor(1, "read-ahead") as thread:
        first = thread.submit(next, blocks, None)

        def each() -> Iterator[RawBlock]:
            coming = first
            while (block := coming.result()) is not None:
                coming = thread.submit(next, blocks, None)
                yield block

        yield each()


def first_rows(reader: Reader, count: int) -> pa.Table:
    """The first rows of a file in the form its blocks have."""
    rows = reader.first(count)
    if rows is not None:
        return rows
    columns = ("json",) if reader.layout == "json" else reader.columns
    texts = {name: pa.array([], pa.string()) for name in columns}
    return pa.table({"line": pa.array([], pa.int64()), **texts})


class _BlockWriter:
    """Writes the staged rows of each block; its query is compiled once a file, with rows of it."""

    def __init__(
        self, engine: DuckDBEngine, plan: Plan, context: strict.Context, folder: Path,
        rows: pa.Table,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._folder, self._block = folder / f"staged-{uuid4().hex}", 0
        self._prepared: dict[str, str] = {}
        self.schemas: dict[str, ibis.Schema] = {}
        for kind, loose in plan.loose(engine.view("raw", rows)).items():
            staged = strict.stage(kind, loose, context)
            self._prepared[kind] = engine.prepare(staged.drop(*strict.unfilled(staged)))
            self.schemas[kind] = staged.schema()

    def write(self, rows: pa.Table) -> dict[str, Path]:
        """The staged rows of a block, by kind."""
        self._engine.view("raw", rows)
        self._block += 1
        written = {}
        for kind, sql in self._prepared.items():
            path = self._folder / f"{kind}-{self._block}.parquet"
            self._engine.write_prepared(sql, path)
            written[kind] = path
        return written


def _tuples(table: pa.Table) -> list[tuple[int, str, str | None]]:
    columns = [table[name].to_pylist() for name in ("line", "reason", "raw")]
    return list(zip(*columns, strict=True))


def _raw_rows(rows: pa.Table, lines: set[int]) -> dict[int, str]:
    """What stood on some lines of a block: the JSON text, or the row as JSON; all of them where
    several stood on one line."""
    if not lines:
        return {}
    wanted = rows.filter(pc.is_in(rows["line"], pa.array(sorted(lines), pa.int64())))
    if "json" in wanted.column_names and len(wanted.column_names) == 2:
        texts = [text[:RAW_LIMIT] for text in wanted["json"].to_pylist()]
    else:
        texts = [json.dumps(row, default=str, ensure_ascii=False) for row in wanted.to_pylist()]
    found: dict[int, str] = {}
    for line, text in zip(wanted["line"].to_pylist(), texts, strict=True):
        found[line] = f"{found[line]}\n{text}" if line in found else text
    return found


def _given(options: Options) -> dict[str, object]:
    """The options that were given, for the run's record."""
    named = {"as": options.kind, "map": dict(options.mapping), "platform": options.platform,
             "route": options.route, "format": options.format}  # fmt: skip
    return {name: value for name, value in named.items() if value}
