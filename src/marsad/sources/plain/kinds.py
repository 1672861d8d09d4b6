"""What kind of records a table makes, from its columns; or what it lacks.

The kinds are tried in this order, and the first that has what it needs is taken: posts (account,
time, text), edges (two ends), shares (account, time, object), labels (subject, label), observations
(account, and something seen of it), series (a day, numbers, and no account). ``--as`` names the
kind instead, and then asks less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marsad.records.message import Message
from marsad.records.tables import STATES
from marsad.sources.plain import looks
from marsad.sources.plain.choose import Chosen, choose, take_unknown_states
from marsad.sources.plain.columns import Column
from marsad.sources.plain.given import given_columns, kinds_with
from marsad.sources.plain.names import WEAK_TEXTS, WHO
from marsad.sources.plain.needs import kind_named, missing
from marsad.sources.plain.refusal import refusal, refuse_exports
from marsad.sources.plain.sniff import complete
from marsad.sources.source import Options

_FOLLOWING = ("follow", "friend", "متابع")
"""Words in the names of columns whose pairs follow one another."""

_MOST_WORDS, _MOST_OF_WORD = 10, 40
"""How many words a warning shows, and how much of each."""


def decide(path: str, columns: Sequence[Column], options: Options) -> Chosen:
    """The kind of a table and the columns of its fields.

    InputError where no kind (or not the one asked for) has what it needs, where ``--map`` names
    what does not exist, and for what Marsad itself exported.
    """
    refuse_exports(path, columns)
    asked = kind_named(options.kind) if options.kind else None
    kinds = (asked,) if asked else kinds_with(tuple(options.mapping))
    attempts: list[Chosen] = []
    for kind in kinds:
        chosen = _attempt(kind, columns, given_columns(kind, columns, options.mapping))
        lacking = missing(chosen, bool(asked))
        if not lacking and (asked or _plausible(chosen, columns)):
            take_unknown_states(chosen, columns)
            return chosen
        attempts.append(chosen)
    raise refusal(path, columns, attempts, bool(asked))


def _attempt(kind: str, columns: Sequence[Column], given: Mapping[str, Column]) -> Chosen:
    chosen = choose(kind, columns, given)
    complete(chosen, columns)
    return chosen


def _plausible(chosen: Chosen, columns: Sequence[Column]) -> bool:
    """Whether a kind that nobody asked for is what the table is, beyond having the columns."""
    if chosen.kind == "shares":
        return "post_id" in chosen or not _describes_accounts(columns)
    if chosen.kind == "observations" and _are_posts(chosen, columns):
        return False
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
    counts = [chosen.column(name) for name in ("followers", "following", "account_posts")]
    own = any(one and not one.steps[0].startswith(WHO) for one in counts)
    return weak and own and not any(name in chosen for name in ("reposts", "replies", "hashtags"))


def _are_posts(chosen: Chosen, columns: Sequence[Column]) -> bool:
    """Whether these would be posts if the file said whose: then the id is no account's."""
    posts = choose("posts", columns)
    account, post = chosen.column("account_id"), posts.column("id")
    if account is None or post is None or account.label != post.label:
        return False
    text = posts.column("text")
    return "created_at" in posts and text is not None and "".join(text.steps) not in WEAK_TEXTS


def _is_not_of_accounts(chosen: Chosen) -> bool:
    """A bare ``id`` or ``url`` may be anybody's; it is an account's if another column says so."""
    account = chosen.column("account_id")
    bare = account is not None and "".join(account.steps) in ("id", "idstr", "uri", "url")
    signs = ("handle", "followers", "following", "account_posts")
    return bare and not any(name in chosen for name in signs)


def strange_states(path: str, chosen: Chosen) -> tuple[Message, ...]:
    """A warning of words in a column of states that say nothing known of an account."""
    column = chosen.column("state")
    if chosen.kind != "observations" or column is None:
        return ()
    is_known = looks.is_yes_or_state if "suspend" in column.steps[-1] else looks.is_state
    strange = sorted({word for word in column.values if not is_known(word)})
    if not strange:
        return ()
    shown = [word[:_MOST_OF_WORD] for word in strange[:_MOST_WORDS]]
    values = {"file": path, "column": column.label, "words": shown, "valid": list(STATES)}
    return (Message("sources.strange-states", values),)


def unsaid(path: str, chosen: Chosen) -> tuple[Message, ...]:
    """What the user should know that was taken for granted: that pairs of accounts follow one
    another, where no column says so and none is called so."""
    if chosen.kind != "edges" or "kind" in chosen:
        return ()
    ends = [chosen.fields[end][0] for end in ("source", "target")]
    if any(word in step for end in ends for step in end.steps for word in _FOLLOWING):
        return ()
    source, target = (end.label for end in ends)
    values = {"file": path, "source": source, "target": target}
    return (Message("sources.edges-unsaid", values),)
