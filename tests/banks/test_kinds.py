"""What an entry of each kind may be, and when two are the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.banks import KINDS
from marsad.banks.kinds import MATCHES, NotTaken, closed_at, entry_key, make_entry

HEX = "0123456789abcdef"
PDQ = HEX * 4


@pytest.mark.parametrize(
    ("kind", "written", "value", "options"),
    [
        ("phrases", "  quartz lantern ", "quartz lantern", {}),
        ("phrases", "#وسم", "#وسم", {}),
        ("links", "hxxp://marker[.]example/a", "hxxp://marker[.]example/a", {}),
        ("links", "t.me/name", "t.me/name", {}),
        ("domains", "*.marker.example", "*.marker.example", {}),
        ("texts", "two\nlines", "two\nlines", {}),
        ("redirects", "bit.ly/x https://marker.example/", "bit.ly/x", {"target": "https://marker.example/"}),
        ("redirects", "bit.ly/x -> marker.example/", "bit.ly/x", {"target": "marker.example/"}),
        ("redirects", "bit.ly/x\thttps://marker.example/", "bit.ly/x", {"target": "https://marker.example/"}),
        ("accounts", "x:123", "twitter:123", {}),
        ("accounts", "x:@name", "twitter:@name", {}),
        ("hashes", f"pdq:{PDQ}", PDQ, {"algorithm": "pdq"}),
        ("hashes", f"MD5 {HEX.upper() * 2}", HEX * 2, {"algorithm": "md5"}),
    ],
)  # fmt: skip
def test_what_is_taken(kind: str, written: str, value: str, options: dict[str, Any]) -> None:
    entry = make_entry(kind, written, note="n")
    assert (entry.value, dict(entry.options), entry.note) == (value, options, "n")
    assert entry_key(kind, entry)


@pytest.mark.parametrize(
    ("kind", "written", "options", "reason"),
    [
        ("phrases", "  ", {}, "empty"),
        ("phrases", "two\nlines", {}, "control"),
        ("phrases", "a\x00b", {}, "control"),
        ("phrases", "a\ud800", {}, "control"),
        ("phrases", "x" * 501, {}, "too-long"),
        ("phrases", "\u0640\u064e", {}, "nothing-to-match"),
        ("phrases", "word", {"match": "prefix"}, "match"),
        ("links", "no link", {}, "not-a-link"),
        ("links", "mailto:a@marker.example", {}, "not-a-link"),
        ("links", "https://marker.example/" + "x" * 5_000, {}, "too-long"),
        ("links", "https://marker.example/", {"match": "words"}, "match"),
        ("domains", "marker.example/a", {}, "not-a-domain"),
        ("domains", "example", {}, "not-a-domain"),
        ("domains", "mar***.example", {}, "obfuscated"),
        ("texts", "a\ud800", {}, "control"),
        ("texts", "x" * 65_537, {}, "too-long"),
        ("redirects", "bit.ly/x", {}, "no-target"),
        ("redirects", "bit.ly/x no link", {}, "not-a-link"),
        ("redirects", "word https://marker.example/", {}, "not-a-link"),
        ("redirects", "bit.ly/x https://bit.ly/x", {}, "leads-to-itself"),
        ("accounts", "name", {}, "not-an-account"),
        ("accounts", "x:@", {}, "not-an-account"),
        ("accounts", "https://x.com/name", {}, "not-an-account"),
        ("hashes", PDQ, {}, "no-algorithm"),
        ("hashes", f"sha-256:{PDQ}", {}, "algorithm"),
        ("hashes", f"crc:{PDQ}", {}, "algorithm"),
        ("hashes", f"pdq:{HEX}", {}, "not-a-hash"),
        ("hashes", "pdq:zz", {}, "not-a-hash"),
        ("hashes", "PDQ: ", {}, "not-a-hash"),
        ("hashes", "z" * 64, {"algorithm": "pdq"}, "not-a-hash"),
    ],
)
def test_what_is_not(kind: str, written: str, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotTaken) as refused:
        make_entry(kind, written, options=options)
    assert refused.value.message.id == f"bank.not-taken.{reason}"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phrases", "Quartz  Lantern", "quartz lantern"),
        ("phrases", "مَرْصَد", "مرصد"),
        ("links", "http://www.marker.example/a/", "hxxps://marker[.]example/a#x"),
        ("domains", "*.Marker.example", "https://www.marker.example/"),
        ("domains", "علامة.example", "xn--mgbe0c3bg.example"),
        ("redirects", "bit.ly/x https://a.example/", "https://bit.ly/x https://b.example/"),
        ("accounts", "x:@Name", "twitter:@name"),
        ("hashes", f"pdq:{PDQ}", f"PDQ {PDQ.upper()}"),
    ],
)
def test_two_spellings_are_one_entry(kind: str, one: str, other: str) -> None:
    assert entry_key(kind, make_entry(kind, one)) == entry_key(kind, make_entry(kind, other))


def test_every_match_is_taken_by_its_kind() -> None:
    value = {"phrases": "word", "links": "marker.example/a", "domains": "marker.example"}
    for kind, ways in MATCHES.items():
        for way in ways:
            assert make_entry(kind, value[kind], options={"match": way}).options["match"] == way


@given(st.sampled_from(KINDS), st.text(st.characters(), max_size=200))
def test_no_value_breaks_it_and_what_is_taken_is_taken_again(kind: str, written: str) -> None:
    try:
        entry = make_entry(kind, written)
    except NotTaken:
        return
    again = make_entry(kind, entry.value, options=entry.options)
    assert again == entry
    assert entry_key(kind, again) == entry_key(kind, entry)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2024-05-01T12:00:00Z", 1_714_564_800_000_000),
        ("2024-05-01T14:00:00+02:00", 1_714_564_800_000_000),
        ("2024-05-01 12:00", 1_714_564_800_000_000),
        ("2024-05-01", 1_714_607_999_999_999),  # a date counts to its end
    ],
)
def test_since_when_an_account_is_closed(since: str, expected: int) -> None:
    entry = make_entry("accounts", "x:1", options={"since": since, "basis": "final decision"})
    assert closed_at(entry.options["since"]) == expected


@pytest.mark.parametrize("since", ["yesterday", "2024-13-01", "01/05/2024"])
def test_an_account_closed_at_no_time_is_not_taken(since: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        make_entry("accounts", "x:1", options={"since": since})
    assert refusal.value.message.id == "bank.not-taken.not-a-time"
    assert closed_at(since) is None
