"""A stand-in for a provider of logins: a real server, strict about what a desk must send.

It is no product of anybody's: it holds what OpenID Connect Core 1.0 and RFC 7636 ask of a provider,
so that a desk that forgets its verifier, its secret or its address is refused, and it can be told
to lie. The flow is run against a provider that others have written, too.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

CLIENT, SECRET = "the desk", "a secret: with & all + signs"


@dataclass
class Provider:
    """``lies`` changes the claims before they are signed, ``signs`` signs them in another way,
    ``answers`` are what is sent at a path instead of what it should be."""

    clock: Callable[[], int]
    address: str = ""
    keys: list[Key] = field(default_factory=lambda: [RSAKey.generate_key(2048, {"kid": "one"})])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    lies: Callable[[dict[str, Any]], object] = lambda claims: None
    signs: Callable[[dict[str, Any]], str] | None = None
    tells: Callable[[dict[str, Any]], object] = lambda said: None
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    forgets: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def authorize(self, address: str, subject: str = "mona-at-provider") -> tuple[str, str]:
        """What somebody who logs in at the provider comes back with: state and code."""
        asked = {name: some[0] for name, some in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"].split() == ["openid"]
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked | {"subject": subject}
        return asked["state"], code

    def exchange(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.get(sent.get("code", ""))
        if not self._is_client(sent, authorization):
            return 401, {"error": "invalid_client"}
        verifier = sha256(sent.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or sent.get("grant_type") != "authorization_code"
            or sent.get("redirect_uri") != asked["redirect_uri"]
            or letters(verifier) != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        if not self.forgets:
            del self.codes[sent["code"]]
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked)}

    def token(self, asked: dict[str, str]) -> str:
        now = self.clock()
        claims: dict[str, Any] = {
            "iss": self.address, "sub": asked["subject"], "aud": CLIENT, "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, "email": "mona@example.org", "name": "Mona Person",
        }  # fmt: skip
        self.lies(claims)
        return self.signs(claims) if self.signs else signed(claims, self.keys[0])

    def discovery(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }
        self.tells(said)
        return said

    def _is_client(self, sent: dict[str, str], authorization: str) -> bool:
        scheme, _, pair = authorization.partition(" ")
        if scheme == "Basic":
            name, _, secret = b64decode(pair).decode().partition(":")
            return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)
        return (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)


def signed(claims: dict[str, Any], key: Key, algorithm: str = "", **header: str) -> str:
    """A token signed by a key."""
    usual = {RSAKey: "RS256", ECKey: "ES256", OctKey: "HS256"}.get(type(key), "EdDSA")
    chosen = algorithm or usual
    named = {"alg": chosen, **({"kid": key.kid} if key.kid else {}), **header}
    return jwt.encode(named, claims, key, algorithms=[chosen])


def unsigned(claims: dict[str, Any]) -> str:
    """A token with ``alg`` none."""
    parts = [letters(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)]
    return f"{parts[0]}.{parts[1]}."


def letters(content: bytes) -> str:
    """Bytes in base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: some[0] for name, some in parse_qs(body).items()})

    def _answer(self, sent: dict[str, str]) -> None:
        path, provider = urlsplit(self.path).path, self.provider
        provider.asked.append((path, sent))
        if path in provider.answers:
            provider.answers[path](self)
        elif path == "/.well-known/openid-configuration":
            say(self, 200, provider.discovery())
        elif path == "/keys":
            keys = [one.as_dict(private=False) for one in provider.keys]
            say(self, 200, {"keys": [{"kty": "new", "kid": "two"}, *keys]})
        elif path == "/token":
            say(self, *provider.exchange(sent, self.headers.get("Authorization", "")))
        else:
            say(self, 404, {})

    def log_message(self, *_: object) -> None:
        pass


def say(handler: BaseHTTPRequestHandler, status: int, said: object) -> None:
    """Sends JSON."""
    body = json.dumps(said).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """Sends 10 MB of JSON."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(10_000):
            handler.wfile.write(b" " * 1_000)
    except OSError:
        pass  # nobody listens any more


def stall(handler: BaseHTTPRequestHandler) -> None:
    """Sends a letter at a time, for longer than anybody waits."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


@contextmanager
def running(clock: Callable[[], int]) -> Iterator[Provider]:
    """A provider that answers on this machine; ``clock`` gives seconds."""
    provider = Provider(clock)
    handler = type("Bound", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
