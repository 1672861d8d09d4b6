"""Looks the addresses of posts up in what banks list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from marsad.find.links.exhibits import Hit, Shown, Traced, evidence, message
from marsad.find.links.listings import Loaded
from marsad.find.signal import Found, found_batch
from marsad.records.objects import urls
from marsad.records.urls import Reading, Step, read_url, suffixes
from marsad.records.wrappers import WRAPPING_DOMAINS

MAX_URLS = 1_000
"""Most addresses of one post that are looked up."""

_SHOWN = 3
_CACHED = 50_000


class LinkMatcher:
    """Looks the addresses of posts up in what banks list."""

    def __init__(self, loaded: Loaded, scores: Mapping[str, float], redirects: int) -> None:
        self._loaded, self._scores, self._most = loaded, scores, redirects
        self._near = frozenset((*loaded.hosts(), *WRAPPING_DOMAINS))
        self._known: dict[str, Traced | None] = {}
        self._hosts: dict[str, bool] = {}

    def screen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of `FOUND`, one for each post and entry that one of its addresses falls under."""
        batch = batch.filter(_may_link(batch))
        ids, keys, accounts, texts, lists = (
            batch[name].to_pylist() for name in ("id", "key", "account", "text", "urls")
        )
        found: list[Found] = []
        for row, (text, listed) in enumerate(zip(texts, lists, strict=True)):
            hits = self._hits(text or "", listed or ())
            for (bank, key), shown in hits.items():
                found.append(
                    self._found(ids[row], keys[row], accounts[row], f"{bank}:{key}", shown)
                )
        return found_batch(found)

    def trace(self, url: str) -> Traced | None:
        """The layers of an address and the entries they fall under; None where there are none."""
        if not self._may_concern(url):
            return None
        if url not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[url] = self._traced(url)
        return self._known[url]

    def _hits(self, text: str, listed: Sequence[str]) -> dict[tuple[str, str], list[Shown]]:
        """By bank and entry, the addresses of one post that fall under it."""
        hits: dict[tuple[str, str], list[Shown]] = {}
        for place, url in _addresses(text, listed):
            traced = self.trace(url)
            for hit in traced.hits if traced else ():
                shown = hits.setdefault((hit.listing.bank, hit.listing.key), [])
                shown.append(Shown(url, place, traced, hit))  # type: ignore[arg-type]
        return hits

    def _may_concern(self, url: str) -> bool:
        """Whether an address is worth taking apart: False only where it cannot match."""
        plain = _PLAIN.match(url)
        if plain is None or _CARRIES.search(url, plain.end()):
            return True
        near = self._hosts.get(plain[1])
        if near is None:
            if len(self._hosts) >= _CACHED:
                self._hosts.clear()
            near = self._hosts[plain[1]] = self._is_near(plain[1])
        return near

    def _is_near(self, host: str) -> bool:
        return "google." in host or any(domain in self._near for domain in suffixes(host))

    def _traced(self, url: str) -> Traced | None:
        reading = read_url(url)
        if reading is None:
            return None
        steps, said = self._resolved(reading)
        never = self._loaded.never
        barred = max((i for i, step in enumerate(steps) if any(never.matches(step))), default=-1)
        hits = {
            (listing.bank, listing.key): Hit(listing, layer)
            for layer, step in enumerate(steps)
            if layer > barred
            for listing in self._loaded.wanted.matches(step)
        }
        return Traced(steps, said, tuple(hits.values())) if hits else None

    def _resolved(self, reading: Reading) -> tuple[tuple[Step, ...], dict[int, str]]:
        """The layers of an address, and further ones where redirect banks know them."""
        steps, said = list(reading.steps), {}
        for _ in range(self._most):
            redirect = self._loaded.redirects.get(steps[-1].url)
            further = read_url(redirect.target) if redirect else None
            if redirect is None or further is None or further.url in {step.url for step in steps}:
                break
            said[len(steps)] = redirect.bank
            first = further.steps[0]
            steps += [Step("redirect", first.url, first.host), *further.steps[1:]]
        return tuple(steps), said

    def _found(
        self, subject: str, key: int, account: str | None, evidence_key: str, shown: list[Shown]
    ) -> Found:
        shown.sort(key=lambda item: -self._scores[item.hit.listing.way])
        best = shown[0]
        return Found(
            "post", subject, key, account,
            score=self._scores[best.hit.listing.way],
            message=message(best),
            evidence=[evidence(item) for item in shown[:_SHOWN]],
            evidence_key=evidence_key,
        )  # fmt: skip


_PLAIN = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)(?=[/?#]|\Z)")
"""An address whose host is already in normal form."""

_CARRIES = re.compile(r"://|%3[Aa]")
"""Marks of an address within an address, on any host."""


def _may_link(batch: pa.RecordBatch) -> pa.BooleanArray:
    """Posts that list an address, or whose text may hold one."""
    listed = pc.fill_null(pc.greater(pc.list_value_length(batch["urls"]), 0), False)
    text = batch["text"]
    for sign in ("/", "www.", "WWW.", "Www.", "[.]"):
        listed = pc.or_(listed, pc.fill_null(pc.match_substring(text, sign), False))
    return listed


def _addresses(
    text: str, listed: Sequence[str | None]
) -> Iterator[tuple[tuple[int, int] | None, str]]:
    """The distinct addresses of a post: those in its text with their spans, then those listed."""
    seen: set[str] = set()
    for url in urls(text):
        if url not in seen:
            seen.add(url)
            start = text.find(url)
            yield (start, start + len(url)), url
        if len(seen) >= MAX_URLS:
            return
    for listed_url in listed:
        if listed_url and listed_url not in seen and len(seen) < MAX_URLS:
            seen.add(listed_url)
            yield None, listed_url
