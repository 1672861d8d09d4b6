"""What names do not say and values do: a column of dates, the long text, a clock beside a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from marsad.sources.plain import looks
from marsad.sources.plain.admit import permalinks
from marsad.sources.plain.choose import Chosen
from marsad.sources.plain.columns import Column
from marsad.sources.plain.names import (
    CHATS,
    GENERIC_ACCOUNT,
    LINK_TEXTS,
    NAMES,
    PLACES,
    TITLED,
    TITLES,
)
from marsad.sources.plain.series import complete_series


def complete(chosen: Chosen, columns: Sequence[Column]) -> None:
    """Adds to what was chosen by name what the values tell."""
    if chosen.kind in _COMPLETED:
        _COMPLETED[chosen.kind](chosen, columns)


def _complete_posts(chosen: Chosen, columns: Sequence[Column]) -> None:
    _drop_rounded_ids(chosen)
    _drop_link(chosen, columns)
    _find_time(chosen, "created_at", columns)
    _find_text(chosen, columns)
    _add_title(chosen, columns)
    _find_account(chosen, columns)
    _add_clock(chosen, "created_at", columns)
    links = [column for column in unused(chosen, columns) if permalinks(column)]
    if "id" not in chosen and links:
        chosen.fields["id"] = (links[0],)
    _add_chat(chosen, columns)


def _complete_shares(chosen: Chosen, columns: Sequence[Column]) -> None:
    _drop_rounded_ids(chosen)
    _find_time(chosen, "shared_at", columns)
    _find_account(chosen, columns)
    _add_clock(chosen, "shared_at", columns)


def _complete_edges(chosen: Chosen, columns: Sequence[Column]) -> None:
    """``user_id, follower_id``: the one column is the end that the other leaves open."""
    one = chosen.fields.pop("one", None)
    if one and ("source" in chosen) != ("target" in chosen):
        chosen.fields["target" if "source" in chosen else "source"] = one


def _complete_observations(chosen: Chosen, columns: Sequence[Column]) -> None:
    _drop_rounded_ids(chosen)
    _find_account(chosen, columns)


_COMPLETED: Mapping[str, Callable[[Chosen, Sequence[Column]], None]] = {
    "posts": _complete_posts,
    "shares": _complete_shares,
    "edges": _complete_edges,
    "observations": _complete_observations,
    "series": complete_series,
}


def unused(chosen: Chosen, columns: Sequence[Column]) -> list[Column]:
    """The columns that no field takes, save empty ones and places."""
    used = chosen.used
    return [
        column
        for column in columns
        if column.label not in used and not column.empty and not PLACES & set(column.steps)
    ]


def _drop_rounded_ids(chosen: Chosen) -> None:
    """Ids that a spreadsheet rounded stand for many accounts: a handle, where there is one, does
    not."""
    column = chosen.column("account_id")
    given = "account_id" in chosen.given
    if column and not given and "handle" in chosen and column.share(looks.is_spreadsheet_id) > 0:
        del chosen.fields["account_id"]


def _drop_link(chosen: Chosen, columns: Sequence[Column]) -> None:
    """Of what a post links to the text and description are no account's."""
    column = chosen.column("bio")
    if column is None or "bio" in chosen.given or column.steps != ("description",):
        return
    if any("".join(one.steps) in LINK_TEXTS for one in columns):
        del chosen.fields["bio"]


def _find_time(chosen: Chosen, name: str, columns: Sequence[Column]) -> None:
    """The first column of dates, where no name tells; mere numbers are not guessed to be times."""
    if name in chosen:
        return
    for column in unused(chosen, columns):
        typed = column.type is not None and column.is_time and not column.is_numeric
        if typed or column.mostly(looks.is_written_time, 0.95):
            chosen.fields[name] = (column,)
            return


def _find_text(chosen: Chosen, columns: Sequence[Column]) -> None:
    """The column with the longest prose, most of it different from row to row."""
    if "text" in chosen or "repost_of" in chosen:
        return
    prose = [
        column
        for column in unused(chosen, columns)
        if column.length >= 20
        and column.mostly(looks.is_prose)
        and column.distinct > 0.5 * len(column.values)
    ]
    if prose:
        chosen.fields["text"] = (max(prose, key=lambda column: column.length),)


def _add_title(chosen: Chosen, columns: Sequence[Column]) -> None:
    """The title above a text that begins with it."""
    text = chosen.column("text")
    if text is None or "text" in chosen.given or "".join(text.steps) not in TITLED:
        return
    by_name = {"".join(column.steps): column for column in reversed(unused(chosen, columns))}
    title = next((by_name[name] for name in TITLES if name in by_name), None)
    if title and not title.many:
        chosen.fields["text"] = (text, title)


def _find_account(chosen: Chosen, columns: Sequence[Column]) -> None:
    """A column of @handles; failing that one of names, which then stand for ids."""
    if "account_id" in chosen or "handle" in chosen:
        return
    for column in unused(chosen, columns):
        handles = column.mostly(lambda text: text.startswith("@") and looks.is_name(text), 0.95)
        if handles and not column.many:
            chosen.fields["handle"] = (column,)
            return
    if chosen.kind != "posts":
        return
    called = {*GENERIC_ACCOUNT, *NAMES["posts"]["handle"]}
    for column in unused(chosen, columns):
        if "".join(column.steps) in called and not column.is_numeric and not column.is_time:
            chosen.fields["account_id"] = (column,)
            return
    if "name" in chosen:
        chosen.fields["account_id"] = chosen.fields.pop("name")


def _add_clock(chosen: Chosen, name: str, columns: Sequence[Column]) -> None:
    """A date in one column and the time of day in another are read together."""
    date = chosen.column(name)
    if date is None or (date.type is not None and not date.values):
        return
    if not date.mostly(looks.is_day, 0.99) or not date.mostly(looks.is_written_time):
        return
    for column in unused(chosen, columns):
        if column.mostly(looks.is_time_of_day, 0.95) and len(column.values) >= len(date.values) / 2:
            chosen.fields[name] = (date, column)
            return


def _add_chat(chosen: Chosen, columns: Sequence[Column]) -> None:
    """Messages are numbered within their chat: elsewhere the number is another message's."""
    number = chosen.column("id")
    if number is None or "id" in chosen.given or not number.mostly(looks.is_message_number):
        return
    by_name = {"".join(column.steps): column for column in reversed(columns)}
    chat = next((by_name[name] for name in CHATS if name in by_name), None)
    if chat is None or chat.empty:
        return
    if "reply_to" not in chosen:
        _find_answered(chosen, columns)
    for name in ("id", "reply_to"):
        column = chosen.column(name)
        if column and (column.empty or column.mostly(looks.is_message_number)):
            chosen.fields[name] = (chat, column)


def _find_answered(chosen: Chosen, columns: Sequence[Column]) -> None:
    """The number of the message answered, which may look like yes and no: all answer the first."""
    for column in unused(chosen, columns):
        name = "".join(column.steps)
        called = name in NAMES["posts"]["reply_to"] and not name.startswith("is")
        if called and column.mostly(looks.is_message_number):
            chosen.fields["reply_to"] = (column,)
            return
