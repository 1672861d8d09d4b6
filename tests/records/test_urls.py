"""Every spelling of a page has one normal form, and no input breaks the reading of one."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from marsad.records.hosts import normalise_host, refang
from marsad.records.sites import SAME_SITE, SHORTENERS, other_names, site_host
from marsad.records.urls import (
    MAX_LAYERS,
    MAX_URL,
    host_of,
    host_under,
    is_short,
    normalise_domain,
    normalise_url,
    read_url,
    show_host,
    suffixes,
)
from marsad.records.wrappers import WRAPPING_DOMAINS, may_wrap

PAGE = "https://marker.example/a/b?x=1"

SAME_PAGE = [
    "https://marker.example/a/b?x=1",
    "http://marker.example/a/b?x=1",
    "HTTPS://MARKER.Example/a/b?x=1",
    "marker.example/a/b?x=1",
    "//marker.example/a/b?x=1",
    "https://www.marker.example/a/b?x=1",
    "https://m.marker.example/a/b?x=1",
    "https://mobile.marker.example/a/b?x=1",
    "https://www.m.marker.example/a/b?x=1",
    "https://marker.example./a/b?x=1",
    "https://marker.example:443/a/b?x=1",
    "http://marker.example:80/a/b?x=1",
    "http://marker.example:/a/b?x=1",
    "https://marker.example/a/b/?x=1",
    "https://marker.example//a///b?x=1",
    "https://marker.example/a/./c/../b?x=1",
    "https://marker.example/a/%2e%2E/a/b?x=1",
    "https://marker.example/%61/b?%78=1",
    "https://marker.example/a/b?x=1#top",
    "https://marker.example/a/b?x=1#:~:text=word",
    "https://marker.example/a/b?x=1&utm_source=a&utm_medium=b&fbclid=c",
    "https://marker.example/a/b?gclid=c&x=1&",
    "https://marker.example/a/b?x=1&amp;utm_source=a",
    "https://somebody:secret@marker.example/a/b?x=1",
    "https://good.example@marker.example/a/b?x=1",
    "https://good.example:443@marker.example/a/b?x=1",
    "https://a@b@marker.example/a/b?x=1",
    "https:\\\\marker.example\\a\\b?x=1",
    "https:/marker.example/a/b?x=1",
    "https:marker.example/a/b?x=1",
    "https:////marker.example/a/b?x=1",
    " \t\u200fhttps://marker.example/a/b?x=1\u202c\n",
    "ht\ntps://marker.ex\tample/a/b?x=1",
    "hxxp://marker.example/a/b?x=1",
    "hXXps://marker[.]example/a/b?x=1",
    "hxxps[:]//marker(.)example/a/b?x=1",
    "hxxps[://]marker[dot]example/a/b?x=1",
    "h**p://marker{.}example/a/b?x=1",
    "https://ｍａｒｋｅｒ．ｅｘａｍｐｌｅ/a/b?x=1",
    "https://marker。example/a/b?x=1",
    "https://mar\u00adker.example/a/b?x=1",
    "https://m%61rker.example/a/b?x=1",
]


@pytest.mark.parametrize("url", SAME_PAGE)
def test_spellings_of_one_page(url: str) -> None:
    assert normalise_url(url) == PAGE


OTHER_PAGES = [
    "https://marker.example/a/B?x=1",
    "https://marker.example/a/b?x=2",
    "https://marker.example/a/b?X=1",
    "https://marker.example/a/b",
    "https://marker.example/a%2Fb?x=1",
    "https://marker.example:8080/a/b?x=1",
    "https://other.example/a/b?x=1",
    "https://sub.marker.example/a/b?x=1",
    "https://notmarker.example/a/b?x=1",
    "https://marker.example.other.example/a/b?x=1",
    "https://marker.example\\@other.example/a/b?x=1",
    "https://marker.example@other.example/a/b?x=1",
    "https://other.example/#https://marker.example/a/b?x=1",
    "https://m\u0430rker.example/a/b?x=1",
    "ftp://marker.example/a/b?x=1",
]


@pytest.mark.parametrize("url", OTHER_PAGES)
def test_other_pages(url: str) -> None:
    assert normalise_url(url) not in (PAGE, None)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://app.example/#!/page", "https://app.example/#!/page"),
        ("https://app.example/?b=1&a=2&b=0", "https://app.example/?a=2&b=1&b=0"),
        ("https://app.example?", "https://app.example/"),
        ("https://app.example/?q=a%20b+c%2Bd", "https://app.example/?q=a+b+c%2Bd"),
        ("https://app.example/100%", "https://app.example/100%25"),
        ("https://app.example/%zz%2f", "https://app.example/%25zz%2F"),
        ("https://app.example/%%34%31", "https://app.example/%2541"),
        ("https://app.example/{a}|^`", "https://app.example/%7Ba%7D%7C%5E%60"),
        ("https://app.example/\ud800", "https://app.example/%EF%BF%BD"),
        ("https://app.example/%ff%c3%a9", "https://app.example/%FF%C3%A9"),
        ("https://app.example/../..", "https://app.example/"),
        ("ar.example/wiki/مرصد", "https://ar.example/wiki/%D9%85%D8%B1%D8%B5%D8%AF"),
        ("https://app.example/e\u0301", "https://app.example/%C3%A9"),
        ("https://app.example/%65%cc%81", "https://app.example/%C3%A9"),
        ("http://[2001:DB8:0:0::1]:8080/", "https://[2001:db8::1]:8080/"),
        ("http://[::ffff:192.0.2.1]/", "https://192.0.2.1/"),
        ("192.0.2.1/x", "https://192.0.2.1/x"),
        ("http://0xC0.0.513/x", "https://192.0.2.1/x"),
        ("http://3221225985/x", "https://192.0.2.1/x"),
        ("http://0300.0.02.01/x", "https://192.0.2.1/x"),
        ("http://①⑨②.０.2.1/x", "https://192.0.2.1/x"),
        ("http://app.example:00080/", "https://app.example/"),
    ],
)
def test_normal_forms(url: str, normal: str) -> None:
    assert normalise_url(url) == normal


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "word", "two words", "http://", "https://t", "http:///", "mailto:a@marker.example",
        "somebody@marker.example", "javascript:alert(1)", "data:text/html,x", "1.5", "12.30",
        "https://a..b.example/", "https://-a.example/", "https://a b.example/", "http://[::1",
        "http://256.1.1.1/", "http://1.2.3.4.5/", "http://marker.example:70000/",
        "http://marker.example:x/", "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 200 + "example/", "https://marker.example/" + "a" * MAX_URL,
        "tg://resolve", "tg://join?invite=", "\x00", "https://\x00.example",
    ],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    assert normalise_url(url) is None
    assert host_of(url) is None


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("t.me/s/MarkerChannel/12?before=3", "https://t.me/markerchannel/12"),
        ("https://telegram.me/MarkerChannel", "https://t.me/markerchannel"),
        ("https://markerchannel.t.me/", "https://t.me/markerchannel"),
        ("https://markerchannel.t.me/12", "https://t.me/markerchannel/12"),
        ("tg://resolve?domain=MarkerChannel&post=12", "https://t.me/markerchannel/12"),
        ("tg:resolve?domain=markerchannel", "https://t.me/markerchannel"),
        ("https://t.me/joinchat/AbC", "https://t.me/+AbC"),
        ("tg://join?invite=AbC", "https://t.me/+AbC"),
        ("https://twitter.com/Name/status/1?s=20&t=x", "https://x.com/name/status/1"),
        ("https://mobile.twitter.com/name/statuses/1/photo/2", "https://x.com/name/status/1"),
        ("https://youtu.be/AbC?t=3", "https://youtube.com/watch?v=AbC"),
        ("https://m.youtube.com/watch?v=AbC&feature=share", "https://youtube.com/watch?v=AbC"),
        ("https://www.youtube.com/shorts/AbC", "https://youtube.com/watch?v=AbC"),
        ("https://www.youtube-nocookie.com/embed/AbC", "https://youtube.com/watch?v=AbC"),
        ("https://old.reddit.com/r/x/", "https://reddit.com/r/x"),
        ("https://archive.ph/AbC", "https://archive.today/AbC"),
    ],
)
def test_sites_of_several_names(url: str, normal: str) -> None:
    assert normalise_url(url) == normal


def _proofpoint(url: str) -> str:
    return quote(url, safe="").replace("%2F", "_").replace("%", "-")


def _bing(url: str) -> str:
    return "a1" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


WRAPPED = [
    ("redirector", "https://l.facebook.com/l.php?u={q}&h=AT0"),
    ("redirector", "https://lm.facebook.com/l.php?h=1&u={q}"),
    ("redirector", "https://www.facebook.com/sharer/sharer.php?u={q}"),
    ("redirector", "https://l.instagram.com/?u={q}&e=x"),
    ("redirector", "https://www.google.com/url?sa=t&url={q}&usg=x"),
    ("redirector", "https://www.google.co.uk/url?q={q}"),
    ("redirector", "https://www.youtube.com/redirect?event=x&q={q}"),
    ("redirector", "https://t.umblr.com/redirect?z={q}&t=x"),
    ("redirector", "https://out.reddit.com/t3_1?url={q}&token=x"),
    ("redirector", "https://vk.com/away.php?to={q}"),
    ("redirector", "https://m.vk.com/away?to={q}"),
    ("redirector", "https://eur01.safelinks.protection.outlook.com/?url={q}&data=x"),
    ("redirector", "https://steamcommunity.com/linkfilter/?u={q}"),
    ("redirector", "https://duckduckgo.com/l/?uddg={q}"),
    ("redirector", "https://twitter.com/intent/tweet?text=look&url={q}"),
    ("redirector", "https://t.me/share/url?url={q}"),
    ("redirector", "https://t.me/iv?url={q}&rhash=x"),
    ("redirector", "https://href.li/?{u}"),
    ("redirector", "https://www.deviantart.com/users/outgoing?{u}"),
    ("redirector", "https://urldefense.proofpoint.com/v2/url?u={p}&d=x"),
    ("redirector", "https://urldefense.com/v3/__{u}__;!!x"),
    ("redirector", "https://www.bing.com/ck/a?!&&p=1&u={b}&ntb=1"),
    ("redirector", "https://r.search.yahoo.com/_ylt=x/RU={q}/RK=2/RS=x"),
    ("redirector", "https://out.example/?url={q}"),
    ("redirector", "https://forum.example/away.php?to={q}"),
    ("archive", "https://web.archive.org/web/20150601120000/{u}"),
    ("archive", "https://web.archive.org/web/2015id_/{u}"),
    ("archive", "https://web.archive.org/web/*/{u}"),
    ("archive", "https://web.archive.org/save/{u}"),
    ("archive", "https://web.archive.org/web/2015/{q}"),
    ("archive", "https://archive.is/2015.06.01-120000/{u}"),
    ("archive", "https://archive.today/newest/{u}"),
    ("archive", "https://archive.today/?run=1&url={q}"),
    ("archive", "https://wayback.archive-it.org/1068/20150601120000/{u}"),
    ("archive", "https://arquivo.pt/wayback/20150601120000/{u}"),
    ("archive", "https://webcache.googleusercontent.com/search?q=cache:abcdefghijkl:{q}"),
    ("translation", "https://translate.google.com/translate?sl=ar&tl=en&u={q}"),
    ("translation", "https://translate.yandex.ru/translate?lang=ar&url={q}"),
    ("accelerated", "https://12ft.io/proxy?q={q}"),
    ("accelerated", "https://12ft.io/{u}"),
]


@pytest.mark.parametrize(("kind", "form"), WRAPPED)
def test_wrappers_carry_their_target(kind: str, form: str) -> None:
    forms = {"u": PAGE, "q": quote(PAGE, safe=""), "p": _proofpoint(PAGE), "b": _bing(PAGE)}
    reading = read_url(form.format_map(forms))
    assert reading is not None
    assert reading.url == PAGE
    assert [step.kind for step in reading.steps] == ["posted", kind]
    assert may_wrap(site_host(reading.steps[0].host)) or "out" in form or "away" in form


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://web.archive.org/web/2015/marker.example/a", "https://marker.example/a"),
        ("https://www.google.com/amp/s/marker.example/a", "https://marker.example/a"),
        ("https://marker-example.cdn.ampproject.org/c/s/marker.example/a", "https://marker.example/a"),
        ("https://my--marker-example.translate.goog/a?_x_tr_sl=ar", "https://my-marker.example/a"),
        ("https://ok.ru/dk?st.cmd=outLinkWarning&st.rfn=http%3A%2F%2Fmarker.example", "https://marker.example/"),
    ],
)  # fmt: skip
def test_wrappers_that_write_the_target_their_own_way(url: str, normal: str) -> None:
    assert normalise_url(url) == normal


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/login?redirect=https%3A%2F%2Fmarker.example%2F",
        "https://news.example/story?ref=https%3A%2F%2Fmarker.example%2F",
        "https://www.google.com/search?q=https%3A%2F%2Fmarker.example%2F",
        "https://www.google.com/url?q=marker",
        "https://archive.org/details/2015/marker.example",
        "https://t.co/AbC",
        "https://vk.com/away.php?to=",
        "https://urldefense.com/v3/__https://marker.exam*le__;x",
    ],
)
def test_what_only_looks_like_a_wrapper(url: str) -> None:
    reading = read_url(url)
    assert reading is not None
    assert len(reading.steps) == 1


def test_wrappers_in_wrappers_are_taken_off_to_a_depth() -> None:
    url = PAGE
    for _ in range(4):
        url = "https://l.facebook.com/l.php?u=" + quote(url, safe="")
    reading = read_url(url)
    assert reading is not None
    assert reading.url == PAGE
    assert len(reading.steps) == 5
    endless = "https://href.li/?" * 200 + PAGE
    deep = read_url(endless)
    assert deep is not None
    assert len(deep.steps) == MAX_LAYERS + 1


def test_a_host_as_written_lies_under_every_domain_that_covers_it() -> None:
    assert host_of("https://www.m.Marker.example/") == "www.m.marker.example"
    assert list(suffixes("a.b.example")) == ["a.b.example", "b.example", "example"]
    assert list(suffixes("192.0.2.1")) == ["192.0.2.1"]
    assert host_under("a.marker.example", "marker.example")
    assert not host_under("notmarker.example", "marker.example")
    assert not host_under("192.0.2.1", "2.1")


@pytest.mark.parametrize(
    ("domain", "normal"),
    [
        ("Marker.Example", "marker.example"),
        ("*.marker.example", "marker.example"),
        (".marker.example.", "marker.example"),
        ("https://www.marker.example/", "marker.example"),
        ("hxxp://marker[.]example", "marker.example"),
        ("m.marker.example", "m.marker.example"),
        ("www.example", "www.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("*.example", "example"),
        ("example", None),
        ("marker.example/a", None),
        ("marker.example:8080", None),
        ("a@marker.example", None),
        ("mar**r.example", None),
        ("1.5", None),
        ("", None),
        ("*", None),
        ("two words.example", None),
    ],
)
def test_domains(domain: str, normal: str | None) -> None:
    assert normalise_domain(domain) == normal


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("xn--mgbe0c3bg.example", "علامة.example"),
        ("xn--mrker-4ve.example", "m\u0430rker.example"),
        ("xn--a.example", "xn--a.example"),
        ("xn--99999999999.example", "xn--99999999999.example"),
        ("xn--ab-g4t.org", "xn--ab-g4t.org"),
        ("marker.example", "marker.example"),
    ],
)
def test_hosts_are_shown_in_their_own_script(host: str, shown: str) -> None:
    assert show_host(host) == shown
    assert normalise_host(shown) == host


def test_arabic_hosts_have_one_form() -> None:
    assert normalise_host("علامة.example") == "علامة.example".encode("idna").decode()
    assert normalise_host("XN--MGBE0C3BG.example") == normalise_host("علامة.example")


def test_short_addresses_are_known_and_say_nothing() -> None:
    assert is_short("https://bit.ly/AbC")
    assert is_short("https://archive.today/AbC")
    assert not is_short("https://bit.ly/")
    assert not is_short("https://marker.example/bit.ly/AbC")
    assert all(normalise_url(f"https://{host}/AbC") is not None for host in SHORTENERS)


def test_tables_are_in_the_form_they_are_asked_for() -> None:
    for name, site in SAME_SITE.items():
        assert normalise_host(name) == name
        assert site_host(site) == site
        assert name in other_names(site)
    assert all(normalise_host(f"x.{domain}") for domain in WRAPPING_DOMAINS)


# --- properties --------------------------------------------------------------------------------
HOSTS = st.sampled_from(
    ["marker.example", "bücher.example", "www.m.a.example", "192.0.2.1", "xn--bcher-kva.example",
     "t.me", "name.t.me", "x.com", "twitter.com", "youtube.com", "youtu.be", "archive.is",
     "web.archive.org", "l.facebook.com", "a_b.example"]
)  # fmt: skip
PARTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
URLS = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}{host}/{path}?{query}#{fragment}",
    st.sampled_from(["http://", "https://", "", "//", "hxxp://", "https:\\\\"]),
    HOSTS,
    PARTS,
    PARTS,
    PARTS,
)
HOSTILE = st.text(
    st.sampled_from(list("htps:/\\.@?#%&=[](){}*0123456789xXabcABC\t\n \x00\u200f。．ａ\ud800"))
)


@given(st.one_of(st.text(), HOSTILE, URLS))
@example("https://[::1%eth0]/")
@example("http://0x/")
@example("http://4294967296/")
@example("https://xn--/")
@example("https://％41.example/")
@example("((.))((.))")
@example("HTTP:YOUTU.BE/&")
def test_no_input_breaks_it_and_the_normal_form_is_stable(url: str) -> None:
    reading = read_url(url)
    if reading is None:
        assert normalise_url(url) is None
        return
    assert 1 <= len(reading.steps) <= MAX_LAYERS + 1
    for step in reading.steps:
        assert step.url.isascii()
        assert step.url.isprintable()
        assert normalise_host(step.host) == step.host
    if len(reading.steps) <= MAX_LAYERS:
        assert normalise_url(reading.url) == reading.url


@given(st.text(max_size=2_000))
def test_no_host_or_domain_breaks_it(text: str) -> None:
    host = normalise_host(text)
    if host is not None:
        assert normalise_host(host) == host
        assert normalise_host(show_host(host)) == host
    domain = normalise_domain(text)
    if domain is not None:
        assert normalise_host(domain) == domain
    assert refang(refang(text)) is not None


@given(st.integers(0, 2**32 - 1))
def test_addresses_in_any_notation_are_one(value: int) -> None:
    dotted = ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
    for text in (str(value), hex(value), dotted, f"0{value:o}" if value else "0"):
        assert normalise_host(text) == dotted


@given(URLS)
def test_tracking_and_device_labels_change_nothing(url: str) -> None:
    plain = normalise_url(url)
    head, _, fragment = url.partition("#")
    assume("?" in head)
    assert normalise_url(f"{head}&utm_source=x&fbclid=y#{fragment}") == plain
