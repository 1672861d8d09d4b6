"""Every registered signal keeps the contract; and the contract notices one that does not."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest

from marsad.banks import Bank, Entry
from marsad.find.contract import SignalContract, posts_table
from marsad.find.registry import signals
from marsad.find.signal import (
    FOUND,
    Example,
    Found,
    ItemSignal,
    NetworkSignal,
    Parameter,
    found_batch,
)
from marsad.records.message import Message

for _name, _signal in signals().items():
    globals()[f"Test{_name.title()}"] = type(
        f"Test{_name.title()}", (SignalContract,), {"signal": _signal}
    )


def test_every_built_in_signal_is_tried() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    built_in = project["project"]["entry-points"]["marsad.signals"]
    assert set(built_in) <= set(signals()), "is marsad installed in this environment?"


# --- a signal that keeps the contract, and ways to break it ------------------------------------
class Shouts(ItemSignal):
    """Posts that hold a word of a bank in capitals."""

    name: ClassVar[str] = "shouts"
    reads: ClassVar[tuple[str, ...]] = ("id", "key", "account", "text")
    bank_kinds: ClassVar[tuple[str, ...]] = ("phrases",)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("score", 0.5, "rank, 0 to 1", "the score of every finding"),
    )

    def load(self, banks: Sequence[Bank]) -> Shouting:
        return Shouting([entry.value for bank in banks for entry in bank.active])

    @classmethod
    def examples(cls) -> Sequence[Example]:
        posts = [{"id": "x:1", "text": "MARKER here"}, {"id": "x:2", "text": "marker here"}]
        words = Bank("words", "phrases", (Entry("MARKER"),))
        return [Example("A word in capitals.", posts, frozenset({"x:1"}), banks=[words])]


class Shouting:
    def __init__(self, words: list[str]) -> None:
        self.words = words

    def screen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = [
            self.found(post, word)
            for post in batch.to_pylist()
            for word in self.words
            if word in (post["text"] or "")
        ]
        return found_batch(rows)

    def found(self, post: dict[str, Any], word: str) -> Found:
        at = post["text"].index(word)
        return Found(
            "post", post["id"], post["key"], post["account"], 0.5,
            Message("language.unknown", {}),
            [{"kind": "word", "spans": [[at, at + len(word)]]}], word,
        )  # fmt: skip


class TestShouts(SignalContract):
    signal = Shouts


def broken(changed: Callable[[Found], Found] | None = None, **members: Any) -> type[SignalContract]:
    """The contract on a signal that is like `Shouts`, with its findings or members changed."""

    class Odd(Shouting):
        def found(self, post: dict[str, Any], word: str) -> Found:
            found = super().found(post, word)
            return changed(found) if changed else found

    def load(self: Shouts, banks: Sequence[Bank]) -> Shouting:
        return Odd([entry.value for bank in banks for entry in bank.active])

    signal = type("Odd", (Shouts,), {"load": load, **members})
    return type("OddContract", (SignalContract,), {"signal": signal})


def evidence(**item: Any) -> Callable[[Found], Found]:
    return lambda found: replace(found, evidence=[{"kind": "word", **item}])


BROKEN_FINDINGS = {
    "a score above 1": lambda found: replace(found, score=1.5),
    "a score that is no number": lambda found: replace(found, score=float("nan")),
    "another kind of score": lambda found: replace(found, score_kind="certainty"),
    "another kind of subject": lambda found: replace(found, subject_kind="person"),
    "a key of another subject": lambda found: replace(found, subject_key=1),
    "no evidence": lambda found: replace(found, evidence=[]),
    "no evidence key": lambda found: replace(found, evidence_key=""),
    "too much evidence": evidence(text="x" * 70_000),
    "a place before the text": evidence(spans=[[-1, 2]]),
    "a place after the text": evidence(spans=[[0, 500]]),
    "an empty place": evidence(spans=[[1, 1]]),
    "evidence of no kind": evidence(kind=None),
    "a sentence without an entry": lambda found: replace(found, message=Message("no.such.message")),
    "a sentence without its values": lambda found: replace(found, message=Message("report.title")),
}


@pytest.mark.parametrize("name", BROKEN_FINDINGS)
def test_a_finding_that_is_not_whole_is_noticed(name: str) -> None:
    with pytest.raises(AssertionError):
        broken(BROKEN_FINDINGS[name])().test_each_finding_is_whole()


def test_the_same_finding_twice_is_noticed() -> None:
    class Twice(Shouting):
        def screen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
            once = super().screen(batch)
            return pa.concat_batches([once, once])

    contract = broken(load=lambda self, banks: Twice([e.value for b in banks for e in b.active]))
    with pytest.raises(AssertionError, match="twice"):
        contract().test_each_finding_is_whole()


EXAMPLE = Shouts.examples()[0]
BROKEN_EXAMPLES = {
    "nothing is flagged": [replace(EXAMPLE, flagged=frozenset())],
    "everything is flagged": [replace(EXAMPLE, posts=EXAMPLE.posts[:1])],
    "no sentence": [replace(EXAMPLE, about=" ")],
}


@pytest.mark.parametrize("name", BROKEN_EXAMPLES)
def test_examples_that_show_too_little_are_noticed(name: str) -> None:
    contract = broken(examples=classmethod(lambda cls: BROKEN_EXAMPLES[name]))
    with pytest.raises(AssertionError):
        contract().test_examples_show_what_it_finds_and_what_it_leaves()


@pytest.mark.parametrize("flagged", [frozenset({"x:2"}), frozenset({"x:1", "x:2"}), frozenset()])
def test_examples_that_come_out_otherwise_are_noticed(flagged: frozenset[str]) -> None:
    wrong = [replace(EXAMPLE, flagged=flagged)]
    with pytest.raises(AssertionError, match="capitals"):
        broken(examples=classmethod(lambda cls: wrong))().test_examples_come_out_as_said()


def matching(screen: Callable[[Shouting, pa.RecordBatch], pa.RecordBatch]) -> type[SignalContract]:
    """The contract on a matcher with another ``screen``."""
    matcher = type("Odd", (Shouting,), {"screen": screen})
    return broken(load=lambda self, banks: matcher([e.value for b in banks for e in b.active]))


def test_other_columns_are_noticed() -> None:
    contract = matching(lambda self, batch: Shouting.screen(self, batch).select(FOUND.names[:-1]))
    with pytest.raises(AssertionError, match="not FOUND"):
        contract().test_examples_come_out_as_said()


def test_a_matcher_that_counts_is_noticed() -> None:
    def screen(self: Shouting, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = Shouting.screen(self, batch).to_pylist()
        for row in rows:
            row["score"] = 1 / batch.num_rows
        return pa.RecordBatch.from_pylist(rows, schema=FOUND)

    with pytest.raises(AssertionError):
        matching(screen)().test_batches_may_be_cut_and_ordered_in_any_way()


def test_a_matcher_that_is_not_the_same_twice_is_noticed() -> None:
    calls: list[None] = []

    def changed(found: Found) -> Found:
        calls.append(None)
        return replace(found, score=1 / len(calls))

    with pytest.raises(AssertionError):
        broken(changed)().test_it_gives_the_same_again()


def test_a_matcher_that_fails_on_an_odd_text_is_noticed() -> None:
    def screen(self: Shouting, batch: pa.RecordBatch) -> pa.RecordBatch:
        assert all("\x00" not in text for text in batch["text"].to_pylist() if text)
        return Shouting.screen(self, batch)

    with pytest.raises(AssertionError):
        matching(screen)().test_no_text_breaks_it()


def test_a_matcher_that_fails_on_no_posts_is_noticed() -> None:
    def screen(self: Shouting, batch: pa.RecordBatch) -> pa.RecordBatch:
        assert batch.num_rows
        return Shouting.screen(self, batch)

    with pytest.raises(AssertionError):
        matching(screen)().test_no_posts_and_no_banks_do_no_harm()


def test_settings_that_cannot_be_sent_are_noticed() -> None:
    kept = Example("One.", EXAMPLE.posts, EXAMPLE.flagged, parameters={"score": lambda: 1})
    with pytest.raises(Exception, match=r"pickle|local"):
        broken(examples=classmethod(lambda cls: [kept]))().test_it_is_the_same_class_for_a_worker()


class Nothing(NetworkSignal):
    """A network signal that gives back whole posts."""

    name: ClassVar[str] = "nothing"
    reads: ClassVar[tuple[str, ...]] = ("posts",)

    def find(self, records: Any, engine: Any) -> Any:
        return records.posts

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return [Example("One.", [{"id": "x:1", "text": "a"}], frozenset())]


def test_a_network_signal_is_given_what_follows_from_posts() -> None:
    """The shares and edges that `find` gives it in a workspace, not the stored tables alone."""
    seen: dict[str, Any] = {}

    class Looks(Nothing):
        def find(self, records: Any, engine: Any) -> Any:
            seen["shares"] = engine.collect(records.shares.select("object_kind", "object"))
            seen["edges"] = engine.collect(records.edges.select("kind", "target"))
            return engine.table(FOUND.empty_table(), "found")

    class Looked(SignalContract):
        signal = Looks

    post = {"id": "x:1", "text": "a", "hashtags": ["zzz"], "mentions": ["x:@b"]}
    Looked().found_together(Looks(), posts_table([post]))
    kinds = {(row["object_kind"], row["object"]) for row in seen["shares"].to_pylist()}
    assert kinds == {("hashtag", "zzz"), ("mention", "x:@b")}
    assert seen["edges"].to_pylist() == [{"kind": "mention", "target": "x:@b"}]


def test_a_network_signal_with_other_columns_is_noticed() -> None:
    contract = type("OddContract", (SignalContract,), {"signal": Nothing})
    with pytest.raises(AssertionError, match="not FOUND"):
        contract().test_examples_come_out_as_said()
    assert json.dumps(FOUND.names)
