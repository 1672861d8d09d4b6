"""The error for a table that cannot be placed: what is there, what is missing, what to run next."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from typing import Any

from marsad.records.errors import InputError
from marsad.records.pseudonyms import LENGTH, PREFIXES
from marsad.sources.plain import looks
from marsad.sources.plain.choose import Chosen
from marsad.sources.plain.columns import Column
from marsad.sources.plain.needs import NEEDS, ORDER, Needs, missing
from marsad.sources.plain.sniff import unused

MOST_NAMED = 12
"""Columns that an error names; of others it says how many there are."""

_EXPORTED = re.compile(rf"(?:{'|'.join(PREFIXES.values())})-[a-z2-7]{{{LENGTH}}}")


def refusal(
    path: str, columns: Sequence[Column], attempts: Sequence[Chosen], asked: bool
) -> InputError:
    """The error for ``attempts`` that all failed; ``asked``: the user named the kind."""
    nearest = _nearest(attempts)
    lacking = missing(nearest, asked)
    labels = [column.label for column in columns]
    said: dict[str, Any] = {
        "path": path,
        "columns": few(labels),
        "missing": [" | ".join(group) for group in lacking],
        "next": _next(path, columns, nearest, lacking),
    }
    if labels[1:] and labels == [f"c{place}" for place in range(1, len(labels) + 1)]:
        return InputError("sources.no-header", **said)
    said |= {
        "kind": nearest.kind,
        "found": [f"{name}={shown}" for name, shown in nearest.shown().items()],
    }
    if asked:
        return InputError("sources.kind-unfit", **said)
    needs = [f"{kind}: {_sentence(NEEDS[kind])}" for kind in ORDER]
    return InputError("sources.unrecognised", **said, needs=needs)


def few(labels: Sequence[str]) -> list[str]:
    """The first of some labels, and how many more there are."""
    more = len(labels) - MOST_NAMED
    return [*labels[:MOST_NAMED], f"… +{more}"] if more > 0 else list(labels)


def refuse_exports(path: str, columns: Sequence[Column]) -> None:
    """InputError for what Marsad exported: pseudonyms are nobody's accounts, and would make as many
    new ones."""
    for column in columns:
        if column.mostly(lambda text: bool(_EXPORTED.fullmatch(text)), 0.9):
            raise InputError("sources.own-export", path=path, column=column.label)


def _nearest(attempts: Sequence[Chosen]) -> Chosen:
    """The kind of which most is there; posts where there is a text."""

    def found(chosen: Chosen) -> float:
        needs = NEEDS[chosen.kind]
        return ("text" in chosen) + 1 - len(missing(chosen, False)) / len(needs)

    return max(attempts, key=found)


def _sentence(needs: Needs) -> str:
    return " + ".join("(" + " | ".join(group) + ")" if group[1:] else group[0] for group in needs)


def _next(
    path: str, columns: Sequence[Column], nearest: Chosen, lacking: Sequence[tuple[str, ...]]
) -> str:
    """The command to run next, with the columns that may do where there are any."""
    words = ["marsad", "import", path, "--as", nearest.kind]
    for group in lacking:
        field = "handle" if "handle" in group else group[0]
        words += ["--map", f"{field}={_guess(field, unused(nearest, columns))}"]
    return shlex.join(words)


def _guess(field: str, free: Sequence[Column]) -> str:
    """A column that may be a field; a placeholder where nothing speaks for one."""
    look: Callable[[str], bool] = {
        "created_at": looks.is_time,
        "shared_at": looks.is_time,
        "day": looks.is_day,
        "text": looks.is_prose,
        "url": looks.is_url,
    }.get(field, lambda text: text.startswith("@"))
    return next((column.label for column in free if column.mostly(look)), "COLUMN")
