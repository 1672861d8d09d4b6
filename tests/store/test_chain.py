"""The chain: every change of an entry is noticed, at the entry or at the next one."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.store.chain import EMPTY, START, Break, Entry, Head, canonical, keyed, link, walk

Change = Callable[[list[Entry]], None]


def chained(*bodies: bytes) -> list[Entry]:
    entries, prev = [], START
    for seq, body in enumerate(bodies, start=1):
        digest = sha256(prev + body).digest()
        entries.append(Entry(seq, prev, body, digest))
        prev = digest
    return entries


def four() -> list[Entry]:
    return chained(b"a", b"b", b"c", b"d")


def replaced(at: int, **fields: object) -> Change:
    def change(entries: list[Entry]) -> None:
        entries[at] = entries[at]._replace(**fields)

    return change


def rehashed(entries: list[Entry]) -> None:
    """Somebody who changes an entry and knows how its hash is made."""
    entries[1] = entries[1]._replace(body=b"x", hash=link(entries[1].prev, b"x"))


def swapped(entries: list[Entry]) -> None:
    entries[1], entries[2] = entries[2], entries[1]


def test_a_whole_chain_ends_at_its_last_entry() -> None:
    entries = four()
    assert walk(entries) == Head(4, entries[3].hash)
    assert walk([]) == EMPTY
    assert walk(entries[2:], Head(2, entries[1].hash)) == Head(4, entries[3].hash)


@pytest.mark.parametrize(
    ("change", "seq", "why"),
    [
        (replaced(0, body=b"x"), 1, "altered"),
        (replaced(2, body=b"x"), 3, "altered"),
        (replaced(3, body=b"x"), 4, "altered"),
        (replaced(1, hash=bytes(32)), 2, "altered"),
        (replaced(1, prev=bytes(32)), 2, "unlinked"),
        (replaced(0, prev=b"\1" * 32), 1, "unlinked"),
        (rehashed, 3, "unlinked"),
        (swapped, 2, "missing"),
        (lambda entries: entries.pop(0), 1, "missing"),
        (lambda entries: entries.pop(2), 3, "missing"),
        (lambda entries: entries.insert(1, entries[0]), 2, "missing"),
        (replaced(3, seq=5), 4, "missing"),
    ],
)
def test_the_first_broken_entry_is_named(change: Change, seq: int, why: str) -> None:
    entries = four()
    change(entries)
    assert walk(entries) == Break(seq, why)  # type: ignore[arg-type]


BODIES = st.lists(st.binary(max_size=40), min_size=1, max_size=12)


@given(BODIES, st.data())
def test_no_changed_byte_goes_unnoticed(bodies: list[bytes], data: st.DataObject) -> None:
    entries = chained(*bodies)
    at = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["prev", "body", "hash"]))
    old = getattr(entries[at], field)
    new = data.draw(st.binary(min_size=0, max_size=40).filter(lambda value: value != old))
    entries[at] = entries[at]._replace(**{field: new})
    found = walk(entries)
    assert isinstance(found, Break)
    assert found.seq == at + 1


@given(BODIES, st.data())
def test_an_entry_that_is_gone_is_named_unless_it_was_the_last(
    bodies: list[bytes], data: st.DataObject
) -> None:
    entries = chained(*bodies)
    at = data.draw(st.integers(0, len(entries) - 1))
    last = at == len(entries) - 1
    del entries[at]
    found = walk(entries)
    assert isinstance(found, Head) if last else found == Break(at + 1, "missing")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),  # lone surrogates too
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text(st.characters()), JSON, max_size=4))
def test_any_text_has_one_form_in_ascii_that_reads_back(value: dict[str, object]) -> None:
    form = canonical(value)
    assert form.isascii()
    assert b"\n" not in form
    assert json.loads(form) == value
    assert canonical(dict(reversed(value.items()))) == form


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_the_digest_of_content_is_that_of_the_standard(salt: bytes, content: bytes) -> None:
    assert keyed(salt, content) == hmac.new(salt, content, sha256).digest()
