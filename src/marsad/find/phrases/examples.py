"""Cases the phrases signal must get right, with neutral marker words."""

from __future__ import annotations

from marsad.banks import Bank, Entry
from marsad.find.signal import Example


def _bank(*values: str, negative: bool = False, match: str = "words") -> Bank:
    entries = tuple(Entry(value, options={"match": match}) for value in values)
    return Bank("never" if negative else "markers", "phrases", entries, negative=negative)


def _post(name: str, text: str) -> dict[str, str]:
    return {"id": f"example:{name}", "text": text}


_MARKERS = _bank("نخلة الرماد", "amber lantern")

EXAMPLES = (
    Example(
        "A phrase stands in a text as whole words, in Arabic and in English.",
        [
            _post("1", "اجتمعنا عند نخلة الرماد مساء اليوم"),
            _post("2", "Follow the Amber Lantern tonight"),
            _post("3", "An amber light and a lantern"),
            _post("4", "نخلة في الحديقة"),
        ],
        frozenset({"example:1", "example:2"}),
        [_MARKERS],
    ),
    Example(
        "Spelling does not hide it: tatweel, diacritics, letter forms, zero-width characters, "
        "look-alikes and full-width letters.",
        [
            _post("5", "نخـــلة الرماد"),
            _post("6", "نَخْلَةُ الرَّمَادِ"),
            _post("7", "نخله الرماد"),
            _post("8", "am\u200bber lan\u200dtern"),
            _post("9", "аmber lаntеrn"),
            _post("10", "ａｍｂｅｒ　ｌａｎｔｅｒｎ"),
        ],
        frozenset(f"example:{number}" for number in range(5, 11)),
        [_MARKERS],
    ),
    Example(
        "Part of a longer word is another word.",
        [_post("11", "the lantern, chamber lanterns"), _post("12", "amber lanterns everywhere")],
        frozenset(),
        [_MARKERS],
    ),
    Example(
        "A negative bank wins where its phrase holds the listed one.",
        [
            _post("13", "opening night of The Amber Lantern Café"),
            _post("14", "the amber lantern is lit"),
        ],
        frozenset({"example:14"}),
        [_MARKERS, _bank("amber lantern café", negative=True)],
    ),
    Example(
        "An entry can ask for a part of a word, or for attached particles.",
        [_post("15", "#amberlanterns"), _post("16", "والرماد يملأ المكان")],
        frozenset({"example:15", "example:16"}),
        [
            _bank("amberlantern", match="substring"),
            Bank("particles", "phrases", (Entry("الرماد", options={"match": "proclitics"}),)),
        ],
    ),
)
