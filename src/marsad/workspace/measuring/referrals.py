"""Samples that followed ties from account to account, from a file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from marsad.measure.refusal import Refused
from marsad.measure.respondent_driven import rds
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

COLUMNS = ("account", "recruiter", "degree")
MOST_ROWS, MOST_CATEGORIES = 1_000_000, 20
NEXT = "marsad measure census --referrals FILE"


@dataclass(frozen=True)
class Referrals:
    """One entry a respondent: its id, who led to it (None for a seed), its mutual ties within the
    watched population, and under each outcome's name what it has."""

    accounts: Sequence[str]
    recruiters: Sequence[str | None]
    degree: Sequence[float]
    outcomes: Mapping[str, Sequence[str]]


def read_referrals(path: Path) -> Referrals:
    """A CSV file with the columns `COLUMNS`, ``recruiter`` empty for seeds; every other column is
    an outcome. `InputError` names the line and what would be valid."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            names = list(rows.fieldnames or ())
            outcomes = [name for name in names if name not in COLUMNS]
            if not outcomes or not set(COLUMNS) <= set(names):
                raise InputError("measure.census.referral-columns", file=path.name, given=names,
                                 valid=[*COLUMNS, "OUTCOME"])  # fmt: skip
            taken = [_row(path, rows.line_num, row, outcomes) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InputError("measure.census.referral-file", file=path.name, error=said) from error
    return Referrals(
        [row["account"] for row in taken],
        [row["recruiter"] or None for row in taken],
        [float(row["degree"]) for row in taken],
        {name: [row[name] for row in taken] for name in outcomes},
    )


def _row(
    path: Path, line: int, row: Mapping[str, str | None], outcomes: Sequence[str]
) -> dict[str, str]:
    if line > MOST_ROWS:
        raise InputError("measure.census.referral-many", file=path.name, limit=MOST_ROWS)
    read = {name: (row[name] or "").strip() for name in (*COLUMNS, *outcomes)}
    missing = [name for name in ("account", *outcomes) if not read[name]]
    if missing or not _is_number(read["degree"]):
        given = ", ".join(read.values())
        raise InputError("measure.census.referral", file=path.name, line=line, given=given[:200])
    return read


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def shares_of(path: Path) -> tuple[list[Estimate], list[Refused]]:
    """Of each outcome the share of every category, by RDS-II; and what cannot be told."""
    read = read_referrals(path)
    told: list[Estimate] = []
    refused: list[Refused] = []
    for name, values in read.outcomes.items():
        try:
            _check_categories(name, values)
            found = rds(read.accounts, read.recruiters, read.degree, values, name=f"reached-{name}")
            told += found.estimates.values()
        except Refused as refusal:
            refused.append(refusal)
    return told, refused


def _check_categories(name: str, values: Sequence[str]) -> None:
    count = len(set(values))
    if count > MOST_CATEGORIES:
        raise Refused(
            "measure.census.referral-categories", ["outcome"], NEXT, name=name, count=count,
            most=MOST_CATEGORIES,
        )  # fmt: skip
