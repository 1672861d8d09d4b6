"""The error for a table that cannot be placed: what is there, what is missing, what to run next."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from marsad.records.errors import InputError
from marsad.sources.plain import looks
from marsad.sources.plain.choose import Chosen
from marsad.sources.plain.columns import Column
from marsad.sources.plain.needs import NEEDS, ORDER, Needs, missing
from marsad.sources.plain.sniff import unused


def refusal(
    path: str, columns: Sequence[Column], attempts: Sequence[Chosen], asked: bool
) -> InputError:
    """The error for ``attempts`` that all failed; ``asked``: the user named the kind."""
    nearest = _nearest(attempts)
    lacking = missing(nearest, asked)
    return InputError(
        "sources.kind-unfit" if asked else "sources.unrecognised",
        path=path,
        kind=nearest.kind,
        columns=[column.label for column in columns],
        found=[f"{name}={shown}" for name, shown in nearest.shown().items()],
        missing=[" | ".join(group) for group in lacking],
        needs=[f"{kind}: {_sentence(NEEDS[kind])}" for kind in ORDER],
        next=_next(path, columns, nearest, lacking),
    )


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
