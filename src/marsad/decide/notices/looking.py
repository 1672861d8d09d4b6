"""Looking at what was reported where it is, when the records do not have it.

A decision against somebody names an item that its reviewer has opened. Of what nobody has imported
there is none; so whoever has looked at it at its address quotes what it says. That is sealed into
the case as any exhibit is, in its language, for whoever decides next.
"""

from __future__ import annotations

from marsad.decide import opening
from marsad.decide.dossier import Dossier
from marsad.decide.exhibits import Exhibits, Post
from marsad.decide.items import WORDLESS, content_of
from marsad.decide.places import Places
from marsad.decide.roles import Reviewer
from marsad.records.errors import InputError
from marsad.store.cases import Case
from marsad.store.database import Transaction

LONGEST = 5_000


def possible(found: Dossier) -> bool:
    """Whether a case has nothing of its own to be looked at, so that somebody may quote it."""
    return found.case.kind != "community" and found.case.subject is not None and not found.own_posts


def quote(
    transaction: Transaction, reviewer: Reviewer, found: Dossier, places: Places, *,
    address: str, text: str, language: str, at: int,
) -> tuple[Case, Post]:  # fmt: skip
    """Seals what a reviewer read at an address into a case: of an account, a post of theirs. Raises
    `InputError` where there is something to look at already, for a language that they do not read,
    and where the address is not one of that account."""
    case = found.case
    if not possible(found):
        raise InputError("notice.has-exhibits", case=case.id)
    if language not in (*reviewer.languages, WORDLESS):
        raise InputError("decide.language", given=language[:20], valid=sorted(reviewer.languages))
    if not text.strip() or len(text) > LONGEST:
        raise InputError("notice.quote", high=LONGEST)
    subject = str(case.subject)
    post = Post(_item(case, places, address), found.account or subject, text.strip(), language,
                content=content_of(text))  # fmt: skip
    changed = opening.show(transaction, case, Exhibits((post,)), at, reviewer.id)
    return changed, post


def _item(case: Case, places: Places, address: str) -> str:
    if case.kind != "account":
        return str(case.subject)
    place = places.find(address)
    if place is None or place.kind != "post" or place.account not in (None, case.subject):
        raise InputError("notice.not-their-post", valid=str(case.subject))
    return place.subject
