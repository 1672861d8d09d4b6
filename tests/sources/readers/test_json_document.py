"""JSON documents: wrappers of every known kind, broken elements, cuts at every place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.sources.readers import Limits, files
from marsad.sources.readers.encoding import Encoding
from marsad.sources.readers.json_document import JsonDocument
from tests.sources.readers.reading import SMALL, Content, content_of, read, with_file

TINY = Limits(block_bytes=7, line_bytes=1 << 12, chunk_rows=2)
EVERY_SIZE = (Limits(), SMALL, TINY)

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=6)
nested = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
records = st.lists(
    st.builds(lambda n, v: {"n": n, "v": v}, st.integers(0, 99), nested), min_size=1, max_size=6
)
indents = st.sampled_from([None, 0, 2])


def document(data: bytes, limits: Limits = SMALL) -> Content:
    """The bytes read as a JSON document, whatever they look like."""

    def use(path):
        return content_of(JsonDocument(files([path])[0], limits, Encoding("utf-8")))

    return with_file(data, use)


@given(records, indents, st.booleans())
def test_every_element_of_an_array_is_a_row(values, indent, escaped) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=escaped)
    for limits in EVERY_SIZE:
        found = document(text.encode(), limits)
        assert found.values == values
        assert found.rejected == []
        lines = text.split("\n")
        for row in found.rows:
            assert row["json"].split("\n")[0] in lines[row["line"] - 1]


@given(records.filter(lambda values: len(values) > 1), indents)
def test_concatenated_objects_are_rows(values, indent) -> None:
    text = "\n".join(json.dumps(value, indent=indent) for value in values)
    for limits in EVERY_SIZE:
        assert document(text.encode(), limits).values == values


@given(records, indents, st.data())
def test_a_cut_document_keeps_every_complete_element(values, indent, data) -> None:
    text = json.dumps(values, indent=indent).encode()
    cut = data.draw(st.integers(1, len(text) - 1))
    ends = _element_ends(values, indent)
    complete = [value for value, end in zip(values, ends, strict=True) if end <= cut]
    for limits in EVERY_SIZE:
        found = document(text[:cut], limits)
        assert found.values == complete
        assert [reason for _, reason in found.reasons] == ["json-cut-off"]


def _element_ends(values, indent) -> list[int]:
    """Where each element ends in the text of the array."""
    ends = []
    for count in range(1, len(values) + 1):
        text = json.dumps(values[:count], indent=indent)
        ends.append(len(text[:-1].rstrip("\n")))
    return ends


@pytest.mark.parametrize(
    "end", ["1.", "-", "1e", "tr", '"', '"a', '"\\', '"\\u0', '"\\ud83d\\', "[", "{", '{"a"', ""]
)
def test_whatever_a_document_is_cut_in(end) -> None:
    for limits in EVERY_SIZE:
        found = document(b'[{"n": 1}, {"n": ' + end.encode(), limits)
        assert (found.values, found.reasons) == ([{"n": 1}], [(1, "json-cut-off")])


BROKEN = {
    "stray quote": ('{"n": 5, "t": "x"y"}', "malformed-json"),
    "stray quote before a number": ('{"n": 5, "t": "x"y", "m": 5}', "malformed-json"),
    "missing comma": ('{"n": 5 "t": "x"}', "malformed-json"),
    "two commas": ('{"n": 5,, "t": "x"}', "malformed-json"),
    "not a literal": ('{"n": tru}', "malformed-json"),
    "wrong escape": ('{"n": "\\x"}', "malformed-json"),
    "a brace too many": ('{"n": 5}}', None),
    "a brace missing": ('{"n": 5, "t": "x"', "malformed-json"),
    "a nested brace missing": ('{"n": 5, "u": {"k": 1}', "malformed-json"),
    "no braces": ("hello", "malformed-json"),
    "nul": ('{"n": "\0"}', "nul-bytes"),
    "wrong bytes": ('{"n": "\udcff"}', "not-utf8"),
    "surrogate": ('{"n": "\udced\udca0\udc80"}', "not-utf8"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("between", [", ", ",\n  "])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_broken_element_costs_only_itself(name, between, place) -> None:
    broken, reason = BROKEN[name]
    good = ['{"n": 1, "t": "a"}', '{"n": 2, "u": {"k": [1, {"n": 7}]}}', '{"n": 3, "t": ""}']
    elements = [*good[:place], broken, *good[place:]]
    text = f"[{between.strip(', ')}{between.join(elements)}\n]"
    for limits in EVERY_SIZE:
        found = document(text.encode("utf-8", "surrogateescape"), limits)
        assert [value for value in found.values if value["n"] != 5] == [
            json.loads(text) for text in good
        ]
        assert [why for _, why in found.reasons] == [reason or "malformed-json"]


def test_two_broken_elements_side_by_side() -> None:
    text = '[{"n":1},{"n":2,"t":"a"b"},{"n":3,"t":"c"d"},{"n":4}]'
    for limits in EVERY_SIZE:
        found = document(text.encode(), limits)
        assert found.values == [{"n": 1}, {"n": 4}]
        assert [raw for _, _, raw in found.rejected] == ['{"n":2,"t":"a"b"}', '{"n":3,"t":"c"d"}']


def test_an_element_that_is_too_long_is_not_held() -> None:
    text = '[{"n":1},{"n":2,"t":"' + 'x\\"}' * 3000 + '","u":[[{}]]},{"n":3}]'
    for limits in (SMALL, TINY, Limits(line_bytes=SMALL.line_bytes)):
        found = document(text.encode(), limits)
        assert found.values == [{"n": 1}, {"n": 3}]
        assert found.reasons == [(1, "line-too-long")]


def test_a_long_object_that_is_no_wrapper() -> None:
    text = (
        '{"n":1,"t":"' + "x" * 9000 + '"}\n{"n":2}\n{"n":3,"u":{"t":"' + "x" * 9000 + '"}}{"n":4}'
    )
    for limits in (SMALL, TINY):
        found = document(text.encode(), limits)
        assert found.values == [{"n": 2}, {"n": 4}]
        assert found.reasons == [(1, "line-too-long"), (3, "line-too-long")]


ONE, TWO = {"id": 1, "text": "a"}, {"id": 2, "text": "b"}

WRAPPERS = {
    "ActivityStreams": {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://example.org/outbox",
        "type": "OrderedCollectionPage",
        "orderedItems": [ONE, TWO],
    },
    "Mastodon search": {"accounts": [ONE], "statuses": [TWO], "hashtags": []},
    "Mastodon thread": {"ancestors": [ONE], "descendants": [TWO]},
    "X API 1.1 search": {"statuses": [ONE, TWO], "search_metadata": {"count": 2}},
    "Bluesky feed": {"feed": [ONE, TWO], "cursor": "x"},
    "Reddit": {"kind": "Listing", "data": {"after": None, "children": [ONE, TWO]}},
    "TikTok": {"data": {"cursor": 2, "videos": [ONE, TWO]}, "error": {"code": "ok"}},
    "Elasticsearch": {"took": 1, "hits": {"total": {"value": 2}, "hits": [ONE, TWO]}},
    "plain": {"my_export": [ONE, TWO], "made": "2024-01-01"},
    "data": {"data": [ONE, TWO], "has_more": False},
}


@pytest.mark.parametrize("name", WRAPPERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_wrappers(name, indent) -> None:
    text = json.dumps(WRAPPERS[name], indent=indent).encode()
    for limits in EVERY_SIZE:
        found = read(text, limits)
        assert found.values == [ONE, TWO]
        assert found.rejected == []


@pytest.mark.parametrize("name", [name for name in WRAPPERS if name != "plain"])
def test_wrappers_too_long_to_be_taken_whole(name) -> None:
    many = [{"id": i, "text": "x" * 50} for i in range(300)]
    text = json.dumps(WRAPPERS[name]).replace(json.dumps(ONE), json.dumps(many)[1:-1])
    found = read(text.encode(), SMALL)
    assert found.values == [*many, TWO]
    assert found.rejected == []


RECORDS = {
    "ActivityStreams note": {
        "@context": ["https://www.w3.org/ns/activitystreams", {"a": "b"}],
        "type": "Note",
        "content": "x",
        "tag": [{"type": "Hashtag"}, {"type": "Mention"}],
        "replies": {"type": "Collection", "first": {"items": [{"id": 1}]}},
    },
    "Mastodon status": {"id": "1", "content": "x", "media_attachments": [{"id": 2}, {"id": 3}]},
    "actor": {"type": "Person", "preferredUsername": "a", "attachment": [{"a": 1}, {"b": 2}]},
    "post with comments": {"id": 1, "message": "x", "comments": [{"id": 2}]},
    "plain": {"a": 1, "b": [1, 2, 3]},
    "collection of addresses": {"type": "Collection", "items": ["https://example.org/1"]},
}


@pytest.mark.parametrize("name", RECORDS)
def test_records_are_no_wrappers(name) -> None:
    for indent in (None, 2):
        found = read(json.dumps(RECORDS[name], indent=indent).encode(), SMALL)
        assert found.values == [RECORDS[name]]


CHAT = {"name": "News", "type": "public_channel", "id": 7}
MESSAGES = [{"id": 1, "type": "message", "text": ["a", {"type": "link", "text": "b"}]}, {"id": 2}]
IN_CHAT = [{"_chat": CHAT, **message} for message in MESSAGES]


def test_a_telegram_export_of_one_chat() -> None:
    text = json.dumps({**CHAT, "messages": MESSAGES}, indent=1)
    for limits in EVERY_SIZE:
        found = read(text.encode(), limits)
        assert found.values == IN_CHAT
        assert [row["line"] for row in found.rows] == [6, 17]


def test_a_telegram_export_of_everything() -> None:
    other = {"name": "Talk", "type": "private_group", "id": 8}
    whole = {
        "about": "x",
        "personal_information": {"user_id": 1, "first_name": "A"},
        "contacts": {"list": [{"user_id": 3}]},
        "chats": {
            "about": "y",
            "list": [{**CHAT, "messages": MESSAGES}, {**other, "messages": [{"id": 3}]}],
        },
        "left_chats": {"list": [{**other, "messages": []}]},
    }
    for indent in (None, 1):
        for limits in EVERY_SIZE:
            found = read(json.dumps(whole, indent=indent).encode(), limits)
            assert found.values == [*IN_CHAT, {"_chat": other, "id": 3}]
            assert found.rejected == []


def test_a_telegram_export_that_was_cut_off() -> None:
    text = json.dumps({**CHAT, "messages": [*MESSAGES, *MESSAGES]}, indent=1)
    cut = text.index('"link"', text.index('"link"') + 1)
    for limits in EVERY_SIZE:
        found = read(text[:cut].encode(), limits)
        assert found.values == IN_CHAT
        assert found.reasons == [(20, "json-cut-off")]


def test_a_wrapper_without_records_is_said_to_be_one() -> None:
    for limits in EVERY_SIZE:
        found = read(json.dumps({**CHAT, "messages": []}).encode(), limits)
        assert (found.rows, found.reasons) == ([], [(1, "no-records")])


def test_a_script_of_an_account_archive() -> None:
    text = b'window.YTD.tweets.part0 = [\n{"tweet": {"id": 1}},\n{"tweet": {"id": 2}}\n];\n'
    for limits in EVERY_SIZE:
        found = read(text, limits)
        assert found.values == [{"tweet": {"id": 1}}, {"tweet": {"id": 2}}]
        assert found.rejected == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_with_any_line_end(end) -> None:
    text = json.dumps([ONE] * 50, indent=2).replace("\n", end).encode()
    for block in range(1, 30):
        limits = Limits(block_bytes=block, line_bytes=1000)
        assert [row["line"] for row in read(text, limits).rows] == list(range(2, 202, 4))


def test_junk_between_values_is_one_rejected_row() -> None:
    text = b'{"n": 1,\n "m": 2}\nhello, world\n{"n": 2,\n "m": 2}'
    for limits in EVERY_SIZE:
        found = document(text, limits)
        assert [value["n"] for value in found.values] == [1, 2]
        assert found.rejected == [(3, "malformed-json", "hello, world")]


@pytest.mark.parametrize(
    "text",
    ["[" * 5000, '{"data":' * 5000, '[{"a":' * 3000, "[" + "1" * 6000 + "]", '{"a":1e999}'],
)
def test_depth_and_size_of_numbers_crash_nothing(text) -> None:
    for limits in EVERY_SIZE:
        found = document(text.encode(), limits)
        assert found.rows or found.rejected


@given(
    st.lists(
        st.sampled_from(
            [
                *("{", "}", "[", "]", ",", ":", '"', '"a"', '"data"', '"messages"', "\n", " ", "1"),
                *('{"a":1}', '{"a":"x"y"}', "tru", "\0", "\udcff", '{"data":[', '"includes":{}'),
                *("\r", "\\", '"list":[', '{"chats":{', ".", "-", "e", '"\\u', "0"),
            ]
        ),
        max_size=30,
    )
)
def test_no_text_crashes_the_walk_and_blocks_change_nothing(parts) -> None:
    data = "".join(parts).encode("utf-8", "surrogateescape")
    limits = Limits(block_bytes=5, line_bytes=60)
    whole = document(data, Limits(line_bytes=60))
    small = document(data, limits)
    assert whole.rows == small.rows
    assert whole.rejected == small.rejected
    if data.strip(b" \r\n,;[]"):
        assert whole.rows or whole.rejected


@pytest.mark.parametrize(
    "string",
    ['"' + "}]" * 2_000_000, '"' + "}]" * 2_000_000 + '"', '"' + "} " * 2_000_000 + 'x"',
     '"' + '\\"' * 2_000_000 + "x", '"' + '\\"' * 2_000_000 + "\\"],
    ids=["open", "closed", "spaces", "escaped quotes", "a backslash at the end"],
)  # fmt: skip
def test_a_broken_string_is_looked_at_once(string) -> None:
    """With a look ahead at each bracket or quote, 4 MB of them would take days."""
    broken = '[{"n": 1, "v": ' + string + '\n{"n": 2}]'
    assert document(broken.encode(), Limits()).rejected


def test_a_broken_element_is_not_read_on_to_the_end_of_the_file() -> None:
    """Each of them looked for in all that follows, this would be 10 GB to go through."""
    broken = ", ".join('{"n": 5, "t": {"x"}' for _ in range(20_000))
    found = document(f'[{broken}, {{"n": 6}}]'.encode(), Limits())
    assert found.values == [{"n": 6}]
    assert len(found.rejected) == 20_000
