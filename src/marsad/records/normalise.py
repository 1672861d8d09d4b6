"""One spelling for texts that read the same: what evades the eye must not evade a comparison.

`normalise` is applied alike to a post and to whatever it is compared with. In this order:

1. Characters. NFKC (presentation forms, ligatures, full-width and mathematical letters), full case
   folding, ASCII digits for those of every script, a space for every white space. Gone are marks
   (vowel signs, Quranic signs, Hebrew points, combining accents), tatweel, and what has no width
   (joiners, bidi controls, variation selectors, soft hyphen, control characters, NUL). A lone
   surrogate becomes U+FFFD.
2. Look-alikes. A word that mixes Latin with Cyrillic or Greek letters is rewritten in the one
   script in which all its letters can be read. Words of one script are never touched.
3. White space: one space between words, none at the ends.
4. Digits that pose as letters, one or two of them between Latin letters: ``m4rk3r``, ``b00k``.
5. Stretched letters: a run of more than three becomes three. Two and three are kept apart, because
   ``good`` is not ``god``; who compares lets a run of three stand for one or two of the letter.

Arabic: a hamza or madda on a carrier is a mark like any other, so أ إ آ ؤ ئ are ا و ي. Alef wasla
is ا, alef maqsura and Farsi yeh are ي, ta marbuta is ه, keheh is ك, the Urdu and Kurdish forms of
heh are ه, Maghrebi feh and qaf are ف and ق. The bare hamza stays (ماء is not ما), and so do letters
that tell words apart: پ چ ژ گ ڤ, bari yeh ے, noon ghunna ں. Two costs are accepted: Urdu ھ and ہ
fall together; and the superscript alef goes, so العٰلمين is العلمين, which is now spelt العالمين.

Latin letters lose their accents, Greek its tonos, Russian ё its dots; й, ї, ў and the like are
letters of their own and stay, as do the vowel signs of Indic scripts. A word written wholly in
another script's look-alikes cannot be told from a word of that script, and is not folded.

`normalise` is idempotent, and no string makes it fail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

# Letters that neither compatibility forms nor the loss of their marks bring together. Strokes and
# small capitals are what "fancy letter" keyboards offer.
_FORMS = (
    "اٱٲٳ يىی هةہھەۃ كکڪ فڡڢ قٯڧ еёѐ иѝ "
    "aᴀɑ bʙƀ cᴄ dᴅđð eᴇ fꜰ gɢɡ hʜħ iɪıɨ jᴊ kᴋ lʟł mᴍ nɴ oᴏø pᴘ rʀ sꜱ tᴛŧ uᴜ vᴠ wᴡ yʏ zᴢ"
)
_LETTER = {form: forms[0] for forms in _FORMS.split() for form in forms[1:]}
# White letters on black circles and squares, A to Z twice; NFKC knows the black on white ones.
_LETTER |= {chr(first + n): chr(97 + n) for first in (0x1F150, 0x1F170) for n in range(26)}

# Marks and signs that do not tell one word from another: combining accents; Cyrillic, Hebrew and
# Arabic points; Quranic signs, the small letters and ornaments among them; enclosing marks;
# variation selectors. Then what only fills: tatweel, high hamza, Hangul and Khmer fillers.
_MARK = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0898-\u089f\u08ca-\u08ff"
    "\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U00010efd-\U00010eff\U000e0100-\U000e01ef"
    "\u0640\u0674\u115f\u1160\u17b4\u17b5]"
)
_BLANKS = "\u2800"  # braille without dots: a blank that Unicode calls a symbol


class _Folds(dict[int, str]):
    """Code point → what is left of it. Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        folded = self._fold(char, category)
        if category not in ("Cn", "Co"):  # a million unassigned ones must not fill the memory
            self[code] = folded
        return folded

    def _fold(self, char: str, category: str) -> str:
        if category == "Cs":
            return "\ufffd"
        if char.isspace() or char in _BLANKS:
            return " "
        if category in ("Cc", "Cf") or _MARK.match(char):
            return ""
        if category == "Nd":
            return str(unicodedata.decimal(char))
        bare = _LETTER.get(char) or _without_marks(char)
        return char if bare == char else bare.translate(self)


def _without_marks(char: str) -> str:
    """A character in full case folding, without its marks; Cyrillic letters keep theirs."""
    letters = unicodedata.normalize("NFKD", char)
    if not "\u0400" <= letters[0] <= "\u052f":
        letters = _MARK.sub("", letters)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", letters).casefold())


_FOLDS = _Folds()
_ASCII_GONE = bytes(code for code in range(128) if not _FOLDS[code])
_ASCII = bytes(ord(_FOLDS[code] or " ") for code in range(128)) + bytes(128)

# Letters that look alike, in pairs. Case is lost by now, so capitals count: н is here as Н is H.
# Where the two cases resemble different letters the small one decides (ν is v). The last line is
# one-way: these have no place in the alphabets most widely written, so an s proves a word Latin.
_CYRILLIC = str.maketrans("abcehijkmoptxy", "авсеніјкмортху")
_GREEK = str.maketrans("abeikmnoptuvwxyz", "αβεικμηορτυνωχγζ")
_LATIN = {there: here for pairs in (_CYRILLIC, _GREEK) for here, there in pairs.items()}
_LATIN |= str.maketrans("ѕһԁӏԛԝѵ", "shdlqwv")
# Latin letters lose their accents, so what looks like an accented one is that letter without: ќ, ї.
_LATIN |= {
    code: _LATIN[ord(bare)]
    for code in range(0x400, 0x530)
    if (bare := unicodedata.normalize("NFD", chr(code))[0]) != chr(code) and ord(bare) in _LATIN
}
_SCRIPTS = (
    (re.compile("[a-z\u00df-\u024f]"), _LATIN),
    (re.compile("[\u0400-\u052f]"), _CYRILLIC),
    (re.compile("[\u0370-\u03ff]"), _GREEK),
)

_MIXED = re.compile("[\u0370-\u052f](?:(?<=[a-z].)|(?<=[a-z][0-9].)|(?=[0-9]?[a-z]))")
_WORD = re.compile(r"[^\W_]+")

_DIGITS = str.maketrans("013457", "oieast")
_POSING = re.compile("[013457](?<=[a-z].)[013457]?(?=[a-z])")
_SPACES = re.compile("^ +|(?<= ) +| +$")
_STRETCHED = re.compile("([a-z\u0080-\U0010ffff])\\1\\1(\\1+)")

# Putting marks into canonical order takes time that grows with the square of how many stand
# together: 80,000 on one letter take seconds. In long texts a run of signs beyond ASCII is cut to
# 30, the limit of the Stream-Safe Text Format (UAX #15, section 13).
_LONG = 1000
_FLOOD = re.compile(r"[^\w\s\x00-\x7f](?<=[^\w\s\x00-\x7f]{31})")
_COMPOSING = re.compile("[\u1160-\u11ff\U00016d63-\U00016d6a]")


def normalise(text: str) -> str:
    """The one spelling of a text; see above for what is folded."""
    if text.isascii():
        folded = text.encode().translate(_ASCII, _ASCII_GONE).decode()
    else:
        folded = _unmask(_fold(text))
    return _STRETCHED.sub(r"\1\1\1", _read_digits(" ".join(folded.split())))


def normalise_all(texts: Iterable[str | None]) -> list[str | None]:
    """`normalise` of each text; None stays None."""
    return [None if text is None else normalise(text) for text in texts]


def normalise_with_map(text: str) -> tuple[str, list[int]]:
    """`normalise`, and for each character of it the index in ``text`` it came from.

    The list is one longer than the normalised text: its last number is where, in ``text``, the last
    character's origin ends. Indices never fall. Several characters of one origin (``ß`` → ``ss``)
    share its index; an index that is skipped belongs to what was folded away. Some fifty times
    slower than `normalise`: for texts of which a span is to be shown.
    """
    normalised = normalise(text)
    if text.isascii() and len(normalised) == len(text):
        return normalised, list(range(len(text) + 1))
    folded, origin = _fold_with_map(text)
    origin[-1] = len(text.rstrip())
    folded, origin = _cut(_SPACES, _unmask(folded), origin)
    return _cut(_STRETCHED, _read_digits(folded), origin)


def _fold(text: str) -> str:
    """Step 1, repeated where what is left composes anew: kana and jamo around a lost character."""
    while True:
        folded = unicodedata.normalize("NFKC", _calm(text)).translate(_FOLDS)
        if _settled(folded):
            return folded
        text = folded


def _calm(text: str) -> str:
    return _FLOOD.sub("", text) if len(text) > _LONG else text


def _settled(text: str) -> bool:
    return _calm(text) == text and unicodedata.is_normalized("NFKC", text)


def _unmask(text: str) -> str:
    """Step 2: look-alikes in the words that mix scripts. Keeps the length."""
    return _WORD.sub(_in_one_script, text) if _MIXED.search(text) else text


def _in_one_script(match: re.Match[str]) -> str:
    """The word in a script it can wholly be read in: that of most of its letters, else Latin."""
    word = match[0]
    if not _MIXED.search(word):
        return word
    readings = {
        word.translate(table): len(own.findall(word))
        for own, table in _SCRIPTS
        if sum(bool(script.search(word.translate(table))) for script, _ in _SCRIPTS) == 1
    }
    return max(readings, key=readings.__getitem__, default=word)


def _read_digits(text: str) -> str:
    """Step 4: digits that pose as Latin letters. Keeps the length."""
    return _POSING.sub(lambda match: match[0].translate(_DIGITS), text)


def _fold_with_map(text: str) -> tuple[str, list[int]]:
    """`_fold`, cluster by cluster, and the index in ``text`` of each character's origin."""
    origin = list(range(len(text) + 1))
    while True:
        if len(text) > _LONG:
            text, origin = _cut(_FLOOD, text, origin)
        starts, parts = _folded_clusters(text)
        text = "".join(parts)
        origin = [
            origin[at] for at, part in zip(starts, parts, strict=True) for _ in part
        ] + origin[-1:]
        if _settled(text):
            return text, origin


def _folded_clusters(text: str) -> tuple[Sequence[int], list[str]]:
    """Where the pieces start that NFKC treats apart, and what is left of each when it is folded."""
    if unicodedata.is_normalized("NFKC", text):
        return range(len(text)), [_FOLDS[ord(char)] for char in text]
    starts = [at for at, char in enumerate(text) if at == 0 or not _joins(char)]
    clusters = (text[start:end] for start, end in pairwise([*starts, len(text)]))
    return starts, [unicodedata.normalize("NFKC", part).translate(_FOLDS) for part in clusters]


def _joins(char: str) -> bool:
    """Whether a character may compose with the one before it, or change places with it."""
    first = unicodedata.normalize("NFKD", char)[0]
    # Beside marks, the medial and final jamo and (Unicode 16) vowel letters of Kirat Rai do.
    return unicodedata.category(first)[0] == "M" or bool(_COMPOSING.match(first))


def _cut(pattern: re.Pattern[str], text: str, origin: list[int]) -> tuple[str, list[int]]:
    """Text and map without what the pattern's last group (without groups: the pattern) matches."""
    kept: list[str] = []
    kept_origin: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        start, end = match.span(pattern.groups)
        kept.append(text[at:start])
        kept_origin += origin[at:start]
        at = end
    return "".join([*kept, text[at:]]), kept_origin + origin[at:]
