"""The catalogues: every message that the source names, in both languages, with the same values."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from marsad import locale
from marsad.decide.priority import SEVERITY
from marsad.records.message import Message
from tests.conftest import ROOT

SOURCE = ROOT / "src" / "marsad"
PLURALS = {"en": 2, "ar": 6}

# Calls whose first argument is a message id.
CALLS = {
    "Message",
    "MarsadError",
    "InputError",
    "OutsideError",
    "ConflictError",
    "render",
    "_",
    "say",
}
# The report's own, in `Words` and where one is called: `words("x")` stands for `report.x`.
REPORT_CALLS = {"words", "self"}


def entries(lang: str) -> dict[str, Entry]:
    return {_id(entry): entry for entry in locale.catalogue(lang) if entry.id}


def _id(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def _strings(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def ids_in_code(path: Path) -> Iterator[tuple[int, str]]:
    """Message ids that a file of Python gives as plain strings: (line, id)."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else (
            node.func.id if isinstance(node.func, ast.Name) else ""
        )  # fmt: skip
        first = node.args[0]
        value = first.value if isinstance(first, ast.Constant) else None
        if isinstance(value, str) and _looks_like_an_id(value, called):
            yield node.lineno, f"report.{value}" if called in REPORT_CALLS else value


def _looks_like_an_id(value: str, called: str) -> bool:
    if called in REPORT_CALLS:
        return True
    return called in CALLS and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9_-]+)+", value) is not None


USED = sorted(
    {
        (identifier, f"{path.relative_to(SOURCE)}:{line}")
        for path in SOURCE.rglob("*.py")
        for line, identifier in ids_in_code(path)
    }
)


def test_the_scan_sees_the_source() -> None:
    found = {identifier for identifier, _ in USED}
    assert {"policy.missing", "export.format", "language.unknown", "report.shown"} <= found


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_message_of_the_source_is_in_the_catalogue(lang: str) -> None:
    known = entries(lang)
    missing = {identifier: where for identifier, where in USED if identifier not in known}
    assert not missing, f"{lang}.po lacks these, named in src/marsad: {missing}"


def test_both_languages_have_the_same_messages() -> None:
    assert set(entries("en")) == set(entries("ar"))


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_no_entry_is_empty_or_marked_as_unsure(lang: str) -> None:
    for identifier, entry in entries(lang).items():
        assert all(_strings(entry)), f"{identifier} is empty in {lang}.po"
        assert not entry.fuzzy, f"{identifier} is fuzzy in {lang}.po"


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_no_entry_is_there_twice(lang: str) -> None:
    text = (SOURCE / "locale" / f"{lang}.po").read_text("utf-8")
    ids = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})


def test_plural_forms_are_complete() -> None:
    for lang in locale.LANGUAGES:
        path = SOURCE / "locale" / f"{lang}.po"
        with path.open("rb") as file:
            assert read_po(file).num_plurals == PLURALS[lang]
    english, arabic = entries("en"), entries("ar")
    for identifier, entry in english.items():
        plural = isinstance(entry.string, (tuple, list))
        other = arabic[identifier]
        assert plural == isinstance(other.string, (tuple, list)), identifier
        if plural:
            assert (len(_strings(entry)), len(_strings(other))) == (2, 6), identifier


def test_both_languages_fill_in_the_same_values() -> None:
    english, arabic = entries("en"), entries("ar")
    for identifier, entry in english.items():
        named = [_placeholders(one) for one in _strings(entry)]
        for text in _strings(arabic[identifier]):
            # A form for one or two may say the number in a word, and none may say "none".
            assert _placeholders(text) <= set.union(*named), identifier
        said = set.union(*(_placeholders(text) for text in _strings(arabic[identifier])))
        assert said | {"count"} >= set.union(*named), identifier


def test_arabic_is_arabic() -> None:
    signs = {"bank.file", "report.bars.value", "report.list.comma"}
    for identifier, entry in entries("ar").items():
        for text in _strings(entry):
            letters = [letter for letter in text if letter.isalpha()]
            arabic = [letter for letter in letters if "\u0600" <= letter <= "\u06ff"]
            assert arabic or identifier in signs, f"{identifier}: {text}"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 1000, 1003])
@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_the_plural_form_is_that_of_the_catalogue(lang: str, count: int) -> None:
    """`render` chooses as the header's rule says."""
    from gettext import c2py

    from babel.messages.plurals import get_plural

    rule = c2py(get_plural("ar" if lang == "ar" else "en").plural_expr)
    entry = entries(lang)["report.figure.findings"]
    expected = _strings(entry)[rule(count)]
    assert locale.render("report.figure.findings", {"count": count}, lang) == expected


@pytest.mark.parametrize(
    ("value", "english", "arabic"),
    [(0, "0", "٠"), (1234, "1,234", "١٬٢٣٤"), (0.5, "0.5", "٠٫٥"), (-3, "-3", "-٣")],
)
def test_numbers_have_the_digits_of_their_language(value: float, english: str, arabic: str) -> None:
    assert locale.number(value, "en") == english
    assert locale.number(value, "ar").replace("\u061c", "").replace("\u200f", "") == arabic
    assert locale.render("report.all-shown", {"count": 1234}, "ar").count("١٬٢٣٤") == 1


@pytest.mark.parametrize(("lang", "shown"), [("en", "1234567"), ("ar", "١٢٣٤٥٦٧")])
def test_the_number_of_one_thing_has_no_groups(lang: str, shown: str) -> None:
    assert shown in locale.render("decide.no-case", {"case": 1_234_567}, lang)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [("ar", "لا توجد إشارة"), ("en", "There is no signal"), ("xx", "There is no signal")],
)
def test_the_users_language(monkeypatch: pytest.MonkeyPatch, asked: str, sentence: str) -> None:
    monkeypatch.setenv("MARSAD_LANG", asked)
    said = Message("signal.unknown", {"given": "x", "valid": []})
    assert said.render().startswith(sentence)
    assert said.render("en").startswith("There is no signal")


@pytest.mark.parametrize(("lang", "shown"), [("en", "language, client"), ("ar", "اللغة، التطبيق")])
def test_words_of_the_catalogue_inside_a_sentence(lang: str, shown: str) -> None:
    words = {"words": ["report.feature.language", "report.feature.client"]}
    stored = Message("report.shown", {"shown": words, "total": 1}).to_json()
    assert shown in Message.from_json("report.shown", stored).render(lang)


def test_an_id_without_an_entry_still_says_what_happened() -> None:
    assert locale.render("no.such-id", {"file": "x.csv"}) == "no.such-id {'file': 'x.csv'}"
    assert locale.render("report.shown", {"shown": "1"}) == "1 of {total} are shown."


def test_templates_name_messages_that_exist() -> None:
    known = entries("en")
    for path in (SOURCE / "outputs" / "report" / "templates").glob("*.j2"):
        for name in re.findall(r'words\("([a-z.-]+)"[,)]', path.read_text("utf-8")):
            assert f"report.{name}" in known, f"{path.name}: {name}"


def test_signals_that_cases_are_chosen_by_have_names() -> None:
    assert [one for one in SEVERITY if f"signal.{one}" not in entries("en")] == []
