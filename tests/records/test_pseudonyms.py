"""Keyed pseudonyms: stable under one key, unrelated under another, and their key kept close."""

from __future__ import annotations

import os
import pickle
import re
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.records.errors import InputError
from marsad.records.pseudonyms import PREFIXES, Pseudonyms, load_or_create, mentions_in

ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)


def test_a_pseudonym_is_stable_and_known_by_its_kind() -> None:
    # Fixed, so that a change of the scheme (which renames everybody) does not slip in unseen.
    assert ONE.of("account", "x:1") == "acct-5tqew4v32ngw"
    assert ONE.of("post", "x:1").startswith("post-")


@given(st.sampled_from(sorted(PREFIXES)), st.text(st.characters(), min_size=1))
def test_pseudonyms_are_plain_and_differ_by_key_and_kind(kind: str, identifier: str) -> None:
    name = ONE.of(kind, identifier)
    assert re.fullmatch(r"[a-z]+-[a-z2-7]{12,}", name)
    assert name == Pseudonyms(ONE.key).of(kind, identifier) != OTHER.of(kind, identifier)
    assert len({ONE.of(other, identifier).split("-")[1] for other in PREFIXES}) == len(PREFIXES)


def test_handles_are_one_account_in_any_case() -> None:
    assert ONE.of("account", "x:@Name") == ONE.of("account", "x:@name")
    assert ONE.of_handle("x", "NAME") == ONE.of("account", "x:@name")
    assert ONE.of("account", "x:Ab") != ONE.of("account", "x:ab")  # native ids keep theirs


def test_a_surrogate_in_an_id_is_no_crash() -> None:
    assert ONE.of("post", "x:\ud800").startswith("post-")


def test_the_key_does_not_show() -> None:
    assert "1111" not in repr(ONE)
    assert pickle.loads(pickle.dumps(ONE)) == ONE


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="guessed"):
        Pseudonyms(b"short")


MENTIONS = [
    ("hello @name, and @other_1!", ["name", "other_1"]),
    ("RT @name: text", ["name"]),
    ("@first", ["first"]),
    ("مرحبا @اسم_عربي.", ["اسم_عربي"]),
    ("@name@server.example wrote", ["name@server.example"]),
    ("@alice.example.social.", ["alice.example.social"]),
    ('(@name) "@name2" .@name3', ["name", "name2", "name3"]),
    ("mail@example.org is a mail address", []),
    ("＠wide", ["wide"]),
    ("@\u200bhidden", ["hidden"]),
    ("@hid\u200bden", ["hidden"]),
    ("@\u202ename", ["name"]),
    ("a lone @ sign, @@ and @-", []),
    ("@@twice", ["twice"]),
    ("@one@two", ["one@two"]),
    ("https://example.org/@name/1", ["name"]),
]


@pytest.mark.parametrize(("text", "handles"), MENTIONS)
def test_mentions(text: str, handles: list[str]) -> None:
    assert [mention.handle for mention in mentions_in(text)] == handles


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "pseudonyms.key"
    first = load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_create(path) == first
    assert load_or_create(tmp_path / "other.key") != first
    assert [file.name for file in path.parent.iterdir()] == ["pseudonyms.key"]


def test_many_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path, made, start = tmp_path / "pseudonyms.key", [], threading.Barrier(8)

    def make() -> None:
        start.wait()
        made.append(load_or_create(path))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "pseudonyms.key"
    load_or_create(path)
    path.chmod(mode)
    with pytest.raises(InputError) as refused:
        load_or_create(path)
    assert refused.value.exit_code == 2
    for part in (str(path), f"{mode:04o}", "chmod 600"):
        assert part in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"not hex\n", b"ab" * 8, b"\xff" * 64])
def test_a_damaged_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pseudonyms.key"
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        load_or_create(path)
    assert str(path) in str(refused.value)
    assert path.read_bytes() == content
