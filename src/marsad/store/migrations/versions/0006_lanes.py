"""Lanes: the queue in strips of cases that are alike in what it is filtered by."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from marsad.records.ids import key

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REPLACED = ("cases_by_rank", "cases_by_kind", "cases_by_platform", "cases_by_priority")

PARTS = "state, kind, platform, priority, clock, crisis, copied, shown_to"
OF_CASES = (
    "state, kind, platform, priority, coalesce(clock, '') AS clock, crisis, "
    "copy_of IS NOT NULL AS copied, coalesce(shown_to, '') AS shown_to"
)
SAME = (
    "lanes.state = cases.state AND lanes.kind = cases.kind AND lanes.platform = cases.platform "
    "AND lanes.priority = cases.priority AND lanes.clock = coalesce(cases.clock, '') "
    "AND lanes.crisis = cases.crisis AND lanes.copied = (cases.copy_of IS NOT NULL) "
    "AND lanes.shown_to = coalesce(cases.shown_to, '')"
)


def upgrade() -> None:
    _lanes()
    _lane_signals()
    op.add_column("cases", sa.Column("lane", NUMBER, server_default="0", nullable=False))
    _fill()
    for index in REPLACED:
        op.drop_index(index, "cases")
    op.create_index("cases_in_lane", "cases", ["lane", "rank", "id"], unique=False)
    op.create_index("cases_in_lane_by_age", "cases", ["lane", "opened_at", "id"], unique=False)
    for index, by in (("lane_signals_by_rank", "rank"), ("lane_signals_by_age", "opened_at")):
        op.create_index(index, "lane_signals", ["signal", "lane", by, "case_id"], unique=False)


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("lane", NUMBER, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("crisis", NUMBER, nullable=False),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.Column("shown_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane"),
    )


def _lane_signals() -> None:
    op.create_table(
        "lane_signals",
        sa.Column("case_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("lane", NUMBER, nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("case_id", "signal"),
        sqlite_with_rowid=False,
    )


def _fill() -> None:
    """The lanes of cases that are there already."""
    connection = op.get_bind()
    add = sa.text(
        f"INSERT INTO lanes (lane, {PARTS}) VALUES (:lane, :state, :kind, :platform, :priority, "
        ":clock, :crisis, :copied, :shown_to)"
    )
    for row in connection.execute(sa.text(f"SELECT DISTINCT {OF_CASES} FROM cases")).all():
        parts = {**row._asdict(), "copied": bool(row.copied)}
        number = key(json.dumps(list(parts.values())))
        connection.execute(add, {"lane": number, **parts})
    op.execute(f"UPDATE cases SET lane = lanes.lane FROM lanes WHERE {SAME}")
    op.execute(
        "INSERT INTO lane_signals (case_id, signal, lane, rank, opened_at) "
        "SELECT DISTINCT cases.id, case_findings.signal, cases.lane, cases.rank, cases.opened_at "
        "FROM case_findings JOIN cases ON cases.id = case_findings.case_id"
    )
