"""Who can log in: users, their sessions and tokens. None of it is part of the log.

Nothing here can be used to log in by whoever reads it: passwords are argon2 hashes, sessions and
tokens SHA-256 of random bytes. Of who somebody is at a provider of logins there is a SHA-256, too.
Times are int64 µs UTC.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from marsad.store.database import Transaction
from marsad.store.tables import NUMBER, metadata

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("reads", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("second_factor", Text),
    Column("last_code", NUMBER, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", NUMBER, nullable=False),
    Column("identity", LargeBinary),
    Index("users_by_identity", "identity", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("user", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("made_at", NUMBER, nullable=False),
    Column("seen_at", NUMBER, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("via", Text, nullable=False, server_default="password"),
)

used_logins = Table(
    "used_logins",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("used_at", NUMBER, nullable=False, index=True),
)
"""Logins through a provider that have ended in a session, or could have: none does twice."""

tokens = Table(
    "tokens",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("user", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Column("runs_out_at", NUMBER, nullable=False),
)

_LISTS = ("roles", "reads")

PASSWORD, PROVIDER, PROVIDER_STRONG = "password", "provider", "provider-strong"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can log in, as ``name``. At the desk they are ``id``, a pseudonym.

    ``reads`` are the languages they read, ``lang`` that of their pages (empty: as the browser
    says). ``second_factor`` is the secret of their one-time codes, None without; ``last_code`` the
    time step of the last one used. ``password`` is empty where there is none, ``identity`` None
    without a provider's login.
    """

    id: str
    name: str
    password: str
    roles: frozenset[str]
    reads: frozenset[str]
    lang: str
    made_at: int
    must_change: bool = False
    disabled: bool = False
    second_factor: str | None = None
    last_code: int = 0
    failures: int = 0
    locked_until: int = 0
    identity: bytes | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody has logged in with. It is ``verified`` when the second factor was
    given too, or none is asked for. ``via`` is how they came in: `PASSWORD`, `PROVIDER`, or
    `PROVIDER_STRONG` where the provider has asked for a second factor that counts here."""

    hash: bytes
    user: str
    made_at: int
    seen_at: int
    verified: bool
    via: str = PASSWORD


@dataclass(frozen=True, slots=True)
class Token:
    """A key for the API: ``id`` may be shown, what it stands for is only known as its hash."""

    hash: bytes
    id: str
    user: str
    label: str
    scopes: frozenset[str]
    made_at: int
    runs_out_at: int


def add(transaction: Transaction, user: User) -> None:
    """Adds a user. Raises `IntegrityError` through the database where the name is taken."""
    row = asdict(user) | {name: _joined(getattr(user, name)) for name in _LISTS}
    transaction.execute(insert(users).values(**row))


def by_name(transaction: Transaction, name: str) -> User | None:
    """The user of a login name."""
    query = select(users).where(users.c.name == name)
    return _user(transaction.execute(query).first())


def by_id(transaction: Transaction, id_: str) -> User | None:
    """The user behind a pseudonym."""
    return _user(transaction.execute(select(users).where(users.c.id == id_)).first())


def by_identity(transaction: Transaction, identity: bytes) -> User | None:
    """The user whom a provider's login belongs to."""
    query = select(users).where(users.c.identity == identity)
    return _user(transaction.execute(query).first())


def every(transaction: Transaction) -> list[User]:
    """All users, by name."""
    rows = transaction.execute(select(users).order_by(users.c.name))
    return [user for user in map(_user, rows) if user is not None]


def change(transaction: Transaction, id_: str, **values: Any) -> None:
    """Changes what is given of a user."""
    listed = {name: _joined(values[name]) for name in _LISTS if name in values}
    done = update(users).where(users.c.id == id_).values(**{**values, **listed})
    transaction.execute(done)


def add_session(transaction: Transaction, session: Session) -> None:
    """Adds a session."""
    transaction.execute(insert(sessions).values(**asdict(session)))


def session(transaction: Transaction, digest: bytes) -> Session | None:
    """The session of a hash."""
    row = transaction.execute(select(sessions).where(sessions.c.hash == digest)).first()
    return Session(*row) if row else None


def touch(transaction: Transaction, digest: bytes, **values: Any) -> None:
    """Changes what is given of a session."""
    transaction.execute(update(sessions).where(sessions.c.hash == digest).values(**values))


def end_sessions(
    transaction: Transaction,
    *,
    user: str | None = None,
    digest: bytes | None = None,
    made_before: int | None = None,
) -> None:
    """Ends one session, all of a user, or all old ones."""
    query = delete(sessions)
    if user is not None:
        query = query.where(sessions.c.user == user)
    if digest is not None:
        query = query.where(sessions.c.hash == digest)
    if made_before is not None:
        query = query.where(sessions.c.made_at < made_before)
    transaction.execute(query)


def use_login(transaction: Transaction, digest: bytes, now: int, kept: int) -> bool:
    """Marks a login through a provider as used; whether it was not. A mark is kept for ``kept``
    µs: what is older has run out in other ways."""
    transaction.execute(delete(used_logins).where(used_logins.c.used_at < now - kept))
    known = select(used_logins.c.hash).where(used_logins.c.hash == digest)
    if transaction.execute(known).first() is not None:
        return False
    transaction.execute(insert(used_logins).values(hash=digest, used_at=now))
    return True


def add_token(transaction: Transaction, token: Token) -> None:
    """Adds a token."""
    row = asdict(token) | {"scopes": _joined(token.scopes)}
    transaction.execute(insert(tokens).values(**row))


def token(transaction: Transaction, digest: bytes) -> Token | None:
    """The token of a hash."""
    return _token(transaction.execute(select(tokens).where(tokens.c.hash == digest)).first())


def tokens_of(transaction: Transaction, user: str) -> Sequence[Token]:
    """The tokens of a user, the oldest first."""
    query = select(tokens).where(tokens.c.user == user).order_by(tokens.c.made_at)
    return [one for one in map(_token, transaction.execute(query)) if one is not None]


def end_token(transaction: Transaction, user: str, id_: str) -> bool:
    """Ends one token of a user; whether there was one."""
    query = delete(tokens).where(tokens.c.user == user, tokens.c.id == id_)
    return transaction.execute(query).rowcount == 1


def end_tokens(transaction: Transaction, user: str) -> None:
    """Ends all tokens of a user."""
    transaction.execute(delete(tokens).where(tokens.c.user == user))


def _joined(names: Collection[str]) -> str:
    return json.dumps(sorted(names))


def _user(row: Any) -> User | None:
    if row is None:
        return None
    values = row._asdict()
    return User(**values | {name: frozenset(json.loads(values[name])) for name in _LISTS})


def _token(row: Any) -> Token | None:
    if row is None:
        return None
    values = row._asdict()
    return Token(**values | {"scopes": frozenset(json.loads(values["scopes"]))})
