"""A match in words, and the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marsad.find.links.listings import Listing
from marsad.records.message import Message
from marsad.records.urls import Step, show_host

_URL_CHARACTERS = 600


@dataclass(frozen=True)
class Hit:
    """An entry that an address falls under, and at which of its layers."""

    listing: Listing
    layer: int


@dataclass(frozen=True)
class Traced:
    """An address with all its layers, those that redirect banks add included.

    ``said`` names the bank that led from one layer to the next, by the number of the latter.
    """

    steps: tuple[Step, ...]
    said: Mapping[int, str]
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Shown:
    """An address of a post that falls under an entry; ``place`` is its span in the text, or None
    where the platform listed it."""

    url: str
    place: tuple[int, int] | None
    traced: Traced
    hit: Hit


def message(shown: Shown) -> Message:
    listing, step = shown.hit.listing, shown.traced.steps[shown.hit.layer]
    what = "page" if listing.way in ("exact", "prefix") else "domain"
    through = "-through" if shown.hit.layer else ""
    values = {
        "entry": _cut(listing.entry.value, 200),
        "bank": listing.bank,
        "host": show_host(step.host),
    }
    if through:
        values["posted"] = show_host(shown.traced.steps[0].host)
    return Message(f"links.{what}{through}", values)


def evidence(shown: Shown) -> dict[str, Any]:
    """What a reader needs to check a match; every address is cut to a bounded length."""
    listing, traced = shown.hit.listing, shown.traced
    step = traced.steps[shown.hit.layer]
    said: dict[str, Any] = {
        "kind": "link",
        "url": _cut(shown.url),
        "in": "text" if shown.place else "urls",
        "normal": _cut(step.url),
        "host": show_host(step.host),
        "matched": listing.way,
        "bank": listing.bank,
        "version": listing.version,
        "entry": _cut(listing.entry.value),
    }
    if len(traced.steps) > 1:
        said["layers"] = [_layer(traced, number) for number in range(len(traced.steps))]
    if shown.place:
        said["spans"] = [list(shown.place)]
    if listing.entry.note:
        said["note"] = _cut(listing.entry.note)
    return said


def _layer(traced: Traced, number: int) -> str:
    """One layer of an address: its kind, the bank that led to it if one did, its normal form."""
    step = traced.steps[number]
    by = f" ({traced.said[number]})" if number in traced.said else ""
    return f"{step.kind}{by}: {_cut(step.url, 300)}"


def _cut(text: str, most: int = _URL_CHARACTERS) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
