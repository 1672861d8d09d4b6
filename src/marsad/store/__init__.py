"""The desk's database: tables and their migrations, the audit log, what is private in it."""

from marsad.store import (  # noqa: F401 - their tables are known
    action_tables,
    answers,
    hook_cursors,
    quality_tables,
    users,
)
from marsad.store.database import Database, Transaction, has_database, open_database

__all__ = ["Database", "Transaction", "has_database", "open_database"]
