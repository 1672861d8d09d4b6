"""HTML as text."""

from __future__ import annotations

import html
import re

import ibis
import pyarrow as pa

# What a browser reads and does not show; one that is never closed goes on to the end of the text.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)(?=[\s/>]).*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|</(?:p|div|li|h[1-6]|blockquote)>", re.IGNORECASE)

_TAG = re.compile(r"<[^<>]*>")

_NO_CHARACTER = re.compile(r"&#[0-9]{8,}+")

_SPACES = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")  # each space is looked at once


def html_to_text(markup: str) -> str:
    """HTML as a reader sees it: breaks as new lines, entities resolved; tags, comments, scripts and
    style sheets gone."""
    text = _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", markup)))
    try:
        text = html.unescape(text)
    except ValueError:  # Python reads no number of more than 4,300 digits
        text = html.unescape(_NO_CHARACTER.sub("&#0", text))
    return _SPACES.sub("\n", text).strip()


@ibis.udf.scalar.pyarrow(signature=(("string",), "string"))  # type: ignore[untyped-decorator]
def plain_text(markup: pa.StringArray) -> pa.StringArray:
    """`html_to_text` over a column."""
    texts = [None if item is None else html_to_text(item) for item in markup.to_pylist()]
    return pa.array(texts, pa.string())
