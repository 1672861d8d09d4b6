"""A document as PDF: Typst lays it out and shapes its letters, with fonts that come with Marsad.

Nothing of a document is read as markup: it is handed over as data. The file holds no time and no
name of a machine, and is tagged for who listens to it (PDF/UA-1).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marsad.outputs.documents import fonts
from marsad.outputs.documents.document import Document
from marsad.outputs.passage import direction_of, harmless
from marsad.records.errors import InputError

EXTRA = "documents"
ACCESSIBLE = "ua-1"
LONGEST_WORD = 40
"""Letters after which a line may be broken in a word that has no other place."""
LINE = {3: 34, 1: 78}
"""Letters of an address on a line, by the columns of its table."""
BREAK = "\u200b"

_FOLDER = Path(__file__).parent


def as_pdf(document: Document) -> bytes:
    """The file. Raises `InputError` where the extra is not installed."""
    check_installed()
    import typst

    made = typst.compile(
        (_FOLDER / "document.typ").read_bytes(),
        font_paths=[fonts.FOLDER], ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_said(document))}, pdf_standards=[ACCESSIBLE],
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def check_installed() -> None:
    """Raises `InputError` where what writes PDF is not installed."""
    if find_spec("typst") is None:
        raise InputError("document.not-installed", extra=EXTRA)


def _said(document: Document) -> Any:
    said = asdict(document) | {"direction": document.direction, "lines": _lines(document)}
    for section in said["sections"]:
        for field in section["fields"]:
            flow = "ltr" if field["kind"] == "sign" else direction_of(field["value"])
            field["value"] = {"text": field["value"], "flow": flow}
    return _safe(said)


def _lines(document: Document) -> list[list[list[str]]]:
    """The addresses of each section, cut into lines: nothing is put into an address that would be
    copied with it."""
    found = []
    for section in document.sections:
        listed = section.listed
        rows = listed.rows if listed else ()
        length = LINE[len(listed.columns)] if listed else 1
        found.append([_cut(fonts.drawn(row[0]), length) for row in rows])
    return found


def _cut(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]


def _safe(value: Any) -> Any:
    """The same with nothing in its texts that a font lacks or that takes more than a line."""
    if isinstance(value, str):
        return _breakable(fonts.drawn(harmless(value)))
    if isinstance(value, dict):
        return {name: _safe(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_safe(one) for one in value]
    return value


def _breakable(text: str) -> str:
    return " ".join(_broken(word) for word in text.split(" "))


def _broken(word: str) -> str:
    if len(word) <= 2 * LONGEST_WORD:
        return word
    return BREAK.join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
