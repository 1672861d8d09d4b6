"""Sending the mail that the desk has written: ``[mail]`` in marsad.toml.

```toml
[mail]
host = "mail.forum.example"
port = 587
security = "starttls"        # or "tls"; "none" to this machine alone
sender = "desk@forum.example"
user = "desk"                # its password is in MARSAD_MAIL_PASSWORD or keys/mail.password
```

Without the section mail waits in the database. A mail is sent at least once: if the process is cut
off after the server took it, it is sent again under the same Message-ID.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from marsad.platforms import settings
from marsad.platforms.base import REQUIRED, Setting, clean
from marsad.platforms.secrets import private_text
from marsad.records import mail_addresses
from marsad.records.errors import InputError, OutsideError
from marsad.records.message import Message
from marsad.records.times import HOUR, MINUTE, SECOND, to_datetime
from marsad.records.times import now as clock_of_now
from marsad.store import Database, mails
from marsad.store.mails import Mail
from marsad.workspace.folder import SETTINGS, Workspace

SECTION, PASSWORD = "mail", "MARSAD_MAIL_PASSWORD"
SECURITIES = ("starttls", "tls", "none")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
TIMEOUT = 20.0
"""Seconds that a server may keep us waiting."""
HELD = 5 * MINUTE
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR)
"""How long after each failure it is tried again; after the last it stays until somebody looks."""
EAGER = (10 * SECOND, 30 * SECOND, *[MINUTE] * 60)
HURRIED = (*EAGER, *WAITS[1:])
"""The same for mail about orders, whose hour does not wait."""

_SETTINGS = (
    Setting("host", str, REQUIRED, "the mail server"),
    Setting("port", int, 587, "its port"),
    Setting("security", str, "starttls", "starttls, tls, or none (this machine alone)"),
    Setting("sender", str, REQUIRED, "the address that mail comes from"),
    Setting("user", str, "", "the name to log in with; empty: no login"),
    Setting("ca", str, "", "a file of certificates to trust in place of the usual ones"),
)


@dataclass(frozen=True)
class Server:
    """A mail server and how to reach it; printing it does not show the password."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""


@dataclass
class Delivered:
    """What one turn came to: mails sent, mails that failed, and what was said of the last one."""

    sent: int = 0
    failed: int = 0
    said: str = ""


def server(workspace: Workspace) -> Server | None:
    """The server of a workspace, None where none is set. Raises `InputError` for settings that are
    wrong and for a password that is missing or open to others."""
    file = workspace.folder / SETTINGS
    given = workspace.settings.get(SECTION)
    if given is None:
        return None
    where = f"[{SECTION}]"
    settings.check_section(given, where, file)
    known = settings.read(given, _SETTINGS, where, file)
    _check(known, where, file)
    password = _password(workspace.folder / "keys" / "mail.password") if known["user"] else ""
    return Server(password=password, **known)


def _check(known: Mapping[str, Any], where: str, file: Path) -> None:
    def bad(setting: str, valid: str) -> InputError:
        return InputError("platform.setting-type", file=str(file), section=where, setting=setting,
                          given=str(known[setting])[:100], valid=valid)  # fmt: skip

    if known["security"] not in SECURITIES:
        raise bad("security", ", ".join(SECURITIES))
    if known["security"] == "none" and known["host"] not in LOOPBACK:
        raise bad("security", "starttls, tls")
    if not 0 < known["port"] < 1 << 16:
        raise bad("port", "1 … 65535")
    if mail_addresses.read(known["sender"]) is None:
        raise bad("sender", "desk@forum.example")


def _password(path: Path) -> str:
    try:
        found = os.environ.get(PASSWORD, "") or private_text(path).strip()
    except FileNotFoundError:
        found = ""
    if not found:
        raise InputError("platform.keys-none", path=str(path), name=PASSWORD)
    return found


def deliver(
    workspace: Workspace, database: Database, clock: Callable[[], int] = clock_of_now,
    limit: int = 100,
) -> Delivered:  # fmt: skip
    """Sends what is due, at most ``limit`` mails. Several processes may do so at once."""
    chosen, done = server(workspace), Delivered()
    if chosen is None:
        return done
    for _ in range(limit):
        with database.writing(apart=True) as transaction:
            mail = mails.take(transaction, now := clock(), now + HELD, len(EAGER))
        if mail is None:
            break
        _settle(database, mail, _send(chosen, mail), clock(), done)
    return done


def test(workspace: Workspace, to: str) -> None:
    """Sends one mail to see whether the settings are right. Raises `InputError` where there are
    none, `OutsideError` with what came of it where the server did not take it."""
    chosen = server(workspace)
    if chosen is None:
        raise InputError("mailing.unset", file=str(workspace.folder / SETTINGS))
    at = clock_of_now()
    said = _send(chosen, Mail(0, to, "test", {}, "en", at, 1, 0))
    if said is not None:
        raise OutsideError("mailing.refused", host=chosen.host, port=str(chosen.port), said=said)


def waiting(database: Database) -> tuple[int, int]:
    """How many mails wait to be sent, and how many cannot be."""
    with database.reading() as transaction:
        return mails.waiting(transaction)


def _settle(database: Database, mail: Mail, said: str | None, now: int, done: Delivered) -> None:
    with database.writing(apart=True) as transaction:
        if said is None:
            mails.sent(transaction, mail)
            done.sent += 1
            return
        waits = HURRIED if mail.message.startswith(mails.ORDERS) else WAITS
        final = said.startswith("5") or mail.tries > len(waits)
        wait = None if final else now + waits[mail.tries - 1]
        mails.failed(transaction, mail, said, wait)
        done.failed, done.said = done.failed + 1, said


def _send(server: Server, mail: Mail) -> str | None:
    """Hands a mail over; None where it was taken, else in a word or a number why not."""
    to = mail_addresses.read(mail.recipient)
    if to is None:
        return "5xx address"
    try:
        with _connected(server) as connection:
            connection.send_message(written(mail, server.sender), server.sender, [mail.recipient])
    except smtplib.SMTPRecipientsRefused as error:
        return clean(str(next(iter(error.recipients.values()))[0]))
    except smtplib.SMTPResponseException as error:
        # a login that is refused is ours to mend: the mail is not to blame
        refused = isinstance(error, smtplib.SMTPAuthenticationError)
        return "login" if refused else clean(str(error.smtp_code))
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__
    return None


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca or None)
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def written(mail: Mail, sender: str) -> EmailMessage:
    """A mail as it is sent: plain text, in the language it was written for."""
    made = EmailMessage()
    values = dict(mail.values)
    made["Subject"] = _line(Message(f"mail.{mail.message}.subject", values).render(mail.lang))
    made["From"], made["To"] = sender, mail.recipient
    made["Date"] = format_datetime(to_datetime(mail.at))
    made["Message-ID"] = f"<{_key(mail)}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(Message(f"mail.{mail.message}.text", values).render(mail.lang))
    made["Content-Language"] = mail.lang
    return made


def _key(mail: Mail) -> str:
    said = f"marsad mail\n{mail.id} {mail.at} {mail.recipient} {mail.message}"
    return sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
