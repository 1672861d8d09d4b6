"""Whom somebody of the team means by a name: the one spelling under which the log knows them."""

from __future__ import annotations

from marsad.records import ids, mail_addresses
from marsad.records.errors import InputError
from marsad.records.platforms import PARTIES

LONGEST = 500


def named(name: str) -> str:
    """A name as the log has it. Raises `InputError` for what is no id of an account or a person."""
    first, mark, rest = name.strip().partition(ids.SEPARATOR)
    if not (first and mark and rest) or len(name) > LONGEST or not name.isprintable():
        raise InputError("hold.name", given=name[:200])
    return spelled(name)


def spelled(name: str) -> str:
    """The same of what may be anything: ``Reporter:Ann@Mail.Example`` is
    ``reporter:ann@mail.example``, as `marsad.decide.notices` names who gave that address. What
    platforms call their accounts is left as it is."""
    first, mark, rest = name.strip().partition(ids.SEPARATOR)
    if first.lower() not in PARTIES:
        return name.strip()
    return f"{first.lower()}{mark}{mail_addresses.normal(rest) or rest.strip()}"
