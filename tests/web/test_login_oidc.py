"""Logging in through a provider: who is let in, and all that is refused, in both languages."""

from __future__ import annotations

import hmac
import json
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpcore
import pyotp
import pytest
from httpx import Response
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlalchemy import func, select, text

from marsad.decide import users
from marsad.decide.oidc import provider as asking
from marsad.decide.oidc.identity import Identity
from marsad.decide.oidc.provider import Provider as Asked
from marsad.decide.oidc.settings import LIMITS, Settings
from marsad.platforms.outward import Limits, Outward
from marsad.records.times import MINUTE, SECOND
from marsad.store import users as stored
from tests.web import provider as standing_in
from tests.web.conftest import Browser, House
from tests.web.provider import (
    CLIENT,
    SECRET,
    Provider,
    flood,
    letters,
    say,
    signed,
    stall,
    unsigned,
)
from tests.web.test_login import give_code

SUBJECT = "mona-at-provider"
PATIENT = Outward(loopback=True, limits=LIMITS)
QUICK = Outward(loopback=True, limits=Limits(connect=1.0, read=1.5, total=2.0))


@pytest.fixture
def provider(house: House) -> Iterator[Provider]:
    with standing_in.running(lambda: house.clock() // SECOND) as running:
        yield running


@pytest.fixture
def desk(house: House, provider: Provider) -> House:
    """A desk that knows the provider, and Mona as a moderator without a password."""
    return opened(house, provider.address)


def opened(house: House, issuer: str, **more: Any) -> House:
    settings = Settings(issuer, CLIENT, "Example's login", outward=PATIENT, **more)
    known = Asked(settings, SECRET, house.clock)
    house.site = replace(house.site, provider=known)
    house.add("mona", "moderator", password=None, identity=Identity(issuer, SUBJECT))
    return house


def go(browser: Browser, next_: str = "/") -> str:
    """Where the provider is."""
    answer = browser.get(f"/login/oidc?{urlencode({'next': next_})}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def come_back(browser: Browser, state: str, code: str, **more: str) -> Response:
    return browser.get(f"/login/oidc/back?{urlencode({'state': state, 'code': code, **more})}")


def log_in(browser: Browser, provider: Provider, subject: str = SUBJECT) -> Response:
    return come_back(browser, *provider.authorize(go(browser), subject))


def refused(answer: Response, said: str, status: int = 403) -> None:
    """It was refused with these words, and nobody was let in or told a secret."""
    assert answer.status_code == status, answer.text
    assert said in answer.text
    assert 'action="/login"' in answer.text
    assert not re.search(r'marsad="?[A-Za-z0-9]', answer.headers.get("set-cookie", ""))
    assert SECRET not in answer.text


def hurry(house: House) -> None:
    """From now on nobody waits long for the provider."""
    known = house.site.provider
    assert known is not None
    quick = replace(known.settings, outward=QUICK)
    house.site = replace(house.site, provider=Asked(quick, SECRET, house.clock))


def sessions(house: House) -> int:
    with house.site.desk.database.reading() as transaction:
        return transaction.execute(select(func.count()).select_from(stored.sessions)).scalar_one()


def test_who_is_bound_to_a_subject_is_let_in(desk: House, provider: Provider) -> None:
    browser = desk.browser()
    assert "Log in with Example&#39;s login" in browser.get("/login").text
    state, code = provider.authorize(go(browser, "/cases/3"))
    answer = come_back(browser, state, code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/3")
    assert browser.get("/").status_code == 200


def test_the_cookie_of_a_login_is_gone_after_it(desk: House, provider: Provider) -> None:
    browser = desk.browser()
    address = go(browser)
    assert browser.client.cookies["marsad-login"]
    come_back(browser, *provider.authorize(address))
    assert "marsad-login" not in browser.client.cookies


def test_nothing_of_a_person_is_stored(desk: House, provider: Provider) -> None:
    assert log_in(desk.browser(), provider).status_code == 303
    with desk.site.desk.database.reading() as transaction:
        names = transaction.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        told = repr(
            [transaction.execute(text(f"SELECT * FROM {name}")).all() for name in names.scalars()]
        )
    for word in ("mona@example.org", "Mona Person", SUBJECT):
        assert word not in told


def test_without_a_provider_there_is_no_button_and_no_way(house: House) -> None:
    browser = house.browser()
    assert "/login/oidc" not in browser.get("/login").text
    for path in ("/login/oidc", "/login/oidc/back?state=x&code=y"):
        refused(browser.get(path), "has no provider")


def test_nobody_becomes_a_user_by_logging_in(desk: House, provider: Provider) -> None:
    answer = log_in(desk.browser(), provider, "somebody <b>else</b>")
    refused(answer, "Nobody at this desk is who you are")
    assert "somebody &lt;b&gt;else&lt;/b&gt;" in answer.text
    assert [user.name for user in users.every(desk.site.desk.database)] == ["mona"]


def test_who_was_locked_out_or_unbound_is_not_let_in(desk: House, provider: Provider) -> None:
    database = desk.site.desk.database
    users.set_roles(database, "mona", [], at=desk.clock())
    refused(log_in(desk.browser(), provider), "Nobody at this desk")
    users.set_roles(database, "mona", ["moderator"], at=desk.clock())
    browser = desk.browser()
    assert log_in(browser, provider).status_code == 303
    users.link(database, "mona", None, at=desk.clock())
    assert browser.get("/").headers["location"] == "/login"
    refused(log_in(desk.browser(), provider), "Nobody at this desk")


def test_another_providers_subject_of_the_same_name_is_somebody_else(
    desk: House, provider: Provider
) -> None:
    other = Identity("https://other.example", SUBJECT)
    users.link(desk.site.desk.database, "mona", other, at=desk.clock())
    refused(log_in(desk.browser(), provider), "Nobody at this desk")


def test_a_name_without_a_password_is_opened_by_none(desk: House) -> None:
    for password in ("", "a long password", " "):
        assert desk.browser().log_in("mona", password).status_code == 403


# ── what comes back with the browser


def test_a_state_of_another_browser_is_refused(desk: House, provider: Provider) -> None:
    """Login CSRF: an address that somebody else has made up logs nobody in as them."""
    mine, theirs = desk.browser(), desk.browser()
    state, code = provider.authorize(go(theirs))
    refused(come_back(mine, state, code), "not begun in this browser")
    go(mine)
    refused(come_back(mine, state, code), "not begun in this browser")
    assert sessions(desk) == 0
    assert "/token" not in [path for path, _ in provider.asked]


@pytest.mark.parametrize("state", ["", "x", "ü", "0" * 43, "0" * 4_999])
def test_a_state_that_is_none_is_refused(desk: House, provider: Provider, state: str) -> None:
    browser = desk.browser()
    _, code = provider.authorize(go(browser))
    refused(come_back(browser, state, code), "not begun in this browser")


@pytest.mark.parametrize("forgets", [False, True], ids=["strict", "forgetful"])
def test_what_was_used_is_not_used_again(desk: House, provider: Provider, forgets: bool) -> None:
    """Not even where the provider takes a code twice."""
    provider.forgets = forgets
    browser = desk.browser()
    state, code = provider.authorize(go(browser))
    kept = browser.client.cookies["marsad-login"]
    assert come_back(browser, state, code).status_code == 303
    other = desk.browser()
    other.client.cookies.set("marsad-login", kept)
    said = "used before" if forgets else "has not let you in"
    refused(come_back(other, state, code), said)
    assert sessions(desk) == 1


def test_a_code_of_another_login_is_refused(desk: House, provider: Provider) -> None:
    """The verifier is that of the browser's own attempt."""
    victim, attacker = desk.browser(), desk.browser()
    _, stolen = provider.authorize(go(victim))
    state, _ = provider.authorize(go(attacker))
    refused(come_back(attacker, state, stolen), "has not let you in")


@pytest.mark.parametrize("code", ["", "none", "x" * 4_999])
def test_a_code_that_is_none_is_refused(desk: House, provider: Provider, code: str) -> None:
    browser = desk.browser()
    state, _ = provider.authorize(go(browser))
    refused(come_back(browser, state, code), "has not let you in")


def test_who_was_refused_at_the_provider_is_told(desk: House, provider: Provider) -> None:
    browser = desk.browser()
    state, _ = provider.authorize(go(browser))
    answer = come_back(browser, state, "", error="access_denied", error_description="<b>no</b>")
    refused(answer, "has not let you in")
    assert "<b>no" not in answer.text


def test_an_answer_that_names_another_provider_is_refused(
    desk: House, provider: Provider
) -> None:  # fmt: skip
    browser = desk.browser()
    back = provider.authorize(go(browser))
    refused(come_back(browser, *back, iss="https://other.example"), "another provider")
    provider.tells = lambda said: said.update(authorization_response_iss_parameter_supported=True)
    refused(log_in(browser, provider), "another provider")
    back = provider.authorize(go(browser))
    assert come_back(browser, *back, iss=provider.address).status_code == 303


def test_another_sites_link_sends_nobody_away(desk: House) -> None:
    for site in ("cross-site", "same-site"):
        answer = desk.browser().get("/login/oidc", headers={"sec-fetch-site": site})
        assert answer.headers["location"] == "/login?next=%2F"


@pytest.mark.parametrize("next_", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_on_to_another_site(desk: House, provider: Provider, next_: str) -> None:
    browser = desk.browser()
    answer = come_back(browser, *provider.authorize(go(browser, next_)))
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("next_", ["/cases/١", '/a?b="c";d=e&f= g', "/" + "x" * 299])
def test_where_somebody_wanted_to_go_comes_back_whole(
    desk: House, provider: Provider, next_: str
) -> None:
    browser = desk.browser()
    answer = come_back(browser, *provider.authorize(go(browser, next_)))
    assert answer.status_code == 303
    assert browser.client.cookies["marsad"]


def test_too_many_logins_from_one_address_are_refused(desk: House) -> None:
    browser = desk.browser()
    for path in ("/login/oidc", "/login/oidc/back?state=x&code=x"):
        answers = [browser.get(path).status_code for _ in range(21)]
        assert answers[-1] == 429
        assert 429 not in answers[:-1]


# ── what the provider says of who somebody is


def without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda claims: claims.pop(name)


def told(**more: Any) -> Callable[[dict[str, Any]], object]:
    return lambda claims: claims.update(more)


LIES = [
    (told(aud="another desk"), "made for another desk"),
    (told(aud=["another desk"]), "made for another desk"),
    (told(aud=[CLIENT, "another desk"]), "made for another desk"),
    (told(aud=[CLIENT, "another desk"], azp="another desk"), "made for another desk"),
    (told(azp="another desk"), "made for another desk"),
    (told(aud={"is": CLIENT}), "made for another desk"),
    (told(iss="https://other.example"), "comes from another provider"),
    (told(nonce="of another login"), "made for another login"),
    (told(nonce=[]), "made for another login"),
    (without("nonce"), "lacks what has to be in it"),
    (without("exp"), "lacks what has to be in it"),
    (without("iat"), "lacks what has to be in it"),
    (without("aud"), "lacks what has to be in it"),
    (without("iss"), "lacks what has to be in it"),
    (without("sub"), "lacks what has to be in it"),
    (told(sub=""), "lacks what has to be in it"),
    (told(sub=7), "lacks what has to be in it"),
    (told(sub="x" * 256), "lacks what has to be in it"),
    (told(sub="منى"), "lacks what has to be in it"),
    (told(exp="soon"), "it has run out"),
    (told(exp=1), "it has run out"),
    (told(iat=1), "it has run out"),
    (told(iat=1 << 60), "it has run out"),
    (told(nbf=1 << 60), "it has run out"),
]


@pytest.mark.parametrize(("lie", "said"), LIES)
def test_a_token_that_is_not_for_this_login_is_refused(
    desk: House, provider: Provider, lie: Callable[[dict[str, Any]], object], said: str
) -> None:
    provider.lies = lie
    refused(log_in(desk.browser(), provider), said)
    assert sessions(desk) == 0


def test_a_nonce_in_a_list_is_none(desk: House, provider: Provider) -> None:
    provider.lies = lambda claims: claims.update(nonce=[claims["nonce"]])
    refused(log_in(desk.browser(), provider), "lacks what has to be in it")


def test_a_token_for_two_counts_where_it_says_that_the_desk_asked(
    desk: House, provider: Provider
) -> None:
    provider.lies = told(aud=["another", CLIENT], azp=CLIENT)
    assert log_in(desk.browser(), provider).status_code == 303


OTHER = RSAKey.generate_key(2048, {"kid": "one"})


def with_public_key(provider: Provider) -> Callable[[dict[str, Any]], str]:
    """The provider's public key, taken for a secret that both share."""
    pem = provider.keys[0].as_pem(private=False)

    def sign(claims: dict[str, Any]) -> str:
        said = [letters(json.dumps(part).encode())
                for part in ({"alg": "HS256", "kid": "one"}, claims)]  # fmt: skip
        return ".".join([*said, letters(hmac.digest(pem, ".".join(said).encode(), "sha256"))])

    return sign


FORGED: dict[str, Callable[[Provider], Callable[[dict[str, Any]], str]]] = {
    "alg none": lambda _: unsigned,
    "HS256 with the public key": with_public_key,
    "another key of the same name": lambda _: lambda claims: signed(claims, OTHER),
    "a key that it does not have": lambda one: lambda said: signed(said, one.keys[0], kid="gone"),
    "a key of a kind nobody knows": lambda one: lambda said: signed(said, one.keys[0], kid="two"),
    "a key in the token": lambda _: (
        lambda claims: signed(claims, OTHER, jwk=OTHER.as_dict(private=False))  # type: ignore[arg-type]
    ),
    "no token": lambda _: lambda _: "none",
    "cut": lambda one: lambda claims: signed(claims, one.keys[0])[:-9],
    "empty": lambda _: lambda _: "..",
    "too deep to be read": lambda one: (
        lambda _: jws.serialize_compact({"alg": "RS256", "kid": "one"}, b"[" * 20_000, one.keys[0])
    ),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_token_that_another_has_made_is_refused(
    desk: House, provider: Provider, forge: Callable[[Provider], Callable[[dict[str, Any]], str]]
) -> None:
    provider.signs = forge(provider)
    refused(log_in(desk.browser(), provider), "not signed with one of its keys")
    assert sessions(desk) == 0


def test_a_secret_key_among_the_providers_keys_is_none(desk: House, provider: Provider) -> None:
    shared = OctKey.generate_key(256, {"kid": "shared"})
    keys = {"keys": [shared.as_dict(private=True)]}
    provider.answers["/keys"] = lambda handler: say(handler, 200, keys)
    provider.signs = lambda claims: signed(claims, shared)
    refused(log_in(desk.browser(), provider), "not signed with one of its keys")


@pytest.mark.parametrize(
    "key",
    [RSAKey.generate_key(2048), RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}),
     ECKey.generate_key("P-256", {"kid": "e"}), OKPKey.generate_key("Ed25519", {"kid": "o"})],
    ids=["RSA without a name", "RSA", "EC", "Ed25519"],
)  # fmt: skip
def test_keys_that_a_provider_may_have(desk: House, provider: Provider, key: Any) -> None:
    """Also one that it has taken up since the last login."""
    assert log_in(desk.browser(), provider).status_code == 303
    provider.keys = [key]
    assert log_in(desk.browser(), provider).status_code == 303


def test_of_several_keys_a_token_has_to_name_one(desk: House, provider: Provider) -> None:
    provider.keys = [RSAKey.generate_key(2048), RSAKey.generate_key(2048)]
    provider.signs = lambda claims: signed(claims, provider.keys[0], kid="")
    refused(log_in(desk.browser(), provider), "not signed with one of its keys")


def test_a_key_for_encrypting_signs_nothing(desk: House, provider: Provider) -> None:
    provider.keys = [RSAKey.generate_key(2048, {"kid": "one", "use": "enc"})]
    private = provider.keys[0].as_dict(private=True) | {"use": "sig"}
    provider.signs = lambda claims: signed(claims, RSAKey.import_key(private))
    refused(log_in(desk.browser(), provider), "not signed with one of its keys")


# ── a provider that does not work

PATHS = ("/.well-known/openid-configuration", "/token", "/keys")
FAULTS: dict[str, Callable[[Any], None]] = {
    "10 MB": flood,
    "a letter at a time": stall,
    "500": lambda handler: say(handler, 500, {}),
    "no JSON": lambda handler: say(handler, 200, "text"),
    "a list": lambda handler: say(handler, 200, []),
    "nothing in it": lambda handler: say(handler, 200, {}),
    "deep": lambda handler: handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 60_000),
    "elsewhere": lambda handler: handler.wfile.write(
        b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    ),
    "hangs up": lambda handler: handler.connection.close(),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_provider_that_does_not_work_lets_nobody_in(
    desk: House, provider: Provider, path: str, fault: Callable[[Any], None]
) -> None:
    hurry(desk)
    browser = desk.browser()
    back = provider.authorize(go(browser))
    provider.answers[path] = fault
    answer = come_back(browser, *back)
    refused(answer, "log in with your password" if "does not answer" in answer.text
            else "not as it has to be", 503)  # fmt: skip
    assert sessions(desk) == 0


@pytest.mark.parametrize(("fault", "why"), [(flood, "too-large"), (stall, "timeout")])
def test_nobody_waits_for_an_answer_without_an_end(
    desk: House, provider: Provider, fault: Callable[[Any], None], why: str
) -> None:
    hurry(desk)
    provider.answers["/.well-known/openid-configuration"] = fault
    refused(desk.browser().get("/login/oidc"), f"does not answer ({why})", 503)


def test_a_provider_that_is_away_is_told_of_at_once(desk: House) -> None:
    away = Settings("http://127.0.0.1:1", CLIENT, outward=QUICK)
    desk.site = replace(desk.site, provider=Asked(away, SECRET))
    refused(desk.browser().get("/login/oidc"), "does not answer", 503)
    answer = desk.browser(lang="ar").get("/login/oidc")
    refused(answer, "المزوّد لا يجيب", 503)
    assert "الدخول عبر المزوّد" in answer.text


@pytest.mark.parametrize(
    "endpoint",
    ["http://example.org/authorize", "https://10.0.0.1/a", "javascript:alert(1)", "", None, 7,
     "https://user@example.org/"],
)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_is_none(
    desk: House, provider: Provider, endpoint: object
) -> None:
    provider.tells = lambda said: said.update(authorization_endpoint=endpoint)
    refused(desk.browser().get("/login/oidc"), "not as it has to be", 503)


def test_a_provider_that_calls_itself_otherwise_is_another(
    desk: House, provider: Provider
) -> None:  # fmt: skip
    provider.tells = lambda said: said.update(issuer="https://other.example")
    refused(desk.browser().get("/login/oidc"), "not as it has to be", 503)


def test_a_secret_that_is_wrong_is_told_to_who_runs_the_desk(
    desk: House, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    known = desk.site.provider
    assert known is not None
    desk.site = replace(desk.site, provider=replace(known, secret="another"))
    refused(log_in(desk.browser(), provider), "not as it has to be (401)", 503)
    assert "401" in caplog.text
    assert "another" not in caplog.text


def test_a_slow_provider_takes_up_few_who_answer(
    desk: House, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [asking._AT_ONCE.acquire(blocking=False) for _ in range(4)]
    try:
        refused(desk.browser().get("/login/oidc"), "Too many people", 503)
    finally:
        for _ in filter(None, held):
            asking._AT_ONCE.release()
    assert go(desk.browser())


@pytest.mark.parametrize("ways", [["client_secret_post"], ["client_secret_basic"], None])
def test_how_the_desk_shows_its_secret(desk: House, provider: Provider, ways: object) -> None:
    if ways is not None:
        provider.tells = lambda said: said.update(token_endpoint_auth_methods_supported=ways)
    assert log_in(desk.browser(), provider).status_code == 303
    sent = next(sent for path, sent in provider.asked if path == "/token")
    assert ("client_secret" in sent) == (ways == ["client_secret_post"])


# ── the second factor


def code_of(secret: str, house: House) -> str:
    return pyotp.TOTP(secret).at(house.clock.now // SECOND)


def test_the_desks_own_second_factor_is_asked_for(house: House, provider: Provider) -> None:
    opened(house, provider.address)
    secret = pyotp.random_base32()
    browser = house.browser()
    log_in(browser, provider)
    set_up = {"secret": secret, "code": code_of(secret, house)}
    assert browser.post("/profile/factor", **set_up).status_code == 303
    provider.lies = told(amr=["pwd", "mfa"], acr="gold")
    other = house.browser()
    assert log_in(other, provider).headers["location"].startswith("/login/code")
    assert other.get("/").headers["location"] == "/login/code"
    house.clock.now += MINUTE
    assert give_code(other, code_of(secret, house)) == 303
    assert other.get("/").status_code == 200


def test_a_role_that_needs_a_second_factor_has_to_set_one_up(
    house: House, provider: Provider
) -> None:
    door = replace(house.site.door, factor_for=("moderator",))
    house.site = replace(house.site, door=door)
    opened(house, provider.address)
    provider.lies = told(amr=["mfa"])
    browser = house.browser()
    log_in(browser, provider)
    assert browser.get("/").headers["location"] == "/profile"


@pytest.mark.parametrize(
    ("says", "counts"),
    [({"amr": ["pwd", "mfa"]}, True), ({"acr": "gold"}, True), ({}, False),
     ({"amr": ["pwd"], "acr": "silver"}, False), ({"amr": "mfa"}, False),
     ({"amr": {"mfa": 1}}, False), ({"amr": [["mfa"]], "acr": ["gold"]}, False)],
)  # fmt: skip
def test_the_providers_second_factor_counts_where_the_settings_say_so(
    house: House, provider: Provider, says: dict[str, Any], counts: bool
) -> None:
    door = replace(house.site.door, factor_for=("moderator",))
    house.site = replace(house.site, door=door)
    opened(house, provider.address, amr=frozenset({"mfa"}), acr=frozenset({"gold"}))
    provider.lies = told(**says)
    browser = house.browser()
    assert log_in(browser, provider).status_code == 303
    assert (browser.get("/").status_code == 200) == counts
    assert ("second factor" in browser.get("/profile").text) or counts


def test_who_has_a_first_password_need_not_change_it(house: House, provider: Provider) -> None:
    opened(house, provider.address)
    users.reset(house.site.desk.database, "mona", at=house.clock())
    browser = house.browser()
    log_in(browser, provider)
    assert browser.get("/").status_code == 200
    secret = pyotp.random_base32()
    set_up = {"secret": secret, "code": code_of(secret, house)}
    assert browser.post("/profile/factor", **set_up).status_code == 303
    house.clock.now += MINUTE
    other = house.browser()
    log_in(other, provider)
    assert give_code(other, code_of(secret, house)) == 303
    assert other.get("/").status_code == 200


def test_a_name_that_others_keep_locked_is_let_in(desk: House, provider: Provider) -> None:
    users.reset(desk.site.desk.database, "mona", at=desk.clock())
    for _ in range(6):
        desk.browser().log_in("mona", "wrong password")
    assert log_in(desk.browser(), provider).status_code == 303


# ── over TLS, and against a provider that others have written


def test_over_tls_cookies_and_address_are_those_of_the_host(
    house: House, provider: Provider
) -> None:
    opened(house, provider.address)
    settings = replace(house.site.settings, https=True, hosts=("desk.example.org",))
    house.site = replace(house.site, settings=settings)
    browser = house.browser()
    browser.client.base_url = "https://desk.example.org"  # type: ignore[assignment]
    answer = browser.get("/login/oidc")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://desk.example.org/login/oidc/back"]
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-marsad-login=")
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert word in cookie


def test_with_a_provider_that_others_have_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """oidc-provider-mock, whose server is Authlib's."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mock = pytest.importorskip("oidc_provider_mock")
        with mock.run_server_in_thread(require_nonce=True) as server:
            opened(house, f"http://localhost:{server.server_port}")
            known = house.site.provider
            assert known is not None
            # it does not decode what RFC 6749 has a client encode: names that need none
            settings = replace(known.settings, client_id="marsad")
            house.site = replace(house.site, provider=Asked(settings, "secret"))
            for subject, status in ((SUBJECT, 303), ("another", 403)):
                browser = house.browser()
                body = urlencode({"sub": subject, "action": "authorize"}).encode()
                form = {"Content-Type": "application/x-www-form-urlencoded"}
                sent = httpcore.request("POST", go(browser), headers=form, content=body)
                found = dict(sent.headers)[b"Location"].decode()
                query = urlsplit(found).query
                assert browser.get(f"/login/oidc/back?{query}").status_code == status
                assert browser.get(f"/login/oidc/back?{query}").status_code == 403
