"""The first schema: the log, what is private in it, cases and their projections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _audit()
    _audit_head()
    _checkpoints()
    _persons()
    _bank_outbox()
    _cases()
    _private()
    _case_findings()
    _decisions()
    _leases()
    _notes()
    _opened_items()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes()
    else:
        _refuse_changes_on_a_server()


def _refuse_changes_on_a_server() -> None:
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )


def _refuse_changes() -> None:
    """Entries of the log are only ever added. Who wants to forge can drop a trigger; who makes a
    mistake in the code cannot."""
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )


def _audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _bank_outbox() -> None:
    op.create_table(
        "bank_outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("delivered_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_index(
        op.f("ix_bank_outbox_delivered_at"), "bank_outbox", ["delivered_at"], unique=False
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("due_at", NUMBER, nullable=True),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("network_only", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("decided_at", NUMBER, nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject"),
    )
    op.create_index("cases_by_kind", "cases", ["state", "kind", "rank", "id"], unique=False)
    op.create_index("cases_by_owner", "cases", ["assigned_to", "state", "rank", "id"], unique=False)
    op.create_index("cases_by_platform", "cases", ["state", "platform", "rank", "id"], unique=False)
    op.create_index("cases_by_priority", "cases", ["state", "priority", "rank", "id"], unique=False)
    op.create_index("cases_by_rank", "cases", ["state", "rank", "id"], unique=False)
    op.create_index(op.f("ix_cases_person"), "cases", ["person"], unique=False)


def _private() -> None:
    op.create_table(
        "private",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_private_person"), "private", ["person"], unique=False)


def _case_findings() -> None:
    op.create_table(
        "case_findings",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("finding_id", sa.Text(), nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq", "finding_id"),
        sa.UniqueConstraint("case_id", "finding_id"),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("exemption", sa.Text(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decided_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_decisions_case_id"), "decisions", ["case_id"], unique=False)
    op.create_index(op.f("ix_decisions_reviewer"), "decisions", ["reviewer"], unique=False)


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("case_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("token", NUMBER, nullable=False),
        sa.Column("taken_at", NUMBER, nullable=False),
        sa.Column("runs_out_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("case_id"),
    )


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("writer", sa.Text(), nullable=False),
        sa.Column("written_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_notes_case_id"), "notes", ["case_id"], unique=False)


def _opened_items() -> None:
    op.create_table(
        "opened_items",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(
        "opened_items_of", "opened_items", ["case_id", "reviewer", "item"], unique=False
    )
