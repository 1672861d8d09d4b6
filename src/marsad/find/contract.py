"""What every signal must pass, built in or plugged in: a class of tests for pytest.

A plugin's tests hold two lines:

    class TestRhymes(SignalContract):
        signal = Rhymes

pytest is not imported here; the methods are plain assertions.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pyarrow as pa

from marsad import locale
from marsad.banks import Bank
from marsad.engines import Engine, open_engine
from marsad.find.registry import check
from marsad.find.signal import FOUND, Example, ItemSignal, Matcher, NetworkSignal, Records, Signal
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.tables import EDGES, OBSERVATIONS, POSTS, SCORE_KINDS, SHARES, SUBJECT_KINDS

MAX_EVIDENCE = 64 * 1024
"""Most bytes of one finding's evidence."""

_PLAIN: Mapping[str, Any] = {
    "version": 1, "platform": "x", "account": "x:@somebody", "created_at": 1_433_116_800_000_000,
    "precision": 1_000_000, "kind": "post", "hashtags": [], "urls": [], "mentions": [],
    "run": "contract", "file": "contract", "line": 1,
}  # fmt: skip

HOSTILE_TEXTS: tuple[str | None, ...] = (
    None,
    "",
    " ",
    "\x00",
    "a\x00b\x00",
    "\ufeff\u202e\u200f\u200b",
    "#",
    "@",
    "http://",
    "https://[",
    "https://\u202emoc.elpmaxe",
    "%" * 50,
    "(" * 5_000,
    "e" + "\u0301" * 5_000,
    "\U0010ffff\U000e0001😀",
    "ـ" * 5_000,
    "ﷺ" * 1_000,
    "a" * 1_000_000,
    "word " * 200_000,
    "https://marker.example/" * 45_000,
    "#وسم @name " * 60_000,
)
"""Texts that have broken somebody's matcher; lone surrogates cannot stand in an Arrow table."""

Row = dict[str, Any]

_READ = {"posts": POSTS, "observations": OBSERVATIONS, "edges": EDGES, "shares": SHARES}


def posts_table(posts: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Posts as a whole table of the records; what is left out gets a plain default."""
    rows = []
    for post in posts:
        row = {**dict.fromkeys(POSTS.names), **_PLAIN, **post}
        row["key"], row["account_key"] = key(row["id"]), key(row["account"])
        row["platform"] = row["id"].partition(":")[0]
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=POSTS)


def records_of(engine: Engine, banks: Sequence[Bank] = (), **tables: pa.Table) -> Records:
    """Records of tables in memory, by name: ``posts``, ``observations``, ``edges``, ``shares``.
    Those that are not given are empty."""
    posts, observations, edges, shares = (
        engine.table(tables.get(name, schema.empty_table()), name) for name, schema in _READ.items()
    )
    return Records.of(posts, observations, edges, shares, banks)


def screened(
    matcher: Matcher, posts: pa.Table, reads: Sequence[str], size: int = 10_000
) -> list[Row]:
    """What a matcher finds in posts, cut into batches of ``size``; in an order of its own."""
    found: list[Row] = []
    for batch in posts.select(list(reads)).combine_chunks().to_batches(max_chunksize=size):
        result = matcher.screen(batch)
        assert result.schema.equals(FOUND), f"screen gives {result.schema}, not FOUND"
        found += result.to_pylist()
    return _ordered(found)


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["subject_id"], row["evidence_key"], row["values"]))


class SignalContract:
    """Inherit and set ``signal``; pytest then runs every rule on it."""

    signal: ClassVar[type[Signal]]
    _first: ClassVar[Sequence[tuple[Example, list[Row]]]]

    def found(self, example: Example) -> list[Row]:
        """All that the signal finds in an example, on single posts and on all together."""
        signal = self.signal(**example.parameters)
        posts = posts_table(example.posts)
        rows: list[Row] = []
        if isinstance(signal, ItemSignal):
            rows += screened(signal.load(self.banks(example)), posts, signal.reads)
        if isinstance(signal, NetworkSignal):
            rows += self.found_together(signal, posts, example.banks)
        return rows

    def found_first(self) -> Sequence[tuple[Example, list[Row]]]:
        """What the signal finds in each of its examples, run once for all rules that look at it."""
        own = type(self)
        if "_first" not in vars(own):
            own._first = [(one, self.found(one)) for one in self.signal.examples()]
        return own._first

    def found_together(
        self, signal: NetworkSignal, posts: pa.Table, banks: Sequence[Bank] = ()
    ) -> list[Row]:
        """What a network signal finds in posts, on the embedded engine."""
        with open_engine("duckdb") as engine:
            records = records_of(engine, banks, posts=posts)
            table = engine.collect(signal.find(records, engine))
        assert table.schema.names == FOUND.names, f"find gives {table.schema.names}, not FOUND"
        assert [f.type for f in table.schema] == [f.type for f in FOUND], "types are not FOUND's"
        return _ordered(table.to_pylist())

    def banks(self, example: Example) -> list[Bank]:
        """The banks of an example that the signal reads."""
        return [bank for bank in example.banks if bank.kind in self.signal.bank_kinds]

    def item(self) -> tuple[ItemSignal, pa.Table, list[Bank]] | None:
        """The signal with all its examples' posts (their ids made distinct) and banks at once."""
        signal = self.signal()
        if not isinstance(signal, ItemSignal):
            return None
        posts, banks = [], {}
        for number, example in enumerate(signal.examples()):
            posts += [{**post, "id": f"{post['id']}-{number}"} for post in example.posts]
            banks.update({bank.name: bank for bank in self.banks(example)})
        return signal, posts_table(posts), list(banks.values())

    # --- what it says of itself ---------------------------------------------------------------
    def test_it_can_be_registered(self) -> None:
        check(self.signal)

    def test_parameters_have_units_or_are_pure_numbers(self) -> None:
        for parameter in self.signal.parameters:
            assert parameter.unit or isinstance(parameter.default, (int, float, str, bool))
            assert parameter.help[0].islower() or parameter.help[0].isupper(), parameter.help

    def test_it_is_the_same_class_for_a_worker(self) -> None:
        for example in self.signal.examples():
            signal = self.signal(**example.parameters)
            copy, banks = pickle.loads(pickle.dumps((signal, example.banks)))
            assert type(copy) is self.signal
            assert copy.settings == signal.settings
            assert tuple(banks) == tuple(example.banks)

    # --- its examples -------------------------------------------------------------------------
    def test_examples_show_what_it_finds_and_what_it_leaves(self) -> None:
        examples = self.signal.examples()
        assert any(example.flagged for example in examples), "no example flags anything"
        posts = [post["id"] for example in examples for post in example.posts]
        flagged = [subject for example in examples for subject in example.flagged]
        assert len(posts) > len(flagged), "no example has a post that must not be found"
        assert all(example.about.strip() for example in examples)

    def test_examples_come_out_as_said(self) -> None:
        for example, rows in self.found_first():
            got = {row["subject_id"] for row in rows}
            assert got == set(example.flagged), f"{example.about}: {sorted(got)}"

    # --- what it gives back -------------------------------------------------------------------
    def test_each_finding_is_whole(self) -> None:
        for example, rows in self.found_first():
            texts = {post["id"]: post.get("text") or "" for post in example.posts}
            for row in rows:
                check_row(row, texts)
            names = [(row["subject_id"], row["evidence_key"]) for row in rows]
            assert len(set(names)) == len(names), f"one finding given twice: {names}"

    def test_it_gives_the_same_again(self) -> None:
        for example, rows in self.found_first():
            assert self.found(example) == rows, example.about

    # --- single posts -------------------------------------------------------------------------
    def test_batches_may_be_cut_and_ordered_in_any_way(self) -> None:
        given = self.item()
        if given is None:
            return
        signal, posts, banks = given
        whole = screened(signal.load(banks), posts, signal.reads)
        backwards = posts.take(list(reversed(range(posts.num_rows))))
        for table, size in ((posts, 1), (posts, 3), (backwards, 2), (backwards, 10_000)):
            assert screened(signal.load(banks), table, signal.reads, size) == whole

    def test_no_posts_and_no_banks_do_no_harm(self) -> None:
        given = self.item()
        if given is None:
            return
        signal, posts, banks = given
        schema = pa.schema([POSTS.field(name) for name in signal.reads])
        empty = pa.RecordBatch.from_pylist([], schema=schema)
        assert signal.load(banks).screen(empty).num_rows == 0
        assert signal.load([]).screen(empty).num_rows == 0
        screened(signal.load([]), posts, signal.reads)

    def test_no_text_breaks_it(self) -> None:
        kinds = {"plain": None, "listed": [None, "", "https://"]}
        rows = [
            {"id": f"x:{kind}-{number}", "text": text, "urls": urls and [*urls, text]}
            for kind, urls in kinds.items()
            for number, text in enumerate(HOSTILE_TEXTS)
        ]
        posts = posts_table(rows)
        given = self.item()
        if given is not None:
            signal, _, banks = given
            texts = {str(row["id"]): str(row["text"] or "") for row in rows}
            for row in screened(signal.load(banks), posts, signal.reads):
                check_row(row, texts)
        network = self.signal()
        if isinstance(network, NetworkSignal):
            self.found_together(network, posts, self.signal.examples()[0].banks)


def check_row(row: Row, texts: Mapping[str, str]) -> None:
    """Raises where a finding breaks a rule; ``texts`` are the posts' texts by id."""
    assert row["subject_kind"] in SUBJECT_KINDS
    assert row["score_kind"] in SCORE_KINDS
    assert 0 <= row["score"] <= 1, f"score {row['score']}"
    assert row["subject_key"] == key(row["subject_id"])
    assert row["evidence_key"], "no evidence key"
    _check_message(row)
    _check_evidence(row, texts)


def _check_message(row: Row) -> None:
    message = Message.from_json(row["message"], row["values"])
    for language in locale.LANGUAGES:
        entry = locale.catalogue(language).get(message.id)
        assert entry is not None, f"no entry for {message.id}"
        assert entry.string, f"{message.id} is empty in {language}"
        left = re.findall(r"\{[a-z_]+\}", message.render(language))
        given = " ".join(str(value) for value in message.values.values())
        assert all(name in given for name in left), f"{message.id} in {language} lacks {left}"


def _check_evidence(row: Row, texts: Mapping[str, str]) -> None:
    assert len(row["evidence"].encode()) <= MAX_EVIDENCE, f"{len(row['evidence'])} characters"
    evidence = json.loads(row["evidence"])
    assert isinstance(evidence, list), "evidence is no list"
    assert evidence, "evidence is empty"
    for item in evidence:
        assert isinstance(item.get("kind"), str), f"evidence without a kind: {item}"
        text = texts.get(item.get("post", row["subject_id"])) or ""
        for start, end in item.get("spans", []):
            assert 0 <= start < end <= len(text), f"span {start}–{end} of {len(text)} characters"
