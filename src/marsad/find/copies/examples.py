"""What `copies` must find, and what it must leave alone, in Arabic and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.banks import Bank, Entry
from marsad.find.signal import Example

EN = "The heron carries blue pebbles across the quiet lake before the morning bell rings twice"
AR = "يحمل مالك الحزين حصى أزرق عبر البحيرة الهادئة قبل أن يدق جرس الصباح مرتين"
AR_CHANGED = "يَحمِلُ مالكُ الحزينِ حصًى أزرقَ عبرَ البحيرةِ الهـــادئة قبلَ أن يدق جرسُ الصباح مرات!!"
HOUR = 3_600_000_000
START = 1_433_116_800_000_000


def _post(number: int, account: str, text: str, **more: Any) -> Mapping[str, Any]:
    return {
        "id": f"x:{number}",
        "account": f"x:@{account}",
        "created_at": START + number * HOUR,
        "text": text,
        **more,
    }


def _texts(name: str, *values: str, negative: bool = False) -> Bank:
    return Bank(name, "texts", tuple(Entry(value) for value in values), negative=negative)


EXAMPLES = (
    Example(
        "Copies by other accounts, with another link, another address and one word changed.",
        [
            _post(1, "ines", f"{EN} https://short.example/a1"),
            _post(2, "omar", f"@friend {EN.upper()}!!! https://short.example/b2"),
            _post(3, "lena", EN.replace("quiet", "frozen")),
            _post(4, "sara", "A post about the price of onions in the market near the old bridge"),
        ],
        frozenset({"x:1", "x:2", "x:3"}),
    ),
    Example(
        "Copies in Arabic, written with vowel signs, tatweel and other signs.",
        [
            _post(1, "ines", AR),
            _post(2, "omar", AR_CHANGED),
            _post(3, "sara", "سعر البصل في السوق القريبة من الجسر القديم ارتفع قليلا هذا الأسبوع"),
        ],
        frozenset({"x:1", "x:2"}),
    ),
    Example(
        "Greetings and short wishes are everybody's words.",
        [
            _post(1, "ines", "Good morning everyone, have a great day!"),
            _post(2, "omar", "good morning everyone have a great day"),
            _post(3, "lena", "السلام عليكم ورحمة الله وبركاته"),
            _post(4, "sara", "السلام عليكم ورحمة الله وبركاته 🌹"),
        ],
        frozenset(),
    ),
    Example(
        "Reposts name their source, and an account may repeat itself.",
        [
            _post(1, "ines", EN),
            _post(2, "omar", EN, kind="repost", repost_of="x:1"),
            _post(3, "lena", f"RT @ines: {EN}"),
            _post(4, "ines", f"{EN}!"),
        ],
        frozenset(),
    ),
    Example(
        "Different posts about the same link, or with half of the words in common, are no copies.",
        [
            _post(1, "ines", "What a calm picture of the lake, look https://news.example/story"),
            _post(2, "omar", "I do not believe one line of this here https://news.example/story"),
            _post(3, "lena", EN),
            _post(4, "sara", f"{EN[:44]} and then we all went home to sleep until the afternoon"),
        ],
        frozenset(),
    ),
    Example(
        "A near copy of a text in a bank, by one account alone.",
        [
            _post(1, "ines", f"look at this: {AR}"),
            _post(2, "omar", EN.replace("bell rings twice", "bell rings three times")),
            _post(3, "sara", "A post about the price of onions in the market near the old bridge"),
        ],
        frozenset({"x:1", "x:2"}),
        banks=(_texts("demo-texts", AR, EN),),
    ),
    Example(
        "What a negative bank holds matches nothing, in no bank and not within the data.",
        [_post(1, "ines", EN), _post(2, "omar", f"{EN} 🙂"), _post(3, "lena", AR)],
        frozenset({"x:3"}),
        banks=(_texts("demo-texts", AR, EN), _texts("well-known", EN, negative=True)),
    ),
)
