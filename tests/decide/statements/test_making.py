"""Statements made of decisions: what the public is told, what the person is told, and of what
nothing is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from marsad.decide import audit, blind, codes
from marsad.decide.outcomes import ACTING, VALID
from marsad.decide.statements import enums, mapping
from marsad.decide.statements.making import LIFTED, ORDERED, RESTRICTED
from marsad.decide.statements.record import faults
from marsad.decide.statements.settings import StatementSettings
from marsad.records.errors import InputError
from marsad.records.policy import Policy
from marsad.records.times import DAY, HOUR
from marsad.store import log, notices, orders, statements
from marsad.store.notices import NoticeOfCase
from marsad.store.orders import Act, OrderOfCase
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, SENIOR, START
from tests.decide.statements.conftest import APPEAL, POLICIES, Stated

COMBINATIONS = [
    (outcome, kind) for kind, valid in VALID.items() for outcome in valid if outcome in ACTING
]

MEANT = {
    "return": ("decision_provision", "Partial suspension of the provision of the service"),
    "warn": ("decision_visibility", "Labelled content"),
    "reduce": ("decision_visibility", "Demotion of content"),
    "hide": ("decision_visibility", "Disabling access to content"),
    "remove": ("decision_visibility", "Removal of content"),
    "suspend": ("decision_account", "Suspension of the account"),
}
"""Outcome → the restriction of Article 17(1), in the database's own words."""

SEEN = {
    blind.SIGNAL: ("Own voluntary initiative", "Yes"),
    blind.NOTICE: ("Notice submitted in accordance with Article 16 DSA", "No"),
    blind.RANDOM: ("Own voluntary initiative", "No"),
    blind.ORDER: ("Other type of notification", "No"),
}


def test_every_restriction_means_what_the_regulation_says() -> None:
    assert set(mapping.RESTRICTIONS) == set(COMBINATIONS)
    assert set(MEANT) == ACTING
    for (outcome, _), (field, value) in mapping.RESTRICTIONS.items():
        assert (field, enums.meaning(value)) == MEANT[outcome]


def test_every_route_has_a_source_or_is_that_of_a_copy() -> None:
    assert set(mapping.SOURCES) == set(blind.ROUTES)
    told = {route: source for route, source in mapping.SOURCES.items() if source is not None}
    assert {route: (enums.meaning(one.source_type), one.automated_detection)
            for route, one in told.items()} == SEEN  # fmt: skip


@pytest.mark.parametrize("route", SEEN)
@pytest.mark.parametrize(("outcome", "kind"), COMBINATIONS)
def test_every_outcome_kind_and_route_makes_a_record_that_is_taken(
    stated: Stated, outcome: str, kind: str, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "of_case", lambda *_: [
        NoticeOfCase(1, 1, "form", False, START)] if route == blind.NOTICE else [])  # fmt: skip
    case = stated.acted(outcome, "x:900100" if kind == "account" else "x:9001", kind)
    shown = stated.desk.dossier(FIRST, case.id)
    shown = replace(shown, case=replace(shown.case, route=route))
    with stated.desk.database.reading() as transaction:
        verdict = statements.last_verdict(transaction, case.id)
        assert verdict is not None
        record = stated.statements.maker.record(transaction, shown, verdict)
    assert record is not None
    assert faults(record) == []
    field, meaning = MEANT[outcome]
    value = record[field]
    assert enums.meaning(value[0] if isinstance(value, list) else value) == meaning
    assert sum(name in record for name in
               ("decision_visibility", "decision_provision", "decision_account")) == 1  # fmt: skip
    assert enums.meaning(record["source_type"]) == SEEN[route][0]
    assert record["automated_detection"] == SEEN[route][1]
    assert record["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"


@pytest.mark.parametrize(("channels", "source"), [
    ({"form"}, "SOURCE_ARTICLE_16"), ({"platform"}, "SOURCE_ARTICLE_16"),
    ({"form", "flagger"}, "SOURCE_TRUSTED_FLAGGER"), ({"letter"}, "SOURCE_TYPE_OTHER_NOTIFICATION"),
    (set(), "SOURCE_ARTICLE_16"),
])  # fmt: skip
def test_the_source_of_a_notice_is_who_sent_it(channels: set[str], source: str) -> None:
    assert mapping.source(blind.NOTICE, channels) == (source, "No")
    assert mapping.source(blind.SIGNAL, channels) == ("SOURCE_VOLUNTARY", "Yes")


def test_a_designation_makes_it_illegal_and_a_rule_incompatible(stated: Stated) -> None:
    stated.acted(policy="list@1")
    stated.acted(subject="x:900200", policy=POLICY)
    assert not any(one.held for one in stated.made())
    by_rule, by_list = (stated.record(one) for one in stated.made())
    assert by_rule["decision_ground_reference_url"] == "https://forum.example/rules"
    assert by_list["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert "2580/2001" in by_list["illegal_content_legal_ground"]
    assert by_list["category"] == "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"
    assert by_list["category_specification"] == ["KEYWORD_TERRORIST_CONTENT"]
    assert by_rule["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    assert "Marker words" in by_rule["incompatible_content_ground"]
    assert not any(name.startswith("illegal") for name in by_rule)


def test_the_person_is_told_what_why_and_what_they_can_do(stated: Stated) -> None:
    stated.acted("suspend")
    statement = stated.made()[0]
    text = stated.text(statement)
    for part in ("x:900100", "suspended", "Marker words", "2024-05-14", APPEAL, "court",
                 "Two people", "contact@forum.example"):  # fmt: skip
        assert part in text, part
    code = next(one.code for one in stated.statements.of_case(FIRST, statement.case_id))
    assert code is not None
    assert code in text
    assert statement.code == codes.digest(code)
    assert REASON not in text


@pytest.mark.parametrize(("language", "lang"), [("ar", "ar"), ("en", "en"), ("fr", "ar")])
def test_it_is_in_their_language_where_that_is_known(
    stated: Stated, language: str, lang: str
) -> None:
    stated.with_maker(settings=StatementSettings(language="ar"))
    case = stated.shown(language=language)
    reader = replace(FIRST, languages=frozenset({language}))
    stated.desk.open_post(reader, case.id, "x:900100-post")
    stated.decide(reader, stated.read("x:900100"), "warn", item="x:900100-post")
    statement = stated.made()[0]
    assert statement.lang == lang
    assert ("بيان الأسباب" in stated.text(statement)) == (lang == "ar")
    assert stated.record(statement)["content_language"] == language.upper()


def test_neither_copy_holds_what_the_reviewer_wrote(stated: Stated) -> None:
    secret = "because of the zebra reasoning"
    case = stated.shown()
    stated.desk.open_post(FIRST, case.id, "x:900100-post")
    stated.decide(FIRST, case, "warn", item="x:900100-post", reason=secret)
    statement = stated.made()[0]
    assert "zebra" not in str(stated.record(statement))
    assert "zebra" not in stated.text(statement)


@pytest.mark.parametrize("outcome", ["no-violation", "escalate", "unsure"])
def test_nothing_is_said_of_what_restricts_nobody(stated: Stated, outcome: str) -> None:
    stated.decide(FIRST, stated.shown(), outcome)
    assert stated.made() == []


def test_a_proposal_is_no_decision_yet(stated: Stated) -> None:
    case = stated.shown()
    stated.desk.open_post(FIRST, case.id, "x:900100-post")
    stated.decide(FIRST, case, "suspend", item="x:900100-post")
    assert stated.made() == []


def test_nothing_is_said_of_copies(stated: Stated) -> None:
    case = stated.acted()
    with stated.desk.database.writing() as transaction:
        copy = blind.open_copy(transaction, case, stated.clock(), blind.SECOND)
    assert len(stated.made()) == 1
    stated.desk.open_post(APPEALS, copy.id, "x:900100-post")
    from tests.decide.conftest import SECOND

    stated.desk.open_post(SECOND, copy.id, "x:900100-post")
    lease = stated.desk.take(SECOND, copy.id)
    from marsad.decide.rules import Decision

    seen = stated.desk.case(SECOND, copy.id)
    stated.desk.decide(SECOND, Decision(copy.id, seen.version, lease.token, "warn", POLICY, REASON,
                                        "x:900100-post"))  # fmt: skip
    assert len(stated.made()) == 1
    assert stated.statements.of_case(SECOND, copy.id) == []


def test_an_overturned_decision_is_told_of_too_and_the_public_is_not(stated: Stated) -> None:
    case = stated.acted()
    stated.made()
    stated.desk.overturn(APPEALS, case.id, POLICY, REASON)
    lifted, restricted = stated.made()
    assert (lifted.step, restricted.step) == (LIFTED, RESTRICTED)
    assert (lifted.public, lifted.code) == (False, None)
    assert "taken back" in stated.text(lifted)


def test_a_decision_that_is_overturned_before_anybody_was_told_is_told_with_its_end(
    stated: Stated,
) -> None:
    case = stated.acted()
    stated.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert [one.step for one in stated.made()] == [LIFTED, RESTRICTED]


def test_making_again_makes_nothing_more_and_puids_stay(stated: Stated) -> None:
    stated.acted()
    first = stated.made()
    assert stated.statements.make() == 0
    with stated.desk.database.writing() as transaction:
        turn = statements.turn(transaction, statements.MAKE)
        statements.write(transaction, replace(turn, seq=0))
    assert stated.made() == first
    assert stated.record(first[0])["puid"] == first[0].puid


@pytest.mark.parametrize("policy", ["study@1", "gone@1"])
def test_without_a_ground_the_record_is_held_back(stated: Stated, policy: str) -> None:
    stated.desk = replace(stated.desk, policies=(*POLICIES, "gone@1"))
    stated.acted(policy=policy)
    statement = stated.made()[0]
    assert statement.held
    assert "ground" in str(stated.statements.listed(APPEALS, "held")[0].faults)


# ── Orders


def an_order(until: int | None = None, state: str = "in-force", at: int = START - DAY) -> Any:
    return lambda *_: [OrderOfCase(1, at, state, until)]


def carried_out(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    """An order is about every case, and was carried out in it."""
    monkeypatch.setattr(orders, "of_case", found)
    act = Act(1, 1, 1, "remove", START)
    monkeypatch.setattr(orders, "standing_in", lambda *_: [act])


def test_an_order_yields_a_text_for_the_uploader_and_no_statement(
    stated: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_out(monkeypatch, an_order())
    stated.acted("remove", "x:9001", "post")
    statement = stated.made()[0]
    assert (statement.step, statement.public, statement.code) == (ORDERED, False, None)
    assert "2021/784" in stated.text(statement)
    assert "Your code" not in stated.text(statement)


@pytest.mark.parametrize("across", [False, True])
def test_who_is_told_of_an_order_from_another_state_is_told_who_can_scrutinise_it(
    stated: Stated, across: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = OrderOfCase(1, START - DAY, "in-force", None, across)
    carried_out(monkeypatch, lambda *_: [order])
    stated.acted("remove", "x:9001", "post")
    assert ("48 hours" in stated.text(stated.made()[0])) is across


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "It applies in Austria, Germany, from then"), ("ar", "النمسا")]
)
def test_the_text_says_where_it_holds_as_the_record_does(
    stated: Stated, lang: str, said: str
) -> None:
    stated.with_maker(settings=StatementSettings(territory=("AT", "DE"), language=lang))
    stated.acted(language=lang)
    statement = stated.made()[0]
    assert stated.record(statement)["territorial_scope"] == ["AT", "DE"]
    assert said in stated.text(statement)


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_an_order_that_nobody_follows_changes_nothing(
    stated: Stated, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "of_case", an_order(state=state))
    stated.acted()
    assert stated.made()[0].step == RESTRICTED


@pytest.mark.parametrize("state", ["impossible", "in-force"])
def test_what_is_decided_before_an_order_is_carried_out_waits_for_that(
    stated: Stated, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing rests on an order that nobody carries out."""
    monkeypatch.setattr(orders, "of_case", an_order(at=START - HOUR))
    stated.acted("remove", "x:9001", "post")
    assert stated.made() == []
    monkeypatch.setattr(orders, "of_case", an_order(at=START - HOUR, state=state))
    stated.clock.now += HOUR if state == "impossible" else DAY
    assert stated.made()[0].step == RESTRICTED


def test_an_order_that_came_later_changes_nothing(
    stated: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "of_case", an_order(START + DAY, at=START + 1))
    stated.acted()
    assert stated.made()[0].step == RESTRICTED


def test_nothing_is_said_while_nobody_may_be_told(
    stated: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_out(monkeypatch, an_order(START + DAY))
    stated.acted("remove", "x:9001", "post")
    assert stated.made() == []
    stated.clock.now += DAY - 1
    assert stated.made() == []
    monkeypatch.setattr(orders, "of_case", an_order(START + 2 * DAY))
    stated.clock.now += 1
    assert stated.made() == []  # it was extended
    stated.clock.now += DAY
    assert [one.step for one in stated.made()] == [ORDERED]
    assert stated.made() != []


def test_what_was_taken_back_while_nobody_could_be_told_is_never_told(
    stated: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_out(monkeypatch, an_order(START + DAY))
    case = stated.acted("remove", "x:9001", "post")
    assert stated.made() == []
    stated.desk.overturn(APPEALS, case.id, POLICY, REASON)
    stated.clock.now += 2 * DAY
    assert stated.made() == []


# ── The log


def test_the_log_verifies_with_statements_and_after_erasing(stated: Stated) -> None:
    stated.acted()
    statement = stated.made()[0]
    assert audit.verify(stated.desk.database, None).broken is None
    stated.desk.erase(ADMIN, "x:900100")
    assert audit.verify(stated.desk.database, None).broken is None
    shown = stated.statements.of_case(FIRST, statement.case_id)
    assert [(one.text, one.code) for one in shown] == [(None, None)]
    assert stated.record(statement)["puid"] == statement.puid  # the public's copy names nobody


def test_who_was_erased_before_it_was_made_is_told_nothing(stated: Stated) -> None:
    stated.acted()
    stated.desk.erase(ADMIN, "x:900100")
    assert stated.made() == []


@dataclass
class Broken:
    """Policies of which one cannot be read."""

    broken: bool = True

    def __call__(self, reference: str) -> Policy | None:
        if self.broken and reference == "list@1":
            raise InputError("policy.unknown", given=reference)
        return POLICIES.get(reference)


def test_one_that_cannot_be_made_is_kept_with_its_reason_and_the_others_go_on(
    stated: Stated,
) -> None:
    policies = Broken()
    stated.with_maker(policy_of=policies)
    bad = stated.acted(subject="x:1", policy="list@1")
    good = stated.acted(subject="x:2")
    assert [one.case_id for one in stated.made()] == [good.id]
    assert stated.statements.counts(SENIOR)["failed"] == 1
    [(failed, case)] = stated.statements.failed(SENIOR)
    assert (case, failed.tries, failed.why.id) == (bad.id, 1, "policy.unknown")
    assert stated.statements.make() == 0  # it is left alone for a while
    stated.later(2)
    assert stated.statements.make() == 1
    assert stated.statements.failed(SENIOR)[0][0].tries == 2
    policies.broken = False
    stated.later(60)
    assert {one.case_id for one in stated.made()} == {good.id, bad.id}
    assert stated.statements.failed(SENIOR) == []
    assert audit.verify(stated.desk.database, None).broken is None


def test_of_what_nobody_foresaw_the_kind_alone_is_kept(
    stated: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated.acted()
    monkeypatch.setattr(log, "hash_at", lambda *_: 1 / 0)
    assert stated.made() == []
    assert "ZeroDivisionError" in stated.statements.failed(SENIOR)[0][0].why.render("en")
    monkeypatch.setattr(log, "hash_at", lambda *_: None)
    stated.later(2)
    assert stated.made() == []
    assert stated.statements.failed(SENIOR)[0][0].why.id == "statements.no-entry"
