"""Lists that arrive as text, as Ibis expressions.

Takes JSON lists of strings or of objects, Python's ``['a', 'b']`` and ``[{'tag': 'a'}]``,
PostgreSQL's ``{a,b}``, and texts joined by white space, commas, semicolons or bars. An empty cell
is NULL: it does not say whether there are none. ``[]`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from marsad.sources.paths import from_json, json_text, json_valid
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

_BY_BARS = ("media_alts",)
_BY_URL = ("urls", "media_urls")


def list_of(field: str, value: ir.Value) -> ir.ArrayValue:
    """The texts in a list column of a ``field``, from a list or from text."""
    kind = value.type()
    if kind.is_array():
        items = value
        return items if kind.value_type.is_string() else items.map(text_of)
    text = text_of(value).strip()
    listed = text.startswith("[")
    items = ibis.cases(
        (text == "", ibis.null("array<string>")),
        (listed, _bracketed(field, ibis.cases((listed, text)))),
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


def _bracketed(field: str, text: ir.StringValue) -> ir.ArrayValue:
    json = _as_json(text)
    parsed = from_json(json, ["JSON"]).map(lambda item: item.cast("string"))
    items = parsed.map(lambda item: _item(field, item))
    quoted = (
        _inside(text)
        .strip()
        .re_replace(
            r"^['\"]|['\"]$",
            "",
        )
    )
    return ibis.cases((json.notnull(), items), else_=_quoted(quoted))


def _as_json(text: ir.StringValue) -> ir.StringValue:
    """The text if it is JSON, else Python's way of writing the same as JSON, else NULL."""
    python = text.replace("'", '"').replace(": None", ": null")
    python = python.replace(": True", ": true").replace(": False", ": false")
    return ibis.cases((json_valid(text), text), (json_valid(python), python))


def _item(field: str, item: ir.StringValue) -> ir.StringValue:
    of_object = ibis.coalesce(*[json_text(item, f"$.{key}") for key in _KEYS[field]])
    return ibis.ifelse(item.startswith("{"), of_object, json_text(item, "$"))


def _quoted(text: ir.StringValue) -> ir.ArrayValue:
    """Items between quotes that no JSON reader takes, such as ``'it''s', "b"``."""
    bare = text.re_split(r"['\"]?\s*,\s*['\"]?")
    return bare.map(lambda item: item.strip())
