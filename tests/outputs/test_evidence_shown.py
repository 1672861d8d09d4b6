"""Evidence of signals on accounts, as the report shows it: in words, and naming nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.locale import render
from marsad.outputs.report import write_report
from marsad.outputs.report.wording import Words
from marsad.records.message import Message
from tests.outputs.network import PSEUDONYMS, START, Network, context, finding, post

CHILD, PARENT = "x:22222", "x:@gone_person"

RETURN = {
    "kind": "return", "parent": PARENT, "since": START, "appeared_at": START + 60_000_000,
    "weight": 13.884, "claim": "match", "how": "takeover", "learnt": "stated", "bank": "gone",
    "features": [{"name": "handle", "value": 0.91, "weight": 5.366},
                 {"name": "lag", "value": 4.0, "weight": 2.5},
                 {"name": "style", "value": 0.7, "weight": -0.775}],
    "rivals": [{"parent": "x:33333", "weight": 2.0}],
}  # fmt: skip
BURST = {
    "kind": "burst", "object_kind": "url", "object": "https://x.com/gone_person/status/1",
    "since": START, "until": START + 60_000_000, "accounts": 40, "burst": "burst:1",
    "lift": {"value": 36.0, "low": 12.0, "high": None, "level": 0.95},
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_features_stand_in_a_table_with_their_weights(tmp_path: Path, lang: str) -> None:
    values = {"parent": PARENT, "since": "2015-06-01", "count": 1, "compared": 2, "against": 1}
    posts = [post(0, CHILD), post(1, PARENT), post(2, "x:33333")]
    found = [
        finding(
            posts[0], "returns", subject_kind="account", subject_id=CHILD, evidence=[RETURN],
            message=Message("returns.match.takeover.names", values),
        ),
        finding(posts[0], "bursts", evidence=[BURST]),
    ]  # fmt: skip
    path = tmp_path / "report.html"
    with Network(posts=posts, findings=found).opened() as (records, findings, engine):
        write_report(records, findings, engine, path, lang, context())
    page, words = path.read_text("utf-8"), Words(lang)  # type: ignore[arg-type]
    for name in ("handle", "style"):
        assert words.either("report.feature", name) in page
    for shown in (words.number(5.366, 2), words.number(-0.775, 2), words("how.takeover")):
        assert shown in page
    assert render("report.feature.lag.4", {}, lang) in page
    assert "report.feature" not in page
    assert words.number(4, 2) not in page
    assert "2015-06-01 00:01" in page
    assert "36.0 (12.0 – ∞)" in page
    assert PSEUDONYMS.of("account", PARENT) in page
    for secret in ("gone_person", "33333", "22222"):
        assert secret not in page
