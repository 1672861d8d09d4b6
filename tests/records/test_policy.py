"""Policies: nothing without a ground; versions are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marsad.records.errors import InputError
from marsad.records.policy import SHIPPED, PolicyStore

RULE = '[[rules]]\nid="r"\ntitle="t"\npublished="https://rules.example"\ndate=2024-05-01\n'

BAD = [
    ("name=", "not a TOML file"),
    (f'name="Big Name"\n{RULE}', "small letters"),
    ('name="empty"\n', "must name a ground"),
    ('name="x"\n[[rules]]\nid="r"\n', "lacks title, published, date"),
    ('name="x"\n[[rules]]\nid="r"\ntitle="t"\npublished="p"\ndate="soon"\n', "TOML date"),
    ('name="x"\nrules=3\n', r"\[\[rules\]\]"),
    (f'name="x"\nretention_days=0\n{RULE}', "whole number of days"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_a_bad_policy_says_what_it_lacks(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        PolicyStore(tmp_path / "policies").add(str(path))
    assert not (tmp_path / "policies").exists()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_ones_are_sound(tmp_path: Path, name: str) -> None:
    assert PolicyStore(tmp_path).add(name).reference == f"{name}@1"


def test_a_change_is_a_version_and_the_last_added_is_in_force(tmp_path: Path) -> None:
    store, path = PolicyStore(tmp_path / "policies"), tmp_path / "p.toml"
    path.write_text(f'name="house"\n{RULE}')
    assert store.add(str(path)).reference == "house@1"
    assert store.add(str(path)).reference == "house@1"
    path.write_text(f'name="house"\nretention_days=30\n{RULE}')
    assert store.add(str(path)).reference == "house@2"
    store.add("research")
    assert [policy.reference for policy in store.all()] == ["house@2", "research@1"]
    assert store.add(str(path)).reference == "house@2"
    assert [policy.reference for policy in store.all()] == ["research@1", "house@2"]


def test_the_one_in_force_does_not_depend_on_the_times_of_files(tmp_path: Path) -> None:
    store = PolicyStore(tmp_path)
    store.add("research")
    store.add("demo")
    os.utime(tmp_path / "research@1.toml")
    assert [policy.reference for policy in store.all()] == ["research@1", "demo@1"]


def test_a_file_that_was_put_there_by_hand_counts(tmp_path: Path) -> None:
    store = PolicyStore(tmp_path)
    store.add("research")
    (tmp_path / "order").unlink()
    assert [policy.reference for policy in store.all()] == ["research@1"]
    store.add("demo")
    assert [policy.reference for policy in store.all()] == ["research@1", "demo@1"]


def test_no_version_is_overwritten_where_an_earlier_one_has_gone(tmp_path: Path) -> None:
    store = PolicyStore(tmp_path / "policies")
    file = tmp_path / "ours.toml"
    for days in (30, 60):
        text = store.text("research").replace("retention_days = ", f"retention_days = {days} # ")
        file.write_text(text, "utf-8")
        second = store.add(str(file))
    (store.folder / f"{second.name}@1.toml").unlink()
    file.write_text(f"{text}\n# another", "utf-8")
    assert store.add(str(file)).version == 3
    assert (store.folder / f"{second.name}@2.toml").read_text("utf-8") == text


def test_a_policy_can_be_shown_and_what_it_leaves_open(tmp_path: Path) -> None:
    store = PolicyStore(tmp_path / "policies")
    text = store.text("research")
    assert store.add("research").unfilled == ["approved_by"]
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("to be filled in: the board", "the board"))
    assert store.add(str(path)).unfilled == []
    assert store.text("research") == store.text("research@2") == path.read_text()
    with pytest.raises(InputError, match="research@2, demo, research"):
        store.text("reserch")


def test_an_unknown_policy_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="demo, research"):
        PolicyStore(tmp_path).add("reserch")
