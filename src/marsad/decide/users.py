"""The people who can log in: added, given roles, reset, bound to a provider's login. Each change is
an entry of the log, which says nothing of who they are at the provider."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from marsad.decide.credentials import hashed_password, long_enough
from marsad.decide.oidc.identity import Identity
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
    """A new user, or one that was reset, with the password that is shown once; without one they log
    in through the provider alone."""

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
    identity: Identity | None = None,
    by: str = COMMAND_LINE,
) -> Added:
    """A new user. Without a password one is made, to be changed at the first login; with an
    ``identity`` there is none, and they log in through the provider.

    Raises `InputError` for a name or an identity that is taken or none, and for an unknown role or
    language.
    """
    _check(name, roles, reads, lang)
    made = password is None and identity is None
    chosen = secrets.token_urlsafe(12) if made else password or ""
    stored = hashed_password(long_enough(chosen)) if chosen or identity is None else ""
    user = User(
        _pseudonym(), name, stored, frozenset(roles), frozenset(reads), lang, at,
        must_change=made, identity=identity.digest if identity else None,
    )  # fmt: skip
    with database.writing() as transaction:
        if users.by_name(transaction, name) is not None:
            raise InputError("user.taken", name=name)
        if identity is not None:
            _check_free(transaction, identity, user)
        users.add(transaction, user)
        _record(transaction, "user-added", user, at, by, roles=sorted(user.roles))
        if identity is not None:
            _record(transaction, "user-linked", user, at, by)
    return Added(user, chosen)


def link(
    database: Database, name: str, identity: Identity | None, *, at: int, by: str = COMMAND_LINE
) -> User:
    """Lets a user log in as what they are at the provider, in place of what was bound before; with
    None no longer. Their sessions end. Raises `InputError` for somebody else's identity."""
    with database.writing() as transaction:
        user = _existing(transaction, name)
        if identity is not None:
            _check_free(transaction, identity, user)
        digest = identity.digest if identity else None
        users.change(transaction, user.id, identity=digest)
        users.end_sessions(transaction, user=user.id)
        _record(transaction, "user-linked" if identity else "user-unlinked", user, at, by)
        return _existing(transaction, name)


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


def _check_free(transaction: Transaction, identity: Identity, user: User) -> None:
    """Nobody is let in as two."""
    known = users.by_identity(transaction, identity.digest)
    if known is not None and known.id != user.id:
        raise InputError("user.subject-taken", name=known.name)


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
