"""The report as a page: whole, safe, nameless, in two languages, and said with care."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from marsad import locale
from marsad.outputs.report import write_report
from marsad.outputs.report.page import content_policy, stylesheet
from marsad.records.errors import InputError
from marsad.records.ids import key
from marsad.records.message import Message
from tests.outputs.network import PSEUDONYMS, Network, busy, context, finding, look, post

VOID = frozenset(("br", "circle", "line", "link", "meta", "rect"))
HOSTILE = (
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe\u2066 overrides",
    "<!-- <![CDATA[ ]]> &amp; &lt;b&gt;",
    "nul\x00 bell\x07 escape\x1b[31m",
    "z" + "\u0301" * 500,
    "w" * 5000,
    "</bdi></blockquote></section>",
    "a\ufffe\uffffb",
)


class Page(HTMLParser):
    """A page as its tags, ids and visible words; complains of tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.text = text
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID or tag in ("rect", "line", "circle"):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def report(network: Network, folder: Path, lang: str = "en", **given: Any) -> Page:
    path = folder / "report.html"
    with network.opened() as (records, findings, engine):
        assert write_report(records, findings, engine, path, lang, context(**given)) == path
    return Page(path.read_text("utf-8"))


@pytest.fixture(scope="module", params=["en", "ar"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return report(busy(), tmp_path_factory.mktemp("report"), request.param)


def test_the_page_asks_for_nothing_and_runs_nothing(page: Page) -> None:
    assert not {"script", "iframe", "object", "embed", "link", "img", "form", "base"} & {
        tag for tag, _ in page.tags
    }
    for tag, attributes in page.tags:
        assert not {"src", "style"} & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|@font-face", stylesheet())
    (policy,) = [
        meta["content"] for meta in page.named("meta") if "http-equiv" in meta
    ]  # fmt: skip
    assert policy == content_policy(stylesheet())
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert f"<style>{stylesheet()}</style>" in page.text


def test_links_inside_the_page_lead_somewhere(page: Page) -> None:
    ids = Counter(attributes["id"] for _, attributes in page.tags if attributes.get("id"))
    assert max(ids.values()) == 1
    for attributes in page.named("a"):
        assert (attributes["href"] or "").removeprefix("#") in ids
    for _, attributes in page.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)


def test_language_and_direction(page: Page) -> None:
    (html,) = page.named("html")
    assert (html["lang"], html["dir"]) in (("en", "ltr"), ("ar", "rtl"))


def test_headings_are_in_order(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(now - before <= 1 for before, now in pairwise(levels))


def test_every_chart_has_a_name_a_description_and_a_table(page: Page) -> None:
    drawings = [svg for svg in page.named("svg") if svg.get("aria-hidden") != "true"]
    assert len(drawings) >= 10
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in drawings)
    figures = re.findall(r"<figure.*?</figure>", page.text, re.DOTALL)
    assert len(figures) == len(drawings)
    for figure in figures:
        for part in ("<title", "<desc", "<details>", "<table>", '<th scope="col"'):
            assert part in figure


def test_every_sentence_is_in_the_catalogue(page: Page) -> None:
    assert not re.findall(r"\breport\.[a-z-]+", page.said)
    assert not re.findall(r"\{[a-z-]+\}", page.said)


def test_arabic_has_its_own_digits(tmp_path: Path) -> None:
    page = report(busy(), tmp_path, "ar")
    drawn = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", page.text))
    # Names of the data keep their own digits; they stand in isolates.
    own = re.sub("\u2068.*?\u2069", "", drawn)
    assert not re.search("[0-9%]", own)
    assert re.search("[٠-٩]", own)
    assert "المنشورات" in own


def test_arabic_charts_are_mirrored(tmp_path: Path) -> None:
    english, arabic = report(busy(), tmp_path), report(busy(), tmp_path, "ar")

    def bars(page: Page) -> list[tuple[float, float]]:
        rects = [svg for svg in page.named("rect") if svg.get("class") == "bar"]
        places = [(one["x"] or "", one["width"] or "") for one in rects if "%" in (one["x"] or "")]
        return [(float(x.rstrip("%")), float(wide.rstrip("%"))) for x, wide in places]

    assert len(bars(english)) > 20
    for (x, wide), (mirrored, same) in zip(bars(english), bars(arabic), strict=True):
        assert same == wide
        assert mirrored == pytest.approx(100 - x - wide, abs=0.02)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_texts_stay_texts(tmp_path: Path, lang: str) -> None:
    posts = [
        post(
            n, text=text, client=text, hashtags=[text], urls=[f"https://host.example/{text}", text],
            kind="repost", language=text[:20], file=f"/folder/{text.replace('/', '')}",
        )
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    found = [
        finding(
            one, signal,
            message=Message("phrases.found", {"count": 1, "phrases": [text], "bank": text}),
            evidence=[{"kind": "phrase", text[:40]: text, "spans": [[0, 5]], "text": text}],
        )
        for one, text in zip(posts, HOSTILE, strict=True)
        for signal in ("phrases", "an_unknown_signal")
    ]  # fmt: skip
    page = report(
        Network(posts, findings=found), tmp_path, lang, workspace=HOSTILE[0],
        rejected={HOSTILE[0]: 2},
    )  # fmt: skip
    plain = report(busy(), tmp_path, lang)
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain.tags} | {"br"}
    assert not set(page.text) & set("\x00\x07\x1b\u202a\u202b\u202d\u202e\u2066\u2067\ufffe\uffff")
    assert page.text.count("\u2068") == page.text.count("\u2069")
    assert "alert(1)" in page.said
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|49", page.said)
    assert "w" * 1000 not in page.text
    assert "\u0301" * 10 not in page.text
    assert "U+202E" in page.said


def test_real_identities_never_appear(tmp_path: Path) -> None:
    account = "x:4455667788"
    one = post(
        1, account,
        text="I am Some_Handle, see https://twitter.com/Some_Handle/status/9000000001 "
        "and @Other_Person @some_handle, id 4455667788",
        mentions=["x:@other_person"], urls=["https://x.com/some_handle/status/9000000001"],
        hashtags=["some_handle"], client="Client of Some_Handle", kind="repost",
        repost_of="x:123123123", file="/home/private_person/Some_Handle.csv",
    )  # fmt: skip
    two = post(2, "x:@third_account", text="RT Some_Handle: hello")
    message = Message(
        "copies.near", {"first": one["id"], "accounts": [account, "x:@third_account"], "count": 2}
    )
    evidence = [
        {"kind": "copy", "post": two["id"], "account": two["account"], "posts": [one["id"]]},
        {"kind": "link", "url": "https://x.com/some_handle/status/9000000001"},
        {"kind": "other", "by": "@Some_Handle"},
        {"kind": "phrase", "text": "quote of @third_account and Some_Handle", "spans": [[0, 5]]},
    ]
    network = Network(
        [one, two],
        [look(account, "Some_Handle", name="A Real Name", bio="their bio")],
        findings=[
            finding(one, message=message, evidence=evidence),
            finding(one, "returns", subject_kind="account", subject_id=account, subject_key=1,
                    message=message, evidence=evidence, community="x:secret-community"),
        ],
    )  # fmt: skip
    page = report(network, tmp_path)
    said = page.text.lower()
    for secret in (
        "some_handle", "other_person", "third_account", "4455667788", "90000000", "123123123",
        "private_person", "a real name", "their bio", str(key(account)), str(one["key"]),
        str(finding(one)["finding_id"]).lower(), "secret-community",
    ):  # fmt: skip
        assert secret not in said, secret
    # One account is one name, whether it posts, is mentioned by handle or stands in a link.
    assert said.count(PSEUDONYMS.of("account", account)) >= 5
    assert PSEUDONYMS.of("account", "x:@other_person") in said


def test_matched_words_are_marked_where_they_stand(tmp_path: Path) -> None:
    text = "before @someone_9 the matched words after"
    start = text.index("matched")
    one = post(1, text=text)
    found = finding(one, evidence=[{"kind": "phrase", "spans": [[start, start + 13]]}])
    page = report(Network([one], findings=[found]), tmp_path)
    assert "the <mark>matched words</mark> after" in page.text
    name = PSEUDONYMS.of("account", "x:@someone_9")
    assert f'<bdi class="name" dir="ltr">@{name}</bdi>' in page.text


@pytest.mark.parametrize(("text", "direction"), [("نص عربي", "rtl"), ("English", "ltr")])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_texts_have_their_own_direction(
    tmp_path: Path, lang: str, text: str, direction: str
) -> None:
    one = post(1, text=text, language="ar")
    page = report(Network([one], findings=[finding(one, evidence=[])]), tmp_path, lang)
    assert f'<blockquote dir="{direction}" lang="ar">{text}</blockquote>' in page.text


def test_what_the_page_must_say(tmp_path: Path) -> None:
    said = report(busy(), tmp_path, simulated=True).said
    for sentence in (
        "Simulated data: no account or post in this report is real.",
        "Findings are proposals for review, not verdicts.",
        "20 of", "rows not taken", "demo", "Marker words.",
    ):  # fmt: skip
        assert sentence in said


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_word_claims_more_than_a_signal_does(lang: str) -> None:
    claims = {
        "en": r"terroris|extremis|guilty|suspect|culprit|perpetrat|criminal\b|detected|caught",
        "ar": r"إرهاب|متطرف|مذنب|مشتبه|مجرم",
    }[lang]
    for message in locale.catalogue(lang):
        if str(message.id).startswith(("report.", "signal.", "('report.")):
            assert not re.search(claims, str(message.string), re.IGNORECASE), message.id


EMPTY = {
    "no posts": (Network(), {}, ["holds no posts yet", "marsad import", "There are no findings"]),
    "no findings": (Network([post(1)]), {}, ["Nothing was proposed", "has not been run"]),
    "no policy": (Network([post(1)]), {"policies": ()}, ["has no policy", "marsad policy add"]),
    "no truth": (Network([post(1)]), {"estimates": ()}, ["no truth to compare with"]),
    "no rejects": (Network([post(1)]), {"rejected": {}}, ["Every row could be taken"]),
    "nothing said": (
        Network([post(1, language=None, client=None)]), {},
        ["do not say in which languages", "do not say with which programs"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_is_missing_is_said(tmp_path: Path, case: str, lang: str) -> None:
    network, given, sentences = EMPTY[case]
    page = report(network, tmp_path, lang, **given)
    if lang == "en":
        for sentence in sentences:
            assert sentence in page.said
    assert not re.findall(r"\breport\.[a-z-]+|\{[a-z-]+\}", page.said)


def test_a_language_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        report(Network(), tmp_path, "fr")
    for part in ("fr", "en, ar"):
        assert part in str(refused.value)


def test_the_report_is_the_same_each_time(tmp_path: Path) -> None:
    assert report(busy(), tmp_path).text == report(busy(), tmp_path).text


def test_the_page_does_not_grow_with_the_data(tmp_path: Path) -> None:
    small, large = report(busy(600), tmp_path).text, report(busy(6000), tmp_path).text
    assert len(large) < 1.5 * len(small)
