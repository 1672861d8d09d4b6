"""Which dialect of CSV a text is written in, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from marsad.records.message import Message
from marsad.sources.readers.csv_header import (
    ENOUGH,
    columns,
    is_header,
    lines_above,
    names_columns,
    usual_size,
)
from marsad.sources.readers.csv_records import Dialect, read_record

_DELIMITERS = (b",", b"\t", b";", b"|")
# For a file of one column without quotes: a byte that no text has, so that commas are text.
_NO_DELIMITER = b"\x1f"
_RECORDS, _MANY_RECORDS = 300, 5000
_EXCEL_HINT = re.compile(rb'"?sep=([,;\t|])"?(?:\r\n|\r|\n)', re.IGNORECASE)
_NEXT_LINE = re.compile(rb"\r\n|\r|\n|\Z")


@dataclass(frozen=True)
class Form:
    """What is known of a CSV file before it is read.

    ``columns`` are distinct names. ``skip`` is the number of physical lines before the first row:
    a hint for a spreadsheet program, the title of a report, the header, blank lines before these.
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

    def cells(self, dialect: Dialect) -> list[str]:
        """The fields as texts; those of a broken record as far as delimiters tell."""
        return _texts(self.fields or self.raw.split(dialect.delimiter))


@dataclass(frozen=True)
class _Trial:
    """How a dialect does on the sample: its records from the header on, and how many stand
    ``above`` that."""

    dialect: Dialect
    found: list[_Found]
    above: int = 0

    @property
    def sizes(self) -> list[int]:
        """The number of fields of each record below the first, 0 for broken ones. Empty ones that
        the first does not have are none."""
        named = len(self.found[0].fields or ())
        every = (record.fields or () for record in self.found[1:] or self.found)
        return [len(fields[:named]) if not any(fields[named:]) else len(fields) for fields in every]

    @property
    def usual(self) -> int:
        """The number of fields that most of these have. The names of columns say it, however many
        rows are broken, if one row at least has as many."""
        header, sizes = self.found[0], self.sizes
        named = len(header.fields or ())
        if named in sizes and names_columns(header.cells(self.dialect)):
            return named
        return usual_size(sizes)

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
    first = [record.cells(trial.dialect) for record in trial.found[:1]]  # broken or not
    below = [_texts(record.fields or ()) for record in trial.found[1:]]
    header = trial.above > 0 or (bool(first) and is_header(first[0], below))
    names, warnings = columns([*first, *below], header, name)
    if trial.above:
        warnings = (Message("read.above_header", {"file": name, "count": trial.above}), *warnings)
    skip = (1 if hint else 0) + (_lines(body[: trial.found[0].end]) if header else 0)
    return Form(trial.dialect, names, skip, warnings)


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
    if broken >= ENOUGH and broken > best.quoted:
        choices.append(_try(body, whole, Dialect(best.dialect.delimiter, "none"), _MANY_RECORDS))
    return max(choices, key=lambda trial: trial.score[0])


def _try(body: bytes, whole: bool, dialect: Dialect, most: int = _RECORDS) -> _Trial:
    found = list(islice(_records(body, whole, dialect), most))
    above = lines_above([record.cells(dialect) for record in found])
    return _Trial(dialect, found[above:], above)


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


def _texts(fields: Iterable[bytes]) -> list[str]:
    return [field.decode("utf-8", "backslashreplace").replace("\0", "") for field in fields]
