"""Texts in which somebody says of themselves that they have, or had, another account."""

from __future__ import annotations

import re

from marsad.records.normalise import normalise

_ACCOUNT = "(?:account|acc|acct|profile|page|channel|handle)"
_GONE = "(?:suspended|banned|closed|deleted|removed|locked|hacked)"

SAYINGS: dict[str, tuple[str, ...]] = {
    "en": (
        "(?:my|our) (?:very own |brand )?(?:new|old|former|previous|last|other|first|second|third|"
        f"main|backup|back-up|reserve|spare|alt) {_ACCOUNT}",
        f"(?:{_GONE}|took|killed) (?:my|our|me|us)",
        f"(?:my|our) {_ACCOUNT} (?:was|is|got|has been) {_GONE}",
        "i(?:['’]m| am)? (?:back|moved)", "we(?:['’]re| are)? (?:back|moved)", "back again",
        "formerly", "previously", "used to be", "ex-?account", "backup (?:of|for)",
        "follow me (?:here|at|on)",
    ),
    "ar": (
        "حساب(?:ي|نا) ال(?:سابق|قديم|جديد|ثاني|بديل|احتياطي)",
        "(?:اغلاق|ايقاف|تعليق|حذف|حظر) حساب(?:ي|نا)",
        "عدت (?:اليكم|من جديد)", "عدنا", "رجعت لكم", "رجعنا", "تابعوني (?:هنا|من جديد|علي)",
    ),
    "de": (
        "mein(?:e|em|en)? (?:neue|alte|fruhere|zweite|andere)[rsnm]? "
        "(?:konto|account|profil|kanal|seite)",
        "bin (?:wieder (?:da|hier|zuruck)|umgezogen)",
    ),
    "es": ("(?:mi|nuestra) (?:nueva|vieja|antigua|anterior|otra|segunda) cuenta",
           "est(?:oy|amos) de vuelta"),
    "fa": ("حساب (?:جديد|قبلي|قديمي)م",),
    "fr": ("(?:mon|notre) (?:nouveau|ancien|autre|deuxieme|second) (?:compte|profil)",
           "(?:suis|sommes) de retour"),
    "id": ("akun (?:baru|lama|kedua|cadangan) (?:saya|kami|ku|gue)",),
    "pt": ("(?:minha|nossa) (?:nova|antiga|outra|segunda) conta",),
    "ru": (
        "(?:мо[йея]|наша?) (?:новый|новая|старый|старая|прежний|бывший|второй|другой|запасной) "
        "(?:аккаунт|акк|канал|профиль|страница)",
        "(?:я|мы) (?:снова|опять) (?:здесь|тут|с вами)", "(?:я|мы) вернул(?:ся|ась|ись)",
    ),
    "tr": ("(?:yeni|eski|yedek|diger) hesabi(?:m|miz)", "geri dondu[mk]"),
}  # fmt: skip
"""How it is said, by language, as `marsad.records.normalise` spells it. The list is ours, and
short: what it does not know counts as naming the other and no more."""

_SAID = re.compile(rf"\b(?:{'|'.join(one for each in SAYINGS.values() for one in each)})\b")


def says_moved(text: str) -> bool:
    """Whether a text says, in the first person, that its writer has or had another account."""
    return _SAID.search(normalise(text)) is not None
