"""What kind of records a table makes, from its columns; or what it lacks.

The kinds are tried in this order, and the first that has what it needs is taken: posts (account,
time, text), edges (two ends), shares (account, time, object), labels (subject, label), observations
(account, and something seen of it), series (a day, numbers, and no account). ``--as`` names the
kind instead, and then asks less.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence

from marsad.records.errors import InputError
from marsad.sources.choices import near, unknown_column, unknown_field
from marsad.sources.loose import LOOSE
from marsad.sources.plain import looks
from marsad.sources.plain.admit import permalinks
from marsad.sources.plain.choose import Chosen, choose
from marsad.sources.plain.columns import Column
from marsad.sources.plain.names import CHATS, GENERIC_ACCOUNT, NAMES, PLACES, WEAK_TEXTS
from marsad.sources.plain.series import complete_series
from marsad.sources.source import Options

ORDER = ("posts", "edges", "shares", "labels", "observations", "series")

OBJECTS = ("url", "hashtag", "domain", "image", "repost", "reply", "mention", "text", "object")
"""Fields that name an object of a share, each with the kind of object of the same name."""

Needs = tuple[tuple[str, ...], ...]
"""Groups of fields: one of each group is needed."""

_ACCOUNT = ("account_id", "handle")
_SEEN = ("state", "followers", "following", "account_posts", "bio", "avatar", "account_created_at")

NEEDS: Mapping[str, Needs] = {
    "posts": (_ACCOUNT, ("created_at",), ("text", "repost_of")),
    "edges": (("source",), ("target",)),
    "shares": (_ACCOUNT, ("shared_at",), OBJECTS),
    "labels": (("subject", "post_id", *_ACCOUNT), ("label",)),
    "observations": (_ACCOUNT, _SEEN),
    "series": (("day",), ("value",)),
}
"""What a kind needs to be recognised from the columns."""

_NEEDS_AS: Mapping[str, Needs] = {
    **NEEDS,
    "posts": (_ACCOUNT, ("created_at",), ("text", "repost_of", "urls", "hashtags", "media_urls",
                                           "media_hashes", "reply_to", "quote_of")),
    "observations": (_ACCOUNT,),
}  # fmt: skip
"""What a kind needs when the user names it."""

_ALIASES: Mapping[str, Mapping[str, str]] = {
    "edges": {
        "source_id": "source", "source_handle": "source",
        "target_id": "target", "target_handle": "target",
    },
    "labels": {"subject_id": "subject", "subject_handle": "subject"},
}  # fmt: skip
"""Fields of the loose tables that go by another name among the columns."""

KIND_NAMES = {"accounts": "observations"}
"""``--as accounts`` asks for observations of accounts."""


def kind_named(name: str) -> str:
    """The kind of rows that ``--as`` means; InputError for an unknown one."""
    valid = [*LOOSE, *KIND_NAMES]
    if name not in valid:
        raise InputError("sources.unknown-kind", given=name, near=near(name, valid), valid=valid)
    return KIND_NAMES.get(name, name)


def decide(path: str, columns: Sequence[Column], options: Options) -> Chosen:
    """The kind of a table and the columns of its fields.

    InputError where no kind (or not the one asked for) has what it needs, and where ``--map`` names
    what does not exist.
    """
    asked = kind_named(options.kind) if options.kind else None
    kinds = (asked,) if asked else _kinds_with(tuple(options.mapping))
    attempts: list[Chosen] = []
    for kind in kinds:
        chosen = _attempt(kind, columns, _given(kind, columns, options.mapping))
        lacking = missing(chosen, bool(asked))
        if not lacking and (asked or _plausible(chosen, columns)):
            return chosen
        attempts.append(chosen)
    raise _no_kind(path, columns, _nearest(attempts), asked)


def _attempt(kind: str, columns: Sequence[Column], given: Mapping[str, Column]) -> Chosen:
    chosen = choose(kind, columns, given)
    _FALLBACKS.get(kind, _no_fallback)(chosen, columns)
    return chosen


def missing(chosen: Chosen, asked: bool) -> list[tuple[str, ...]]:
    """The groups of fields of which a kind needs one and has none."""
    needs = (_NEEDS_AS if asked else NEEDS)[chosen.kind]
    lacking = [group for group in needs if not any(name in chosen for name in group)]
    return [*lacking, chosen.lacks] if chosen.lacks else lacking


# -- --map ------------------------------------------------------------------------------------


def fields_of(kind: str) -> list[str]:
    """The fields of a kind that a column can be mapped to."""
    return sorted({*NAMES[kind], *_ALIASES.get(kind, {}), *_account_alias(kind)})


def _account_alias(kind: str) -> tuple[str, ...]:
    return ("account",) if "handle" in NAMES[kind] else ()


def _kinds_with(fields: tuple[str, ...]) -> tuple[str, ...]:
    kinds = tuple(kind for kind in ORDER if set(fields) <= set(fields_of(kind)))
    if kinds:
        return kinds
    valid = sorted({name for kind in ORDER for name in fields_of(kind)})
    unknown = [name for name in fields if name not in valid]
    if not unknown:
        raise InputError("sources.map-mixed", fields=list(fields))
    raise unknown_field(unknown[0], valid)


def _given(kind: str, columns: Sequence[Column], mapping: Mapping[str, str]) -> dict[str, Column]:
    """The columns that ``--map`` names for fields of ``kind``."""
    given = {}
    for name, label in mapping.items():
        if name not in fields_of(kind):
            raise unknown_field(name, fields_of(kind))
        column = _column_named(columns, label)
        given[_real_field(kind, name, column)] = column
    return given


def _real_field(kind: str, name: str, column: Column) -> str:
    if name == "account":
        return "account_id" if column.mostly(looks.is_id) else "handle"
    return _ALIASES.get(kind, {}).get(name, name)


def _column_named(columns: Sequence[Column], label: str) -> Column:
    for same in (str.__eq__, lambda one, other: one.casefold() == other.casefold()):
        for column in columns:
            if same(column.label, label):
                return column
    raise unknown_column(label, [column.label for column in columns])


# -- what names do not say --------------------------------------------------------------------


def _no_fallback(chosen: Chosen, columns: Sequence[Column]) -> None:
    pass


def _complete_posts(chosen: Chosen, columns: Sequence[Column]) -> None:
    _drop_rounded_ids(chosen)
    _find_time(chosen, "created_at", columns)
    _find_text(chosen, columns)
    _find_account(chosen, columns)
    _add_clock(chosen, "created_at", columns)
    links = [column for column in _unused(chosen, columns) if permalinks(column)]
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


_FALLBACKS: Mapping[str, Callable[[Chosen, Sequence[Column]], None]] = {
    "posts": _complete_posts,
    "shares": _complete_shares,
    "edges": _complete_edges,
    "observations": _complete_observations,
    "series": complete_series,
}


def _unused(chosen: Chosen, columns: Sequence[Column]) -> list[Column]:
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


def _find_time(chosen: Chosen, name: str, columns: Sequence[Column]) -> None:
    """The first column of dates, where no name tells; mere numbers are not guessed to be times."""
    if name in chosen:
        return
    for column in _unused(chosen, columns):
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
        for column in _unused(chosen, columns)
        if column.length >= 20
        and column.mostly(looks.is_prose)
        and column.distinct > 0.5 * len(column.values)
    ]
    if prose:
        chosen.fields["text"] = (max(prose, key=lambda column: column.length),)


def _find_account(chosen: Chosen, columns: Sequence[Column]) -> None:
    """A column of @handles; failing that one of names, which then stand for ids."""
    if "account_id" in chosen or "handle" in chosen:
        return
    for column in _unused(chosen, columns):
        handles = column.mostly(lambda text: text.startswith("@") and looks.is_name(text), 0.95)
        if handles and not column.many:
            chosen.fields["handle"] = (column,)
            return
    if chosen.kind != "posts":
        return
    called = {*GENERIC_ACCOUNT, *NAMES["posts"]["handle"]}
    for column in _unused(chosen, columns):
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
    for column in _unused(chosen, columns):
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
    for name in ("id", "reply_to"):
        column = chosen.column(name)
        if column and column.mostly(looks.is_message_number):
            chosen.fields[name] = (chat, column)


# -- doubts -----------------------------------------------------------------------------------


def _plausible(chosen: Chosen, columns: Sequence[Column]) -> bool:
    """Whether a kind that nobody asked for is what the table is, beyond having the columns."""
    if chosen.kind == "shares":
        return "post_id" in chosen or not _describes_accounts(columns)
    doubt = {"posts": _is_account_table, "observations": _is_not_of_accounts}.get(chosen.kind)
    return doubt is None or not doubt(chosen)


def _describes_accounts(columns: Sequence[Column]) -> bool:
    """Whether a date and a URL are an account's own: its counts and description stand beside."""
    account = choose("observations", columns)
    return sum(name in account for name in ("followers", "following", "account_posts", "bio")) >= 2


def _is_account_table(chosen: Chosen) -> bool:
    """A description, a date and follower counts are an account's, not a post's."""
    text = chosen.column("text")
    weak = text is not None and "".join(text.steps) in WEAK_TEXTS
    counts = ("followers", "following", "account_posts")
    return weak and "id" not in chosen and any(name in chosen for name in counts)


def _is_not_of_accounts(chosen: Chosen) -> bool:
    """A bare ``id`` or ``url`` may be anybody's; it is an account's if another column says so."""
    account = chosen.column("account_id")
    bare = account is not None and "".join(account.steps) in ("id", "idstr", "uri", "url")
    signs = ("handle", "followers", "following", "account_posts")
    return bare and not any(name in chosen for name in signs)


# -- errors -----------------------------------------------------------------------------------


def _no_kind(
    path: str, columns: Sequence[Column], nearest: Chosen, asked: str | None
) -> InputError:
    lacking = missing(nearest, asked is not None)
    return InputError(
        "sources.kind-unfit" if asked else "sources.unrecognised",
        path=path,
        kind=nearest.kind,
        columns=[column.label for column in columns],
        found=[f"{name}={shown}" for name, shown in nearest.shown().items()],
        missing=[" | ".join(group) for group in lacking],
        needs=[f"{kind}: {_sentence(NEEDS[kind])}" for kind in ORDER],
        next=_next(path, columns, nearest, lacking),
    )


def _nearest(attempts: Sequence[Chosen]) -> Chosen:
    """The kind of which most is there; posts where there is a text."""

    def found(chosen: Chosen) -> float:
        needs = NEEDS[chosen.kind]
        return ("text" in chosen) + 1 - len(missing(chosen, False)) / len(needs)

    return max(attempts, key=found)


def _sentence(needs: Needs) -> str:
    return " + ".join("(" + " | ".join(group) + ")" if group[1:] else group[0] for group in needs)


def _next(
    path: str, columns: Sequence[Column], nearest: Chosen, lacking: Sequence[tuple[str, ...]]
) -> str:
    """The command to run next, with the columns that may do where there are any."""
    words = ["marsad", "import", path, "--as", nearest.kind]
    for group in lacking:
        field = "handle" if "handle" in group else group[0]
        words += ["--map", f"{field}={_guess(field, _unused(nearest, columns))}"]
    return shlex.join(words)


def _guess(field: str, free: Sequence[Column]) -> str:
    """A column that may be a field; a placeholder where nothing speaks for one."""
    look: Callable[[str], bool] = {
        "created_at": looks.is_time,
        "shared_at": looks.is_time,
        "day": looks.is_day,
        "text": looks.is_prose,
        "url": looks.is_url,
    }.get(field, lambda text: text.startswith("@"))
    return next((column.label for column in free if column.mostly(look)), "COLUMN")
