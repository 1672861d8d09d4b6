"""What a provider says of who somebody is: an ID token, and whether it may be believed.

The rules are those of OpenID Connect Core 1.0, section 3.1.3.7; joserfc reads and verifies. Only
signatures that need the provider's private key count: with ``none``, or with a key that both sides
share, anybody could have made the token who has read the provider's public keys or ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marsad.decide.oidc.identity import Identity, is_subject
from marsad.decide.oidc.settings import Settings
from marsad.records.errors import MarsadError

if TYPE_CHECKING:
    from joserfc.jwk import Key

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "EdDSA", "Ed25519")  # fmt: skip
KINDS = ("RSA", "EC", "OKP")
LONGEST_AGE = 600
"""Seconds between the token and now; it was made for this very login."""
LEEWAY = 60
"""Seconds that two clocks may differ by."""
MOST_KEYS = 100


class TokenError(MarsadError):
    """An ID token that is not believed."""


def verified(token: str, keys: Sequence[Any], settings: Settings, nonce: str, now: int) -> Identity:
    """Who the token is about; ``keys`` are the provider's as JSON, ``now`` in seconds. Raises
    `TokenError` for a token that another has made, or that was made for another, at another time,
    or for another login."""
    claims = _signed(token, keys)
    _check(claims, settings, nonce, now)
    strong = str(claims.get("acr")) in settings.acr or not settings.amr.isdisjoint(_amr(claims))
    return Identity(settings.issuer, claims["sub"], strong)


def _signed(token: str, keys: Sequence[Any]) -> dict[str, Any]:
    """The claims of a token that one of the keys has signed."""
    from joserfc import errors, jws, jwt

    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
        if header.get("alg") not in ALGORITHMS:
            raise TokenError("oidc.signature")
        key = _key(keys, header.get("kid"), str(header["alg"]))
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
    except (errors.JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise TokenError("oidc.signature") from error
    return claims


def _key(keys: Sequence[Any], name: object, algorithm: str) -> Key:
    """The key that a token names, or where it names none the only one there is."""
    from joserfc.jwk import JWKRegistry

    fit = [
        one for one in keys[:MOST_KEYS]
        if isinstance(one, Mapping) and one.get("kty") in KINDS and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm and (name is None or one.get("kid") == name)
    ]  # fmt: skip
    if len(fit) != 1:
        raise TokenError("oidc.signature")
    return JWKRegistry.import_key(dict(fit[0]))


def _check(claims: Mapping[str, Any], settings: Settings, nonce: str, now: int) -> None:
    from joserfc import errors
    from joserfc.jwt import JWTClaimsRegistry

    rules = JWTClaimsRegistry(
        now=now, leeway=LEEWAY,
        iss={"essential": True, "value": settings.issuer},
        aud={"essential": True, "value": settings.client_id},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
    )  # fmt: skip
    try:
        rules.validate(dict(claims))
    except errors.MissingClaimError as error:
        raise TokenError("oidc.claims") from error
    except errors.ClaimError as error:
        raise TokenError(_OF_CLAIM.get(error.claim, "oidc.claims")) from error
    audience = claims["aud"]
    for_others = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if for_others else settings.client_id) != settings.client_id:
        raise TokenError("oidc.audience")
    if claims["iat"] < now - LONGEST_AGE - LEEWAY:
        raise TokenError("oidc.expired")
    if not is_subject(claims["sub"]) or not isinstance(claims["nonce"], str):
        raise TokenError("oidc.claims")


_OF_CLAIM = {"iss": "oidc.issuer", "aud": "oidc.audience", "nonce": "oidc.nonce",
             "iat": "oidc.expired", "nbf": "oidc.expired", "exp": "oidc.expired"}  # fmt: skip
"""The claim that is wrong → what is said of it."""


def _amr(claims: Mapping[str, Any]) -> list[str]:
    """How the provider has made sure (RFC 8176), as far as it says so in the right form."""
    given = claims.get("amr")
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
