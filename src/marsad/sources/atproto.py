"""What records of the AT Protocol say, wherever they stand: in a stream or in an answer of the API.

Each function takes a parsed row and the path at which it has the record, such as ``commit.record``;
`paths` are those that they read there.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from marsad.sources.paths import Document


def paths(record: str) -> str:
    """The paths below ``record`` that the functions here read."""
    embed = f"{record}.embed"
    return (
        f"{record}.langs[] {record}.tags[] {record}.reply.parent.uri "
        f"{record}.facets[].features[].$type {record}.facets[].features[].tag "
        f"{record}.facets[].features[].uri {record}.facets[].features[].did "
        f"{embed}.external.uri {embed}.media.external.uri "
        f"{embed}.record.uri {embed}.record.record.uri "
        f"{embed}.images[].alt {embed}.images[].image.ref.$link "
        f"{embed}.media.images[].alt {embed}.media.images[].image.ref.$link "
        f"{embed}.video.ref.$link {embed}.alt "
        f"{embed}.media.video.ref.$link {embed}.media.alt"
    )


def author(address: ir.StringValue) -> ir.StringValue:
    """The account in an ``at://`` address."""
    return address.split("/")[2].nullif("")


def language(doc: Document, record: str) -> ir.StringValue:
    """The first of the languages that a post is said to be in."""
    return doc.texts(f"{record}.langs[]")[0]


def parent(doc: Document, record: str) -> ir.StringValue:
    """The address of the post that is answered."""
    return doc.text(f"{record}.reply.parent.uri")


def quoted(doc: Document, record: str) -> ir.StringValue:
    """The address of the quoted post; a list or feed that is shown is no post."""
    shown = doc.text(f"{record}.embed.record.record.uri | {record}.embed.record.uri")
    return ibis.cases((shown.contains("/app.bsky.feed.post/"), shown))


def objects(doc: Document, record: str) -> Mapping[str, ir.ArrayValue]:
    """Hashtags, URLs and mentions. The text of a post cuts its URLs short, its facets do not."""
    facets = doc.items(f"{record}.facets[]")
    features = facets.map(lambda facet: facet["features"]).flatten()
    embed = f"{record}.embed"
    cards = _present(doc.text(f"{embed}.external.uri"), doc.text(f"{embed}.media.external.uri"))
    return {
        "hashtags": _either(_feature(features, "tag"), doc.texts(f"{record}.tags[]")),
        "urls": _either(_feature(features, "uri"), ibis.cases((cards.length() > 0, cards))),
        "mentions": _feature(features, "did"),
    }


def _feature(features: ir.ArrayValue, name: str) -> ir.ArrayValue:
    return features.map(lambda feature: feature[name]).filter(lambda value: value.notnull())


def _present(*texts: ir.StringValue) -> ir.ArrayValue:
    return ibis.array(list(texts)).filter(lambda text: text.notnull())


def _either(one: ir.ArrayValue, other: ir.ArrayValue) -> ir.ArrayValue:
    """Both lists as one, sorted and without repetition; NULL where there is neither."""
    empty = ibis.literal([], type="array<string>")
    both = ibis.coalesce(one, empty).concat(ibis.coalesce(other, empty)).unique().sort()
    return ibis.cases((one.notnull() | other.notnull(), both))


def media(doc: Document, record: str) -> Mapping[str, ir.ArrayValue]:
    """Images and videos by their content id, which is a hash of the file."""
    embed = f"{record}.embed"
    images = ibis.coalesce(doc.items(f"{embed}.images[]"), doc.items(f"{embed}.media.images[]"))
    video = doc.text(f"{embed}.video.ref.$link | {embed}.media.video.ref.$link")
    alt = doc.text(f"{embed}.alt | {embed}.media.alt")
    return {
        "media_hashes": ibis.cases(
            (images.notnull(), images.map(lambda image: image["image"]["ref"]["$link"])),
            (video.notnull(), ibis.array([video])),
        ),
        "media_alts": ibis.cases(
            (images.notnull(), images.map(lambda image: image["alt"])),
            (video.notnull(), ibis.array([alt])),
        ),
    }
