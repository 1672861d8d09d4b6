"""Whether one source explains that accounts act together: a client, a domain, an account reposted,
or a timetable that an app keeps.

A believer's app, a wire service's feed and the followers who are notified of one account's posts
look like a botnet in time. What tells them apart is that all of it comes from one source, and that
they share little else (see `marsad.find.coordination.otherwise`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad.find.coordination.exhibits import Meeting, Post
from marsad.find.coordination.timetable import Slots, hours, timetable, within
from marsad.records.urls import host_of

EXPLAINED = 0.9
"""The fraction of meetings that must come from one source for it to explain them."""


@dataclass(frozen=True)
class Source:
    """A ``client``, a ``domain`` or an ``account`` (whose posts are reposted), by its name; or a
    ``timetable`` by its hours, with its ``slots``."""

    kind: str
    name: str
    slots: Slots = ()

    def gave(self, kind: str, name: str, post: Post) -> bool:
        """Whether it is where this share of an object came from."""
        if self.kind == "client":
            return family(post.client) == self.name
        if self.kind == "account":
            return post.author == self.name
        if self.kind == "domain":
            return self.name in post.hosts or (kind == "url" and host_of(name) == self.name)
        return within(self.slots, post.at)


def family(client: str | None) -> str | None:
    """A client without the device it runs on: ``Verses for Android`` is ``Verses``."""
    return client.split(" for ")[0] if client else client


def sources(meeting: Meeting) -> Iterable[Source]:
    """All that both shares of a meeting came from."""
    ours, theirs = meeting.u_post, meeting.v_post
    if (client := family(ours.client)) and client == family(theirs.client):
        yield Source("client", client)
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


def keeping_hours(meetings: Sequence[Meeting]) -> Source | None:
    """The timetable that nearly all meetings keep, if they do: the source that nobody named."""
    slots = timetable([min(one.u_at, one.v_at) for one in meetings])
    return Source("timetable", hours(slots), slots) if slots else None
