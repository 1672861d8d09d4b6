"""Lineages: accounts of one actor, joined by the links that were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from marsad.measure.mean_count import mean_count_interval
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

FEW_LINEAGES = 10
NEXT = "marsad find returns"


def actors_of(accounts: Iterable[str], links: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Whose each account is: accounts joined by links (parent, child) have one name in common,
    the first of theirs in alphabetical order. Who has no link is an actor alone."""
    head: dict[str, str] = {account: account for account in accounts}

    def find(account: str) -> str:
        head.setdefault(account, account)
        while head[account] != account:
            head[account] = head[head[account]]
            account = head[account]
        return account

    for parent, child in links:
        first, second = sorted((find(parent), find(child)))
        head[second] = first
    return {account: find(account) for account in list(head)}


def lineage_sizes(links: Sequence[tuple[str, str]]) -> list[int]:
    """How many accounts each lineage has, two and more."""
    return sorted(Counter(actors_of((), links).values()).values())


def lineage_counts(
    links: Sequence[tuple[str, str]], unsure: Sequence[tuple[str, str]], level: float = 0.95
) -> list[Estimate]:
    """How many lineages and how many returned accounts were found, from links (parent, child).

    Both are counts of what was found among given accounts, not of a sample: the interval says what
    the ``unsure`` links would change, and nothing else. Accounts that came back unseen are missing,
    so the number of returned accounts is a lower bound; a lineage whose middle was missed counts as
    two, so the number of lineages is a bound on neither side.
    """
    sure, more = len(lineage_sizes(links)), len(lineage_sizes([*links, *unsure]))
    back, more_back = (len({child for _, child in all_}) for all_ in (links, [*links, *unsure]))
    n = len(links)
    return [
        Estimate(
            "lineages", sure, min(sure, more), max(sure, more), level, "count-of-links",
            "found-links", n, ("links-right", "links-within-lineages-found"), ("not-sampling",),
        ),
        Estimate(
            "returned-accounts", back, back, more_back, level, "count-of-links", "found-links", n,
            ("links-right",), ("not-sampling", "returns-missed"), "lower",
        ),
    ]  # fmt: skip


def accounts_per_lineage(sizes: Sequence[int], level: float = 0.95) -> Estimate:
    """The mean number of accounts in a lineage, by the end of the data.

    ``sizes`` are those of lineages, each ≥ 2. Lineages go on after the data end: the mean is of
    what had come by then. The interval is that of the mean number beyond the first two. Raises
    `Refused` with fewer than two lineages.
    """
    if len(sizes) < 2:
        raise Refused("measure.returns.few-lineages", ["links"], NEXT, count=len(sizes), least=2)
    mean, low, high = mean_count_interval([size - 2 for size in sizes], level)
    warnings = ["lineages-open", "returns-missed"]
    if len(sizes) < FEW_LINEAGES:
        warnings.append("few-lineages")
    return Estimate(
        "accounts-per-lineage", 2 + mean, 2 + low, 2 + high, level, "gamma-mean-count",
        "found-lineages", len(sizes), ("links-right", "independent-actors"), tuple(warnings),
    )  # fmt: skip
