"""Lists in files: recognised by content, bad lines reported, written and read again."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.banks import KINDS, Bank, Entry, lists
from marsad.banks.formats import FORMATS
from marsad.banks.kinds import make_entry
from marsad.banks.lists import MAX_LINE, export_list, format_of, read_list, write_list
from marsad.records.errors import InputError

PDQ = "0123456789abcdef" * 4

FILES = {
    "plain phrases": (
        "# a comment\n\nquartz lantern\n#وسم\n  amber thistle \n#\n## more\n", "phrases",
        "plain", "phrases", ["quartz lantern", "#وسم", "amber thistle"],
    ),
    "plain links": (
        "#comment\nhttps://marker.example/a # seen twice\nt.me/name\n", "links",
        "plain", "links", ["https://marker.example/a", "t.me/name"],
    ),
    "hosts file": (
        "0.0.0.0 marker.example\n127.0.0.1 other.example\n", "domains",
        "plain", "domains", ["marker.example", "other.example"],
    ),
    "plain redirects": (
        "bit.ly/x https://marker.example/\nbit.ly/y\thttps://marker.example/b\n", "redirects",
        "plain", "redirects", ["bit.ly/x", "bit.ly/y"],
    ),
    "csv": (
        'Domain,Comment,Since\nmarker.example,"one, two",2015\n\nother.example,,\n', None,
        "csv", "domains", ["marker.example", "other.example"],
    ),
    "csv with marks": (
        '\ufeff"URL";"Note"\nmarker.example/a;x\n', None, "csv", "links", ["marker.example/a"],
    ),
    "tsv": ("phrase\tnote\nquartz lantern\tx\n", None, "csv", "phrases", ["quartz lantern"]),
    "csv of texts": ('text,note\n"two\nlines",x\n', None, "csv", "texts", ["two\nlines"]),
    "csv of two columns that fit": (
        "url,domain\nmarker.example/a,marker.example\n", "domains",
        "csv", "domains", ["marker.example"],
    ),
    "csv of hashes": (f"hash_digest,algorithm\n{PDQ},pdq\n", None, "csv", "hashes", [PDQ]),
    "csv of redirects": (
        "short_url,expanded_url\nbit.ly/x,https://marker.example/\n", None,
        "csv", "redirects", ["bit.ly/x"],
    ),
    "ndjson": (
        '{"domain": "marker.example", "note": "x", "seen": 3}\n\n{"domain": "other.example"}\n',
        None, "ndjson", "domains", ["marker.example", "other.example"],
    ),
    "ndjson of strings": ('"quartz lantern"\n"amber thistle"\n', "phrases", "ndjson", "phrases",
                          ["quartz lantern", "amber thistle"]),
    "ndjson with a header": (
        '{"bank": "x", "kind": "links", "negative": true, "policy": "p"}\n'
        '{"value": "marker.example/a"}\n',
        None, "ndjson", "links", ["marker.example/a"],
    ),
    "mastodon": (
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
        'marker.example,suspend,false,true,"one, two",false\n', None,
        "mastodon", "domains", ["marker.example"],
    ),
    "older mastodon": ("domain,severity,public_comment\nmarker.example,silence,\n", None,
                       "mastodon", "domains", ["marker.example"]),
    "threatexchange": (f"pdq {PDQ}\nHASH_PDQ {PDQ[::-1]}\n", None, "threatexchange", "hashes",
                       [PDQ, PDQ[::-1]]),
    "threatexchange links": ("# from a file\nurl https://marker.example/a\nURI t.me/name\n", None,
                             "threatexchange", "links", ["https://marker.example/a", "t.me/name"]),
    "windows line ends": ("quartz lantern\r\namber thistle\r\n", "phrases", "plain", "phrases",
                          ["quartz lantern", "amber thistle"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_formats_are_recognised_by_content(tmp_path: Path, name: str) -> None:
    content, asked, format, kind, values = FILES[name]
    path = tmp_path / "list"
    path.write_text(content, encoding="utf-8", newline="")
    listed = read_list(path, asked)
    assert (listed.format, listed.kind) == (format, kind)
    assert [entry.value for entry in listed.entries] == values
    assert listed.bad == ()


def read(tmp_path: Path, content: str | bytes, kind: str | None = None, **how: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "list"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_list(path, kind, **how)


def test_what_else_stands_in_a_row_is_kept(tmp_path: Path) -> None:
    listed = read(tmp_path, FILES["csv"][0])
    assert listed.entries[0].note == "one, two"
    assert listed.entries[0].options == {"since": "2015"}
    listed = read(tmp_path, FILES["ndjson"][0])
    assert listed.entries[0].options == {"seen": 3}
    listed = read(tmp_path, FILES["mastodon"][0])
    assert listed.entries[0].note == "one, two"
    assert listed.entries[0].options["severity"] == "suspend"
    listed = read(tmp_path, FILES["ndjson with a header"][0])
    assert (listed.negative, listed.policy) == (True, "p")
    listed = read(tmp_path, FILES["plain links"][0], "links")
    assert listed.entries[0].note == "seen twice"


BAD = {
    "an obfuscated domain": (
        "#domain,#severity\nmar***.example,suspend\nother.example,suspend\n", None,
        [(2, "obfuscated")],
    ),
    "a block that blocks nothing": (
        "#domain,#severity\nmarker.example,noop\nother.example,suspend\n", None,
        [(2, "blocks-nothing")],
    ),
    "too many cells": ("domain,note\na.example,x\nb.example,x,y\n", None, [(3, "columns")]),
    "too few cells": ("note,domain\nx,a.example\ny\n", None, [(3, "columns")]),
    "a quote that never ends": (
        'domain,note\na.example,x\nb.example,"x\nc.example,y\n', None, [(3, "row")],
    ),
    "json cut short": ('{"domain": "a.example"}\n{"domain": "b.exa\n', None, [(2, "json")]),
    "json of another shape": ('{"domain": "a.example"}\n[1]\n3\n{"x": 1}\n', None,
                              [(2, "json"), (3, "json"), (4, "no-value")]),
    "json too deep": ('{"domain": "a.example"}\n' + "[" * 100_000 + "\n", None, [(2, "json")]),
    "a signal of another kind": (f"url a.example/x\npdq {PDQ}\n", None, [(2, "other-kind")]),
    "a signal of an unknown type": ("url a.example/x\ntrend_query {}\n", None, [(2, "type")]),
    "no domains": (
        "a.example\nword\nb.example/x\n", "domains", [(2, "not-a-domain"), (3, "not-a-domain")],
    ),
    "NUL bytes": ("a.example\nb\x00.example\n", "domains", [(2, "control")]),
    "bytes that are no text": (b"a.example\n\xff\xfe\xfd.example\n", "domains", [(2, "encoding")]),
    "a line too long": (b"a.example\n" + b"x" * (2 * MAX_LINE) + b"\nb.example\n", "domains",
                        [(2, "line-too-long")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_costs_only_itself(tmp_path: Path, name: str) -> None:
    content, kind, expected = BAD[name]
    listed = read(tmp_path, content, kind)
    assert [(bad.line, bad.message.id) for bad in listed.bad] == [
        (line, f"bank.not-taken.{reason}") for line, reason in expected
    ]
    assert all(len(bad.raw) <= 200 for bad in listed.bad)
    assert [entry.value for entry in listed.entries][:1] in (
        ["a.example"], ["a.example/x"], ["other.example"],
    )  # fmt: skip


def test_utf_16_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "وسم\nمرصد\n".encode("utf-16"), "phrases").entries[1].value == "مرصد"


def test_the_kind_must_be_known(tmp_path: Path) -> None:
    for content in ("marker.example\n", "value,note\nx,y\n", "", '{"value": "x"}\n'):
        with pytest.raises(InputError) as raised:
            read(tmp_path, content)
        assert raised.value.message.id == "bank.kind-missing"
    with pytest.raises(InputError, match=r"bank\.kind|kind"):
        read(tmp_path, "x", "words")


def test_files_and_formats_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read_list(tmp_path / "nothing", "links")
    assert raised.value.message.id == "bank.file"
    with pytest.raises(InputError) as raised:
        read(tmp_path, "x", "phrases", format="word")
    assert raised.value.message.id == "bank.format"
    with pytest.raises(InputError) as raised:
        write_list(Bank("x", "phrases", ()), io.StringIO(), "mastodon")
    assert raised.value.message.id == "bank.format-kind"
    assert "plain" in raised.value.message.values["valid"]


def test_a_file_of_something_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_BAD", 10)
    with pytest.raises(InputError) as raised:
        read(tmp_path, "no domain\n" * 11, "domains")
    assert raised.value.message.id == "bank.too-many-bad"
    assert raised.value.message.values["line"] == 1


def test_lists_longer_than_a_bank_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_ENTRIES", 2)
    with pytest.raises(InputError) as raised:
        read(tmp_path, "a.example\nb.example\nc.example\n", "domains")
    assert raised.value.message.id == "bank.too-many"


def test_an_empty_file_of_a_known_kind_is_empty(tmp_path: Path) -> None:
    listed = read(tmp_path, "", "links")
    assert (listed.entries, listed.bad) == ((), ())


VALUES = {
    "phrases": ["quartz lantern", "#وسم", "c++", 'say "hi", twice', "tab\tinside"],
    "links": ["https://marker.example/a?x=1,2", "hxxp://marker[.]example/ب"],
    "domains": ["marker.example", "*.علامة.example"],
    "texts": ["one line", "two\nlines, \"quoted\"", "# looks like a comment"],
    "redirects": ["bit.ly/x https://marker.example/a b", "https://t.co/y -> marker.example"],
    "accounts": ["x:1", "mastodon:@name@server.example"],
    "hashes": [f"pdq:{PDQ}", f"md5:{PDQ[:32]}"],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", [chosen.name for chosen in FORMATS])
def test_what_is_written_is_read_again(tmp_path: Path, format: str, kind: str) -> None:
    values = [value for value in VALUES[kind] if kind != "redirects" or " b" not in value]
    entries = tuple(make_entry(kind, value, note="one, two") for value in values)
    bank = Bank("some", kind, entries)
    chosen = next(item for item in FORMATS if item.name == format)
    if kind not in chosen.kinds:
        return
    path = tmp_path / "list"
    left = export_list(bank, path, format)
    listed = read_list(path, kind)
    assert listed.kind == kind
    assert len(listed.entries) == len(entries) - left
    written = {entry.value for entry in listed.entries}
    assert written <= {entry.value for entry in entries}
    if format in ("csv", "ndjson"):
        assert listed.entries == entries
        assert listed.format == format


def test_a_whole_bank_goes_through_csv_and_ndjson(tmp_path: Path) -> None:
    entries = (
        Entry("https://marker.example/a", "n", "s", "2026-01-01", "", {"match": "prefix"}),
        Entry("https://marker.example/b", withdrawn="2026-02-01"),
    )
    for format in ("csv", "ndjson"):
        path = tmp_path / f"x.{format}"
        assert export_list(Bank("some", "links", entries), path, format_of(path)) == 0
        assert read_list(path).entries == entries
    assert export_list(Bank("some", "links", entries), tmp_path / "x.txt", "plain") == 1


def test_the_published_block_list(shared_data: Path) -> None:
    path = shared_data / "platforms" / "mastodon_domain_blocks.csv"
    listed = read_list(path)
    assert (listed.format, listed.kind, listed.bad) == ("mastodon", "domains", ())
    assert len(listed.entries) == len(path.read_text("utf-8").splitlines()) - 1
    out = io.StringIO()
    assert write_list(Bank("blocks", "domains", listed.entries), out, "mastodon") == 0
    assert sorted(out.getvalue().splitlines()) == sorted(path.read_text("utf-8").splitlines())


@given(st.binary(max_size=400), st.sampled_from([None, *KINDS]))
def test_no_file_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    try:
        read_list(path, kind)
    except InputError:
        assert kind is None


HEADS = st.sampled_from(
    ["domain,note\n", "#domain,#severity\n", '{"value": "x"}\n', "pdq x\n", "url\t", '"']
)
BITS = st.lists(
    st.sampled_from([*'{}[]",;\t|\n\r#\x00: ', "a.example", "\\", "pdq ", "😀", "\ud800"]),
    max_size=40,
)


@given(HEADS, BITS.map("".join), st.sampled_from(KINDS))
def test_no_list_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, head: str, rest: str, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes((head + rest).encode("utf-8", "surrogatepass"))
    listed = read_list(path, kind)
    assert listed.kind == kind


def test_a_list_of_accounts_keeps_since_and_basis(tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    path.write_text(
        "subject,since,basis,source,withdrawn\n"
        "x:1,2024-05-01,final decision,desk,\n"
        "x:2,2024-05-02,final decision,desk,2024-06-01\n"
        "x:3,some day,final decision,desk,\n"
        "x:4,2024-05-02,final decision,desk,No\n"
        "x:5,2024-05-02,final decision,desk,true\n"
        "x:6,2024-05-02,final decision,desk,maybe\n"
    )
    listed = read_list(path)
    assert listed.kind == "accounts"
    first, second, third, fourth = listed.entries
    assert first.options == {"since": "2024-05-01", "basis": "final decision"}
    assert (first.source, second.withdrawn) == ("desk", "2024-06-01")
    assert third.withdrawn == ""
    assert date.fromisoformat(fourth.withdrawn)
    assert [bad.line for bad in listed.bad] == [4, 7]
