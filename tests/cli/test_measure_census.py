"""`marsad measure census`: from labels and routes to how many, or to what is missing."""

from __future__ import annotations

import csv
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from marsad.banks import Entry
from marsad.workspace import Workspace
from marsad.workspace.finding import find
from tests.cli.conftest import Command
from tests.workspace.conftest import ndjson, posts, take

START = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
ACCOUNTS, POSITIVE = 1000, 200
REACH = {"search": 0.5, "graph": 0.4, "notice": 0.3}
Row = dict[str, str]


def at(day: float) -> str:
    return datetime.fromtimestamp(START + day * 86_400, UTC).isoformat()


def is_positive(account: str) -> bool:
    return int(account.rpartition("a")[2]) < POSITIVE


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A thousand accounts, two hundred of them positive; half of these have a finding, and routes
    find them independently of one another."""
    folder = tmp_path_factory.mktemp("census")
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("research")
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = [
        {"id": str(n), "account_id": f"a{n}", "language": "ar" if n % 2 else "en",
         "text": f"{'amber lantern' * (n < POSITIVE / 2)} {n}", "created_at": at(n % 20)}
        for n in range(ACCOUNTS)
    ]  # fmt: skip
    take(workspace, ndjson(folder / "posts.ndjson", posts(*rows)))
    draw = random.Random(1)
    looks = [
        {"account_id": f"a{n}", "observed_at": at(20), "state": "alive", "route": route}
        for n in range(POSITIVE) for route, reach in REACH.items() if draw.random() < reach
    ]  # fmt: skip
    take(workspace, ndjson(folder / "looks.ndjson", looks), kind="observations")
    find(workspace, ["phrases"])
    return workspace


def label(marsad: Command, ws: Workspace, *options: str, wrong: float = 0, **more: str) -> None:
    """Labels what is asked, rightly but for a fraction."""
    path, draw = ws.folder.parent / "sheet.csv", random.Random(2)
    assert marsad("label", "next", "-w", ws.folder, "-o", path, *options).code == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        said = is_positive(row["subject"]) ^ (draw.random() < wrong)
        row.update({"label": "yes" if said else "no", **more})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert marsad("label", "import", "-w", ws.folder, path).code == 0


def measured(marsad: Command, ws: Workspace, *more: str, code: int = 0) -> dict[str, Any]:
    ended = marsad("measure", "census", "-w", ws.folder, "--json", *more)
    assert ended.code == code, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


@pytest.mark.long
def test_the_chain_link_by_link(ws: Workspace, marsad: Command) -> None:
    told = measured(marsad, ws, code=2)
    assert (told["missing"], told["next"]) == (["draw"], "marsad label next")
    label(marsad, ws, "--n", "300", labeller="dana")
    told = measured(marsad, ws)
    named = {one["name"]: one for one in told["estimates"]}
    assert told["chain"]["frame"] == ACCOUNTS
    total = named["prevalence-total"]
    assert total["low"] < POSITIVE < total["high"] < 1.5 * POSITIVE
    of_arabic = named["positives-language-ar"]
    assert of_arabic["low"] < POSITIVE / 2 < of_arabic["high"]
    missing = {one for refused in told["not_measured"] for one in refused["missing"]}
    assert {"labellers", "labels", "lineages"} <= missing
    label(marsad, ws, "--hits", labeller="dana")
    named = {one["name"]: one for one in measured(marsad, ws)["estimates"]}
    least, differing = named["population-at-least"], named["population-if-reach-differs"]
    assert least["value"] == least["low"] <= named["population"]["low"]
    assert differing["low"] < POSITIVE < differing["high"]
    population = named["population"]
    assert population["low"] < POSITIVE < population["high"] < 1.5 * POSITIVE
    label(marsad, ws, "--labeller", "sami", wrong=0.1, labeller="sami")
    named = {one["name"]: one for one in measured(marsad, ws)["estimates"]}
    assert 0.4 < named["agreement"]["low"] < named["agreement"]["high"] < 0.95
    for lang, words in (("en", "α"), ("ar", "السلسلة")):
        ended = marsad("measure", "census", "-w", ws.folder, "--lang", lang)
        assert words in ended.out
        assert "measure." not in ended.out
        assert not {"5-to-50", "below-1", "und", "und:"} & set(ended.out.replace("،", " ").split())
    assert measured(marsad, ws, "--until", "2024-03-02")["chain"]["found"] == 0


def test_what_the_positive_accounts_are_like(tmp_path: Path, marsad: Command) -> None:
    """Of 400 accounts 200 are positive; of these a quarter post with the relay, and a fifth have no
    look that says how many followers they have."""
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    rows = [
        {"id": f"{n}-{k}", "account_id": f"a{n}", "language": "ar" if n % 2 else "en",
         "created_at": at(k), "client": "Relay for Phones" if n % 4 == 0 else "Web App",
         "followers": None}
        for n in range(400) for k in range(1 + n % 3)
    ]  # fmt: skip
    take(made, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    label(marsad, made, "--n", "300")
    told = measured(marsad, made)
    refused = {one for refusal in told["not_measured"] for one in refusal["missing"]}
    assert {"followers", "creation-dates"} <= refused
    looks = [
        {"account_id": f"a{n}", "observed_at": at(30 + k), "state": "alive", "route": "probe",
         "followers": followers, "account_created_at": at(-40 - 365 * (n % 2))}
        for n in range(400) if n % 5 for k, followers in enumerate((1, 10 * n))
    ]  # fmt: skip
    take(made, ndjson(tmp_path / "looks.ndjson", looks), kind="observations")
    named = {one["name"]: one for one in measured(marsad, made)["estimates"]}
    relay = named["share-client-Relay"]
    assert relay["low"] < 0.25 < relay["high"]
    assert relay["high"] - relay["low"] < 0.2
    unknown = named["share-followers-unknown"]
    assert unknown["low"] < 0.2 < unknown["high"]
    median = named["median-followers"]
    assert median["low"] < 1000 < median["high"]  # of 10, 20, 30, 40, 60, … 1990: the last look
    assert "values-unknown" in median["warnings"]
    assert named["median-activity"]["value"] <= 1
    for one in ("share-language-ar", "share-activity-below-1", "share-created-2024"):
        assert 0 <= one_of(named, one)["low"] <= one_of(named, one)["high"] <= 1
    for lang, words in (("en", "Relay: "), ("ar", "البرنامج الأكثر استعمالًا")):
        ended = marsad("measure", "census", "-w", made.folder, "--lang", lang)
        assert words in ended.out
        assert not {"measure.", "marginal.", "report."} & set(ended.out.split())


def one_of(named: dict[str, Any], start: str) -> dict[str, Any]:
    """The estimate of that name, or the first whose name begins so."""
    found: dict[str, Any] = named.get(start) or next(
        one for name, one in named.items() if name.startswith(start)
    )
    return found


def test_corrected_by_a_labeller_who_is_right(tmp_path: Path, marsad: Command) -> None:
    """Sami misses and invents one in five; Dana is right, and labels a part of the draw again."""
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    rows = [{"id": str(n), "account_id": f"a{n}", "created_at": at(n % 20)} for n in range(1000)]
    take(made, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    label(marsad, made, "--n", "600", wrong=0.2, labeller="sami")
    label(marsad, made, "--labeller", "dana", labeller="dana")
    named = {one["name"]: one for one in measured(marsad, made, "--gold", "dana")["estimates"]}
    assert named["prevalence"]["low"] > 0.25  # a fifth of 800 are taken for positive
    assert named["prevalence-adjusted"]["low"] < 0.2 < named["prevalence-adjusted"]["high"] < 0.3
    assert named["true-positive-rate"]["low"] < 0.8 < named["true-positive-rate"]["high"]
    ended = marsad("measure", "census", "-w", made.folder, "--gold", "nobody")
    assert (ended.code, "dana" in ended.err) == (2, True)


def referrals(path: Path, people: int = 200) -> Path:
    """Chains in a circle where one in four writes English and has twice as many ties, so that
    chains come by twice as often."""
    draw = random.Random(3)
    english = [draw.random() < 0.4 for _ in range(people)]
    lines = ["account,recruiter,degree,language,since"]
    for n, one in enumerate(english):
        recruiter = f"a{n - 5}" if n >= 5 else ""
        degree = draw.randint(10, 90) * (1 + one)
        lines.append(f"a{n},{recruiter},{degree},{'en' if one else 'ar'},{n}")
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_shares_from_referrals(tmp_path: Path, marsad: Command) -> None:
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    told = measured(marsad, made, "--referrals", str(referrals(tmp_path / "r.csv")))
    named = {one["name"]: one for one in told["estimates"]}
    assert named["reached-language-en"]["low"] < 0.25 < named["reached-language-en"]["high"] < 0.5
    assert any("outcome" in one["missing"] for one in told["not_measured"])  # 200 values of since
    for lang in ("en", "ar"):
        ended = marsad("measure", "census", "-w", made.folder, "--lang", lang, "--referrals",
                       tmp_path / "r.csv")  # fmt: skip
        assert (ended.code, "measure." in ended.out) == (0, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account,recruiter,language\na,,ar", "degree"),
        ("account,recruiter,degree\na,,3", "OUTCOME"),
        ("account,recruiter,degree,language\na,,many,ar", "line 2"),
        ("account,recruiter,degree,language\na,,3,", "line 2"),
        ("account,recruiter,degree,language\n,,3,ar", "line 2"),
    ],
)
def test_a_file_of_referrals_that_cannot_be_read_says_where(
    text: str, said: str, tmp_path: Path, marsad: Command
) -> None:
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    (tmp_path / "r.csv").write_text(text, "utf-8")
    ended = marsad("measure", "census", "-w", made.folder, "--referrals", tmp_path / "r.csv")
    assert (ended.code, said in ended.err) == (2, True)


def test_a_label_that_says_neither_is_named(tmp_path: Path, marsad: Command) -> None:
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    rows = posts(*({"id": str(n), "account_id": f"a{n}"} for n in range(60)))
    take(made, ndjson(tmp_path / "posts.ndjson", rows))
    label(marsad, made, "--n", "40", label="perhaps")
    ended = marsad("measure", "census", "-w", made.folder)
    assert (ended.code, "perhaps" in ended.err) == (2, True)
    named = measured(marsad, made, "--positive", "perhaps")["estimates"][0]
    assert named["value"] == 1


def test_nothing_at_all(tmp_path: Path, marsad: Command) -> None:
    made = Workspace.create(tmp_path / "ws")
    assert measured(marsad, made, code=2)["missing"] == ["policy"]
    made.policies.add("research")
    assert measured(marsad, made, code=2)["missing"] == ["draw"]


def test_parts_that_cannot_be_told_are_named_in_words(tmp_path: Path, marsad: Command) -> None:
    """A few accounts post far more, in another month, in a language of their own."""
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    few = [(n, k, at(40 + k / 15)) for n in range(3) for k in range(150)]
    rows = [
        *({"id": str(n), "account_id": f"a{n}", "language": "en", "created_at": at(n % 20)}
          for n in range(500)),
        *({"id": f"f{n}-{k}", "account_id": f"a{900 + n}", "language": "fr", "created_at": when}
          for n, k, when in few),
    ]  # fmt: skip
    take(made, ndjson(tmp_path / "posts.ndjson", posts(*rows)))
    label(marsad, made, "--n", "200")
    for lang, words in (
        ("en", ("(French): ", "5 to 50 posts a day: ", "April 2024: ")),
        ("ar", ("(الفرنسية): ", "أبريل ٢٠٢٤: ")),
    ):
        said = marsad("measure", "census", "-w", made.folder, "--lang", lang).out
        refused = [line for line in said.splitlines() if line.startswith("–")]
        assert all(any(word in line for line in refused) for word in words), refused
        said_words = {word for line in refused for word in line.split()}
        assert not {"5-to-50", "2024-04", "fr:"} & said_words
