"""What the columns of a CSV file are called, and what stands above their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from marsad.records.message import Message
from marsad.sources.readers.columns import named

ENOUGH = 3
"""So many rows, columns or broken quotes are more than an accident."""

_NUMBER = re.compile(r"[-+]?[\d٠-٩۰-۹]+(?:[.,٫][\d٠-٩۰-۹]+)*(?:[eE][-+]?\d+)?%?")
_DATE = re.compile(r"[\d٠-٩۰-۹]{1,4}([-/.])[\d٠-٩۰-۹]{1,2}\1[\d٠-٩۰-۹]{1,4}(?:[T ].*)?")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_LONGEST_NAME = 60
_MOST_WORDS = 6
_USUAL = 0.9
# Up to five words, none of which ends a sentence.
_NAME = re.compile(r"[^\s.!?؟…]+(?:\.[^\s.!?؟…]+)*(?: [^\s.!?؟…]+){0,4}")
_HIGHEST = 50  # records among which the header is looked for
_TITLE = 2  # cells of a line that says what the file is: a name and its value


def names_columns(cells: Sequence[str]) -> bool:
    """Whether a record can hardly be anything but names of columns, whatever stands below it:
    short words, each another one, as no line of prose is. Row names may lack one."""
    named = [cell.strip() for cell in cells if cell.strip()]
    return (
        max(ENOUGH, len(cells) - 1) <= len(named)
        and len({name.casefold() for name in named}) == len(named)
        and all(_NAME.fullmatch(name) and not _is_measure(name) for name in named)
    )


def lines_above(records: Sequence[Sequence[str]]) -> int:
    """How many records stand above the header: the title of a report, its dates, comments.

    They are told from it by their few cells, or by their ``#``; and it by its names and by the rows
    below that have as many cells. 0 where no such record is found.
    """
    for place, head in enumerate(records[:_HIGHEST]):
        above, below = records[:place], records[place + 1 :]
        if above and _heads(head, below, all(map(_is_comment, above))):
            if all(_is_above(record, len(head)) for record in above):
                return place
        elif not above and _said(head) > _TITLE and not _is_comment(head):
            return 0  # as nearly always
    return 0


def _heads(head: Sequence[str], below: Sequence[Sequence[str]], commented: bool) -> bool:
    """Whether a record is the header of what is below it. Below comments alone it may have two
    columns, and no rows."""
    fitting = sum(len(row) == len(head) for row in below)
    if commented and len(head) > 1 and 2 * fitting >= len(below) and is_header(head, below):
        return True
    return 4 * fitting >= max(1, len(below)) and names_columns(head)


def _is_above(record: Sequence[str], size: int) -> bool:
    return _is_title(record, size) or (_is_comment(record) and len(record) != size)


def _is_title(record: Sequence[str], size: int) -> bool:
    """Whether a record says something of the whole file: it has a cell or two, out of more."""
    return _said(record) < size and _said(record) <= (_TITLE if size > _TITLE + 1 else 1)


def _said(record: Sequence[str]) -> int:
    """How many cells are not blank."""
    return sum(bool(cell.strip()) for cell in record)


def _is_comment(record: Sequence[str]) -> bool:
    return bool(record) and record[0].lstrip().startswith("#")


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
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


def columns(
    rows: Sequence[Sequence[str]], header: bool, name: str
) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The names of the columns, and what the user should know of them."""
    if not rows:
        return (), ()
    if not header:
        size = usual_size([len(row) for row in rows])
        return tuple(f"c{place}" for place in range(1, size + 1)), (
            Message("read.no_header", {"file": name}),
        )
    names, warnings = _fitted([cell.strip() for cell in rows[0]], rows[1:], name)
    columns, changes = named(name, names)
    return columns, (*warnings, *changes)


def _fitted(
    names: list[str], rows: Sequence[Sequence[str]], name: str
) -> tuple[list[str], tuple[Message, ...]]:
    """The header fitted to rows that are, nearly all of them, one field longer or shorter.

    Longer: row names without a heading, as R writes them (but not a delimiter at the end of every
    row: what it adds is empty and left out). Shorter: a delimiter at the end of the header alone.
    """
    usual = usual_size([len(row) for row in rows]) if rows else len(names)
    fitting = [row for row in rows if len(row) == usual]
    if len(fitting) < max(ENOUGH, _USUAL * len(rows)):
        return names, ()
    warning = Message("read.header_length", {"file": name, "header": len(names), "row": usual})
    if usual == len(names) + 1 and any(row[-1] for row in fitting):
        return ["", *names], (warning,)
    if usual == len(names) - 1 and not names[-1]:
        return names[:-1], (warning,)
    return names, ()


def usual_size(sizes: Sequence[int]) -> int:
    """The size that most have, the larger of two; 0 counts only if there is no other."""
    counts = Counter(size for size in sizes if size)
    return max(counts, key=lambda size: (counts[size], size)) if counts else 0
