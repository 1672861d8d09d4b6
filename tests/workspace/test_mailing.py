"""Mail against a real SMTP server: sent once, again after failures, under a name that stays."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marsad.records.errors import InputError, OutsideError
from marsad.records.times import DAY, HOUR, MINUTE
from marsad.store import Database, mails, open_database, persons
from marsad.workspace import Workspace, mailing
from tests.decide.conftest import Clock
from tests.mail_server import Post, mail_server

TO = "mona@people.example"


@dataclass
class Office:
    """A workspace with a mail server, and the database that mail is written to."""

    workspace: Workspace
    database: Database
    post: Post
    clock: Clock

    def write(self, to: str = TO, lang: str = "en", person: int | None = None) -> None:
        with self.database.writing(apart=True) as transaction:
            mails.put(transaction, to=to, message="test", values={}, lang=lang, at=self.clock(),
                      person=person)  # fmt: skip

    def deliver(self, **settings: Any) -> mailing.Delivered:
        return mailing.deliver(self.at(**settings), self.database, self.clock)

    def at(self, **settings: Any) -> Workspace:
        given = {"host": "127.0.0.1", "port": self.post.port, "security": "none",
                 "sender": "desk@forum.example"} | settings  # fmt: skip
        return Workspace(self.workspace.folder, {"mail": given})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    workspace = Workspace.create(tmp_path / "ws")
    database = open_database(workspace.folder / "review.db")
    with mail_server() as post:
        yield Office(workspace, database, post, Clock())
    database.close()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_mail_arrives_in_its_language_and_nothing_of_it_stays(office: Office, lang: str) -> None:
    office.write(lang=lang)
    assert office.deliver() == mailing.Delivered(sent=1)
    (taken,) = office.post.taken
    assert isinstance(taken, EmailMessage)
    assert taken["To"] == TO
    assert taken["Content-Language"] == lang
    assert ("مرصد" if lang == "ar" else "Marsad") in taken["Subject"]
    assert "[mail]" in taken.get_content()
    assert mailing.waiting(office.database) == (0, 0)
    assert office.deliver().sent == 0


def test_a_failure_of_the_moment_is_tried_again_and_later_each_time(office: Office) -> None:
    office.post.says = ["451 later"] * len(mailing.WAITS)
    office.write()
    for wait in mailing.WAITS:
        assert office.deliver() == mailing.Delivered(failed=1, said="451")
        office.clock.now += wait - 1
        assert office.deliver() == mailing.Delivered()
        office.clock.now += 1
    assert office.deliver().sent == 1


def test_mail_about_an_order_is_tried_again_every_minute_for_its_hour(office: Office) -> None:
    with office.database.writing(apart=True) as transaction:
        mails.put(transaction, to=TO, message="order-exposed", lang="en", at=office.clock(),
                  values={"count": 2, "link": "/orders/1"})  # fmt: skip
    office.post.says = ["451 later"] * 60
    for _ in range(60):
        assert office.deliver().failed == 1
        office.clock.now += MINUTE
    assert office.deliver().sent == 1


def test_mail_waits_for_no_clock_that_was_fast_when_it_was_written(office: Office) -> None:
    office.write()
    office.clock.now -= 3 * HOUR
    assert office.deliver().sent == 1


def test_mail_about_an_order_that_failed_waits_for_no_clock_that_was_set_back(
    office: Office,
) -> None:
    with office.database.writing(apart=True) as transaction:
        for message in ("order-exposed", "test"):
            mails.put(transaction, to=TO, message=message, lang="en", at=office.clock(),
                      values={"count": 2, "link": "/orders/1"})  # fmt: skip
    office.post.says = ["451 later"] * 2
    assert office.deliver().failed == 2
    office.clock.now -= 3 * HOUR
    assert office.deliver() == mailing.Delivered(sent=1)
    (taken,) = office.post.taken
    assert "order" in taken["Subject"].lower()


def test_what_is_refused_for_good_stays_until_somebody_looks(office: Office) -> None:
    office.post.says = ["550 nobody of that name"]
    office.write()
    assert office.deliver().failed == 1
    office.clock.now += 100 * DAY
    assert office.deliver() == mailing.Delivered()
    assert mailing.waiting(office.database) == (0, 1)


@pytest.mark.parametrize(
    "to", ["nobody", "a@b", "a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", ""]
)
def test_what_is_no_address_gets_nothing(office: Office, to: str) -> None:
    office.write(to)
    assert office.deliver().said == "5xx address"
    assert office.post.taken == []


def test_who_was_cut_off_leaves_it_to_the_next_under_the_same_name(office: Office) -> None:
    office.write()
    with office.database.writing(apart=True) as transaction:
        first = mails.take(transaction, office.clock(), office.clock() + mailing.HELD)
    assert first is not None
    name = mailing.written(first, "desk@forum.example")["Message-ID"]
    assert office.deliver() == mailing.Delivered()
    office.clock.now += mailing.HELD
    assert office.deliver().sent == 1
    assert office.post.taken[0]["Message-ID"] == name
    with office.database.writing(apart=True) as transaction:
        mails.failed(transaction, first, "too late", None)  # its token is no longer good
    assert mailing.waiting(office.database) == (0, 0)


def test_a_server_that_is_not_there_costs_no_mail(office: Office) -> None:
    office.write()
    assert office.deliver(port=1).said == "ConnectionRefusedError"
    office.clock.now += MINUTE
    assert office.deliver().sent == 1


def test_with_the_person_their_mail_is_erased(office: Office) -> None:
    with office.database.writing() as transaction:
        person = persons.number_of(transaction, f"reporter:{TO}")
    office.write(person=person)
    office.write()
    with office.database.writing() as transaction:
        persons.forget(transaction, person)
    assert mailing.waiting(office.database) == (1, 0)


def test_without_settings_mail_waits(office: Office) -> None:
    office.write()
    assert mailing.deliver(office.workspace, office.database, office.clock) == mailing.Delivered()
    assert mailing.waiting(office.database) == (1, 0)
    with pytest.raises(InputError) as error:
        mailing.test(office.workspace, TO)
    assert error.value.message.id == "mailing.unset"


@pytest.mark.parametrize(
    "settings",
    [
        {"security": "ssl"},
        {"security": "none", "host": "mail.example"},
        {"port": 0},
        {"sender": "desk"},
        {"sender": "a@x.example\nBcc: b@x.example"},
        {"password": "secret"},
        {"server": "x"},
        {"user": "desk"},
    ],
)
def test_settings_that_cannot_be(office: Office, settings: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        office.deliver(**settings)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_the_password_goes_over_tls_alone_and_to_who_has_the_certificate(
    office: Office, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    asked: list[bytes] = []

    def allow(*given: Any) -> AuthResult:
        asked.append(given[-1].password)
        right = given[-1].password == b"a long password"
        return AuthResult(success=right, handled=False)

    tls = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with mail_server("localhost", authenticator=allow, **tls) as post:
        safe = {"host": "localhost", "port": post.port, "security": "starttls", "user": "desk"}
        office.write()
        monkeypatch.setenv(mailing.PASSWORD, "a long password")
        assert office.deliver(**safe).said == "SSLCertVerificationError"
        assert asked == []
        office.clock.now += HOUR
        monkeypatch.setenv(mailing.PASSWORD, "another password")
        assert office.deliver(**safe, ca=str(certificate)).said == "login"
        office.clock.now += HOUR
        monkeypatch.setenv(mailing.PASSWORD, "a long password")
        assert office.deliver(**safe, ca=str(certificate)).sent == 1
        assert "password" not in repr(mailing.server(office.at(**safe)))
        with pytest.raises(OutsideError):
            mailing.test(office.at(**safe), TO)
