"""Lists that arrive as text, as Ibis expressions.

Takes JSON lists of strings or of objects, Python's ``['a', 'b']`` and ``[{'tag': 'a'}]``,
PostgreSQL's ``{a,b}``, and texts joined by white space, commas, semicolons or bars. An empty cell
is NULL: it does not say whether there are none. ``[]`` says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.sources.paths import from_json
from marsad.sources.plain.cells import text_of

_MARK = "\x1f"

_KEYS: Mapping[str, tuple[str, ...]] = {
    "hashtags": ("tag", "text", "name", "hashtag"),
    "urls": ("unwound_url", "expanded_url", "url", "uri", "href", "link"),
    "mentions": ("username", "screen_name", "acct", "handle", "name", "id_str", "id"),
    "media_urls": ("media_url_https", "media_url", "url", "fullUrl", "preview_image_url",
                   "previewUrl", "thumbnailUrl", "uri"),
    "media_hashes": ("hash", "pdq", "phash", "md5", "sha256"),
    "media_alts": ("alt_text", "alt", "description", "ext_alt_text"),
}  # fmt: skip
"""Where the item's text is, in a list of objects."""

_PYTHON = {"'": '"', ": None": ": null", ": True": ": true", ": False": ": false"}
_QUOTES_AROUND = re.compile(r"^['\"]|['\"]$")
_BETWEEN_QUOTES = re.compile(r"['\"]?\s*,\s*['\"]?")

_BY_BARS = ("media_alts",)
_BY_URL = ("urls", "media_urls")


def list_of(field: str, value: ir.Value) -> ir.ArrayValue:
    """The texts in a list column of a ``field``, from a list or from text."""
    kind = value.type()
    if kind.is_array():
        items = value
        return items if kind.value_type.is_string() else items.map(text_of)
    text = text_of(value).strip()
    # in Python: as expressions of the engine, a few such columns are thousands of operators
    listed = from_json(bracketed(text, field), ["VARCHAR"])
    items = ibis.cases(
        (text == "", ibis.null("array<string>")),
        (text.startswith("["), listed),
        (text.startswith("{") & text.endswith("}"), _split(field, _inside(text))),
        else_=_split(field, text),
    )
    return items.filter(lambda item: item != "")


def _inside(text: ir.StringValue) -> ir.StringValue:
    return text.substr(1, text.length() - 2)


def _split(field: str, text: ir.StringValue) -> ir.ArrayValue:
    if field in _BY_BARS:
        return text.split("|").map(lambda item: item.strip())
    if field not in _BY_URL:
        return text.re_split(r"[\s,;|،؛#＃]+" if field == "hashtags" else r"[\s,;|،؛]+")
    marked = text.re_replace(r"[\s,;|]+([a-zA-Z]{2,5}://)", _MARK + r"\1")
    return ibis.cases((text.contains("://"), marked.split(_MARK)), else_=text.re_split(r"[\s,;|]+"))


@ibis.udf.scalar.pyarrow(signature=(("string", "string"), "string"))  # type: ignore[untyped-decorator]
def bracketed(texts: pa.ChunkedArray, fields: pa.ChunkedArray) -> pa.Array:
    """What stands in texts such as ``["a"]``, each as a JSON list of strings."""
    field = fields[0].as_py() if len(fields) else ""
    lists = [json.dumps(_items(field, text or "[]")) for text in texts.to_pylist()]
    return pa.array(lists, pa.string())


def _items(field: str, text: str) -> list[str]:
    for given in (text, _as_json(text)):
        try:
            values = json.loads(given, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            continue
        return [item for value in values if (item := _item(field, value))]
    bare = _QUOTES_AROUND.sub("", text[1:-1].strip())
    return [item.strip() for item in _BETWEEN_QUOTES.split(bare)]


def _as_json(text: str) -> str:
    """Python's way of writing a list, as JSON if nothing in it is quoted otherwise."""
    for python, written in _PYTHON.items():
        text = text.replace(python, written)
    return text


def _item(field: str, value: Any) -> str | None:
    if isinstance(value, Mapping):
        found = (value[key] for key in _KEYS[field] if value.get(key) is not None)
        value = next(found, None)
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # half a pair of surrogates, which JSON can escape, is no text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
