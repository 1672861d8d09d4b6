"""Gathers what reviewers look at: the posts and accounts that findings are about and cite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.decide.exhibits import Exhibits, Post, Profile, Span
from marsad.decide.findings import SealedFinding
from marsad.decide.items import content_of
from marsad.decide.opening import Subject
from marsad.engines import Engine, views
from marsad.find.signal import Records

MOST_CITED = 20
"""Posts that findings cite, shown with one case."""
MOST_FLAGGED = 12
"""Posts of an account with findings of their own, the highest scores first."""
LATEST = 8
"""Latest posts of an account, whatever they hold: a reviewer should see what is usual for it."""
MOST_ACCOUNTS = 80

_POST_FIELDS = ("post", "copied_post", "reposted_post", "partner_post")
_ACCOUNT_FIELDS = ("account", "partner_account", "parent")


@dataclass
class Wanted:
    """The ids of posts and accounts that a case shows, and what was matched in them."""

    posts: dict[str, None] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)


def gather(
    findings: Sequence[SealedFinding],
    records: Records,
    engine: Engine,
    subjects: Iterable[Subject] = (),
) -> dict[Subject, Exhibits]:
    """What to show with each subject that has a finding that opens a case, and with ``subjects``
    whatever they have."""
    by_subject: dict[Subject, list[SealedFinding]] = defaultdict(list)
    for one in findings:
        by_subject[one.subject_kind, one.subject_id].append(one)
    shown = {subject for subject, group in by_subject.items() if any(f.opens_case for f in group)}
    shown.update(subjects)
    latest = _latest(records, engine, [name for kind, name in shown if kind == "account"])
    flagged = _flagged(findings)
    wanted = {subject: _wanted(subject, by_subject[subject], flagged, latest) for subject in shown}
    posts = _posts(records, engine, {id_ for one in wanted.values() for id_ in one.posts})
    for (kind, name), asked in wanted.items():
        if kind == "post" and name in posts:
            asked.accounts[posts[name]["account"]] = None
    profiles = _profiles(records, engine, {id_ for one in wanted.values() for id_ in one.accounts})
    matched = _matched(findings)
    return {
        subject: Exhibits(
            tuple(_marked(posts[id_], matched.get(id_, ())) for id_ in one.posts if id_ in posts),
            tuple(profiles[id_] for id_ in one.accounts if id_ in profiles),
        )
        for subject, one in wanted.items()
    }


def _wanted(
    subject: Subject,
    group: Sequence[SealedFinding],
    flagged: Mapping[str, Sequence[str]],
    latest: Mapping[str, Sequence[str]],
) -> Wanted:
    kind, name = subject
    wanted = Wanted()
    if kind == "post":
        wanted.posts[name] = None
    if kind == "account":
        wanted.accounts[name] = None
        wanted.posts.update(dict.fromkeys(flagged.get(name, ())))
    for one in group:
        if one.account:
            wanted.accounts[one.account] = None
        wanted.accounts.update(dict.fromkeys(_named(one.evidence, _ACCOUNT_FIELDS)))
        for network in (part for part in one.evidence if part.get("kind") == "network"):
            wanted.accounts.update(dict.fromkeys(network["accounts"]))
        if kind != "community":
            cited = list(_named(one.evidence, _POST_FIELDS))
            wanted.posts.update(dict.fromkeys(cited[: MOST_CITED - len(wanted.posts)]))
    wanted.posts.update(dict.fromkeys(latest.get(name, ())))
    wanted.accounts = dict.fromkeys(list(wanted.accounts)[:MOST_ACCOUNTS])
    return wanted


def _named(value: Any, fields: Sequence[str]) -> Iterator[str]:
    """The ids that fields of evidence hold, at any depth, in their order."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in fields and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner, fields)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _named(inner, fields)


def _flagged(findings: Iterable[SealedFinding]) -> dict[str, list[str]]:
    """Account → its posts with findings that open a case."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in sorted(findings, key=lambda finding: (-finding.score, finding.subject_id)):
        if one.subject_kind == "post" and one.account and one.opens_case:
            found[one.account][one.subject_id] = None
    return {account: list(posts)[:MOST_FLAGGED] for account, posts in found.items()}


def _matched(findings: Iterable[SealedFinding]) -> dict[str, list[SealedFinding]]:
    matched: dict[str, list[SealedFinding]] = defaultdict(list)
    for one in findings:
        if one.subject_kind == "post" and one.opens_case:
            matched[one.subject_id].append(one)
    return matched


def _marked(post: Mapping[str, Any], found: Sequence[SealedFinding]) -> Post:
    spans = [span for one in found for part in one.evidence for span in _spans(part)]
    signals = sorted({one.signal for one in found})
    return Post(**post, signals=signals, marks=sorted(set(spans)))


def _spans(part: Mapping[str, Any]) -> Iterator[Span]:
    """Where evidence matched in the subject's own text."""
    if "text" not in part and "post" not in part:
        for span in [*(part.get("spans") or ()), part.get("span")]:
            if span:
                yield (span[0], span[1])


def _posts(records: Records, engine: Engine, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    posts = _of(records.posts, "id", ids, engine).select(
        "id", "account", "text", "language", "created_at", "kind", "media"
    )
    found: dict[str, dict[str, Any]] = {}
    for row in engine.collect(posts).to_pylist():
        row["text"], row["language"] = row["text"] or "", row["language"] or ""
        row["content"] = content_of(row["text"])
        row["media"] = [
            {name: said for name, said in one.items() if said} for one in row["media"] or ()
        ]
        found[row["id"]] = row
    return found


def _profiles(records: Records, engine: Engine, ids: Iterable[str]) -> dict[str, Profile]:
    names = sorted(set(ids))
    seen = _of(views.looks(records.observations), "account", names, engine)
    last = views.last_looks(seen)
    columns = ("account", "handle", "name", "bio", "followers", "following", "posts", "state",
               "observed_at", "account_created_at")  # fmt: skip
    profiles = {name: Profile(name) for name in names}
    for row in engine.collect(last.select(*columns)).to_pylist():
        row["created_at"] = row.pop("account_created_at")
        profiles[row["account"]] = Profile(**row)
    return profiles


def _latest(records: Records, engine: Engine, accounts: Iterable[str]) -> dict[str, list[str]]:
    """Account → its latest posts, the newest first."""
    posts = _of(records.posts, "account", accounts, engine)
    order = ibis.window(group_by=posts.account, order_by=[posts.created_at.desc(), posts.id.desc()])
    ranked = posts.select("account", "id", place=ibis.row_number().over(order))
    rows = engine.collect(ranked.filter(ranked.place < LATEST)).to_pylist()
    found: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one["place"]):
        found[row["account"]].append(row["id"])
    return found


def _of(table: ir.Table, column: str, names: Iterable[str], engine: Engine) -> ir.Table:
    listed = pa.table({"name": pa.array(sorted(names), pa.string())})
    wanted = engine.table(listed, "wanted")
    return table.semi_join(wanted, table[column] == wanted.name)
