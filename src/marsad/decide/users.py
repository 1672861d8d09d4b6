"""The people who can log in: added, given roles, reset. Each change is an entry of the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from marsad.decide.credentials import hashed_password, long_enough
from marsad.decide.roles import PERMISSIONS, Reviewer
from marsad.locale import LANGUAGES
from marsad.records.errors import InputError
from marsad.store import log, users
from marsad.store.database import Database, Transaction
from marsad.store.users import User

COMMAND_LINE = "command-line"
"""The actor of what is done where the workspace lies, without a login."""

_NAME = re.compile(r"[^\W_][\w.@-]{1,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Added:
    """A new user, or one that was reset, with the password that is shown once."""

    user: User
    password: str


def reviewer_of(user: User) -> Reviewer:
    """Who a user is at the desk."""
    return Reviewer(user.id, user.roles, user.reads)


def add(
    database: Database,
    name: str,
    roles: Collection[str],
    *,
    at: int,
    reads: Collection[str] = LANGUAGES,
    lang: str = "",
    password: str | None = None,
    by: str = COMMAND_LINE,
) -> Added:
    """A new user. Without a password one is made, to be changed at the first login.

    Raises `InputError` for a name that is taken or none, and for an unknown role or language.
    """
    _check(name, roles, reads, lang)
    chosen = password if password is not None else secrets.token_urlsafe(12)
    user = User(
        _pseudonym(), name, hashed_password(long_enough(chosen)), frozenset(roles),
        frozenset(reads), lang, at, must_change=password is None,
    )  # fmt: skip
    with database.writing() as transaction:
        if users.by_name(transaction, name) is not None:
            raise InputError("user.taken", name=name)
        users.add(transaction, user)
        _record(transaction, "user-added", user, at, by, roles=sorted(user.roles))
    return Added(user, chosen)


def set_roles(
    database: Database, name: str, roles: Collection[str], *, at: int, by: str = COMMAND_LINE
) -> User:
    """Gives a user other roles; whoever is left without one can no longer log in."""
    _check_roles(roles)
    with database.writing() as transaction:
        user = _existing(transaction, name)
        users.change(transaction, user.id, roles=roles, disabled=not roles)
        users.end_sessions(transaction, user=user.id)
        if not roles:
            users.end_tokens(transaction, user.id)
        _record(transaction, "user-roles", user, at, by, roles=sorted(roles))
        return _existing(transaction, name)


def reset(database: Database, name: str, *, at: int, by: str = COMMAND_LINE) -> Added:
    """A new password for somebody who has lost theirs; their second factor, sessions and tokens
    end, and a lock-out too."""
    password = secrets.token_urlsafe(12)
    with database.writing() as transaction:
        user = _existing(transaction, name)
        users.change(
            transaction, user.id, password=hashed_password(password), must_change=True,
            second_factor=None, failures=0, locked_until=0,
        )  # fmt: skip
        users.end_sessions(transaction, user=user.id)
        users.end_tokens(transaction, user.id)
        _record(transaction, "user-reset", user, at, by)
        return Added(_existing(transaction, name), password)


def every(database: Database) -> list[User]:
    """All users, by name."""
    with database.reading() as transaction:
        return users.every(transaction)


def _existing(transaction: Transaction, name: str) -> User:
    user = users.by_name(transaction, name)
    if user is None:
        valid = [one.name for one in users.every(transaction)]
        raise InputError("user.unknown", name=name[:100], valid=valid)
    return user


def _check(name: str, roles: Collection[str], reads: Collection[str], lang: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError("user.name", given=name[:100])
    _check_roles(roles)
    for language in reads:
        if not _LANGUAGE.fullmatch(language):
            raise InputError("user.reads", given=language[:20])
    if lang and lang not in LANGUAGES:
        raise InputError("user.lang", given=lang[:20], valid=list(LANGUAGES))


def _check_roles(roles: Collection[str]) -> None:
    for role in roles:
        if role not in PERMISSIONS:
            raise InputError("user.role", given=role[:100], valid=sorted(PERMISSIONS))


def _pseudonym() -> str:
    """What the log calls somebody: it says nothing about who they are."""
    return f"r-{secrets.token_hex(4)}"


def _record(
    transaction: Transaction, kind: str, user: User, at: int, by: str, **said: object
) -> None:
    log.append(transaction, at=at, actor=by, kind=kind, data={"user": user.id} | said)
