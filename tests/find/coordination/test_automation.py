"""What one source explains, and what it does not."""

from __future__ import annotations

import pytest

from marsad.find.coordination.automation import Source, explaining
from marsad.find.coordination.exhibits import Meeting, Post

WIRE = frozenset(("wire.example",))
OTHER = frozenset(("other.example", "wire.example"))
PLAIN = Post("x:1", None, None)


def met(kind: str, ours: Post, theirs: Post, object_: str = "x:9") -> Meeting:
    return Meeting(kind, object_, 0, 1, ours, theirs)


def post(
    client: str | None = None, author: str | None = None, hosts: frozenset[str] = frozenset()
) -> Post:
    return Post("x:1", client, author, hosts)


URL = met("url", PLAIN, PLAIN, "https://wire.example/1")
TEXT = met("text", post(hosts=WIRE), post(hosts=OTHER))


@pytest.mark.parametrize(
    ("meetings", "source"),
    [
        ([URL] * 9, ("domain", "wire.example")),
        ([URL] * 5 + [TEXT] * 5, ("domain", "wire.example")),
        ([met("hashtag", post(hosts=WIRE), PLAIN)] * 9, None),
        ([URL] * 8 + [met("text", PLAIN, PLAIN)] * 2, None),
        ([URL] * 9 + [met("text", PLAIN, PLAIN)], ("domain", "wire.example")),
        ([met("text", post("App"), post("App"))] * 3, ("client", "App")),
        ([met("text", post("App"), post("Other"))] * 3, None),
        ([met("repost", post(author="x:5"), post(author="x:5"))] * 3, ("account", "x:5")),
    ],
)
def test_the_source(meetings: list[Meeting], source: tuple[str, str] | None) -> None:
    assert explaining(meetings) == (Source(*source) if source else None)


def test_what_everybody_uses_explains_nothing() -> None:
    assert explaining([TEXT] * 5, frozenset((Source("domain", "wire.example"),))) is None
