"""What a case can share with others: bank entries, texts, domains, hashtags, groups, lineages.

Of each a case keeps a number alone, `marsad.records.ids.key` of what it is, so that finding who
else has it is one index. The words stand in the case's sealed findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from marsad.records.ids import key

KINDS = ("lineage", "entry", "text", "domain", "community", "hashtag")
"""In the order in which they are kept where there are too many."""

MOST_AN_ENTRY = 100
"""Keys that one entry of the log adds to a case at most: evidence may name any number of things."""

LONGEST = 2_000


@dataclass(frozen=True)
class Key:
    """Something that cases can share: one of `KINDS`, and what it is in words."""

    kind: str
    value: str

    @property
    def number(self) -> int:
        """What stands for it in the database."""
        return key(f"{self.kind}\n{self.value}")


def entry_key(bank: str, entry: str) -> Key:
    """An entry of a bank, by the bank's name and the entry's value (for a text: its name)."""
    return Key("entry", f"{bank}\n{entry[:LONGEST]}")


def hashtag_key(hashtag: str) -> Key:
    """A hashtag, with or without its sign, in any case."""
    return Key("hashtag", hashtag.lstrip("#＃").casefold()[:LONGEST])


def lineage_name(account: str) -> str:
    """What `returns` calls the lineage of which an account is the root."""
    return f"lineage:{key(account):016x}"


def of_findings(findings: Iterable[Mapping[str, Any]]) -> list[Key]:
    """What sealed findings (as `SealedFinding.to_dict` writes them) give a case to share, each once
    and at most `MOST_AN_ENTRY`."""
    found = dict.fromkeys(one for finding in findings for one in _of_finding(finding))
    ordered = sorted(found, key=lambda one: KINDS.index(one.kind))
    return list(islice(ordered, MOST_AN_ENTRY))


def of_item(item: Mapping[str, Any]) -> list[Key]:
    """What an item that a reviewer opened gives: its text."""
    content = item.get("content")
    return [Key("text", content)] if isinstance(content, str) and content else []


def of_exhibits(shown: Mapping[str, Any], subject: str | None) -> list[Key]:
    """What sealed exhibits (as `Exhibits.to_dict` writes them) give: the texts of the subject's own
    posts, by what copies of them have in common."""
    own = (
        one.get("content")
        for one in shown.get("posts", ())
        if subject is not None and subject in (one.get("id"), one.get("account"))
    )
    return [Key("text", content) for content in islice(filter(None, own), MOST_AN_ENTRY)]


def of_subject(kind: str, subject: str | None) -> list[Key]:
    """An account may be the root of a lineage."""
    return [Key("lineage", lineage_name(subject))] if kind == "account" and subject else []


def _of_finding(finding: Mapping[str, Any]) -> Iterator[Key]:
    community = finding.get("community")
    if isinstance(community, str) and community:
        yield Key(_kind_of(community), community[:LONGEST])
    evidence = finding.get("evidence")
    for shown in evidence if isinstance(evidence, (list, tuple)) else ():
        if isinstance(shown, Mapping):
            yield from _of_exhibit(shown)


def _kind_of(community: str) -> str:
    return {"lineage": "lineage", "text": "text"}.get(community.partition(":")[0], "community")


def _of_exhibit(shown: Mapping[str, Any]) -> Iterator[Key]:
    bank, entry = shown.get("bank"), shown.get("entry_key") or shown.get("entry")
    if isinstance(bank, str) and isinstance(entry, str):
        yield entry_key(bank, entry)
    host = shown.get("host")
    if isinstance(host, str) and host:
        yield Key("domain", host[:LONGEST])
    if shown.get("object_kind") == "hashtag" and isinstance(shown.get("object"), str):
        yield hashtag_key(shown["object"])
    objects = shown.get("objects")
    for one in (shown, *(objects if isinstance(objects, (list, tuple)) else ())):
        if isinstance(one, Mapping) and isinstance(one.get("hashtag"), str):
            yield hashtag_key(one["hashtag"])
