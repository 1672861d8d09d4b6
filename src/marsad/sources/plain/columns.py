"""Columns of a sample: a table's own, or the paths found in JSON rows, with what they hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from marsad.sources.paths import Path, Step
from marsad.sources.plain import looks

SAMPLE_ROWS = 1_000
MOST_COLUMNS = 2_000
DEEPEST = 8

_FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "ı": "i"})
_PARTS = re.compile(r"[./:>]+|__")


def fold(name: str) -> str:
    """A name without case, accents, spaces, marks: ``Tweet-ID`` and ``tweetId`` are one."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return "".join(letter for letter in text.translate(_FOLDED) if letter.isalnum())


@dataclass(frozen=True)
class Column:
    """A column or path of a file's sample.

    ``label`` is its name as the user sees it; ``steps`` its folded names from the outside in;
    ``values`` the sample's values as text, without the missing ones; ``rows`` how many rows the
    sample has; ``many`` whether a row holds a list of values; ``type`` the Arrow type in a table
    that has types; ``absent`` the words, such as «none», in which cells say that they have none.
    """

    label: str
    steps: tuple[str, ...]
    path: Path
    many: bool
    values: tuple[str, ...]
    rows: int
    type: pa.DataType | None = None
    absent: frozenset[str] = frozenset()

    def share(self, question: Callable[[str], bool]) -> float:
        """The fraction of values of which ``question`` is true; 0 where there are no values."""
        return sum(map(question, self.values)) / len(self.values) if self.values else 0.0

    def mostly(self, question: Callable[[str], bool], least: float = 0.8) -> bool:
        """Whether ``question`` is true of at least a fraction of the values."""
        return self.share(question) >= least

    @property
    def empty(self) -> bool:
        """Whether the sample shows no value."""
        return not self.values

    @cached_property
    def distinct(self) -> int:
        """How many different values the sample shows."""
        return len(set(self.values))

    @cached_property
    def length(self) -> float:
        """Mean length of the values in characters."""
        return sum(map(len, self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def is_time(self) -> bool:
        """Whether its values are times: by its type, else as they look."""
        if self.type is not None and (
            pa.types.is_timestamp(self.type) or pa.types.is_date(self.type)
        ):
            return True
        return self.mostly(looks.is_time)

    @cached_property
    def is_numeric(self) -> bool:
        """Whether its values are numbers (a truth value is none)."""
        if self.type is not None and pa.types.is_boolean(self.type):
            return False
        return self.mostly(looks.is_number, 0.95)


def steps_of(name: str) -> tuple[str, ...]:
    """The folded parts of a column's name: ``author.public_metrics`` has two."""
    return tuple(part for part in (fold(part) for part in _PARTS.split(name)) if part)


# -- tables -----------------------------------------------------------------------------------


def of_table(rows: pa.Table) -> list[Column]:
    """The columns of a table; those of structs and of lists of structs by their fields."""
    found: list[Column] = []
    head = rows.slice(0, SAMPLE_ROWS)
    for name, values in zip(head.column_names, head.columns, strict=True):
        if name != "line" and name.strip() and all(name != one.path.steps[0].name for one in found):
            path = (
                Step(name, pa.types.is_list(values.type) or pa.types.is_large_list(values.type)),
            )
            found += _of_type(values.type, path, values.to_pylist(), head.num_rows)
    return found[:MOST_COLUMNS]


def _of_type(
    kind: pa.DataType, steps: tuple[Step, ...], values: list[Any], rows: int
) -> list[Column]:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = [item for value in values if value is not None for item in value]
        return _of_type(kind.value_type, steps, inner, rows)
    if pa.types.is_struct(kind):
        return [
            column
            for field in kind
            for column in _of_type(
                field.type,
                (*steps, Step(field.name, _is_list(field.type))),
                [value.get(field.name) for value in values if value is not None],
                rows,
            )
        ]
    if pa.types.is_map(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return []
    return [_column(steps, values, rows, kind)]


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _column(
    steps: tuple[Step, ...], values: Sequence[Any], rows: int, kind: pa.DataType | None
) -> Column:
    path = Path(steps)
    table = kind is not None
    label = steps[0].name if table and len(steps) == 1 else str(path)
    texts = [text for text in map(shown, values) if text is not None]
    kept = tuple(text for text in texts if not looks.is_empty(text))
    absent = frozenset(text.strip() for text in texts if text.strip() in looks.MISSING)
    names = [part for step in steps for part in steps_of(step.name)]
    return Column(label, tuple(names), path, path.many, kept, rows, kind, absent)


def shown(value: Any) -> str | None:
    """A value of a sample as text, None for none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


# -- JSON -------------------------------------------------------------------------------------


def flattened(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """The paths of JSON rows to texts, numbers and truth values, in order of appearance."""
    found: dict[tuple[Step, ...], list[Any]] = {}
    head = rows[:SAMPLE_ROWS]
    for row in head:
        for steps, value in _leaves(row, ()):
            if steps in found or len(found) < MOST_COLUMNS:
                found.setdefault(steps, []).append(value)
    return [_column(steps, values, len(head), None) for steps, values in found.items()]


def _leaves(value: Any, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    if isinstance(value, Mapping):
        if len(steps) < DEEPEST:
            for key, inner in value.items():
                if isinstance(key, str) and key.strip():
                    yield from _leaves(inner, (*steps, Step(key)))
    elif isinstance(value, list):
        if steps and not steps[-1].many:
            many = (*steps[:-1], Step(steps[-1].name, True))
            for inner in value or [None]:
                yield from _leaves(inner, many)
    elif steps:
        yield steps, value
