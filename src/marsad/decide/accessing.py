"""What the desk's database holds about one person, for that person.

What concerns others is left out: who decided, whom evidence names beside them, what others wrote.
So is what they must not be told: removal orders, holds, what is kept apart, which of the cases
were copies. While an authority forbids to tell of an order its case is as if it had stood still
since then: one that goes out of sight would tell of the order, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from marsad.decide import rebuilding
from marsad.decide.appeals.kinds import KINDS as APPEALS
from marsad.decide.erasing import address_of
from marsad.decide.orders.kinds import KINDS as ORDERS
from marsad.decide.orders.receiving import ROUTE
from marsad.decide.preservation.kinds import HOLDS, RECORDS
from marsad.records.message import Message
from marsad.store import actions, cases, log, mails, orders, persons, users
from marsad.store.actions import Action
from marsad.store.cases import Case
from marsad.store.database import Database, Transaction
from marsad.store.log import Event

OTHER = "[somebody else]"
"""What stands in place of another's id."""

NOT_TOLD = frozenset({*ORDERS, *HOLDS, *RECORDS})
WITHHELD = frozenset({
    "asked_by", "by", "to", "copy_of", "copies", "route", "shown_to", "crisis", "person",
    "accepted", "labeller", "reviewer",
})  # fmt: skip
"""Fields that say who of the team did something, or how a case came to be shown to them."""

NOTHING = 0
"""No entry of a case may be told of."""

USER = "user:"
"""How somebody who logs in to the desk is named: by their login."""


class Sieve:
    """Takes others out: every id of a known platform that is not the person's own."""

    def __init__(self, own: Collection[str], platforms: Collection[str]) -> None:
        self._own = frozenset(own)
        names = "|".join(re.escape(one) for one in sorted(platforms) if one)
        self._ids = re.compile(rf"(?<![\w/.])(?:{names}):[^\s\"'<>,;]+" if names else r"(?!)")

    def __call__(self, value: Any) -> Any:
        """A value of JSON without others' ids and without what is withheld."""
        if isinstance(value, str):
            return self._ids.sub(self._one, value)
        if isinstance(value, Mapping):
            return {name: self(one) for name, one in value.items() if name not in WITHHELD}
        if isinstance(value, (list, tuple)):
            return [self(one) for one in value]
        return value

    def names_others(self, value: Any) -> bool:
        """Whether somebody else is named in a value."""
        said = json.dumps(value, default=str, ensure_ascii=False)
        return any(found[0] not in self._own for found in self._ids.finditer(said))

    def _one(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self._own else OTHER


def of_person(
    database: Database, name: str, own: Collection[str], platforms: Collection[str], at: int,
    lang: str,
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """What there is about somebody, by sections; ``own`` are the ids of their posts, which stand
    for them where nobody knew whose they are; ``at`` is the time (µs UTC) at which something may be
    forbidden to tell."""
    with database.reading() as transaction:
        known = persons.among(transaction, [name, *own])
        written = mails.told(transaction, list(known.values()), address_of(name))
        found: dict[str, list[dict[str, Any]]] = {"mails": [_mail(one, lang) for one in written]}
        if name.startswith(USER):
            found |= _user(transaction, name.removeprefix(USER))
        if not known:
            return found
        theirs = [one for person in known.values() for one in cases.of_person(transaction, person)]
        ends = {one.id: _end(transaction, one, at) for one in theirs}
        shown = [_until(transaction, one, ends[one.id]) for one in theirs
                 if one.copy_of is None and ends[one.id] != NOTHING]  # fmt: skip
        every = [one for person in known.values() for one in log.of_person(transaction, person)
                 if one.kind not in NOT_TOLD and _is_told(one, ends)]  # fmt: skip
        every.sort(key=lambda one: one.seq)
        sieve = Sieve(
            {name, *own, *_posts(every, name)}, {*platforms, *(case.platform for case, _ in shown)}
        )
        return found | {
            "cases": [_case(case) for case, _ in shown],
            "actions": [_action(one) for _, done in shown for one in done],
            "entries": [_entry(one, name, sieve) for one in every],
        }


def _end(transaction: Transaction, case: Case, at: int) -> int | None:
    """The entry from which on an authority forbids to tell of a case, for an order is about it;
    `NOTHING` where such an order opened it, None where all may be told."""
    named = orders.mentions(transaction, case.copy_of or case.id)
    secret = [one for one in named if (one.confidential_until or 0) > at]
    if secret and case.route == ROUTE and secret[0] == named[0]:
        return NOTHING
    return secret[0].seq if secret else None


def _is_told(event: Event, ends: Mapping[int, int | None]) -> bool:
    """Complaints go on, and whoever made one sees so by its code."""
    if event.kind in APPEALS:
        return True
    end = ends.get(event.case) if event.case is not None else None
    return end is None or event.seq < end


def _until(
    transaction: Transaction, case: Case, end: int | None
) -> tuple[Case, Collection[Action]]:  # fmt: skip
    """A case and its actions, as they were before an entry."""
    if end is None:
        return case, actions.of_case(transaction, case.id)
    then, done = rebuilding.before(transaction, case.id, end)
    assert then is not None  # it was opened before an order could name it
    return then, done


def _posts(events: Collection[Event], name: str) -> set[str]:
    """Their own posts among what was sealed."""
    sealed = [(one.private or {}).get("exhibits", {}).get("posts", ()) for one in events]
    return {post["id"] for posts in sealed for post in posts if post.get("account") == name}


def _case(case: Case) -> dict[str, Any]:
    names = ("kind", "subject", "platform", "state", "outcome", "policy", "opened_at", "decided_at")
    return {name: value for name, value in asdict(case).items() if name in names}


def _action(action: Action) -> dict[str, Any]:
    names = ("act", "platform", "state", "proposed_at", "requested_at", "ended_at")
    return {name: getattr(action, name) for name in names}


def _entry(event: Event, name: str, sieve: Sieve) -> dict[str, Any]:
    """An entry without who made it, and with their own posts and profile alone."""
    private = dict(event.private or {})
    shown = private.pop("exhibits", None)
    if shown:
        private["posts"] = [one for one in shown.get("posts", ()) if one.get("account") == name]
        profiles = shown.get("profiles", ())
        private["profiles"] = [one for one in profiles if one.get("account") == name]
    if "findings" in private:
        private["findings"] = [without_others(one, sieve) for one in private["findings"]]
    return {
        "at": event.at,
        "kind": event.kind,
        "data": sieve(event.data),
        "content": sieve(private),
    }


def without_others(finding: Mapping[str, Any], sieve: Sieve) -> dict[str, Any]:
    """A finding whose evidence about others is left out, and counted."""
    shown = list(finding.get("evidence") or ())
    kept = [one for one in shown if not sieve.names_others(one)]
    return {**sieve(finding), "evidence": sieve(kept), "left_out": len(shown) - len(kept)}


def _mail(mail: mails.Told, lang: str) -> dict[str, Any]:
    said = {part: Message(f"mail.{mail.message}.{part}", dict(mail.values)).render(lang)
            for part in ("subject", "text")}  # fmt: skip
    return {"to": mail.recipient, "at": mail.at, **said}


# ── somebody who logs in to the desk


def _user(transaction: Transaction, name: str) -> dict[str, list[dict[str, Any]]]:
    user = users.by_name(transaction, name)
    if user is None:
        return {}
    about = {
        "name": user.name, "pseudonym": user.id, "roles": sorted(user.roles),
        "reads": sorted(user.reads), "language": user.lang, "made_at": user.made_at,
        "second_factor": user.second_factor is not None, "disabled": user.disabled,
    }  # fmt: skip
    tokens = [
        {"label": one.label, "scopes": sorted(one.scopes), "made_at": one.made_at,
         "runs_out_at": one.runs_out_at}
        for one in users.tokens_of(transaction, user.id)
    ]  # fmt: skip
    made = [
        {"at": said["at"], "kind": said["kind"]}
        for said in (json.loads(body) for _, _, body, _ in log.entries(transaction))
        if said["actor"] == user.id
    ]
    return {"user": [about], "tokens": tokens, "done": made}
