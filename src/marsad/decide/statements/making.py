"""A statement of reasons out of a decision: the record for the public, the text for the person.

Neither holds what a reviewer wrote: both are made of the policy, the outcome and how the case came
to be seen. A decision that rests on an order yields no statement (Article 17(5) of Regulation (EU)
2022/2065) but a text for the uploader, and nothing at all while nobody may be told of the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from babel import Locale

from marsad.decide import blind, codes, dossier
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.dossier import Dossier
from marsad.decide.exhibits import Post
from marsad.decide.operator import Operator
from marsad.decide.orders.states import RUNNING
from marsad.decide.outcomes import ACTING, NEEDS_SECOND
from marsad.decide.statements import mapping, people
from marsad.decide.statements.mapping import Ground, Source
from marsad.decide.statements.personal import Found, Known, find
from marsad.decide.statements.record import LONGEST, TERRITORY, Fault, Record, faults
from marsad.decide.statements.settings import StatementSettings
from marsad.locale import LANGUAGES, isolated
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.policy import Policy
from marsad.records.times import DAY, MINUTE, to_datetime
from marsad.store import log, notices, orders, statements
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.orders import OrderOfCase
from marsad.store.statements import Statement, Undone

RESTRICTED, LIFTED, ORDERED = "restricted", "lifted", "ordered"
"""What a statement says: of a restriction, that one was taken back, of an order: that it was obeyed
or holds no longer."""

RECORD_LANGUAGE = "en"

NOT_FOLLOWED = frozenset({"refused", "impossible", "infringing", "withdrawn", "reinstated"})
"""States of an order that nobody acts on."""

UNTIL_CARRIED_OUT = 10 * MINUTE
"""How long a decision waits to be told while an order is about its case that nobody has carried out
by then: it may rest on that, or not."""

_BETWEEN = "; "


@dataclass(frozen=True)
class Draft:
    """A statement before it is stored. ``record`` is None where the public is told nothing,
    ``code`` where nothing can be appealed; ``until`` (µs UTC) is until when it can. ``found`` are
    the personal data in the record, ``faults`` what the database would refuse it for."""

    step: str
    lang: str
    text: str
    puid: str
    record: Record | None = None
    code: str | None = None
    until: int | None = None
    found: Sequence[Found] = ()
    faults: Sequence[Fault] = ()

    @property
    def held(self) -> bool:
        """Whether somebody has to look at it before it may be sent."""
        return bool(self.found or self.faults)


@dataclass(frozen=True)
class Later:
    """Nobody may be told before ``at`` (µs UTC)."""

    at: int


@dataclass(frozen=True)
class Maker:
    """Makes statements; ``policy_of`` is a policy by its reference, None for one that is gone."""

    settings: StatementSettings
    appeals: AppealSettings
    operator: Operator
    policy_of: Callable[[str], Policy | None]

    def draft(
        self, transaction: Transaction, case: Case, verdict: Undone, now: int
    ) -> Draft | Later | None:
        """What is to be said of a decision, or of what took one back; None: nothing is."""
        if case.subject is None or case.copy_of is not None:
            return None
        shown = dossier.of(transaction, case)
        if verdict.step == statements.LIFTED:
            return self._order_lifted(transaction, shown, verdict, now)
        if verdict.step == "overturned" or verdict.outcome not in ACTING:
            return self._lifted(transaction, shown, verdict)
        found = orders_of(transaction, case.id, verdict.at)
        if case.route == blind.ORDER and (until := _secret(transaction, case.id)) > now:
            return Later(until)  # how it came to be seen may not be told either
        if (until := max((one.confidential_until or 0 for one in found), default=0)) > now:
            return Later(until)
        carried_out = {one.order_id for one in orders.standing_in(transaction, case.id)}
        resting = [one for one in found if one.order in carried_out]
        if resting:
            return self._ordered(transaction, shown, verdict, resting[0])
        if any(one.state in RUNNING and now < one.received_at + DAY for one in found):
            return Later(now + UNTIL_CARRIED_OUT)
        if (
            verdict.step == statements.EXECUTED
        ):  # an order that no longer holds has left nothing to tell of
            return None
        return self._restricted(transaction, shown, verdict, now)

    def record(self, transaction: Transaction, shown: Dossier, verdict: Undone) -> Record | None:
        """The record of a decision as the settings and policies are now; None where the way the
        case came to be seen is none that the public is told of."""
        case = shown.case
        earlier = [one for one in notices.of_case(transaction, case.id)
                   if one.received_at <= verdict.at]  # fmt: skip
        source = mapping.source(case.route, {one.channel for one in earlier})
        if source is None:
            return None
        ground = mapping.ground(verdict.outcome, self.policy_of(verdict.policy))
        item = _item_of(shown, verdict.seq)
        restriction = mapping.RESTRICTIONS[verdict.outcome, case.kind]
        listed = restriction.field == mapping.VISIBILITY
        return {
            restriction.field: [restriction.value] if listed else restriction.value,
            **self._on(ground, verdict),
            **mapping.content_types(case.kind, bool(item and item.text.strip()), _media(item)),
            "category": ground.category,
            "category_specification": list(ground.keywords),
            "territorial_scope": list(self.settings.territory),
            **_language(item),
            "content_date": _day(min(_published(shown, item), verdict.at)),
            "application_date": _day(verdict.at),
            "decision_facts": self._facts(shown, source, verdict),
            "source_type": source.source_type,
            "automated_detection": source.automated_detection,
            "automated_decision": mapping.BY_PEOPLE,
            "puid": puid_of(transaction, verdict.seq),
        }

    def _on(self, ground: Ground, verdict: Undone) -> Mapping[str, Any]:
        """The fields for what it rests on; none where the policy is no ground: then it is held."""
        policy = self.policy_of(verdict.policy)
        if ground.kind is None or policy is None:
            return {}
        reason = _sentence(f"why.{'return' if verdict.outcome == 'return' else ground.kind}")
        said = {"decision_ground": f"DECISION_GROUND_{ground.kind.upper()}_CONTENT"}
        if ground.kind == mapping.ILLEGAL:
            return said | {"illegal_content_legal_ground": legal_ground(policy),
                           "illegal_content_explanation": reason}  # fmt: skip
        said |= {"incompatible_content_ground": contractual_ground(policy)}
        return said | {"incompatible_content_explanation": reason} | _reference(policy)

    def _facts(self, shown: Dossier, source: Source, verdict: Undone) -> str:
        seen = _sentence(f"seen.{_seen(shown.case, source)}", signals=_signals(shown))
        people = "two" if verdict.outcome in NEEDS_SECOND else "one"
        return f"{seen} {_sentence(f'looked.{people}')}"

    def _restricted(
        self, transaction: Transaction, shown: Dossier, verdict: Undone, now: int
    ) -> Draft | None:  # fmt: skip
        record = self.record(transaction, shown, verdict)
        if record is None:
            return None
        lang, code = self._lang(shown, verdict), codes.new()
        until = self.appeals.until(max(verdict.at, now))  # from when they are told
        instead = self._instead(transaction, verdict)
        text = self._text(shown, verdict, record, lang, code, until, instead)
        return Draft(
            RESTRICTED, lang, text, record["puid"], record, code, until,
            find(record, people.of_dossier(shown)), faults(record),
        )  # fmt: skip

    def _lifted(
        self, transaction: Transaction, shown: Dossier, verdict: Undone
    ) -> Draft | None:  # fmt: skip
        """Only who was told of a restriction is told that it is over; where a milder one has taken
        its place in the same moment, that one's statement says so."""
        former = _former(transaction, verdict)
        last = statements.last_verdict(transaction, shown.case.id)
        replaced = (last is not None and last.seq > verdict.seq and last.at == verdict.at
                    and last.outcome in ACTING)  # fmt: skip
        if former is None or former.step == LIFTED or replaced:
            return None
        decided = statements.verdict(transaction, former.decision)
        values = {"date": _day(verdict.at), "former": _day(decided.at if decided else verdict.at)}
        puid = puid_of(transaction, verdict.seq)
        text = self._paragraphs(shown, former.lang, ("lifted", values), *self._contact())
        return Draft(LIFTED, former.lang, text, puid)

    def _ordered(
        self, transaction: Transaction, shown: Dossier, verdict: Undone, order: OrderOfCase
    ) -> Draft:
        lang = self._lang(shown, verdict)
        did: tuple[str, Mapping[str, Any]] = (f"did.{shown.case.kind}.{verdict.outcome}", {})
        text = self._paragraphs(
            shown, lang, ("title-order", {}), did, ("ordered", {"date": _day(verdict.at)}),
            *(("scrutiny", {}) for _ in range(order.cross_border)), ("challenge", {}),
            *self._contact(),
        )  # fmt: skip
        return Draft(ORDERED, lang, text, puid_of(transaction, verdict.seq))

    def _order_lifted(
        self, transaction: Transaction, shown: Dossier, verdict: Undone, now: int
    ) -> Draft | None:  # fmt: skip
        """Only who was told of an order is told that it holds no longer, and only where no other
        keeps done what it asked for. Where the desk has decided so itself meanwhile, the reasons
        are stated from now on."""
        case_id, former = shown.case.id, _former(transaction, verdict)
        told = statements.verdict(transaction, former.decision) if former else None
        if former is None or former.step != ORDERED or told is None or told.step == verdict.step:
            return None
        if order_of(transaction, case_id, verdict.at) is not None:
            return None
        last = statements.last_verdict(transaction, case_id)
        if last is not None and last.seq > verdict.seq:
            return None  # what was decided since speaks for itself
        puid = puid_of(transaction, verdict.seq)
        if last is not None and last.step == "decided" and last.outcome in ACTING:
            said = statements.of_decision(transaction, last.seq)
            stated = said is not None and said.step == RESTRICTED
            ours = None if stated else self._restricted(transaction, shown, last, now)
            record = {**ours.record, "puid": puid} if ours and ours.record else None
            return replace(ours, puid=puid, record=record) if ours else None
        values = {"date": _day(verdict.at), "former": _day(told.at)}
        lifted = log.event(transaction, verdict.seq).data["order"]
        known = orders.of_case(transaction, case_id)
        mistaken = any(one.order == lifted and not one.joined for one in known)
        why = "order-mistaken" if mistaken else "order-lifted"
        text = self._paragraphs(
            shown, former.lang, ("title-order", {}), (why, values), *self._contact()
        )
        return Draft(ORDERED, former.lang, text, puid)

    def _instead(
        self, transaction: Transaction, verdict: Undone
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """Which decision this one takes the place of, of those that the person was told of."""
        former = _former(transaction, verdict)
        decided = statements.verdict(transaction, former.decision) if former else None
        if former is None or former.step != RESTRICTED or decided is None:
            return []
        return [("instead", {"former": _day(decided.at)})]

    def _text(
        self, shown: Dossier, verdict: Undone, record: Record, lang: str, code: str, until: int,
        instead: Iterable[tuple[str, Mapping[str, Any]]],
    ) -> str:  # fmt: skip
        source = Source(record["source_type"], record["automated_detection"])
        ground = mapping.ground(verdict.outcome, self.policy_of(verdict.policy))
        address = isolated(self.appeals.address, lang)
        appeal = {"until": _day(until - 1), "code": isolated(code, lang), "address": address}
        return self._paragraphs(
            shown, lang, ("title", {}), (f"did.{shown.case.kind}.{verdict.outcome}", {}),
            *instead, self._extent(verdict, lang),
            (f"seen.{_seen(shown.case, source)}", {"signals": _signals(shown)}),
            (f"people.{'two' if verdict.outcome in NEEDS_SECOND else 'one'}", {}),
            *self._ground_said(ground, verdict),
            ("appeal" if self.appeals.address else "appeal-by-code", appeal),
            ("redress", {}), *self._contact(),
        )  # fmt: skip

    def _extent(self, verdict: Undone, lang: str) -> tuple[str, Mapping[str, Any]]:
        """From when and where it holds, as the record has it."""
        date, where = _day(verdict.at), self.settings.territory
        if where == TERRITORY:
            return "extent", {"date": date}
        names = Locale(lang).territories
        return "extent-in", {"date": date, "countries": [names[one] for one in where]}

    def _ground_said(
        self, ground: Ground, verdict: Undone
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        policy = self.policy_of(verdict.policy)
        if policy is None or ground.kind is None:
            return [("ground.policy", {"ground": verdict.policy})]
        of = legal_ground if ground.kind == mapping.ILLEGAL else contractual_ground
        why = "return" if verdict.outcome == "return" else ground.kind
        return [(f"ground.{ground.kind}", {"ground": of(policy)}), (f"why.{why}", {})]

    def _contact(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        if not self.operator.set_up:
            return []
        return [("contact", {"name": self.operator.name, "email": self.operator.email})]

    def _paragraphs(self, shown: Dossier, lang: str, *said: tuple[str, Mapping[str, Any]]) -> str:
        subject = isolated(shown.case.subject or "", lang)
        texts = (
            Message(f"statement.text.{id}", {"subject": subject, **values}).render(lang)
            for id, values in said
        )
        return "\n\n".join(texts)

    def _lang(self, shown: Dossier, verdict: Undone) -> str:
        """The language of what was decided about, else that of the account's other posts, else what
        is set: of those that Marsad writes."""
        item = _item_of(shown, verdict.seq)
        known = [*([item] if item else []), *shown.own_posts]
        found = (one.language for one in known if one.language in LANGUAGES)
        return next(found, self.settings.language)


def _former(transaction: Transaction, verdict: Undone) -> Statement | None:
    """The last that was said in the case before a decision."""
    said = statements.of_case(transaction, verdict.case_id)
    return next((one for one in said if one.decision < verdict.seq), None)


def _secret(transaction: Transaction, case_id: int) -> int:
    """Until when nobody may be told of some order that a case is about, followed or not."""
    known = (one.confidential_until or 0 for one in orders.of_case(transaction, case_id))
    return max(known, default=0)


def order_of(transaction: Transaction, case_id: int, decided_at: int) -> orders.OrderOfCase | None:
    """The order that a decision of a time (µs UTC) may rest on: the one that may be told last."""
    found = orders_of(transaction, case_id, decided_at)
    return max(found, key=lambda one: one.confidential_until or 0, default=None)


def orders_of(
    transaction: Transaction, case_id: int, decided_at: int
) -> list[orders.OrderOfCase]:  # fmt: skip
    """The orders that are about a case and had come by a time (µs UTC), of those that are followed.
    Nothing rests on one that nobody has carried out."""
    return [one for one in orders.of_case(transaction, case_id)
            if one.joined and one.received_at <= decided_at
            and one.state not in NOT_FOLLOWED]  # fmt: skip


def puid_of(transaction: Transaction, decision: int) -> str:
    """What the transparency database knows a decision as: made of the hash of its entry, so that it
    is always the same, tells nothing, and has no digits that could be a number of somebody. Raises
    `InputError` for a decision that the log does not have."""
    sealed = log.hash_at(transaction, decision)
    if sealed is None:
        raise InputError("statements.no-entry", entry=decision)
    letters = (f"{chr(97 + (byte >> 4))}{chr(97 + (byte & 15))}" for byte in sealed[:16])
    return f"marsad-{''.join(letters)}"


def legal_ground(policy: Policy) -> str:
    """The law and the lists that a policy rests on."""
    return _joined(
        f"{one['legal_basis']} ({one['list']}, {one['date']})"
        for one in policy.grounds["designations"]
    )


def contractual_ground(policy: Policy) -> str:
    """The published rules that a policy rests on; where they stand is a field of its own."""
    return _joined(
        f"{one['title']} ({one['id']}, {one['date']})" for one in policy.grounds["rules"]
    )


def _reference(policy: Policy) -> dict[str, str]:
    """Where the first rule is published, where that is an address."""
    published = [str(one["published"]) for one in policy.grounds["rules"]]
    addresses = [one for one in published if one.startswith(("https://", "http://"))]
    return {"decision_ground_reference_url": addresses[0]} if addresses else {}


def check(record: Record, known: Known, let: Iterable[Fault] = ()) -> Sequence[Fault]:
    """All that keeps a record from being sent."""
    personal = [one.fault for one in find(record, known, frozenset(let))]
    return sorted({*personal, *faults(record)})


def _joined(parts: Iterable[str]) -> str:
    """As many as the field can hold; the first in any case."""
    most = LONGEST["illegal_content_legal_ground"]
    return reduce(
        lambda said, one: said if len(said) + len(_BETWEEN + one) > most else said + _BETWEEN + one,
        parts,
    )


def _sentence(id: str, **values: Any) -> str:
    return Message(f"statement.record.{id}", values).render(RECORD_LANGUAGE)


def _seen(case: Case, source: Source) -> str:
    named = {mapping.TRUSTED: "trusted", mapping.OTHER_NOTICE: "authority",
             mapping.ARTICLE_16: "notice"}  # fmt: skip
    return named.get(source.source_type, "signal" if source.automated_detection == "Yes" else
                     "random")  # fmt: skip


def _signals(shown: Dossier) -> dict[str, list[str]]:
    found = dict.fromkeys(one.signal for one in shown.findings if one.opens_case)
    return {"words": [f"signal.{one}" for one in found] or ["signal.phrases"]}


def _item_of(shown: Dossier, decision: int) -> Post | None:
    """The post that a decision rests on, as it was sealed."""
    event = next((one for one in shown.events if one.seq == decision), None)
    named = (event.private or {}).get("item") if event is not None else None
    if not named:
        return None
    return shown.exhibits.post(named["id"])


def _media(item: Post | None) -> list[str]:
    return [str(one.get("kind", "")) for one in item.media] if item is not None else []


def _language(item: Post | None) -> dict[str, str]:
    known = item is not None and len(item.language) == 2 and item.language.isascii()
    return {"content_language": item.language.upper()} if item is not None and known else {}


def _published(shown: Dossier, item: Post | None) -> int:
    """When it was published, else when it was first seen here."""
    made = item.created_at if item is not None else None
    return made if made is not None else shown.case.opened_at


def _day(at: int) -> str:
    return to_datetime(at).date().isoformat()
