"""The webhook against a real server: signatures, replays, redirects, slow and endless answers."""

from __future__ import annotations

import hmac
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from marsad.platforms.base import Answer, Asked, Place, Subject
from marsad.platforms.effects import judge
from marsad.platforms.outward import LARGEST, Limits, NotReached, Outward
from marsad.platforms.secrets import Secret
from marsad.platforms.settings import configured
from marsad.platforms.webhook import Webhook, sign
from marsad.records.errors import InputError
from marsad.records.times import SECOND
from tests.platforms.receiver import Handler, Receiver, listening

A, B = b"a" * 32, b"b" * 32
SUBJECT = Subject("account", "x:1")
ASKED = Asked(SUBJECT, "suspend", 7, 9, "ab" * 32, "demo@1", 1_700_000_000_000_000)
QUICK = Limits(1.0, 1.0, 1.5)


@dataclass
class Both:
    """A receiver and the webhook that speaks to it."""

    receiver: Receiver
    keys: list[Secret] = field(default_factory=lambda: [Secret("a", A)])
    clock: Callable[[], int] = lambda: int(time.time() * SECOND)

    @property
    def hook(self) -> Webhook:
        status = self.receiver.address + "/status?kind={kind}&id={id}"
        return Webhook(self.receiver.address + "/act", status, self.keys,
                       Outward(loopback=True, limits=QUICK), self.clock)  # fmt: skip


@pytest.fixture
def both() -> Iterator[Both]:
    with listening({"a": A}) as receiver:
        yield Both(receiver)


def test_what_is_sent_and_how_it_is_signed(both: Both) -> None:
    both.clock = lambda: 1_700_000_123_999_999
    both.receiver.clock = lambda: 1_700_000_123
    assert both.hook.request(ASKED, "key-0") == Answer("accepted", "200 thank you")
    path, headers, body = both.receiver.seen[0]
    assert path == "/act"
    assert json.loads(body) == {
        "type": "action", "key": "key-0", "act": "suspend", "undoes": None,
        "subject": {"kind": "account", "id": "x:1"}, "case": 7, "decision": 9,
        "evidence": "ab" * 32, "policy": "demo@1", "decided_at": "2023-11-14T22:13:20+00:00",
    }  # fmt: skip
    assert (headers["Idempotency-Key"], headers["Marsad-Timestamp"]) == ("key-0", "1700000123")
    expected = hmac.digest(A, b"1700000123." + body, "sha256").hex()
    assert headers["Marsad-Signature"] == f"a={expected}"


def test_a_known_signature() -> None:
    # Computed apart: printf '1.{}' | openssl dgst -sha256 -hmac key32
    key = Secret("k", b"0123456789abcdef0123456789abcdef")
    assert sign([key], 1, b"{}") == (
        "k=" + hmac.new(b"0123456789abcdef0123456789abcdef", b"1.{}", "sha256").hexdigest()
    )


def test_keys_are_rotated_without_a_gap(both: Both) -> None:
    both.keys = [Secret("a", A), Secret("b", B)]  # the sender has both
    assert both.hook.request(ASKED, "1").ending == "accepted"
    both.receiver.keys = {"b": B}  # the receiver forgets the old one
    assert both.hook.request(ASKED, "2").ending == "accepted"
    assert both.hook.look(SUBJECT).state == "suspended"
    both.keys = [Secret("a", A)]  # the old one alone is no longer enough, and may be again
    assert both.hook.request(ASKED, "3").ending == "later"
    assert both.hook.look(SUBJECT).state == "unknown"
    both.keys = [Secret("b", A)]  # nor is its name
    assert both.hook.request(ASKED, "4").ending == "later"


def test_a_replayed_request_is_old_and_one_that_was_altered_is_not_trusted(both: Both) -> None:
    both.hook.request(ASKED, "1")
    _, headers, body = both.receiver.seen[0]
    outward = Outward(loopback=True)
    url = both.receiver.address + "/act"
    kept = {name: headers[name] for name in ("Marsad-Timestamp", "Marsad-Signature")}
    kept["Idempotency-Key"] = "1"
    assert outward.send("POST", url, kept, body).status == 200  # at once it is the same request
    assert len(both.receiver.done) == 1
    assert outward.send("POST", url, kept, body.replace(b"x:1", b"x:2")).status == 401
    # What signs a look signs no action, and the other way round.
    assert outward.send("GET", both.receiver.address + "/status?id=x", kept).status == 401
    both.receiver.clock = lambda: time.time() + 301
    assert outward.send("POST", url, kept, body).status == 401


def test_a_200_is_not_done(both: Both) -> None:
    both.receiver.lies = True
    assert both.hook.request(ASKED, "1").ending == "accepted"
    assert judge("suspend", False, both.hook.look(SUBJECT)) == "not-yet"


def answers(status: int, said: Any = None, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(status, said or {}, **headers)


def cut(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def drip(handler: Handler) -> None:
    """A byte now and then, each well within the time for one."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    slowly(handler, b"a" * 100)


def drip_head(handler: Handler) -> None:
    slowly(handler, b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100)


def slowly(handler: Handler, content: bytes) -> None:
    try:
        for byte in content:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        return


def silent(handler: Handler) -> None:
    time.sleep(2)


def endless(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        while True:
            handler.wfile.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
    except OSError:
        return


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"220 mail ready\r\n")


REDIRECT = answers(302, Location="/act")
CASES: list[tuple[Callable[[Handler], None], str, str]] = [
    (answers(200), "accepted", "200"),
    (answers(202), "accepted", "202"),
    (answers(204), "accepted", "204"),
    (REDIRECT, "refused", "302"),
    (answers(308, Location="http://127.0.0.1:1/"), "refused", "308"),
    (answers(400, {"said": "no such act"}), "refused", "400 no such act"),
    (answers(422), "refused", "422"),
    (answers(401), "later", "401"),
    (answers(404), "gone", "404"),
    (answers(410), "gone", "410"),
    (answers(408), "later", "408"),
    (answers(409), "later", "409"),
    (answers(429), "later", "429"),
    (answers(500), "later", "500"),
    (answers(503, b"<html>" * 50), "later", "503"),
    (answers(200, b"[" * 50_000), "accepted", "200"),
    (answers(200, {"said": "a\u202eb\nc\x1b[31m" + "d" * 2_000}), "accepted", ""),
    (answers(200, {"said": ["no", "text"]}), "accepted", "200"),
    (cut, "later", "broken"),
    (silent, "later", "timeout"),
    (drip, "later", "timeout"),
    (drip_head, "later", "timeout"),
    (endless, "later", "too-large"),
    (no_http, "later", "broken"),
]


@pytest.mark.parametrize(("how", "ending", "said"), CASES)
def test_what_an_answer_means(
    both: Both, how: Callable[[Handler], None], ending: str, said: str
) -> None:
    both.receiver.answers = [how]
    answer = both.hook.request(ASKED, "1")
    assert answer.ending == ending
    assert len(answer.said) <= 500
    assert answer.said.isprintable()
    if said:
        assert answer.said == said
    assert len(both.receiver.seen) == 1  # nobody was followed, and nothing tried twice


@pytest.mark.parametrize("how", [one[0] for one in CASES if one[2] not in ("404", "410")])
def test_a_look_that_shows_nothing_says_so(both: Both, how: Callable[[Handler], None]) -> None:
    both.receiver.answers = [how]
    assert both.hook.look(SUBJECT).state == "unknown"


@pytest.mark.parametrize(
    ("said", "state", "measures"),
    [
        ({"state": "suspended", "measures": []}, "suspended", set()),
        ({"state": "alive", "measures": ["warn", "reduce"]}, "alive", {"warn", "reduce"}),
        ({"state": "alive", "measures": ["explode", 7, None]}, "alive", set()),
        ({"state": "banned"}, "unknown", set()),
        ({"state": ["suspended"]}, "unknown", set()),
        ({}, "unknown", set()),
        ([], "unknown", set()),
        (b"suspended", "unknown", set()),
        (b"", "unknown", set()),
    ],
)  # fmt: skip
def test_what_a_look_sees(both: Both, said: Any, state: str, measures: set[str]) -> None:
    both.receiver.answers = [answers(200, said) if said else lambda h: h.answer(200, said)]
    seen = both.hook.look(SUBJECT)
    assert (seen.state, set(seen.measures)) == (state, measures)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_missing(both: Both, status: int) -> None:
    both.receiver.answers = [answers(status)]
    assert both.hook.look(SUBJECT).state == "missing"


@pytest.mark.parametrize(
    ("header", "after"),
    [("120", 120 * SECOND), ("0", 0), ("-5", None), ("soon", None), ("", None), ("9" * 30, None),
     ("Tue, 14 Nov 2023 22:14:20 GMT", 60 * SECOND), ("Tue, 14 Nov 2000 22:14:20 GMT", 0)],
)  # fmt: skip
def test_how_long_it_wants_to_be_left_alone(both: Both, header: str, after: int | None) -> None:
    both.clock = lambda: 1_700_000_000 * SECOND
    both.receiver.answers = [answers(503, Retry_After=header)]
    assert both.hook.request(ASKED, "1").after == after


def test_who_does_not_listen_was_sent_nothing(both: Both) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        both.receiver.address = f"http://127.0.0.1:{free.getsockname()[1]}"
    answer = both.hook.request(ASKED, "1")
    assert (answer.ending, answer.said, answer.sent) == ("later", "connect", False)
    assert both.hook.look(SUBJECT).state == "unknown"


def test_an_id_stays_one_value_of_the_address(both: Both) -> None:
    both.hook.look(Subject("post", "x:1&id=x:2#f/../{kind}\r\nA: b"))
    path, headers, _ = both.receiver.seen[0]
    assert path == ("/status?kind=post&id=x%3A1%26id%3Dx%3A2%23f%2F..%2F%7Bkind%7D%0D%0AA%3A%20b")
    assert "A" not in headers


# ── addresses


def webhook(tmp_path: Path, **settings: Any) -> Webhook:
    (tmp_path / "keys").mkdir(exist_ok=True, mode=0o700)
    keys = tmp_path / "keys" / "forum.keys"
    keys.touch(mode=0o600)
    keys.write_text("a " + "0" * 64)
    given = {"by": "webhook", "url": "https://example.org/a",
             "status_url": "https://example.org/s/{id}", **settings}  # fmt: skip
    found = configured("forum", given, Place("forum", tmp_path), tmp_path / "marsad.toml").platform
    assert isinstance(found, Webhook)
    return found


URLS = [
    ("https://example.org/a", False, None),
    ("https://example.org:8443/a?b=c", False, None),
    ("https://93.184.216.34/a", False, None),
    ("http://example.org/a", False, "url"),
    ("http://example.org/a", True, "url"),
    ("http://127.0.0.1:8000/a", False, "url"),
    ("http://127.0.0.1:8000/a", True, None),
    ("http://localhost:8000/a", True, None),
    ("http://[::1]:8000/a", True, None),
    ("https://127.0.0.1/a", False, "private"),
    ("https://10.0.0.1/a", True, "private"),
    ("https://169.254.169.254/latest", True, "private"),
    ("https://[::ffff:10.0.0.1]/a", True, "private"),
    ("https://[fe80::1]/a", True, "private"),
    ("https://0.0.0.0/a", True, "private"),
    ("https://user:pass@example.org/a", False, "url"),
    ("https://example.org/a#b", False, "url"),
    ("ftp://example.org/a", False, "url"),
    ("file:///etc/passwd", True, "url"),
    ("https:///a", False, "url"),
    ("https://example.org:99999/a", False, "url"),
    ("https://exam ple.org/", False, "url"),
    ("https://example.org/a\r\nX: y", False, "url"),
    ("", False, "url"),
]


@pytest.mark.parametrize(("url", "loopback", "refused"), URLS)
def test_which_addresses_are_asked(
    tmp_path: Path, url: str, loopback: bool, refused: str | None
) -> None:
    if refused is None:
        webhook(tmp_path, url=url, allow_loopback=loopback)
        return
    with pytest.raises(InputError) as error:
        webhook(tmp_path, url=url, allow_loopback=loopback)
    assert error.value.message.id == f"platform.{refused}"
    assert "pass" not in str(error.value).partition("marsad.toml")[0].replace("/etc/passwd", "")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("status_url", "https://example.org/s"), ("status_url", "https://{id}.example.org/"),
     ("status_url", "https://example.org{id}/"), ("status_url", "http://example.org/{id}"),
     ("can", {"account": ["explode"]}), ("can", {"galaxy": ["warn"]}), ("can", {"post": "warn"}),
     ("timeout_seconds", 0.0), ("timeout_seconds", 121.0), ("timeout_seconds", "1"),
     ("ca", "/no/such/file")],
)  # fmt: skip
def test_settings_that_cannot_be(tmp_path: Path, setting: str, value: Any) -> None:
    with pytest.raises(InputError):
        webhook(tmp_path, **{setting: value})


def test_what_it_is_not_set_to_do_it_cannot(tmp_path: Path) -> None:
    hook = webhook(tmp_path, can={"account": ["warn"], "site": []})
    assert hook.can("account") == {"warn"}
    assert hook.can("site") == frozenset()
    assert "remove" in hook.can("post")
    assert hook.can("community") == frozenset()


ADDRESSES = [
    (["93.184.216.34"], False, True),
    (["2606:2800:220:1:248:1893:25c8:1946"], False, True),
    (["127.0.0.1"], False, False),
    (["127.0.0.1"], True, True),
    (["::1"], True, True),
    (["10.1.2.3"], True, False),
    (["192.168.0.1"], True, False),
    (["172.16.0.1"], True, False),
    (["100.64.0.1"], True, False),
    (["169.254.169.254"], True, False),
    (["0.0.0.0"], True, False),
    (["224.0.0.1"], True, False),
    (["255.255.255.255"], True, False),
    (["fd00::1"], True, False),
    (["fe80::1"], True, False),
    (["::ffff:10.0.0.1"], True, False),
    (["64:ff9b::a00:1"], True, False),
    (["2002:a00:1::"], True, False),
    (["93.184.216.34", "10.0.0.1"], True, False),
    ([], True, False),
]


@pytest.mark.parametrize(("found", "loopback", "asked"), ADDRESSES)
def test_a_name_that_leads_somewhere_private_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, found: list[str], loopback: bool, asked: bool
) -> None:
    answer = [(2, 1, 6, "", (one, 443)) for one in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    outward = Outward(loopback=loopback)
    if asked:
        assert outward.addresses("example.org", 443) == found
        return
    with pytest.raises(NotReached) as error:
        outward.addresses("example.org", 443)
    assert (error.value.why, error.value.sent) == ("address", False)


def test_a_name_is_looked_up_once_and_that_address_is_asked(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is judged and private when it is asked leads nowhere else."""
    port = int(both.receiver.address.rpartition(":")[2])
    asked: list[str] = []

    def changing(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        last = "127.0.0.1" if host in ("rebound.example", "127.0.0.1") else "10.9.9.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (last, port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    reply = Outward(loopback=True).send("GET", f"http://rebound.example:{port}/status", {})
    assert reply.status == 401
    assert asked[0] == "rebound.example"
    assert "rebound.example" not in asked[1:]
    assert both.receiver.seen[0][1]["Host"] == f"rebound.example:{port}"


def test_the_environments_proxy_is_not_asked(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert both.hook.request(ASKED, "1").ending == "accepted"


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    import ssl

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        cert, key = certificate(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        Thread(target=serve_tls, args=(server, context), daemon=True).start()
        port = server.getsockname()[1]
        with pytest.raises(NotReached) as error:
            Outward(loopback=True).send("GET", f"https://localhost:{port}/", {})
        assert (error.value.why, error.value.sent) == ("tls", False)
        reply = Outward(loopback=True, ca=str(cert)).send("GET", f"https://localhost:{port}/", {})
        assert reply.body == b"{}"
        with pytest.raises(NotReached) as error:  # another name than the certificate's
            Outward(loopback=True, ca=str(cert)).send("GET", f"https://127.0.0.1:{port}/", {})
        assert error.value.why == "tls"


def serve_tls(server: socket.socket, context: Any) -> None:
    while True:
        try:
            plain, _ = server.accept()
            with context.wrap_socket(plain, server_side=True) as stream:
                stream.recv(4_096)
                stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except OSError:
            if server.fileno() < 0:
                return


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    return cert_file, key_file


# ── secrets


def test_no_secret_in_what_is_printed_logged_or_sent(
    both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    both.receiver.answers = [answers(500), cut]
    said = [repr(both.hook.request(ASKED, "1")), repr(both.hook.request(ASKED, "2"))]
    said += [repr(both.keys), repr(both.hook), str(vars(both.hook)), caplog.text]
    said += [str(one) for one in both.receiver.seen]
    for secret in (A.hex(), A.decode(), str(A)):
        assert not any(secret in one for one in said)


def test_the_answer_that_is_just_small_enough(both: Both) -> None:
    outward = Outward(loopback=True)
    for size, whole in ((LARGEST, True), (LARGEST + 1, False)):
        both.receiver.answers = [lambda handler, size=size: handler.answer(200, b"a" * size)]  # type: ignore[misc]
        if whole:
            assert len(outward.send("GET", both.receiver.address, {}).body) == size
        else:
            with pytest.raises(NotReached, match="too-large"):
                outward.send("GET", both.receiver.address, {})


def test_what_is_compressed_is_not_unpacked(both: Both) -> None:
    import gzip

    bomb = gzip.compress(b"a" * 10_000_000)
    both.receiver.answers = [lambda handler: handler.answer(200, bomb, Content_Encoding="gzip")]
    assert both.hook.look(SUBJECT).state == "unknown"
