"""Logging in: password or provider, second factor, lock-out; sessions and tokens, and who is behind
them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from marsad.decide import credentials
from marsad.decide.oidc.attempt import Attempt
from marsad.decide.oidc.identity import Identity
from marsad.decide.roles import Reviewer
from marsad.decide.users import reviewer_of
from marsad.records.errors import InputError, OutsideError
from marsad.records.times import DAY, HOUR, MINUTE
from marsad.records.times import now as clock_of_now
from marsad.store import decoys, log, users
from marsad.store.database import Database, Transaction
from marsad.store.users import PASSWORD, PROVIDER, PROVIDER_STRONG, Session, Token, User

IDLE, LONGEST = HOUR, 12 * HOUR
"""A session ends an hour after the last page, and in any case after a shift."""

FREE_TRIES = 5
LONGEST_LOCK = HOUR
LONGEST_TOKEN = 366 * DAY

MOST_WRITTEN = 3
"""Rows that a failure writes: the user's, an entry of the log, and where that now ends."""

KEPT = HOUR
"""How long a login through a provider is remembered; its ID token is believed for minutes."""

SCOPES = ("screen", "read", "review")
"""What a token may be for: screening posts; also reading cases; also deciding them."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is logged in. ``session`` is None behind a token, ``scopes`` None in a browser;
    ``token`` is the id of the token.

    ``complete``: nothing is left to do before the desk, such as a second factor or a new password.
    """

    user: User
    session: Session | None = None
    scopes: frozenset[str] | None = None
    complete: bool = True
    token: str | None = None

    @property
    def reviewer(self) -> Reviewer:
        """Who they are at the desk."""
        return reviewer_of(self.user)

    @property
    def must_change(self) -> bool:
        """Whether they have come in by a password that they have to change."""
        by_password = self.session is not None and self.session.via == PASSWORD
        return self.user.must_change and by_password


@dataclass(frozen=True)
class Door:
    """Where people log in. ``factor_for`` are roles that need a second factor."""

    database: Database
    factor_for: Collection[str] = ()
    clock: Callable[[], int] = clock_of_now

    def log_in(self, name: str, password: str) -> tuple[str, bool] | None:
        """The key of a new session, and whether a one-time code is still needed. None where name
        and password are not right together, or the name is locked for a while: that takes the same
        reading, hashing and writing whoever the name belongs to, if to anybody."""
        now = self.clock()
        with self.database.reading() as transaction:
            stored = users.by_name(transaction, name)
        right = credentials.is_password(stored.password if stored else None, password)
        with self.database.writing() as transaction:
            user = users.by_id(transaction, stored.id if stored else "")
            same = user is not None and stored is not None and user.password == stored.password
            open_ = user is not None and not user.disabled and not _locked(user, now)
            if user is None or not (right and same and open_):
                written = self._failed(transaction, user, now) if user and open_ else 0
                decoys.write(transaction, MOST_WRITTEN - written)
                return None
            users.end_sessions(transaction, made_before=now - LONGEST)
            verified = user.second_factor is None
            if verified:
                users.change(transaction, user.id, failures=0, locked_until=0)
            return self._new_session(transaction, user, verified, now), not verified

    def log_in_through(self, attempt: Attempt, identity: Identity) -> tuple[str, bool] | None:
        """As `log_in` for who has come back from a provider. None where nobody at the desk is that
        subject. Raises `InputError` where the attempt was used before.

        A name that is locked is let in: what locks it are guesses at its password and its codes,
        and of these the codes stay locked.
        """
        now = self.clock()
        with self.database.writing(apart=True) as transaction:
            if not users.use_login(transaction, attempt.digest, now, KEPT):
                raise InputError("oidc.state")
            user = users.by_identity(transaction, identity.digest)
            if user is None or user.disabled:
                return None
            users.end_sessions(transaction, made_before=now - LONGEST)
            verified = identity.strong or user.second_factor is None
            via = PROVIDER_STRONG if identity.strong else PROVIDER
            return self._new_session(transaction, user, verified, now, via), not verified

    def give_code(self, key: str, code: str) -> str | None:
        """The key of a verified session in place of one that waited for a one-time code; None where
        the code is wrong, was used before, or the name is locked."""
        now = self.clock()
        with self.database.writing() as transaction:
            session, user = self._behind(transaction, key, now)
            if session is None or user is None or user.second_factor is None or _locked(user, now):
                return None
            step = credentials.code_step(user.second_factor, code, now, user.last_code)
            if step is None:
                self._failed(transaction, user, now)
                return None
            users.end_sessions(transaction, digest=session.hash)
            users.change(transaction, user.id, last_code=step, failures=0, locked_until=0)
            return self._new_session(transaction, user, True, now, session.via)

    def visitor(self, key: str) -> Visitor | None:
        """Who is behind a session's key, even if something is still to be done before the desk."""
        now = self.clock()
        with self.database.reading() as transaction:
            session, user = self._behind(transaction, key, now)
        if session is None or user is None:
            return None
        if now - session.seen_at > MINUTE:
            # a full disk can still be read
            with suppress(OutsideError), self.database.writing(apart=True) as transaction:
                users.touch(transaction, session.hash, seen_at=now)
        visitor = Visitor(user, session)
        left = visitor.must_change or self.lacks_factor(visitor)
        return replace(visitor, complete=session.verified and not left)

    def lacks_factor(self, visitor: Visitor) -> bool:
        """Whether somebody has to set up a second factor before anything else."""
        user, session = visitor.user, visitor.session
        if user.second_factor is not None or (session and session.via == PROVIDER_STRONG):
            return False
        return not user.roles.isdisjoint(self.factor_for)

    def bearer(self, key: str) -> Visitor | None:
        """Who is behind a token."""
        with self.database.reading() as transaction:
            token = users.token(transaction, credentials.digest(key))
            user = users.by_id(transaction, token.user) if token else None
        if token is None or user is None or user.disabled:
            return None
        if not token.made_at <= self.clock() < token.runs_out_at:
            return None
        return Visitor(user, None, token.scopes, token=token.id)

    def log_out(self, key: str) -> None:
        """Ends a session."""
        with self.database.writing(apart=True) as transaction:
            users.end_sessions(transaction, digest=credentials.digest(key))

    def change_password(self, visitor: Visitor, old: str, new: str) -> str:
        """Changes one's own password. All sessions end; the key of a new one comes back. A wrong
        one counts as at the login: whoever took over a session cannot try them all."""
        now = self.clock()
        if not self._knows(visitor, old, now):
            raise InputError("user.old-password")
        if old == new:
            raise InputError("user.same-password")
        stored = credentials.hashed_password(credentials.long_enough(new))
        with self.database.writing() as transaction:
            if not self._unchanged(transaction, visitor):
                raise InputError("user.old-password")
            users.change(transaction, visitor.user.id, password=stored, must_change=False)
            users.end_sessions(transaction, user=visitor.user.id)
            self._record(transaction, "user-password", visitor.user, now)
            return self._new_session(transaction, visitor.user, True, now)

    def set_factor(self, visitor: Visitor, secret: str, code: str) -> None:
        """Takes a second factor into use once a code shows that the visitor has it."""
        now = self.clock()
        step = (
            credentials.code_step(secret, code, now, 0) if credentials.is_factor(secret) else None
        )
        if step is None or visitor.user.second_factor is not None:
            raise InputError("user.code")
        with self.database.writing() as transaction:
            if not self._unchanged(transaction, visitor):
                raise InputError("user.code")
            users.change(transaction, visitor.user.id, second_factor=secret, last_code=step)
            self._record(transaction, "user-factor", visitor.user, now)

    def set_lang(self, visitor: Visitor, lang: str) -> None:
        """The language of one's own pages."""
        with self.database.writing(apart=True) as transaction:
            users.change(transaction, visitor.user.id, lang=lang)

    def new_token(
        self, visitor: Visitor, label: str, scopes: Collection[str], days: int
    ) -> tuple[Token, str]:
        """A token of one's own for the API, and its key, which is shown once."""
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown or not scopes:
            raise InputError("user.scope", given=", ".join(unknown)[:100], valid=list(SCOPES))
        if not 1 <= days <= LONGEST_TOKEN // DAY or not label.strip() or len(label) > 100:
            raise InputError("user.token", high=LONGEST_TOKEN // DAY)
        now, key = self.clock(), credentials.new_key()
        id_ = credentials.digest(key).hex()[:12]
        token = Token(
            credentials.digest(key), id_, visitor.user.id, label.strip(), frozenset(scopes),
            now, now + days * DAY,
        )  # fmt: skip
        with self.database.writing() as transaction:
            users.add_token(transaction, token)
            self._record(transaction, "user-token", visitor.user, now, token=id_)
        return token, key

    def end_token(self, visitor: Visitor, id_: str) -> None:
        """Ends one of one's own tokens."""
        with self.database.writing() as transaction:
            if not users.end_token(transaction, visitor.user.id, id_):
                raise InputError("user.no-token")
            self._record(transaction, "user-token-ended", visitor.user, self.clock(), token=id_)

    def pseudonym(self, given: str) -> str | None:
        """Somebody's pseudonym, None for nobody's. Raises `InputError` where no user has it: what
        is no pseudonym may name a person, and has no place in the log."""
        wanted = given.strip()
        if not wanted:
            return None
        with self.database.reading() as transaction:
            if users.by_id(transaction, wanted) is None:
                valid = [one.id for one in users.every(transaction) if not one.disabled]
                raise InputError("user.unknown", name=wanted[:100], valid=valid)
        return wanted

    def _knows(self, visitor: Visitor, password: str, now: int) -> bool:
        """Whether it is the visitor's password, and the name is not locked."""
        right = credentials.is_password(visitor.user.password, password)
        with self.database.writing() as transaction:
            user = users.by_id(transaction, visitor.user.id)
            if user is None or _locked(user, now):
                return False
            if not right:
                self._failed(transaction, user, now)
        return right

    def _unchanged(self, transaction: Transaction, visitor: Visitor) -> bool:
        """Whether nobody has reset, disabled or secured the visitor's account since they asked."""
        user, then = users.by_id(transaction, visitor.user.id), visitor.user
        if user is None or user.disabled:
            return False
        return (user.password, user.second_factor) == (then.password, then.second_factor)

    def _behind(
        self, transaction: Transaction, key: str, now: int
    ) -> tuple[Session | None, User | None]:
        session = users.session(transaction, credentials.digest(key))
        if session is None or not session.made_at <= now < session.made_at + LONGEST:
            return None, None
        if not session.seen_at - MINUTE <= now < session.seen_at + IDLE:
            return None, None
        user = users.by_id(transaction, session.user)
        return (session, user) if user and not user.disabled else (None, None)

    def _new_session(
        self, transaction: Transaction, user: User, verified: bool, now: int, via: str = PASSWORD
    ) -> str:
        key = credentials.new_key()
        session = Session(credentials.digest(key), user.id, now, now, verified, via)
        users.add_session(transaction, session)
        return key

    def _failed(self, transaction: Transaction, user: User, now: int) -> int:
        """Counts a failure. From the fifth on the name is locked, twice as long each time. Returns
        how many rows that has written."""
        failures = user.failures + 1
        locked = min(MINUTE << min(max(failures - FREE_TRIES, 0), 16), LONGEST_LOCK)
        until = now + locked if failures >= FREE_TRIES else 0
        users.change(transaction, user.id, failures=failures, locked_until=until)
        if not until:
            return 1
        self._record(transaction, "user-locked", user, now, failures=failures)
        return MOST_WRITTEN

    def _record(
        self, transaction: Transaction, kind: str, user: User, at: int, **said: object
    ) -> None:
        log.append(transaction, at=at, actor=user.id, kind=kind, data={"user": user.id} | said)


def _locked(user: User, now: int) -> bool:
    """A clock that jumped back far does not lock somebody for ever."""
    return now < user.locked_until <= now + LONGEST_LOCK
