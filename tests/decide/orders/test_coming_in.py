"""Orders as they come: files of every kind, checks, the list of authorities, signatures."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from marsad.decide.orders import authorities, checks, reading
from marsad.decide.orders.annexes import AnnexI
from marsad.decide.orders.authorities import Authorities, Listed
from marsad.decide.orders.listing import annex_ii, annex_iii
from marsad.decide.places import Places
from marsad.records.errors import InputError
from marsad.records.times import DAY, HOUR, to_datetime
from tests.decide.conftest import SENIOR
from tests.decide.orders.conftest import BKA, Hall
from tests.decide.orders.test_orders import TEXT, fails, step

MANY = [f"https://forum.example/@mona/{n}" for n in range(501)]


def iso(micros: int) -> str:
    return to_datetime(micros).isoformat()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"urls": []}, "no-url"),
        ({"urls": ["https://other.example/1"]}, "none-ours"),
        ({"urls": ["https://forum.example/@a/1", "https://other.example/1"]}, "some-not-ours"),
        ({"urls": ["https://forum.example/help?x"]}, "not-found"),
        ({"urls": ["javascript:alert(1)"]}, "none-ours"),
        ({"reference": ""}, "no-reference"),
        ({"issued_at": None}, "no-date"),
        ({"issued_at": "2099-01-01T00:00Z"}, "issued-ahead"),
        ({"issued_at": "2023-10-01T00:00Z"}, "issued-long-ago"),
        ({"received_at": "2099-01-01T00:00Z"}, "received-ahead"),
        ({"grounds": []}, "no-grounds"),
        ({"lang": ""}, "no-lang"),
        ({"lang": "fr"}, "other-language"),
        ({"authority": {"id": "fr-example"}}, "cross-border"),
        ({"authority": {"name": "Somebody", "state": "IT"}}, "unlisted"),
        ({"authority": None}, "no-authority"),
        ({"authority": {"id": "de-example", "email": "a@elsewhere.example"}}, "other-domain"),
        ({"authority": {"id": "de-example", "email": "a@authority.example.io"}}, "other-domain"),
        ({"authority": {"id": "de-example", "email": "authority.example"}}, "other-domain"),
        ({"confidential_until": "2024-03-01T00:00Z"}, "confidential-long"),
        ({"colour": "red"}, "rest"),
        ({}, "not-signed"),
        ({}, "known"),
    ],
)  # fmt: skip
def test_each_check_says_so_and_the_hour_runs(hall: Hall, more: dict[str, Any], said: str) -> None:
    got = hall.receive(**more)
    assert said in got.checks
    assert [one.order.id for one in hall.orders.running()] == [got.order.id]
    assert got.order.due_at == hall.clock() + HOUR
    assert list(hall.orders.file(SENIOR, got.order.id).checks) == list(got.checks)


@pytest.mark.parametrize("email", ["", "a@authority.example", "Night@Duty.AUTHORITY.example."])
def test_what_comes_from_the_authoritys_own_domain_is_not_remarked(hall: Hall, email: str) -> None:
    got = hall.receive(authority={"id": "de-example", "email": email})
    assert "other-domain" not in got.checks


def test_the_address_that_is_not_the_authoritys_is_shown(hall: Hall) -> None:
    order = hall.arrive(authority={"id": "de-example", "email": "a@elsewhere.example"})
    assert hall.orders.file(SENIOR, order).rest == {"authority.email": "a@elsewhere.example"}


def test_an_order_without_fault_says_only_what_is_right(hall: Hall) -> None:
    hall.orders.informed(SENIOR, "de-example")
    hall.later(12 * 60)
    assert set(hall.receive().checks) == {"known", "not-signed", "informed"}


def test_information_that_came_less_than_twelve_hours_before_is_none(hall: Hall) -> None:
    hall.orders.informed(SENIOR, "de-example")
    hall.later(11 * 60)
    assert "not-informed" in hall.receive().checks


def test_a_desk_that_knows_no_places_says_so(hall: Hall) -> None:
    from dataclasses import replace

    bare = Hall(replace(hall.orders, places=Places()), hall.desk, hall.clock)
    assert "no-places" in bare.receive().checks


def test_every_check_is_listed_once() -> None:
    assert len(set(checks.CHECKS)) == len(checks.CHECKS)
    assert set(checks.CHECKS) >= checks.GRAVE | checks.GOOD


def test_500_addresses_are_taken_and_501_are_not(hall: Hall) -> None:
    fails("order.urls", hall.given, urls=MANY)
    got = hall.receive(urls=MANY[:500])
    assert got.order.size == 500
    assert len(hall.orders.file(SENIOR, got.order.id).found) == 500


def test_an_address_that_is_named_twice_counts_once(hall: Hall) -> None:
    assert hall.receive(urls=MANY[:1] * 3 + [" " + MANY[0] + " ", ""]).order.size == 1


def test_two_addresses_of_one_post_are_two_items_and_one_action(hall: Hall) -> None:
    order = hall.arrive(urls=["https://forum.example/@mona/1", "https://forum.example/@mona/1?s=2"])
    hall.done(order)
    assert hall.state(order) == "confirmed"
    assert hall.forum.asked == [("remove", "forum:1")]


@pytest.mark.parametrize(
    "said",
    [
        [], "x", 7, None, {"urls": "x"}, {"urls": [7]}, {"urls": ["h" * 8_001]}, {"reference": 7},
        {"reference": "1" * 101}, {"lang": "English"}, {"lang": "EN"}, {"emergency": "yes"},
        {"issued_at": "yesterday"}, {"issued_at": 7}, {"issued_at": "9999-99-99"},
        {"grounds": ["evil"]}, {"grounds": "incites"}, {"grounds": [[]]}, {"authority": 7},
        {"authority": {"name": "n" * 501}}, {"more": "x" * 60_000}, {"located": "a\0b"},
    ],
)  # fmt: skip
def test_what_is_of_the_wrong_kind_or_too_long_is_named(said: Any) -> None:
    fails("order.field", reading.of_file, json.dumps(said).encode())


@pytest.mark.parametrize("given", ["1\u202e<script>", "see letter", "7 ann@mail.example", "1\n2"])
def test_what_is_more_than_a_reference_does_not_get_into_the_log(given: str) -> None:
    taken = reading.of({"reference": given})
    assert (taken.form.reference, taken.rest) == ("", {"reference": given})


@pytest.mark.parametrize(
    "given",
    ["Az. 12/34-5 (II)", "٢٠٢٦/١٢", "TERREG:FR:2026:0007", "R-1", "TCO–2024/12", "§ 14 №7 [2]"],
)
def test_references_as_authorities_write_them_are_taken(given: str) -> None:
    assert reading.of({"reference": f" {given} "}).form.reference == given


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"NaN x"])
def test_what_is_no_json_is_said_to_be_none(content: bytes) -> None:
    fails("order.file", reading.of_file, content)


def test_a_file_beyond_bounds_is_not_read() -> None:
    fails("order.field", reading.of_file, b" " * (reading.LARGEST + 1))


def test_times_without_a_zone_are_utc_and_others_are_turned() -> None:
    for text in ("2024-06-01T12:00", "2024-06-01T14:00+02:00", "2024-06-01T12:00:00Z"):
        assert iso(reading.time_of("at", text) or 0) == "2024-06-01T12:00:00+00:00"
    assert reading.time_of("at", "") is None


@given(st.dictionaries(st.sampled_from([*reading.FIELDS, "x"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)))  # fmt: skip
def test_whatever_comes_is_an_order_or_an_error_that_names_a_field(said: Any) -> None:
    try:
        got = reading.of(said).form.to_dict()
    except InputError as error:
        named = error.message.id
    else:
        named = "order.field"
        assert AnnexI.from_dict(json.loads(json.dumps(got))).to_dict() == got
    assert named in ("order.field", "order.urls")


def test_hostile_words_change_nothing_but_what_is_shown(hall: Hall) -> None:
    order = hall.arrive(
        copied_to="‮<script>", explanation="<b>{order}</b> \ud800", located="'; DROP TABLE orders"
    )
    form = hall.orders.file(SENIOR, order).form
    assert form is not None
    assert form.explanation == "<b>{order}</b> ?"


def test_what_is_not_known_is_kept(hall: Hall) -> None:
    order = hall.arrive(colour={"red": [1, None]})
    assert hall.orders.file(SENIOR, order).rest == {"colour": {"red": [1, None]}}


# ── authorities and signatures


def signed_by(key: Ed25519PrivateKey) -> Authorities:
    text = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    return Authorities((Listed("de-example", "Example Authority", "DE", key=text),))


def test_a_signature_holds_over_the_very_bytes_alone(hall: Hall) -> None:
    from dataclasses import replace

    key = Ed25519PrivateKey.generate()
    orders = replace(hall.orders, authorities=lambda: signed_by(key))
    content = json.dumps({"authority": "de-example", "reference": "S-1"}).encode()
    good = orders.import_(reading.of_file(content), (content, key.sign(content)))
    assert "signed" in good.checks
    for number, wrong in enumerate((key.sign(content + b" "), b"", b"x" * 64)):
        said = json.dumps({"authority": "de-example", "reference": f"S{number}"}).encode()
        got = orders.import_(reading.of_file(said), (said, wrong))
        assert "signature-wrong" in got.checks
    fails_open = hall.orders.import_(reading.of_file(content), (content, key.sign(content)))
    assert "signature-wrong" in fails_open.checks  # the list has no key of this authority


def test_without_a_signature_a_person_calls_the_number_of_the_list(hall: Hall) -> None:
    order = hall.arrive(authority={"id": "de-example", "phone": "+0 trick"})
    found = hall.orders.file(SENIOR, order)
    assert found.known is not None
    assert found.known.phone == BKA.phone
    assert found.form is not None
    assert found.form.authority.phone == BKA.phone
    assert found.called_back is None
    step(hall, order, "called-back", "genuine", "")
    assert hall.orders.file(SENIOR, order).called_back == "genuine"


def test_an_authority_that_nobody_knows_has_an_id_of_its_own(hall: Hall) -> None:
    first = hall.receive(authority={"name": "Some One", "state": "it"}, reference="A-1")
    again = hall.receive(authority={"name": "some one ", "state": "IT"}, reference="A-1")
    other = hall.receive(authority={"name": "some one", "state": "ES"}, reference="A-1")
    assert (again.again, again.order.id) == (True, first.order.id)
    assert other.order.id != first.order.id


def test_the_list_is_a_file_that_is_added_to(tmp_path: Path) -> None:
    rows = "id,name,state,phone,domains\nde-a,Ä,DE,+49,a.example b.example\n"
    (tmp_path / "new.csv").write_text(rows, "utf-8")
    (tmp_path / "more.json").write_text('[{"id": "fr-b", "name": "B", "state": "FR"}]')
    assert authorities.read(tmp_path).listed == ()
    authorities.add(tmp_path, tmp_path / "new.csv")
    authorities.add(tmp_path, tmp_path / "more.json")
    (tmp_path / "more.json").write_text('[{"id": "fr-b", "name": "C", "state": "FR"}]')
    authorities.add(tmp_path, tmp_path / "more.json")
    found = authorities.read(tmp_path)
    assert [one.name for one in found.listed] == ["Ä", "C"]
    assert found.find("DE-A") == found.find(" ä ")
    assert found.listed[0].domains == ("a.example", "b.example")


@pytest.mark.parametrize(
    "text",
    [
        "{", "{}", "[7]", '[{"id": "x"}]', '[{"id": "X Y", "name": "n", "state": "DE"}]',
        '[{"id": "de", "name": "n", "state": "Germany"}]', '[{"id": "de", "state": "DE"}]',
        '[{"id": "de", "name": "n", "state": "DE", "colour": 1}]',
        '[{"id": "de", "name": "n", "state": "DE", "key": "short"}]',
        '[{"id": "de", "name": "n", "state": "DE", "domains": [7]}]',
        '[{"id": "de", "name": 7, "state": "DE"}]',
    ],
)  # fmt: skip
def test_a_list_that_is_wrong_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / authorities.FILE).write_text(text)
    with pytest.raises(InputError) as error:
        authorities.read(tmp_path)
    assert error.value.message.id.startswith("orders.authorities.")


# ── the annexes


def test_what_the_authority_is_told(hall: Hall) -> None:
    order = hall.arrive(urls=MANY[:2])
    assert annex_ii(hall.orders.file(SENIOR, order), "Forum") is None
    hall.done(order)
    found = hall.orders.file(SENIOR, order)
    told = annex_ii(found, "Forum")
    assert told is not None
    assert [(one.url, one.removed) for one in told.executed] == [(url, True) for url in MANY[:2]]
    assert (told.reference, told.authority.name) == ("R-1", BKA.name)
    assert all(one.at <= found.order.due_at for one in told.executed)
    assert annex_iii(found, "Forum") is None


def test_why_it_could_not_be_done(hall: Hall) -> None:
    order = hall.arrive(urls=MANY[:1], issued_at=iso(hall.clock() - DAY))
    step(hall, order, "stopped", "force-majeure")
    told = annex_iii(hall.orders.file(SENIOR, order), "Forum")
    assert told is not None
    assert (told.reason, told.explanation, told.urls) == ("force-majeure", TEXT, MANY[:1])
