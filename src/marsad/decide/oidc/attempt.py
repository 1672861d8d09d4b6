"""One login through a provider, tied to the browser that began it.

The browser keeps a random key in a cookie, and all that must not be guessed follows from it: the
state that comes back with the browser, the nonce that comes back inside the ID token, the verifier
that shows to the provider who began (RFC 7636). So nothing is written before somebody is known, and
an address that another has made up leads nowhere in this browser.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from marsad.decide import credentials

_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Attempt:
    """A login that was begun, by the key that the browser keeps."""

    key: str = field(repr=False)

    @property
    def state(self) -> str:
        """What the browser has to bring back."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the ID token has to say."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What the provider is shown in exchange for the code."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier before (``S256``)."""
        return _letters(sha256(self.verifier.encode("ascii")).digest())

    @property
    def digest(self) -> bytes:
        """What is stored of an attempt that was used."""
        return sha256(self.nonce.encode("ascii")).digest()

    def is_for(self, state: str) -> bool:
        """Whether it is the attempt that a state came back for."""
        return hmac.compare_digest(self.state.encode("ascii"), state.encode("utf-8", "replace"))

    def _derived(self, purpose: str) -> str:
        said = f"marsad oidc {purpose}".encode("ascii")
        return _letters(hmac.digest(self.key.encode("ascii"), said, "sha256"))


def begin() -> Attempt:
    """A new one."""
    return Attempt(credentials.new_key())


def begun(key: str) -> Attempt | None:
    """The one whose key a browser has sent; None for what is no key."""
    return Attempt(key) if _KEY.fullmatch(key) else None


def _letters(digest: bytes) -> str:
    """Bytes in letters that an address can hold (base64url without padding)."""
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
