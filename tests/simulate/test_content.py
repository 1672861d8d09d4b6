"""What posts say, beside what the truth says of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from marsad.records.normalise import normalise

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

VIOLATING = {"marker", "marker-evasion", "marker-link", "near-copy"}
QUOTING = {"counter-speech", "news", "homonym"}


def shingles(text: str, size: int = 5) -> set[str]:
    normal = normalise(text)
    return {normal[at : at + size] for at in range(len(normal) - size + 1)}


def jaccard(one: set[str], two: set[str]) -> float:
    return len(one & two) / max(len(one | two), 1)


def matches(network: Network) -> list[bool]:
    """A plain phrase matcher: normalised, whole words, negative names cut out."""
    phrases = [normalise(line) for line in network.bank("phrases")]
    names = [normalise(line) for line in network.bank("negative-phrases")]
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")
    never = re.compile("|".join(map(re.escape, names)))
    texts = (never.sub(" ", normalise(post["text"])) for post in network.posts)
    return [bool(wanted.search(text)) for text in texts]


def test_every_kind_of_post_is_there(network: Network) -> None:
    kinds = {row["kind"] for row in network.truth}
    assert kinds >= VIOLATING | QUOTING | {"ordinary", "headline", "wish", "announcement"}
    for row in network.truth:
        assert row["is_violating"] == (row["kind"] in VIOLATING)


def test_plain_markers_and_quotes_have_the_phrase_as_listed(network: Network) -> None:
    listed = set(network.bank("phrases")) | set(network.bank("negative-phrases"))
    for post, truth in network.pairs:
        if truth["phrase"] is None:
            continue
        assert truth["phrase"] in listed
        if truth["evasion"] in (None, "negative-name"):
            assert truth["phrase"] in post["text"]
        else:
            assert truth["phrase"] not in post["text"]
            assert truth["kind"] == "marker-evasion"


def test_phrases_stand_in_posts_of_their_own_language(network: Network) -> None:
    arabic = re.compile("[\u0621-\u064a]")
    for post, truth in network.pairs:
        if truth["phrase"] is not None:
            assert post["language"] in ("ar", "en")
            assert bool(arabic.search(truth["phrase"])) == (post["language"] == "ar")


def test_posts_that_need_a_phrase_have_one_and_others_none(network: Network) -> None:
    need = {"marker", "marker-evasion"} | QUOTING
    for row in network.truth:
        assert (row["phrase"] is not None) == (row["kind"] in need)


def test_a_phrase_matcher_is_neither_perfect_nor_useless(network: Network) -> None:
    found = matches(network)
    posts = [
        (hit, row["kind"]) for hit, row in zip(found, network.truth, strict=True) if row["phrase"]
    ]
    evading = [hit for hit, kind in posts if kind == "marker-evasion"]
    assert all(hit for hit, kind in posts if kind == "marker")
    assert 0.3 < sum(evading) / len(evading) < 0.95
    bad = sum(hit for hit, row in zip(found, network.truth, strict=True) if row["is_violating"])
    assert 0.4 < bad / sum(found) < 0.97


def test_ordinary_posts_never_match(network: Network) -> None:
    plain = {"ordinary", "headline", "wish", "announcement", "backup-notice", "marker-link"}
    found = matches(network)
    assert not any(
        hit for hit, row in zip(found, network.truth, strict=True) if row["kind"] in plain
    )


def test_marker_links_lead_to_listed_places(network: Network) -> None:
    domains, links = network.bank("domains"), network.bank("links")
    forms = Counter()
    for post, truth in network.pairs:
        if truth["kind"] == "marker-link":
            forms[truth["evasion"]] += 1
            if truth["evasion"] is None:
                (url,) = post["urls"]
                assert url in links or url.split("/")[2] in domains
    assert len(forms) >= 6


def test_only_violating_posts_link_to_marker_domains(network: Network) -> None:
    domains, never = network.bank("domains"), network.bank("negative-domains")
    archived = 0
    for post, truth in network.pairs:
        for url in post.get("urls", []):
            host = url.split("/")[2]
            archived += host in never
            if host in domains:
                assert truth["kind"] == "marker-link"
            if host in never:
                assert truth["kind"] in ("counter-speech", "news")
    assert archived


def test_near_copies_are_as_near_as_their_edit_says(network: Network) -> None:
    texts = [shingles(line) for line in network.bank("texts")]
    near: dict[str, list[float]] = {}
    for post, truth in network.pairs:
        if truth["kind"] == "near-copy":
            assert truth["copy_of"] is not None
            similarity = jaccard(shingles(post["text"]), texts[truth["copy_of"]])
            near.setdefault(truth["edit"], []).append(similarity)
        else:
            assert truth["copy_of"] is None
    assert len(near) >= 8
    assert max(near.pop("rewritten", [0.0])) < 0.6
    assert min(near["exact"]) > 0.8
    everything = [value for values in near.values() for value in values]
    assert min(everything) > 0.5
    assert sum(value >= 0.7 for value in everything) > 0.8 * len(everything)


@pytest.mark.parametrize("language", ["ar", "en", "fr", "tr", "fa"])
def test_ordinary_posts_are_not_near_copies_by_accident(network: Network, language: str) -> None:
    texts = [
        post["text"]
        for post, truth in network.pairs
        if truth["kind"] == "ordinary" and truth["activity"] == "own"
        if post["language"] == language and not truth["is_repost"]
    ]
    sample = random.Random(1).sample(texts, min(len(texts), 300))
    pairs = combinations([shingles(text) for text in sample], 2)
    assert sum(jaccard(one, two) >= 0.7 for one, two in pairs) <= 1


def test_violating_accounts_post_ordinary_things_as_well(network: Network) -> None:
    kinds: dict[str, Counter[str]] = {}
    for row in network.truth:
        account = network.accounts[row["account_id"]]
        if account["is_violating"] and row["activity"] == "own":
            kinds.setdefault(row["account_id"], Counter())[row["kind"]] += 1
    total = sum(kinds.values(), Counter())
    assert total["ordinary"] > total["marker"]


def test_hardly_anybody_else_passes_violating_posts_on(network: Network) -> None:
    others = [
        row
        for row in network.truth
        if row["is_violating"] and not network.accounts[row["account_id"]]["is_violating"]
    ]
    assert len(others) < 0.01 * len(network.truth)
    assert all(row["is_repost"] for row in others)


def test_nobody_passes_them_on_when_the_knob_is_nought(make: Callable[..., Network]) -> None:
    network = make(stray_reposts=0.0, takeovers=0.0)
    for row in network.truth:
        if row["is_violating"]:
            assert network.accounts[row["account_id"]]["is_violating"]


def test_counter_speakers_and_newsrooms_quote(network: Network) -> None:
    by_group: dict[str, Counter[str]] = {}
    for row in network.truth:
        group = network.accounts[row["account_id"]]["group"]
        by_group.setdefault(group, Counter())[row["kind"]] += not row["is_repost"]
    assert by_group["counter-speaker"]["counter-speech"]
    assert by_group["newsroom"]["news"]
    assert by_group["newsroom"]["headline"]
    for group in ("counter-speaker", "newsroom", "ordinary"):
        assert not any(by_group[group][kind] for kind in VIOLATING)
