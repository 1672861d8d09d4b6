"""Personal data in a record: each kind of datum in each field is found, and little else is."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.decide import audit
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.statements import personal
from marsad.decide.statements.desk import Statements
from marsad.decide.statements.personal import (
    EMAIL,
    HANDLE,
    ID,
    IP,
    NAME,
    PHONE,
    REVIEWER,
    URL,
    Known,
    find,
)
from marsad.decide.statements.record import FREE, KNOWN, LISTS, Fault
from marsad.records.errors import ConflictError, InputError
from marsad.records.policy import parse_policy
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, SENIOR
from tests.decide.statements.conftest import RULE, Stated

PEOPLE = Known(
    frozenset({"forum:8842113", "forum:p-77aZ", "forum:@amber_lantern"}),
    frozenset({"amber_lantern", "مصباح_العنبر"}),
    frozenset({"Salma Kareem", "سلمى كريم الأحمد", "Ünal Öztürk"}),
    frozenset({"rev-1", "r-0a1b2c3d"}),
)

DATA: dict[str, tuple[str, ...]] = {
    EMAIL: ("someone@mail.example", "Someone+x@sub.mail.example", "someone (at) mail.example",
            "someone[at]mail[dot]example", "user@مثال.إختبار", "ｓｏｍｅｏｎｅ＠mail.example"),
    PHONE: ("+49 30 1234567", "0049301234567", "(030) 123-4567", "٠١٢٣٤٥٦٧٨٩", "+٢٠ ١٠ ١٢٣٤ ٥٦٧٨",
            "۰۹۱۲۳۴۵۶۷۸۹", "030/1234567", "0301234567890"),
    IP: ("192.0.2.17", "2001:db8::8a2e:370:7334", "١٩٢.٠.٢.١٧"),
    URL: ("https://forum.example/u/8842113", "http://forum.example/x", "www.forum.example/@a",
          "hxxps://forum.example/p/1"),
    HANDLE: ("@somebody_else", "amber_lantern", "AMBER_LANTERN", "am\u200bber_lantern",
             "مصباح_العنبر", "مِصبَاح_العنبر"),
    ID: ("8842113", "forum:8842113", "٨٨٤٢١١٣", "p-77aZ"),
    NAME: ("Salma Kareem", "SALMA", "Kareem", "سلمى كريم", "سلمي", "لسلمى", "والأحمد", "سَلْمى",
           "Unal Ozturk", "Sal\u00adma"),
    REVIEWER: ("rev-1", "r-0a1b2c3d", "r-ffffffff"),
}  # fmt: skip
"""Kind → data as they may be written."""

PLANTED = [(kind, datum) for kind, some in DATA.items() for datum in some]
PLACES = tuple(dict.fromkeys((*KNOWN, "a_field_of_the_future")))


def test_there_is_data_of_every_kind() -> None:
    assert set(DATA) == set(personal.KINDS)


@pytest.mark.parametrize("field", PLACES)
def test_each_datum_is_found_in_each_field(field: str) -> None:
    for kind, datum in PLANTED:
        if (kind, field) == (URL, "decision_ground_reference_url"):
            continue  # an address is what this field is for
        for text in (datum, f"Some words, {datum}, and others.", f"كلام {datum} وغيره"):
            value: Any = [text] if field in LISTS else text
            kinds = {(one.field, one.kind) for one in find({field: value}, PEOPLE)}
            other = {PHONE: ID, ID: PHONE}.get(kind, kind)  # an id of digits may be a number too
            assert kinds & {(field, kind), (field, other)}, (field, kind, text)


@pytest.mark.parametrize("url", [
    "https://forum.example/u/8842113", "https://forum.example/@amber_lantern",
    "https://forum.example/profile?mail=a@mail.example", "https://192.0.2.17/rules",
])  # fmt: skip
def test_an_address_of_the_rules_may_not_name_anybody(url: str) -> None:
    assert find({"decision_ground_reference_url": url}, PEOPLE)


@pytest.mark.parametrize("text", [
    "Regulation (EU) 2021/784, Article 2(7), of 29 April 2021", "OJ L 172, 17.5.2021, p. 79",
    "Council Regulation (EC) No 2580/2001 (list, 2025-01-30)", "in 14 days, by 12:30",
    "rule 4.2.1 of 2025-06-01", "القائمة ٢٠٢٥-٠١-٣٠، المادة ٣", "the 1234 posts of 2024",
    "https-only", "an e-mail address", "version 1.2.3",
])  # fmt: skip
def test_what_names_nobody_is_let_through(text: str) -> None:
    assert find({"decision_facts": text}, PEOPLE) == []


def test_words_of_our_own_are_nobodys_name() -> None:
    known = Known(names=frozenset({"The Decision of a Person"}), handles=frozenset({"drew"}))
    assert find({"decision_facts": "A person drew attention to it."}, known) == []
    assert find({"decision_facts": "It is by the decision of a person."}, known)


def test_only_words_can_be_excused() -> None:
    record = {"decision_facts": "amber_lantern wrote to a@mail.example"}
    let = [Fault("decision_facts", kind) for kind in (HANDLE, ID, EMAIL)]
    assert {one.kind for one in find(record, PEOPLE, let)} == {EMAIL}


# ── At the desk


def held_one(stated: Stated) -> tuple[Statements, int]:
    """A record that is held back, for the policy that it rests on names the account."""
    text = RULE.replace("Marker words", "Such as amber_handle of Salma")
    stated.with_maker(policy_of=lambda _: parse_policy(text, "demo.toml", 2))
    stated.acted()
    statement = stated.made()[0]
    assert statement.held
    return stated.statements, statement.seq


def test_what_holds_personal_data_is_held_back_with_what_and_where(stated: Stated) -> None:
    desk, _ = held_one(stated)
    shown = desk.listed(SENIOR, "held")[0]
    where = "incompatible_content_ground"
    assert shown.faults == [Fault(where, HANDLE), Fault(where, NAME)]
    assert shown.words[Fault(where, HANDLE)] == ["amber_handle"]
    assert desk.listed(SENIOR, "waiting") == []


def test_what_is_held_back_is_nowhere_that_stays(stated: Stated) -> None:
    held_one(stated)
    from sqlalchemy import text

    with stated.desk.database.reading() as transaction:
        bodies = transaction.execute(text("SELECT body FROM audit")).scalars().all()
    assert not any(b"amber_handle" in body for body in bodies)
    stated.desk.erase(ADMIN, "x:900100")
    assert audit.verify(stated.desk.database, None).broken is None
    assert stated.statements.listed(SENIOR, "held")[0].record is None


def test_a_person_mends_it_with_other_words(stated: Stated) -> None:
    desk, number = held_one(stated)
    left = desk.mend(SENIOR, number, {"incompatible_content_ground": "Such as those of Salma"})
    assert left == [Fault("incompatible_content_ground", NAME)]
    assert desk.counts(SENIOR)["held"] == 1
    assert desk.mend(SENIOR, number, {"incompatible_content_ground": "Marker words"}) == []
    assert desk.counts(SENIOR) | {"held": 0, "waiting": 1} == desk.counts(SENIOR)
    assert desk.listed(SENIOR, "waiting")[0].record is not None
    assert audit.verify(stated.desk.database, None).broken is None
    with pytest.raises(ConflictError):
        desk.mend(SENIOR, number, {"incompatible_content_ground": "Marker words"})


def test_a_person_may_say_that_a_word_is_nobodys(stated: Stated) -> None:
    desk, number = held_one(stated)
    where = "incompatible_content_ground"
    assert desk.mend(SENIOR, number, {}, [(where, HANDLE)]) == [Fault(where, NAME)]
    assert desk.mend(SENIOR, number, {}, [(where, HANDLE), (where, NAME)]) == []


def test_a_person_makes_it_anew_once_the_policy_was_mended(stated: Stated) -> None:
    desk, number = held_one(stated)
    assert desk.renew(SENIOR, number) != []
    stated.with_maker(policy_of=lambda _: parse_policy(RULE, "demo.toml", 3))
    assert stated.statements.renew(SENIOR, number) == []
    assert desk.counts(SENIOR)["waiting"] == 1


def test_a_person_sets_it_aside_with_a_reason(stated: Stated) -> None:
    desk, number = held_one(stated)
    with pytest.raises(InputError):
        desk.drop(SENIOR, number, "no")
    desk.drop(SENIOR, number, REASON)
    assert desk.counts(SENIOR) | {"held": 0, "dropped": 1} == desk.counts(SENIOR)
    assert audit.verify(stated.desk.database, None).broken is None


def test_only_who_may_mends(stated: Stated) -> None:
    desk, number = held_one(stated)
    for who in (FIRST, APPEALS, ADMIN):
        with pytest.raises(InputError):
            desk.mend(who, number, {})
        with pytest.raises(InputError):
            desk.renew(who, number)
        with pytest.raises(InputError):
            desk.drop(who, number, REASON)
    for who in (FIRST, ADMIN):
        with pytest.raises(InputError):
            desk.listed(who, "held")


def test_nothing_but_words_can_be_changed(stated: Stated) -> None:
    desk, number = held_one(stated)
    texts = dict.fromkeys(FREE, "") | {
        "incompatible_content_ground": "Marker words", "puid": "another", "category": "another",
    }  # fmt: skip
    assert desk.mend(SENIOR, number, texts) == []
    record = desk.listed(SENIOR, "waiting")[0].record
    assert record is not None
    assert record["puid"].startswith("marsad-")


def test_who_reported_is_named_nowhere(stated: Stated) -> None:
    """Names in entries that outsiders make are looked for, whatever the entry is called in full."""
    from marsad.decide.statements import people
    from marsad.store.log import Event

    said = {"reporter": {"name": "Zuhal Tariq", "e-mail": "z@mail.example"}}
    event = Event(9, 1, "marsad", "notice-received", 1, {}, 1, said)
    assert "Zuhal Tariq" in people._said(event).names


def test_exhibits_of_others_are_known_too(stated: Stated) -> None:
    from marsad.decide.opening import open_cases
    from marsad.decide.statements import people
    from tests.decide.conftest import finding

    shown = Exhibits(
        (Post("x:p1", "x:other77", "hello"),), (Profile("x:other77", "oth_er", "Zed"),)
    )
    open_cases(stated.desk.database, [finding("x:5001")], stated.clock(),
               {("account", "x:5001"): shown})  # fmt: skip
    with stated.desk.database.reading() as transaction:
        known = people.known(transaction, stated.read("x:5001"))
    assert {"x:5001", "x:other77", "x:p1"} <= known.ids
    assert ("oth_er" in known.handles, "Zed" in known.names) == (True, True)
    assert POLICY
