"""The annexes of an order and the notice to an uploader, written and read back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest

from marsad.decide.operator import Operator
from marsad.decide.orders.annexes import AnnexI, AnnexII, AnnexIII, Authority, Executed
from marsad.outputs.documents import (
    Document,
    annex_ii,
    annex_iii,
    as_html,
    as_pdf,
    notice_to_uploader,
    pdf,
)
from marsad.outputs.documents.fonts import covered, drawn
from marsad.records.errors import InputError
from marsad.records.times import HOUR, MINUTE

AT = 1_709_287_205_000_000
RECEIVED = AT - 48 * MINUTE
AUTHORITY = Authority("de-1", "Federal Office of Lanterns", "DE")
OPERATOR = Operator("Forum", "Forum Example GmbH", "Example Street 1", "DE", "desk@forum.example")
URLS = ("https://forum.example/@harbour/1", "https://forum.example/@harbour/2")
HOSTILE = "\u202egnp.exe\u202c \x00\x1b[31m <script>alert(1)</script> #set page() $x$ *b* 中 \ud800"

EXECUTED = (Executed(URLS[0], True, AT), Executed(URLS[1], False, AT + MINUTE))
II = AnnexII(AUTHORITY, "FOL-2024/17 a", "Forum Example GmbH", RECEIVED, EXECUTED)
III = AnnexIII(AUTHORITY, "FOL-2024/17 a", "Forum Example GmbH", RECEIVED, URLS,
               "insufficient-information", "No post has this address.", AT)  # fmt: skip
FORM_I = AnnexI(AUTHORITY, "FOL-2024/17 a", AT - HOUR, URLS, explanation="A marker word.",
           redress="Court of Lanterns")  # fmt: skip

Made = Callable[[str], Document]
MAKERS: dict[str, Made] = {
    "ii": lambda lang: annex_ii(II, OPERATOR, lang),  # type: ignore[arg-type]
    "iii": lambda lang: annex_iii(III, OPERATOR, lang),  # type: ignore[arg-type]
    "uploader": lambda lang: notice_to_uploader(FORM_I, EXECUTED, OPERATOR, lang, AT),  # type: ignore[arg-type]
}
EVERY = pytest.mark.parametrize(("name", "lang"), [(n, k) for n in MAKERS for k in ("en", "ar")])


def read(document: Document) -> str:
    """The text of a PDF, without the spaces and line ends that its layout makes."""
    pages = pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


@EVERY
def test_reference_times_and_addresses_stand_in_it(name: str, lang: str) -> None:
    document = MAKERS[name](lang)
    times = {
        "ii": ("2024-03-01 09:12:05 UTC", "2024-03-01 10:00:05 UTC", "2024-03-01 10:01:05 UTC"),
        "iii": ("2024-03-01 09:12:05 UTC", "2024-03-01 10:00:05 UTC"),
        "uploader": ("2024-03-01 09:00:05 UTC", "2024-03-01 10:00:05 UTC"),
    }[name]
    said, page = read(document), as_html(document)
    for wanted in (*times, *URLS, "FOL-2024/17 a", "Federal Office of Lanterns", "Forum Example"):
        assert wanted.replace(" ", "") in said, wanted
        assert wanted in page, wanted


@EVERY
def test_every_word_of_its_language_stands_in_it(name: str, lang: str) -> None:
    """Letters of a word come in the order in which they are read, whatever way they are drawn."""
    document = MAKERS[name](lang)
    said = read(document)
    labels = [one.label for part in document.sections for one in (*part.fields, *part.ticks)]
    words = re.findall(r"[^\s(),.،]+", " ".join((document.title, *labels)))
    plain = [word for word in words if not re.search("[\u064b-\u0652]", word)]
    assert len(plain) > 20
    assert [word for word in plain if word not in said] == []


@EVERY
def test_the_same_document_is_the_same_bytes(name: str, lang: str) -> None:
    made = as_pdf(MAKERS[name](lang))
    assert made == as_pdf(MAKERS[name](lang))
    about = pypdf.PdfReader(io.BytesIO(made))
    assert "/CreationDate" not in (about.metadata or {})
    assert about.root_object["/Lang"] == lang
    assert about.root_object["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize(("removed", "ticked"), [(True, 0), (False, 1)])
def test_the_box_of_what_was_done_is_ticked(removed: bool, ticked: int) -> None:
    form = replace(II, executed=[Executed(URLS[0], removed, AT)])
    boxes = annex_ii(form, OPERATOR, "en").sections[1].ticks
    assert [one.ticked for one in boxes] == [place == ticked for place in range(2)]


def test_an_unknown_reason_ticks_no_box() -> None:
    boxes = annex_iii(replace(III, reason="other"), OPERATOR, "en").sections[1].ticks
    assert not any(one.ticked for one in boxes)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_text_is_harmless(lang: str) -> None:
    form = AnnexIII(
        Authority("x", HOSTILE, HOSTILE), HOSTILE, HOSTILE, RECEIVED, [URLS[0] + HOSTILE],
        "manifest-error", HOSTILE + "w" * 10_000, AT,
    )  # fmt: skip
    document = annex_iii(form, OPERATOR, lang)  # type: ignore[arg-type]
    page = as_html(document)
    assert "<script" not in page
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066\u2067\ud800-\udfff]", page)
    said = read(document).replace("(", "|").replace(")", "|")
    for wanted in ("<script>alert|1|</script>", "#setpage||", "$x$", "*b*", "[U+4E2D]"):
        assert wanted in said
    assert said.count("w") >= 10_000
    assert "%E2%80%AEgnp.exe" in said  # what would turn an address around is written out


def test_five_hundred_addresses_stand_in_it() -> None:
    long = "https://forum.example/" + "p/" * 100
    done = [Executed(f"{long}{number}", True, AT) for number in range(500)]
    said = read(annex_ii(replace(II, executed=done), OPERATOR, "en"))
    assert said.count("forum.example/p/p") == 500


def test_an_uploader_is_told_nothing_while_that_is_forbidden() -> None:
    order = replace(FORM_I, confidential_until=AT + 1)
    with pytest.raises(InputError) as error:
        notice_to_uploader(order, EXECUTED, OPERATOR, "en", AT)
    assert error.value.message.id == "document.confidential"
    assert notice_to_uploader(order, EXECUTED, OPERATOR, "en", AT + 1).sections


@pytest.mark.parametrize("across", [False, True])
def test_of_an_order_from_another_state_it_says_who_can_scrutinise_it(across: bool) -> None:
    made = notice_to_uploader(FORM_I, EXECUTED, OPERATOR, "en", AT, across)
    assert ("48 hours" in as_html(made)) is across


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(InputError) as error:
        as_pdf(MAKERS["ii"]("en"))
    assert "marsad[documents]" in error.value.message.render("en")


def test_the_fonts_have_what_they_say() -> None:
    assert {ord(one) for one in "aÄłσжأبﻻ☒☐—"} <= covered()
    assert drawn("a中\u200b") == "a[U+4E2D]\u200b"
