"""The desk's database: tables and their migrations, the audit log, what is private in it."""

from marsad.store.database import Database, Transaction, open_database

__all__ = ["Database", "Transaction", "open_database"]
