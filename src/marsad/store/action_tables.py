"""The tables of actions: what was decided to be done on a platform, and how far it has come.

`actions` and `action_steps` follow from the log and can be rebuilt from it. The others cannot:
`action_work` is when to try or look next and who is at it, `action_looks` what was seen, whether or
not it changed anything, `action_sends` what left for a platform, for its limit an hour.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from marsad.store.tables import NUMBER, PROJECTIONS, metadata

actions = Table(
    "actions",
    metadata,
    Column("id", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Column("decision", NUMBER, ForeignKey("decisions.seq"), nullable=False),
    Column("cause", NUMBER, ForeignKey("audit.seq"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("undoes", NUMBER, ForeignKey("actions.id"), unique=True),
    Column("undone_by", NUMBER, ForeignKey("actions.id")),
    Column("key", Text, nullable=False, unique=True),
    Column("evidence", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Column("answer", Text),
    Column("proposed_at", NUMBER, nullable=False),
    Column("requested_at", NUMBER),
    Column("ended_at", NUMBER),
    Column("why", Text),
    Column("seen", Text),
    Column("version", NUMBER, nullable=False),
    Index("actions_of_case", "case_id", "id"),
    Index("actions_by_state", "state", "by_hand", "id"),
)

action_steps = Table(
    "action_steps",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("action_id", NUMBER, ForeignKey("audit.seq"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Column("why", Text),
    Column("seen", Text),
)

action_work = Table(
    "action_work",
    metadata,
    Column("action_id", NUMBER, ForeignKey("actions.id"), primary_key=True, autoincrement=False),
    Column("due_at", NUMBER, index=True),
    Column("attempts", Integer, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("token", NUMBER, nullable=False),
    Column("taken_at", NUMBER, nullable=False),
    Column("runs_out_at", NUMBER, nullable=False),
    Column("said", Text),
)

action_looks = Table(
    "action_looks",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("action_id", NUMBER, ForeignKey("actions.id"), nullable=False, index=True),
    Column("at", NUMBER, nullable=False),
    Column("state", Text, nullable=False),
    Column("measures", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("note", Text),
)

action_sends = Table(
    "action_sends",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Column("action_id", NUMBER, ForeignKey("actions.id"), nullable=False),
    Index("action_sends_by_hour", "platform", "at"),
)

PROJECTIONS["action_steps"] = action_steps
