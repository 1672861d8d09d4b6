"""What the records do not have is looked at where it is, and then a decision can rest on it."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.decide import blind
from marsad.decide.recording import existing
from marsad.decide.rules import Decision
from marsad.records.errors import InputError
from tests.decide.conftest import FIRST, POLICY, REASON, SECOND, reviewer
from tests.decide.notices.conftest import ACCOUNT, POST, Counter

TEXT = "Go there and attack."


def test_what_was_seen_where_it_is_can_be_decided_on(counter: Counter) -> None:
    counter.send()
    case = counter.notices.look(FIRST, counter.case().id, TEXT, "en")
    lease = counter.room.desk.take(FIRST, case.id)
    decision = Decision(case.id, case.version, lease.token, "remove", POLICY, REASON, "forum:12")
    assert counter.room.desk.decide(FIRST, decision).state == "decided"
    shown = counter.room.desk.dossier(SECOND, case.id).own_posts
    assert [(one.id, one.account, one.text, one.language) for one in shown] == [
        ("forum:12", "forum:ann", TEXT, "en")
    ]
    assert counter.whole()


def test_the_second_reviewer_opens_what_the_first_has_quoted(counter: Counter) -> None:
    counter.send(address=ACCOUNT)
    case = counter.case("forum:ann", "account")
    counter.notices.look(FIRST, case.id, TEXT, "ar", POST)
    for who, outcome in ((FIRST, "second"), (SECOND, "decided")):
        counter.room.desk.open_post(who, case.id, "forum:12")
        case = counter.case("forum:ann", "account")
        lease = counter.room.desk.take(who, case.id)
        decision = Decision(case.id, case.version, lease.token, "suspend", POLICY, REASON,
                            "forum:12")  # fmt: skip
        assert counter.room.desk.decide(who, decision).state == outcome
    english = reviewer("en-1", languages=frozenset({"en"}))
    assert counter.room.desk.dossier(english, case.id).own_posts[0].language == "ar"
    assert counter.whole()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"text": ""}, "notice.quote"), ({"text": "w" * 5_001}, "notice.quote"),
        ({"language": "fr"}, "decide.language"), ({"language": ""}, "decide.language"),
        ({"address": ""}, "notice.not-their-post"), ({"address": ACCOUNT}, "notice.not-their-post"),
        ({"address": "https://forum.example/@bob/1"}, "notice.not-their-post"),
    ],
)  # fmt: skip
def test_what_cannot_be_quoted(counter: Counter, said: dict[str, Any], error: str) -> None:
    counter.send(address=ACCOUNT)
    case = counter.case("forum:ann", "account")
    given = {"text": TEXT, "language": "en", "address": POST} | said
    with pytest.raises(InputError) as caught:
        counter.notices.look(FIRST, case.id, **given)
    assert caught.value.message.id == error
    assert counter.case("forum:ann", "account") == case


def test_nothing_is_quoted_beside_what_there_is(counter: Counter) -> None:
    counter.send()
    counter.notices.look(FIRST, counter.case().id, TEXT, "en")
    with pytest.raises(InputError) as caught:
        counter.notices.look(SECOND, counter.case().id, TEXT, "en")
    assert caught.value.message.id == "notice.has-exhibits"


def test_a_copy_takes_a_quotation_as_the_case_did(counter: Counter) -> None:
    counter.send()
    case = counter.room.decide(FIRST, counter.case(), "no-violation")
    with counter.room.desk.database.writing() as transaction:
        real = existing(transaction, case.id)
        copy = blind.open_copy(transaction, real, counter.room.clock(), "golden")
    counter.notices.look(SECOND, copy.id, TEXT, "en")
    assert counter.room.desk.dossier(SECOND, copy.id).own_posts[0].text == TEXT
    assert counter.room.desk.dossier(FIRST, case.id).own_posts == []
    assert counter.whole()
