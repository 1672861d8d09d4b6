"""Whether one source explains that accounts act together: a client, a domain, an account reposted.

A believer's app, a wire service's feed and the followers who are notified of one account's posts
look like a botnet in time. What tells them apart is that all of it comes from one source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad.find.coordination.exhibits import Meeting
from marsad.records.urls import host_of

EXPLAINED = 0.9
"""The fraction of meetings that must come from one source for it to explain them."""


@dataclass(frozen=True)
class Source:
    """A ``client``, a ``domain`` or an ``account`` (whose posts are reposted), by its name."""

    kind: str
    name: str


def sources(meeting: Meeting) -> Iterable[Source]:
    """All that both shares of a meeting came from."""
    ours, theirs = meeting.u_post, meeting.v_post
    if ours.client and ours.client == theirs.client:
        yield Source("client", ours.client)
    if meeting.kind == "url" and (host := host_of(meeting.object)):
        yield Source("domain", host)
    elif meeting.kind != "url":  # the same posts meet by their texts and hashtags, too
        yield from (Source("domain", host) for host in sorted(ours.hosts & theirs.hosts))
    if meeting.kind == "repost" and (author := ours.author or theirs.author):
        yield Source("account", author)


def explaining(
    meetings: Sequence[Meeting], commons: frozenset[Source] = frozenset()
) -> Source | None:
    """The one source that nearly all meetings came from, if there is one.

    ``commons`` are sources that everybody uses, such as a platform's own application or a video
    site: they explain nothing. Of several, the one most meetings came from; of equal ones, the
    client before the account reposted and the domain.
    """
    counted = Counter(source for meeting in meetings for source in set(sources(meeting)))
    order = ("client", "account", "domain")
    enough = [
        source
        for source, count in counted.items()
        if source not in commons and count >= EXPLAINED * len(meetings)
    ]
    if not enough:
        return None
    return min(enough, key=lambda one: (-counted[one], order.index(one.kind), one.name))
