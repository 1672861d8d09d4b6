"""Which dialect of CSV a text is written in, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from marsad.records.message import Message
from marsad.sources.readers.columns import distinct
from marsad.sources.readers.csv_records import Dialect, read_record

_DELIMITERS = (b",", b"\t", b";", b"|")
# For a file of one column without quotes: a byte that no text has, so that commas are text.
_NO_DELIMITER = b"\x1f"
_RECORDS, _MANY_RECORDS = 300, 5000
_ENOUGH = 3
_EXCEL_HINT = re.compile(rb"sep=([,;\t|])(?:\r\n|\r|\n)", re.IGNORECASE)
_NEXT_LINE = re.compile(rb"\r\n|\r|\n|\Z")
_NUMBER = re.compile(r"[-+]?[\d٠-٩۰-۹]+(?:[.,٫][\d٠-٩۰-۹]+)*(?:[eE][-+]?\d+)?%?")
_DATE = re.compile(r"[\d٠-٩۰-۹]{1,4}([-/.])[\d٠-٩۰-۹]{1,2}\1[\d٠-٩۰-۹]{1,4}(?:[T ].*)?")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_LONGEST_NAME = 60
_MOST_WORDS = 6
_USUAL = 0.9


@dataclass(frozen=True)
class Form:
    """What is known of a CSV file before it is read.

    ``columns`` are distinct names. ``skip`` is the number of physical lines before the first row:
    a hint for a spreadsheet program, the header, blank lines before these.
    """

    dialect: Dialect
    columns: tuple[str, ...]
    skip: int
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Found:
    """A record of the sample: its bytes, its fields (None if it is broken), where it ends."""

    raw: bytes
    fields: list[bytes] | None
    end: int


@dataclass(frozen=True)
class _Trial:
    """How a dialect does on the sample."""

    dialect: Dialect
    found: list[_Found]

    @property
    def sizes(self) -> list[int]:
        """The number of fields of each record below the first, 0 for broken ones."""
        return [len(record.fields or ()) for record in self.found[1:] or self.found]

    @property
    def usual(self) -> int:
        """The number of fields that most of these have."""
        return _usual(self.sizes)

    @property
    def fit(self) -> float:
        """The fraction of records with that number of fields."""
        return self.sizes.count(self.usual) / len(self.sizes)

    @property
    def header_fits(self) -> bool:
        """Whether the first record has that number of fields, too."""
        return len(self.found[0].fields or ()) == self.usual

    @property
    def score(self) -> tuple[float, int]:
        """What dialects are compared by: how many records fit, then how many fields there are."""
        return (round(self.fit * (1 if self.header_fits else 0.8), 3), self.usual)

    @property
    def quoted(self) -> int:
        """How many records that are not broken have a quoted field."""
        start = re.compile(rb"(?:^|[\r\n]|" + re.escape(self.dialect.delimiter) + rb')"')
        return sum(bool(it.fields is not None and start.search(it.raw)) for it in self.found)


def recognise(sample: bytes, whole: bool, name: str) -> Form:
    """The form of a text that begins with ``sample`` (UTF-8); ``whole`` if that is all of it.

    ``name`` is the file's, for warnings.
    """
    hint = _EXCEL_HINT.match(sample)
    body = sample[hint.end() :] if hint else sample
    trial = _best(body, whole, (hint[1],) if hint else _DELIMITERS)
    rows = [[_text(field) for field in record.fields or ()] for record in trial.found]
    if rows and not rows[0]:  # a broken header still names columns
        rows[0] = [_text(name) for name in trial.found[0].raw.split(trial.dialect.delimiter)]
    skip = 1 if hint else 0
    header = bool(rows) and _is_header(rows[0], rows[1:])
    columns, warnings = _columns(rows, header, name)
    if header:
        skip += _lines(body[: trial.found[0].end])
    return Form(trial.dialect, columns, skip, warnings)


def _best(body: bytes, whole: bool, delimiters: Sequence[bytes]) -> _Trial:
    """The dialect that most records fit."""
    trials = [_try(body, whole, Dialect(delimiter)) for delimiter in delimiters]
    trials = [trial for trial in trials if trial.found]
    several = [
        trial for trial in trials if trial.usual > 1 and (trial.fit >= 0.5 or trial.header_fits)
    ]
    if several:
        return _with_quoting(max(several, key=lambda trial: trial.score), body, whole)
    if trials and trials[0].fit == 1 and trials[0].quoted:
        return trials[0]
    return _try(body, whole, Dialect(_NO_DELIMITER, "none"))


def _with_quoting(best: _Trial, body: bytes, whole: bool) -> _Trial:
    """The same delimiter with the quoting that more records fit."""
    best = _try(body, whole, best.dialect, _MANY_RECORDS)
    choices = [best]
    if b'\\"' in body:
        choices.append(_try(body, whole, Dialect(best.dialect.delimiter, "escaped"), _MANY_RECORDS))
    broken = sum(record.fields is None for record in best.found)
    if broken >= _ENOUGH and broken > best.quoted:
        choices.append(_try(body, whole, Dialect(best.dialect.delimiter, "none"), _MANY_RECORDS))
    return max(choices, key=lambda trial: trial.score[0])


def _try(body: bytes, whole: bool, dialect: Dialect, most: int = _RECORDS) -> _Trial:
    return _Trial(dialect, list(islice(_records(body, whole, dialect), most)))


def _records(body: bytes, whole: bool, dialect: Dialect) -> Iterator[_Found]:
    """The records of the sample, blank lines left out. A line that is no record counts as a
    broken one. If the text goes on, what its end may have cut is left out."""
    place = 0
    while place < len(body):
        end = _end_of_line(body, place)
        if not body[place:end].strip(b" \r\n"):
            place = end
            continue
        record = read_record(body, place, dialect)
        end = end if record.fields is None else record.end
        cut = end >= len(body) or (record.open and place > len(body) // 2)
        if cut and place and not whole:
            return
        yield _Found(body[place:end].rstrip(b"\r\n"), record.fields, end)
        place = end


def _end_of_line(body: bytes, place: int) -> int:
    found = _NEXT_LINE.search(body, place)
    return found.end() if found else len(body)


def _lines(text: bytes) -> int:
    """How many lines ``text`` takes; its last one may lack its end."""
    ends = len(re.findall(rb"\r\n|\r|\n", text))
    return ends + (not text.endswith((b"\r", b"\n")))


def _text(field: bytes) -> str:
    return field.decode("utf-8", "backslashreplace").replace("\0", "")


def _is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first record names the columns.

    It does not if a cell of it is like those below it: a number or date above such, a long text
    or an address above texts, or what comes again and again. Numbers from 0 on are the names that
    some libraries give.
    """
    if [cell.strip() for cell in first] == [str(place) for place in range(len(first))]:
        return True
    for place, cell in enumerate(first):
        below = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        if cell.strip() and _is_value(cell.strip(), below):
            return False
    return True


def _is_value(cell: str, below: Sequence[str]) -> bool:
    measures = sum(map(_is_measure, below))
    if _is_measure(cell):
        return 2 * measures >= len(below)
    if below.count(cell) > max(1, len(below) / 20):
        return True
    long = len(cell) > _LONGEST_NAME or len(cell.split()) > _MOST_WORDS
    return bool(long or _ADDRESS.fullmatch(cell)) and 2 * measures <= len(below)


def _is_measure(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))


def _columns(
    rows: Sequence[Sequence[str]], header: bool, name: str
) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The names of the columns, and what the user should know of them."""
    if not rows:
        return (), ()
    if not header:
        size = _usual([len(row) for row in rows])
        return tuple(f"c{place}" for place in range(1, size + 1)), (
            Message("read.no_header", {"file": name}),
        )
    names, warnings = _fitted([cell.strip() for cell in rows[0]], rows[1:], name)
    columns, repeated = distinct(names)
    if repeated:
        values = {"file": name, "columns": list(dict.fromkeys(repeated))}
        warnings = (*warnings, Message("read.duplicate_columns", values))
    return columns, warnings


def _fitted(
    names: list[str], rows: Sequence[Sequence[str]], name: str
) -> tuple[list[str], tuple[Message, ...]]:
    """The header fitted to rows that are, nearly all of them, one field longer or shorter.

    Longer: a delimiter at the end of every row, or row names without a heading, as R writes them.
    Shorter: a delimiter at the end of the header alone.
    """
    usual = _usual([len(row) for row in rows]) if rows else len(names)
    fitting = [row for row in rows if len(row) == usual]
    if len(fitting) < max(_ENOUGH, _USUAL * len(rows)):
        return names, ()
    warning = Message("read.header_length", {"file": name, "header": len(names), "row": usual})
    if usual == len(names) + 1:
        at_end = all(not row[-1] for row in fitting)
        return ([*names, ""] if at_end else ["", *names]), (warning,)
    if usual == len(names) - 1 and not names[-1]:
        return names[:-1], (warning,)
    return names, ()


def _usual(sizes: Sequence[int]) -> int:
    """The size that most have, the larger of two; 0 counts only if there is no other."""
    counts = Counter(size for size in sizes if size)
    return max(counts, key=lambda size: (counts[size], size)) if counts else 0
