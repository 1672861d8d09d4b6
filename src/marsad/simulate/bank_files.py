"""What the demonstration's policy lists, one entry a line: ``banks/*.txt``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marsad.simulate.knobs import WITH_MARKERS
from marsad.simulate.markers import negative_phrases, phrases
from marsad.simulate.posts import Material
from marsad.simulate.vocabulary import vocabulary, word_lists
from marsad.sources.readers.files import NO_DATA


def write_banks(folder: Path, material: Material) -> None:
    """Write the lists of marker phrases, domains, links and texts, and those never to match."""
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


def _redirects(material: Material) -> list[str]:
    """Where short addresses lead: half of them, the others are not known yet."""
    short = [item for item in material.addresses.markers if item.form == "shortened"]
    return [f"{item.text} {item.target}" for item in short[::2]]
