"""The loose fields of a table's rows, from the columns chosen for them."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from marsad.sources.plain import looks
from marsad.sources.plain.cells import Row
from marsad.sources.plain.choose import LISTS, Chosen
from marsad.sources.plain.columns import Column
from marsad.sources.plain.lists import list_of
from marsad.sources.plain.needs import OBJECTS
from marsad.sources.plain.series import is_long
from marsad.sources.rows import loose_schema
from marsad.sources.said import not_itself, still_there, titled

Values = dict[str, ir.Value]

_PROSE = ("text", "bio", "name", "note", "label")
"""Fields in which «null» and the like are words."""

_NAMING = ("account_id", "handle", "name", "text")
"""Fields in whose place «[deleted]» may stand."""

_NUMBERED = ("id", "reply_to")
"""Fields whose second column is a number within what the first names."""

_STATES: Mapping[str, tuple[str, ...]] = {
    "alive": ("active", "ok", "found", "exists", "public", "live", "online", "200"),
    "suspended": ("banned", "takendown", "63", "403"),
    "removed": ("deleted", "gone", "410"),
    "missing": ("notfound", "not_found", "not found", "404", "50", "unavailable"),
    "protected": ("private", "locked"),
    "dormant": ("inactive",),
    "deactivated": ("closed",),
}
"""State → other words for it."""


def values(chosen: Chosen, row: Row) -> Values:
    """Field of the loose table → its value, for the kind that was chosen."""
    return {
        "posts": _posts,
        "observations": _observations,
        "edges": _edges,
        "shares": _shares,
        "labels": _labels,
        "series": _series,
    }[chosen.kind](chosen, row)


def _texts(chosen: Chosen, row: Row) -> Values:
    """The fields of the loose table that are one column's text, and its lists."""
    found: Values = {}
    for name, kind in loose_schema(chosen.kind).items():
        columns = chosen.fields.get(name)
        if columns and name in LISTS:
            found[name] = _lists(name, columns, row)
        elif columns and kind.is_string():
            found[name] = _text(name, columns, row)
    return found


def _text(name: str, columns: tuple[Column, ...], row: Row) -> ir.StringValue:
    """One column's text, or two as one: a date and a time of day, a chat and a number in it."""
    as_text = row.text if name in _PROSE else row.known
    parts = [as_text(column) for column in columns]
    if len(parts) == 1:
        return parts[0]
    if name == "text":
        return titled(parts[1], parts[0])
    if name in _NUMBERED:
        # A table of numbers with gaps may have them all as decimals.
        return parts[0] + "/" + parts[1].re_replace(r"\.0$", "")
    return ibis.coalesce(parts[0] + " " + parts[1], parts[0])


def _lists(name: str, columns: tuple[Column, ...], row: Row) -> ir.ArrayValue:
    found = [_list(name, column, row) for column in columns]
    if len(found) == 1:
        return found[0]
    empty = ibis.literal([], type="array<string>")
    every = ibis.coalesce(found[0], empty)
    for items in found[1:]:
        every = every.concat(ibis.coalesce(items, empty))
    return ibis.cases((every.length() > 0, every))


def _list(name: str, column: Column, row: Row) -> ir.ArrayValue:
    value = row.cell(column)
    return list_of(name, value if value.type().is_array() else row.known(column))


# -- kinds ------------------------------------------------------------------------------------


def _posts(chosen: Chosen, row: Row) -> Values:
    found = _texts(chosen, row)
    for name in ("reply_to_account", "repost_of_account"):
        column = chosen.column(name)
        if column and _are_handles(column):
            found[name] = _as_handle(found[name])
    text = chosen.column("text")
    if text and text.mostly(looks.is_html, 0.5):
        found["is_html"] = ibis.literal(True)
    for name in _NAMING:
        if name in found:
            found[name] = still_there(found[name])
    return found | not_itself(found) | _state(chosen, found)


def _are_handles(column: Column) -> bool:
    """Whether a column that refers to accounts has their handles; by its name if it is empty."""
    if not column.empty:
        return not column.mostly(looks.is_id, 0.5)
    return any(word in column.steps[-1] for word in ("name", "handle", "acct"))


def _as_handle(text: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(text.startswith("@"), text, ibis.literal("@") + text)


def _observations(chosen: Chosen, row: Row) -> Values:
    found = _texts(chosen, row)
    return found | _state(chosen, found)


def _state(chosen: Chosen, found: Values) -> Values:
    """The state in our words; a column such as ``suspended`` says it with yes or no."""
    column = chosen.column("state")
    if column is None:
        return {}
    given = found["state"].lower().strip()
    if "suspend" in column.steps[-1]:
        yes = given.isin(["true", "1", "yes", "t", "y"])
        no = given.isin(["false", "0", "no", "f", "n"])
        given = ibis.cases((yes, "suspended"), (no, "alive"), else_=given)
    elif chosen.kind == "observations":
        # a look that does not say is no look at one alive
        given = given.nullif("").coalesce("unknown")
    known = [(given.isin(words), state) for state, words in _STATES.items()]
    return {"state": ibis.cases(*known, else_=given)}


def _edges(chosen: Chosen, row: Row) -> Values:
    found = _texts(chosen, row)
    for end in ("source", "target"):
        column = chosen.fields[end][0]
        text = _text(end, (column,), row)
        found[f"{end}_id" if _is_id_column(column) else f"{end}_handle"] = text
    kind = ibis.coalesce(found["kind"], "follow") if "kind" in found else ibis.literal("follow")
    follows = kind.lower().isin(["follow", "follows", "following", "follower", "friend"])
    return {**found, "kind": ibis.cases((follows, "follow"), else_=kind.lower())}


def _is_id_column(column: Column) -> bool:
    """Numbers, hashes and the like are ids, words are handles; an empty column by its name."""
    if column.empty:
        return column.steps[-1].endswith("id")
    return column.is_numeric or column.mostly(looks.is_id)


def _shares(chosen: Chosen, row: Row) -> Values:
    found = _texts(chosen, row)
    single: list[ir.Value] = []
    listed: list[ir.ArrayValue] = []
    for name in OBJECTS:
        for column in chosen.fields.get(name, ()):
            kind = _kind_of_object(name, column)
            if _is_list(name, column):
                items = _list(_LISTS[name], column, row)
                listed.append(items.map(lambda item, kind=kind: _object(kind, item)))
            else:
                single.append(_object(kind, row.known(column)))
    return {**found, "objects": _together(single, listed)}


_LISTS = {"url": "urls", "hashtag": "hashtags", "mention": "mentions"}


def _is_list(name: str, column: Column) -> bool:
    plural = "".join(column.steps).endswith(("urls", "links", "tags", "mentions"))
    listed = column.many or plural or column.mostly(lambda text: text.startswith("["), 0.2)
    return name in _LISTS and listed


def _object(kind: str, value: ir.Value) -> ir.StructValue:
    return ibis.struct({"kind": ibis.literal(kind), "object": value})


def _together(single: list[ir.Value], listed: list[ir.ArrayValue]) -> ir.ArrayValue:
    """All objects of a row as one list."""
    parts = [ibis.array(single).filter(lambda item: item["object"].notnull())] if single else []
    empty = ibis.literal([], type="array<struct<kind: string, object: string>>")
    parts += [ibis.coalesce(items, empty) for items in listed]
    every = parts[0]
    for items in parts[1:]:
        every = every.concat(items)
    return every


def _kind_of_object(name: str, column: Column) -> str:
    """A generic object is a URL, hashtag or domain if it looks like one."""
    if name != "object" or column.empty:
        return name
    if column.mostly(looks.is_url):
        return "url"
    if column.mostly(lambda text: text.startswith("#")):
        return "hashtag"
    return "domain" if column.mostly(looks.is_address) else "object"


def _labels(chosen: Chosen, row: Row) -> Values:
    found = _texts(chosen, row)
    name, column = next(
        (name, chosen.fields[name][0])
        for name in ("subject", "post_id", "account_id", "handle")
        if name in chosen
    )
    by_handle = name == "handle" or (name == "subject" and column.mostly(_is_at_name))
    found["subject_handle" if by_handle else "subject_id"] = _text(name, (column,), row)
    if "subject_kind" not in found:
        found["subject_kind"] = ibis.literal("post" if name == "post_id" else "account")
    return found


def _is_at_name(text: str) -> bool:
    return text.startswith("@")


def _series(chosen: Chosen, row: Row) -> Values:
    found: Values = {"day": _text("day", chosen.fields["day"], row)}
    groups = [row.text(one).coalesce("") for one in chosen.fields.get("group", ())]
    if groups:
        found["group"] = groups[0] if len(groups) == 1 else ibis.literal("/").join(groups)
    outcome = chosen.fields["outcome"][0] if is_long(chosen) else None
    pairs = [
        ibis.struct(
            {
                "outcome": row.text(outcome) if outcome else ibis.literal(column.label),
                "value": row.known(column),
            }
        )
        for column in chosen.fields["value"]
    ]
    every = ibis.array(pairs)
    return {**found, "outcomes": every.filter(lambda pair: pair["value"].notnull())}
