"""Which formats there are, and which one a file is of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.sources.choices import near
from marsad.sources.source import Options, Plan, Sample, Source

GROUP = "marsad.sources"
"""The entry points of sources, built in or plugged in: name of the format → its class."""

BUILT_IN = {
    "jetstream": "marsad.sources.jetstream:Jetstream",
    "bluesky": "marsad.sources.bluesky:Bluesky",
    "youtube": "marsad.sources.youtube:YouTube",
    "reddit": "marsad.sources.reddit:Reddit",
    "reddit-table": "marsad.sources.reddit:RedditTable",
    "powertrack": "marsad.sources.powertrack:PowerTrack",
    "telegram": "marsad.sources.telegram:Telegram",
    "mastodon": "marsad.sources.mastodon:Mastodon",
    "activitystreams": "marsad.sources.activitystreams:ActivityStreams",
    "twitter-v2": "marsad.sources.twitter_v2:TwitterV2",
    "twitter-v1": "marsad.sources.twitter_v1:TwitterV1",
    "json": "marsad.sources.tables:Json",
    "table": "marsad.sources.tables:Table",
}
"""The formats that come with Marsad, in the order they are asked: the most particular first, what
takes anything last. Installed as entry points like any other; named here for their order."""


@cache
def sources() -> Mapping[str, type[Source]]:
    """All formats by name in the order they are asked: plug-ins first, who know theirs best."""
    built_in = {name: EntryPoint(name, place, GROUP) for name, place in BUILT_IN.items()}
    return {**_plugged()[0], **{name: one.load() for name, one in built_in.items()}}


def broken() -> Mapping[str, Message]:
    """The plug-ins that cannot be taken, by name, and why."""
    return _plugged()[1]


def check_format(name: str | None) -> None:
    """Raises where ``--format`` names a plug-in that is there and cannot be taken."""
    if name and name in broken():
        problem = broken()[name]
        raise InputError(problem.id, **problem.values)


@cache
def _plugged() -> tuple[dict[str, type[Source]], dict[str, Message]]:
    taken: dict[str, type[Source]] = {}
    refused: dict[str, Message] = {}
    for point in entry_points(group=GROUP):
        if point.name in BUILT_IN:
            continue
        try:
            found = point.load()
            if not issubclass(found, Source):
                raise TypeError(f"{found!r} is no Source")
            taken[point.name] = found
        except Exception as error:  # whatever a plug-in's module raises, the others must go on
            values = {
                "name": point.name,
                "package": point.dist.name if point.dist else point.module,
                "error": f"{type(error).__name__}: {error}",
            }
            refused[point.name] = Message("sources.broken", values)
    return taken, refused


def recognise(sample: Sample, options: Options) -> Plan:
    """The plan of the first format that the sample is of.

    InputError where the sample is empty, where no format knows it, and where ``--format`` names
    none or one that the sample is not of.
    """
    if not sample.objects and (sample.rows is None or not sample.rows.num_columns):
        raise InputError("sources.empty", path=sample.path)
    for source in _asked(sample, options):
        plan = source.recognise(sample, options)
        if plan is not None:
            return plan
    raise InputError(
        "sources.not-of-format",
        path=sample.path,
        format=options.format or "",
        layout=sample.layout,
        valid=[name for name, source in sources().items() if source.layout == sample.layout],
    )


def _asked(sample: Sample, options: Options) -> list[type[Source]]:
    known = sources()
    if options.format is None:
        return [source for source in known.values() if source.layout == sample.layout]
    if options.format not in known:
        valid = list(known)
        raise InputError(
            "sources.unknown-format",
            given=options.format,
            near=near(options.format, valid),
            valid=valid,
        )
    return [known[options.format]]
