"""What the demonstration's policy lists: ``banks/``, one entry a line; of accounts a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from marsad.simulate.knobs import WITH_MARKERS
from marsad.simulate.markers import negative_phrases, phrases
from marsad.simulate.population import State, is_violating
from marsad.simulate.posts import Material
from marsad.simulate.vocabulary import vocabulary, word_lists
from marsad.simulate.world import World
from marsad.sources.readers.files import NO_DATA


def write_banks(folder: Path, world: World) -> None:
    """Write the lists of marker phrases, domains, links and texts, and those never to match; and
    of the violating accounts that were suspended, as a platform knows them of its own."""
    material = world.material
    lists = word_lists("markers")
    entries: dict[str, Sequence[str]] = {
        "phrases": [phrase for code in WITH_MARKERS for phrase in phrases(code)],
        "domains": lists["domains"],
        "links": lists["links"],
        "texts": material.texts.listed,
        "redirects": _redirects(material),
        "negative-phrases": [name for code in WITH_MARKERS for name in negative_phrases(code)],
        "negative-domains": lists["negative domains"],
        "negative-texts": [
            line for code in WITH_MARKERS for line in vocabulary(code)["wishes"].to_pylist()
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NO_DATA).touch()
    for name, values in entries.items():
        text = "".join(f"{value}\n" for value in values)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("subject", "since", "basis"))
        table.writerows(_suspended(world))


def _suspended(world: World) -> Iterator[tuple[str, str, str]]:
    """The violating accounts that were suspended in the window, and when."""
    rows = world.accounts
    gone = np.flatnonzero((rows["state"] == State.SUSPENDED) & is_violating(rows["group"]))
    for account, ended in zip(
        world.identities.id_texts(gone).to_pylist(), rows["ended"][gone].tolist(), strict=True
    ):
        since = datetime.fromtimestamp(ended, UTC).isoformat().replace("+00:00", "Z")
        yield f"simulated:{account}", since, "suspended for posts with marker phrases"


def _redirects(material: Material) -> list[str]:
    """Where short addresses lead: half of them, the others are not known yet."""
    short = [item for item in material.addresses.markers if item.form == "shortened"]
    return [f"{item.text} {item.target}" for item in short[::2]]
