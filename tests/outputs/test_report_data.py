"""What the report counts, against plain Python over the same rows."""

from __future__ import annotations

from collections import Counter

import pytest

from marsad.outputs.report.data import Limits, ReportData
from marsad.outputs.report.gather import gather
from marsad.outputs.report.totals import file_name
from marsad.records.times import DAY, HOUR, MINUTE
from tests.outputs.network import PSEUDONYMS, START, Network, busy, context, finding, look, post


def gathered(network: Network, limits: Limits | None = None) -> ReportData:
    with network.opened() as (records, findings, engine):
        return gather(records, findings, engine, context(limits=limits or Limits()))


@pytest.fixture(scope="module")
def data() -> ReportData:
    return gathered(busy())


POSTS = busy().posts
FINDINGS = busy().findings


def test_totals(data: ReportData) -> None:
    totals = data.totals
    assert (totals.posts, totals.accounts, totals.observations) == (
        len(POSTS), len({one["account"] for one in POSTS}), 12,
    )  # fmt: skip
    assert (totals.first, totals.last) == (START, START + 299 * DAY // 4)
    assert data.findings == len(FINDINGS)


def test_an_account_named_by_handle_and_by_id_counts_once() -> None:
    """By its handle in one file, by its id in another; a handle that nobody was seen under is one
    more."""
    named = {"hashtags": ["river"], "urls": ["https://a.example/1"]}
    network = Network(
        [post(0, "x:11", **named), post(1, "x:@reed", **named), post(2, "x:@moss", **named)],
        [look("x:11", "Reed")],
    )
    shown = gathered(network)
    assert (shown.totals.posts, shown.totals.accounts) == (3, 2)
    rankings = (shown.platforms, shown.languages, shown.hashtags, shown.domains, shown.links)
    assert [[row.accounts for row in ranking.rows] for ranking in rankings] == [[2]] * 5


@pytest.mark.parametrize("name", ["language", "kind", "client"])
def test_rankings_of_columns(data: ReportData, name: str) -> None:
    ranking = {"language": data.languages, "kind": data.kinds, "client": data.clients}[name]
    counted = Counter(one[name] for one in POSTS)
    assert {row.label: row.posts for row in ranking.rows} == counted
    assert ranking.distinct == len(counted)
    assert [row.posts for row in ranking.rows] == sorted(counted.values(), reverse=True)


def test_rankings_of_lists(data: ReportData) -> None:
    tags = Counter(tag for one in POSTS for tag in one["hashtags"])
    assert {row.label: row.posts for row in data.hashtags.rows} == tags
    domains = Counter(one["urls"][0].split("/")[2].removeprefix("www.") for one in POSTS)
    shown = {row.label: row.posts for row in data.domains.rows}
    assert shown == {host.replace(".", "[.]"): count for host, count in domains.items()}
    links = Counter(one["urls"][0] for one in POSTS)
    assert data.links.distinct == len(links)
    assert [row.posts for row in data.links.rows] == sorted(links.values(), reverse=True)[:12]


def test_reposts_by_post_and_by_text() -> None:
    posts = [post(0), *(post(n, kind="repost", repost_of="x:77") for n in (1, 2))]
    posts += [post(n, kind="repost", text="the same words") for n in (3, 4)]
    posts.append(post(5, kind="repost", text="the same words", account="x:@other"))
    by_text, by_post = gathered(Network(posts)).reposts.rows
    assert (by_text.label, by_text.posts, by_text.accounts) == (None, 3, 2)
    assert by_text.text is not None
    assert by_text.text.plain == "the same words"
    assert (by_post.label, by_post.posts) == (PSEUDONYMS.of("post", "x:77"), 2)


@pytest.mark.parametrize(
    ("span", "precision", "unit"),
    [
        (0, MINUTE, "hour"), (99 * HOUR, MINUTE, "hour"), (100 * HOUR, MINUTE, "day"),
        (99 * DAY, MINUTE, "day"), (100 * DAY, MINUTE, "week"), (699 * DAY, MINUTE, "week"),
        (700 * DAY, MINUTE, "month"), (9000 * DAY, MINUTE, "month"),
        # What a file says to the day is never drawn by the hour.
        (30 * HOUR, DAY, "day"),
    ],
)  # fmt: skip
def test_units_of_time(span: int, precision: int, unit: str) -> None:
    posts = [post(0, precision=precision), post(1, created_at=START + span, precision=precision)]
    volume = gathered(Network(posts)).volume
    assert volume is not None
    assert volume.unit == unit
    assert sum(one.posts for one in volume.bins) == 2
    starts = [one.start for one in volume.bins]
    assert starts == sorted(set(starts))
    assert starts[0] <= START < (starts[1] if len(starts) > 1 else START + DAY)


def test_bins_have_no_gaps_and_count_posts_once() -> None:
    posts = [post(n, created_at=START + 3 * n * DAY) for n in range(20)]
    found = [finding(posts[4]), finding(posts[4], "copies"), finding(posts[5])]
    volume = gathered(Network(posts, findings=found)).volume
    assert volume is not None
    assert len(volume.bins) == 58
    assert [one.found for one in volume.bins if one.found] == [1, 1]
    assert [one.posts for one in volume.bins][:7] == [1, 0, 0, 1, 0, 0, 1]


def test_findings_of_a_signal(data: ReportData) -> None:
    for signal in data.signals:
        rows = [one for one in FINDINGS if one["signal"] == signal.signal]
        assert signal.findings == len(rows) == sum(signal.histogram)
        assert signal.accounts == len({one["account"] for one in rows})
        assert signal.highest == max(one["score"] for one in rows)
        shown = [line.score for line in signal.rows]
        assert shown == sorted(shown, reverse=True)
        best = sorted((one["score"] for one in rows), reverse=True)
        assert shown[: Limits().findings] == best[: Limits().findings]


@pytest.mark.parametrize(
    ("score", "tenth"), [(0.0, 0), (0.0999, 0), (0.1, 1), (0.55, 5), (0.95, 9), (1.0, 9)]
)
def test_tenths(score: float, tenth: int) -> None:
    one = post(0)
    (signal,) = gathered(Network([one], findings=[finding(one, score=score)])).signals
    assert signal.histogram.index(1) == tenth


def test_accounts_lead_to_their_evidence() -> None:
    data = gathered(busy(), Limits(findings=1))
    anchors = {line.anchor for signal in data.signals for line in signal.rows}
    counted = Counter(one["account"] for one in FINDINGS)
    assert data.accounts.distinct == len(counted)
    for row in data.accounts.rows:
        assert row.anchors
        assert set(row.anchors) <= anchors
        assert sum(count for _, count in row.signals) == row.findings
    assert [row.findings for row in data.accounts.rows] == sorted(counted.values(), reverse=True)


def test_limits_bound_what_is_shown() -> None:
    few = Limits(findings=2, accounts=3, ranking=4, files=1)
    data = gathered(busy(), few)
    assert len(data.accounts.rows) == 3
    assert len(data.links.rows) == 4
    # Two of the highest, and the best of each account that is listed.
    assert all(2 <= len(signal.rows) <= 5 for signal in data.signals)
    assert data.accounts.distinct > 3


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/person/posts.csv", "posts.csv"),
        (r"C:\Users\Person\posts.csv", "posts.csv"),
        ("posts.csv", "posts.csv"),
        ("archive.zip/inner/posts.csv", "posts.csv"),
        (None, ""),
    ],
)
def test_files_by_name_alone(path: str | None, name: str) -> None:
    assert file_name(path) == name
