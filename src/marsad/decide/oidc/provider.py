"""Asking the provider: where to send people, and who has come back.

Nothing is kept between logins: its addresses and keys are read anew each time, so that a key it has
changed is known at once and one it has withdrawn counts no longer.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote_plus, urlencode

from marsad.decide.oidc import id_token
from marsad.decide.oidc.attempt import Attempt
from marsad.decide.oidc.identity import Identity
from marsad.decide.oidc.settings import Settings
from marsad.platforms.outward import NotReached
from marsad.records.errors import InputError, OutsideError
from marsad.records.times import SECOND
from marsad.records.times import now as clock_of_now

DISCOVERY = "/.well-known/openid-configuration"
LONGEST_CODE = 4_096
_AT_ONCE = BoundedSemaphore(4)
"""Requests that wait for a provider: one that is slow must not take up all who answer pages."""


@dataclass(frozen=True)
class Provider:
    """A provider that this desk is known to. Every method raises `OutsideError` where it does not
    answer, or not as it has to."""

    settings: Settings
    secret: str = field(repr=False)
    clock: Callable[[], int] = clock_of_now

    def address(self, attempt: Attempt, back: str) -> str:
        """Where to send a browser to log in; it comes ``back`` to that address."""
        with _in_turn():
            endpoint = self._endpoint(self._discovered(), "authorization_endpoint")
        asked = {
            "response_type": "code", "client_id": self.settings.client_id, "redirect_uri": back,
            "scope": " ".join(self.settings.scopes), "state": attempt.state,
            "nonce": attempt.nonce, "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def identify(self, attempt: Attempt, code: str, back: str, issuer: str = "") -> Identity:
        """Who has come back with a code. ``issuer`` is what the answer says it comes from (RFC
        9207), if anything. Raises `id_token.TokenError` for a token that is not believed."""
        if not code or len(code) > LONGEST_CODE:
            raise InputError("oidc.denied")
        with _in_turn():
            known = self._discovered()
            told = issuer or not known.get("authorization_response_iss_parameter_supported")
            if (issuer and issuer != self.settings.issuer) or not told:
                raise id_token.TokenError("oidc.issuer")
            token = self._exchanged(known, attempt, code, back)
            keys = self._asked("GET", self._endpoint(known, "jwks_uri")).get("keys")
        if not isinstance(keys, list):
            raise OutsideError("oidc.broken", what="jwks_uri")
        now = self.clock() // SECOND
        return id_token.verified(token, keys, self.settings, attempt.nonce, now)

    def _discovered(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        known = self._asked("GET", self.settings.issuer.rstrip("/") + DISCOVERY)
        if known.get("issuer") != self.settings.issuer:
            raise OutsideError("oidc.broken", what="issuer")
        return known

    def _endpoint(self, known: Mapping[str, Any], name: str) -> str:
        """One of its addresses; none that the provider itself could not have."""
        found = known.get(name)
        try:
            self.settings.outward.check(found if isinstance(found, str) else "", name)
        except InputError as error:
            raise OutsideError("oidc.broken", what=name) from error
        return str(found)

    def _exchanged(
        self, known: Mapping[str, Any], attempt: Attempt, code: str, back: str
    ) -> str:  # fmt: skip
        """The ID token for a code, which the provider takes once."""
        client = {"client_id": self.settings.client_id}
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back,
                "code_verifier": attempt.verifier, **client}  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        ways = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if isinstance(ways, list) and "client_secret_basic" not in ways:
            sent["client_secret"] = self.secret
        else:
            headers["Authorization"] = _basic(self.settings.client_id, self.secret)
        endpoint = self._endpoint(known, "token_endpoint")
        answer = self._asked("POST", endpoint, headers, urlencode(sent).encode("ascii"))
        token = answer.get("id_token")
        if not isinstance(token, str) or not token.isascii():
            raise OutsideError("oidc.broken", what="id_token")
        return token

    def _asked(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Mapping[str, Any]:
        """What it answers, as JSON."""
        asking = {"Accept": "application/json", **(headers or {})}
        try:
            reply = self.settings.outward.send(method, url, asking, body)
        except NotReached as error:
            raise OutsideError("oidc.away", why=error.why) from error
        if method == "POST" and reply.status == 400:
            raise InputError("oidc.denied")  # a code that was used before, or was never given
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise OutsideError("oidc.broken", what=str(reply.status))
        return found


def _basic(name: str, secret: str) -> str:
    """Name and secret as a header (RFC 6749, section 2.3.1: each encoded as a form encodes it)."""
    pair = f"{quote_plus(name)}:{quote_plus(secret)}"
    return f"Basic {b64encode(pair.encode('ascii')).decode('ascii')}"


@contextmanager
def _in_turn() -> Iterator[None]:
    """One of the few that ask at once. Raises `OutsideError` where there are too many."""
    if not _AT_ONCE.acquire(blocking=False):
        raise OutsideError("oidc.busy")
    try:
        yield
    finally:
        _AT_ONCE.release()
