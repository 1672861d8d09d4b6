"""What holds of a post whatever it is read from."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

NOBODY = ("[deleted]", "[removed]", "[deleted by user]", "[ Removed by Reddit ]")
"""What Reddit writes in place of a name or a text that is no more there."""

_REFERENCES = ("reply_to", "repost_of", "quote_of")


def not_itself(values: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
    """The references of a post to others, without those to itself: some files give the first post
    of a thread as its own parent."""
    if "id" not in values:
        return {}
    return {name: values[name].nullif(values["id"]) for name in _REFERENCES if name in values}


def still_there(text: ir.StringValue) -> ir.StringValue:
    """A name or a text, NULL where something stands in its place: else all accounts that were
    deleted would be one, and all texts that were removed copies of each other."""
    return ibis.cases((text.isin(NOBODY), ibis.null("string")), else_=text)


def titled(title: ir.StringValue, text: ir.StringValue) -> ir.StringValue:
    """A text below its title, or the one that there is."""
    title, text = title.nullif(""), text.nullif("")
    return ibis.coalesce(title + "\n\n" + text, title, text)
