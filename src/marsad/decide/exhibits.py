"""What a reviewer can look at in a case: posts and accounts, sealed as they were when it opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from marsad.decide.items import WORDLESS, Item, content_of

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the records had it. ``marks`` are the spans (code points) that signals matched,
    ``content`` is what `marsad.decide.items.content_of` makes of its text: copies have the same."""

    id: str
    account: str
    text: str = ""
    language: str = ""
    created_at: int | None = None
    kind: str = "post"
    media: Sequence[Mapping[str, Any]] = ()
    signals: Sequence[str] = ()
    marks: Sequence[Span] = ()
    content: str = ""

    def item(self) -> Item:
        """What a decision rests on, once a reviewer has opened it."""
        words = bool(self.text.strip())
        content = self.content or content_of(self.text)
        return Item(self.id, self.account, self.language if words else WORDLESS, content)


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as it was last seen; what nobody saw is None. Times in µs UTC."""

    account: str
    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    state: str | None = None
    observed_at: int | None = None
    created_at: int | None = None


@dataclass(frozen=True)
class Exhibits:
    """The posts and accounts of one case."""

    posts: Sequence[Post] = ()
    profiles: Sequence[Profile] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """As it is stored in the log's private content."""
        return {
            "posts": [asdict(one) for one in self.posts],
            "profiles": [asdict(one) for one in self.profiles],
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Exhibits:
        """As `to_dict` wrote it."""
        return cls(
            tuple(Post(**one) for one in said.get("posts", ())),
            tuple(Profile(**one) for one in said.get("profiles", ())),
        )

    def __add__(self, newer: Exhibits) -> Exhibits:
        """Both; of a post or an account that both have, the newer one."""
        posts = {one.id: one for one in (*self.posts, *newer.posts)}
        profiles = {one.account: one for one in (*self.profiles, *newer.profiles)}
        return Exhibits(tuple(posts.values()), tuple(profiles.values()))

    def bare(self, subject: str | None) -> Exhibits:
        """The subject's own posts in the order of time, without what signals matched in them."""
        own = [replace(one, signals=(), marks=()) for one in self.posts
               if subject in (one.id, one.account)]  # fmt: skip
        accounts = {subject, *(one.account for one in own)}
        return Exhibits(
            sorted(own, key=lambda one: (one.created_at or 0, one.id)),
            [one for one in self.profiles if one.account in accounts],
        )

    def post(self, id_: str) -> Post | None:
        """The post of an id."""
        return next((one for one in self.posts if one.id == id_), None)


NOTHING = Exhibits()
