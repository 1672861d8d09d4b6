"""The transparency report as files: both languages, nothing asked of anybody, no small cell."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.decide.operator import Operator
from marsad.outputs.report.wording import Words
from marsad.outputs.transparency.publishing import folder_of, place_for, published
from marsad.outputs.transparency.tables import SECTIONS, length
from marsad.outputs.transparency.writing import FIGURES, PAGES, ROWS, page, rows, written
from marsad.records.errors import InputError, OutsideError
from marsad.records.estimate import proportion
from marsad.records.message import Message
from marsad.records.times import DAY, HOUR, MINUTE
from marsad.workspace import Workspace
from marsad.workspace.transparency.figures import Account, Figure
from marsad.workspace.transparency.span import between, year
from marsad.workspace.transparency.suppressing import suppressed

HOSTILE = "<script>alert(1)</script>\u202e"
FORUM = Operator(name=HOSTILE, email="desk@forum.example")
SHARE = proportion(90, 100, name="found-right:signal:phrases", frame="span")
SPAN = year(2026)
TOLD = Account(
    SPAN, 7, "ab" * 32, 0,
    (
        Figure("decisions", "all", 103), Figure("decisions", "outcome:hide", 90),
        Figure("decisions", "outcome:no-violation", 10), Figure("decisions", "outcome:warn", 3),
        Figure("decisions", "language:ar", 103), Figure("decisions", f"policy:{HOSTILE}@1", 103),
        Figure("found-right", "signal:phrases", 90, 100, SHARE),
        Figure("opened-to-decided", "all", None, 100, None, 3 * HOUR, 5 * DAY),
        Figure("opened-to-decided", "route:signal", None, 3, None, HOUR, HOUR),
        Figure("opened", "platform:=cmd()", 7),
    ),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_says_it_in_the_language(lang: str) -> None:
    text = page(TOLD, FORUM, lang, 0)
    assert f'lang="{lang}"' in text
    assert "<script" not in text
    assert "\u202e" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    words = Words(lang)  # type: ignore[arg-type]
    for said in (words.percent(0.9, 1), words.number(103), words.signal("phrases"),
                 words.either("desk.outcome", "hide"), words.language("ar")):  # fmt: skip
        assert said in text
    assert "transparency." not in text


def test_small_cells_are_nowhere(tmp_path: Path) -> None:
    few = suppressed(TOLD)
    files = {path.name: path.read_text("utf-8") for path in written(few, FORUM, tmp_path, 0)}
    assert set(files) == {*PAGES.values(), FIGURES, ROWS}
    told = {(one["figure"], one["of"]): one for one in json.loads(files[FIGURES])["figures"]}
    assert told["decisions", "outcome:warn"] == {
        "figure": "decisions", "of": "outcome:warn", "hidden": True,
    }  # fmt: skip
    assert told["decisions", "outcome:hide"]["hidden"]
    assert "fewer than 5, or withheld" in files["report.html"]
    lines = {tuple(row[:2]): row for row in csv.reader(io.StringIO(files[ROWS]))}
    assert lines["decisions", "outcome:warn"][2:] == [""] * 13 + ["yes"]
    assert lines["decisions", "outcome:no-violation"][2] == "10"


def test_the_csv_computes_nothing() -> None:
    (line,) = [row for row in csv.reader(io.StringIO(rows(TOLD))) if row[0] == "opened"]
    assert line[1] == "platform:=cmd()"
    assert rows(Account(year(2026), 1, "", 0, (Figure("=cmd()", "all"),))).count("'=cmd()") == 1


def test_every_figure_has_a_place_and_a_name() -> None:
    """In both languages, and each figure that is counted is in a section."""
    from marsad.workspace.transparency import counting

    source = Path(counting.__file__).read_text("utf-8")
    for figure in (one for several in SECTIONS.values() for one in several):
        assert f'"{figure}"' in source
        text = page(Account(year(2026), 1, "", 0, (Figure(figure, "all", 7),)), FORUM, "ar", 0)
        assert f"figure.{figure}" not in text


def test_nothing_to_tell_is_said() -> None:
    assert page(Account(year(2026), 0, "", 5, ()), FORUM, "en", 0).count("Nothing to tell") == len(
        SECTIONS
    )


@pytest.mark.parametrize(
    ("micros", "said"),
    [(0, "0.0 minutes"), (90 * MINUTE, "90.0 minutes"), (2 * HOUR, "2.0 hours"),
     (47 * HOUR, "47.0 hours"), (3 * DAY, "3.0 days")],
)  # fmt: skip
def test_lengths_of_time(micros: int, said: str) -> None:
    assert length(micros, Words("en")) == said


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError):
        written(TOLD, FORUM, tmp_path / "file" / "below", 0)


def test_what_was_published_is_found_the_newest_first(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    assert published(workspace) == []
    for number in (2024, 2026, 2025):
        written(TOLD, FORUM, folder_of(workspace, year(number)), 0)
    (workspace.folder / "transparency" / "notes").mkdir()
    (workspace.folder / "transparency" / "2023-01-01--2023-12-31").mkdir()
    found = published(workspace)
    assert [one.first[:4] for one in found] == ["2026", "2025", "2024"]
    assert found[0].file(FIGURES) is not None
    for name in ("../../marsad.toml", "marsad.toml", "", "report-de.html"):
        assert found[0].file(name) is None


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-01-01", "2026-03-31"), ("2025-12-01", "2026-01-01"), ("2026-12-31", "2026-12-31"),
     ("2025-01-01", "2027-12-31"), ("2026-01-01", "2027-01-01")],
)  # fmt: skip
def test_days_that_overlap_published_ones_are_refused(
    tmp_path: Path, first: str, last: str
) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    written(TOLD, FORUM, place_for(workspace, year(2026)), 0)
    with pytest.raises(InputError) as error:
        place_for(workspace, between(first, last))
    assert error.value.message.id == "transparency.overlaps"


def test_the_same_days_are_published_again_and_others_beside_them(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    for span in (year(2026), year(2025), between("2027-01-01", "2027-01-01"), year(2026)):
        written(TOLD, FORUM, place_for(workspace, span), 0)
    assert len(published(workspace)) == 3


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_says_that_its_days_are_not_over(lang: str) -> None:
    said = Message("transparency.not-over").render(lang)
    assert said in page(TOLD, FORUM, lang, SPAN.until - 1)
    assert said not in page(TOLD, FORUM, lang, SPAN.until)


@pytest.mark.parametrize(
    ("lang", "article", "left_out"),
    [("en", "(Digital Services Act, (EU) 2022/2065, Article", "proceedings that the provider"),
     ("ar", "(قانون الخدمات الرقمية، (EU) 2022/2065، المادة", "الدعاوى")],
)  # fmt: skip
def test_the_page_names_duties_and_what_it_leaves_out(
    lang: str, article: str, left_out: str
) -> None:
    forum = replace(FORUM, size="small", service="platform", country="DE")
    text = page(TOLD, forum, lang, 0)
    assert article in text
    assert left_out in text
