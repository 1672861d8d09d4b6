"""Measures drawn in the report: what stands where, with which interval, and in which words."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from marsad.outputs.report.chart import Chart
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.measured import charts_of
from marsad.outputs.report.measured.course import Course, course_chart
from marsad.outputs.report.wording import Words
from marsad.workspace.measuring.everything import Measured
from tests.outputs import measured
from tests.outputs.network import busy
from tests.outputs.test_report import Page, report

EN, AR = Words("en"), Words("ar")


def charts(told: Measured, words: Words = EN) -> dict[str, Chart]:
    safe = {measured.HOSTILE_CLIENT: "Poster by acct-1", "Web App": "Web App"}
    return {one.id: one for row in charts_of(told, words, safe) for one in row}


def places(chart: Chart, class_: str) -> list[float]:
    found = re.findall(rf'<circle cx="([0-9.]+)%"[^>]*class="{class_}"', chart.svg)
    return [float(one) for one in found]


def lines(chart: Chart, class_: str) -> list[tuple[float, float]]:
    found = re.findall(rf'<line x1="([0-9.]+)%" x2="([0-9.]+)%"[^>]*class="{class_}"', chart.svg)
    return [(float(x1), float(x2)) for x1, x2 in found]


@pytest.fixture(scope="module")
def effect() -> Measured:
    return measured.effect()


def test_dots_lie_in_their_intervals_on_the_scale() -> None:
    rows = [
        Row("a", measured.estimate("a", 0.2, 0.1, 0.4)),
        Row("b", measured.estimate("b", 0.5, 0.5, 0.6)),
    ]
    chart = dots_chart("x", "t", "s", [Block(rows, "h")], "fraction", "axis", EN)
    assert places(chart, "dot") == [20, 50]
    assert lines(chart, "interval") == [(10, 40), (50, 60)]
    assert chart.table.rows[0][:4] == ("h: a", "20.0%", "10.0%", "40.0%")
    mirrored = dots_chart("x", "t", "s", [Block(rows, "h")], "fraction", "axis", AR)
    assert places(mirrored, "dot") == [80, 50]


def test_small_fractions_get_a_scale_of_their_own() -> None:
    rows = [Row("a", measured.estimate("a", 0.02, 0.01, 0.04))]
    chart = dots_chart("x", "t", "s", [Block(rows)], "fraction", "axis", EN)
    assert places(chart, "dot") == [50]
    assert "2.0% (1.0% to 4.0%)" in chart.svg


def test_a_ratio_beyond_the_scale_has_no_end_there_but_its_numbers() -> None:
    rows = [
        Row("a", measured.estimate("a", 0.9, 0.5, 7.4)),
        Row("b", measured.estimate("b", 5, 4, 6)),
    ]
    chart = dots_chart("x", "t", "s", [Block(rows)], "ratio", "axis", EN)
    assert lines(chart, "interval") == [(25, 100), (100, 100)]
    assert [x for x, _ in lines(chart, "whisker")] == [25]
    assert places(chart, "dot") == [45]
    assert "500% (400% to 600%)" in chart.svg
    assert lines(chart, "base") == [(50, 50)]  # where nothing has changed


@pytest.mark.parametrize(
    ("bound", "side", "words"),
    [("lower", (60, 100), "at least 20%; found: 40%"), ("upper", (0, 20), "at most 60%; counted")],
)
def test_a_bound_claims_its_end_and_leaves_the_other_open(
    bound: str, side: tuple[float, float], words: str
) -> None:
    rows = [Row("a", measured.estimate("a", 0.4, 0.2, 0.6, bound=bound))]
    chart = dots_chart("x", "t", "s", [Block(rows)], "fraction", "axis", EN)
    assert lines(chart, "open") == [side]
    assert words in chart.svg


def test_what_is_counted_has_no_interval_to_say() -> None:
    drawn = charts(measured.network())["network-shape"]
    assert "40% (" not in drawn.svg
    assert "96% (92% to 98%)" in drawn.svg
    assert [row[0] for row in drawn.table.rows][:3] == [
        f"Watched accounts still connected: {when}" for when in ("Before", "After", "At random")
    ]


def test_a_census_is_drawn_link_by_link_part_by_part_and_by_marginals() -> None:
    drawn = charts(measured.census())
    assert list(drawn) == [
        "census-chain", "census-language", "census-activity", "census-share-activity",
        "census-share-followers", "census-share-created", "census-share-language",
        "census-share-client",
    ]  # fmt: skip
    labels = [row[0] for row in drawn["census-activity"].table.rows]
    assert labels == ["fewer than 1", "5 to 50"]  # as they grow, not by name
    followers = drawn["census-share-followers"]
    assert followers.table.rows[-1][0] == "not known"
    shares = [float(row[1].rstrip("%")) for row in followers.table.rows]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    clients = [row[0] for row in drawn["census-share-client"].table.rows]
    assert "Poster by acct-1" in clients
    assert measured.HOSTILE_CLIENT not in clients


def test_a_client_of_which_nobody_says_how_to_show_it_is_not_named() -> None:
    row, *_ = charts_of(measured.census(), EN, {})[-1:]
    assert "person_3" not in row[-1].svg


def test_weeks_are_whole_and_lie_on_one_side_of_the_event(effect: Measured) -> None:
    found = effect.effects[0].alone
    assert found is not None
    course = Course.of(found)
    assert course.unit == "week"
    steps = np.diff(course.days)
    assert set(steps.tolist()) == {7}
    assert measured.EVENT in course.days.tolist()
    assert course.days[0] >= found.days[0]
    assert course.days[-1] + 7 <= found.days[-1] + 1
    first = int(np.flatnonzero(course.days == measured.EVENT)[0])
    week = found.series.between(measured.EVENT, measured.EVENT + 14).values[:7].mean()
    assert course.counted[first] == pytest.approx(week)
    assert np.isnan(course.gone_on[:first]).all()
    assert (course.low[first:] < course.gone_on[first:]).all()
    assert (course.gone_on[first:] < course.high[first:]).all()


def test_the_course_breaks_at_the_event_and_the_earlier_one_goes_on(effect: Measured) -> None:
    found = effect.effects[0].alone
    assert found is not None
    drawn = course_chart("c", "Posts", found, EN)
    fitted = re.findall(r'<polyline points="([^"]*)" class="curve"', drawn.svg)
    assert len(fitted) == 2
    last, first = fitted[0].split()[-1].split(","), fitted[1].split()[0].split(",")
    assert float(first[1]) > float(last[1]) + 30  # lower on the page: half as many
    assert drawn.svg.count("<polygon") == 1
    assert "gone on" in drawn.summary
    assert "if nothing else had changed" in drawn.summary
    ((at, _),) = lines(drawn, "event")
    assert float(last[0]) < at < float(first[0])
    mirrored = course_chart("c", "Posts", found, AR)
    assert lines(mirrored, "event") == [pytest.approx((100 - at, 100 - at), abs=0.02)]


def test_changes_are_told_by_outcome_and_against_what(effect: Measured) -> None:
    drawn = charts(effect)
    labels = [row[0] for row in drawn["effect-changes"].table.rows]
    assert labels == [
        "Posts: Right after", "Posts: All days after", "Posts: Against controls",
        "Posts: Against a mix", "Others' posts: should not move: Right after",
        "Others' posts: should not move: All days after",
    ]  # fmt: skip
    differences = [row[0] for row in drawn["effect-differences"].table.rows]
    assert len(differences) == 4
    assert "not of what brought it" in drawn["effect-changes"].summary


def test_headings_follow_the_page_and_names_in_them_keep_their_own_direction(
    effect: Measured,
) -> None:
    drawn = charts(effect, AR)["effect-differences"].svg
    headings = re.findall(r'<text [^>]*class="heading[^"]*">(.*?)</text>', drawn)
    assert len(headings) == 4  # long and short, of two dates
    for one in headings:
        assert one.startswith("\u2068mean of a")
        assert one.count("\u2068") == one.count("\u2069")


def test_every_placebo_date_is_a_dot_and_the_event_a_line(effect: Measured) -> None:
    found = effect.effects[0].placebos[0]
    drawn = charts(effect)["effect-placebos-0-0"]
    assert len(places(drawn, "placebo")) == len(found.jumps)
    ((at, _),) = lines(drawn, "event")
    assert at < min(places(drawn, "placebo"))
    assert len(drawn.table.rows) == len(found.jumps) + 1
    assert f"p = {found.p:.3f}" in drawn.summary


def test_nothing_is_drawn_of_what_was_not_told() -> None:
    for name in ("census", "survival", "returns", "effect", "network", "plugin"):
        assert charts_of(Measured(name), EN, {}) == []


@pytest.fixture(scope="module", params=["en", "ar"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("measured")
    return report(busy(60), folder, request.param, measured=measured.everything())


def test_the_page_holds_them_with_names_and_tables_and_no_identity(page: Page) -> None:
    section = page.text[page.text.index('id="measures"') :]
    figures = re.findall(r"<figure.*?</figure>", section, re.DOTALL)
    assert len([one for one in figures if "census-" in one or "effect-" in one]) >= 12
    for figure in figures:
        for part in ("<title", "<desc", "<details>", "<table>"):
            assert part in figure
    assert "person_3" not in page.text
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(now - before <= 1 for before, now in pairwise(levels))
    assert not re.findall(r"\b(report|measure|marginal)\.[a-z-]+\.?[a-z]*", page.said)


def test_arabic_drawings_have_arabic_digits(tmp_path: Path) -> None:
    page = report(busy(60), tmp_path, "ar", measured=measured.everything())
    section = page.text[page.text.index('id="measures"') :]
    drawn = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", section))
    own = re.sub("\u2068.*?\u2069", "", drawn)
    assert not re.search("[0-9%]", own)
