"""Reports that a workspace has published: a folder for each span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from marsad.outputs.transparency.writing import FIGURES, PAGES, ROWS
from marsad.records.errors import InputError
from marsad.workspace.folder import Workspace
from marsad.workspace.transparency.span import Span

FOLDER = "transparency"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}--\d{4}-\d{2}-\d{2}\Z")
FILES = {*PAGES.values(), FIGURES, ROWS}


@dataclass(frozen=True)
class Published:
    """A report that is shown to everybody: its days, and where it lies."""

    name: str
    folder: Path

    @property
    def first(self) -> str:
        """The first day."""
        return self.name.partition("--")[0]

    @property
    def last(self) -> str:
        """The last day."""
        return self.name.partition("--")[2]

    def file(self, name: str) -> Path | None:
        """One of its files; None for a name that it does not have."""
        path = self.folder / name
        return path if name in FILES and path.is_file() else None


def place_for(workspace: Workspace, span: Span) -> Path:
    """Where the report of a span may be published. Raises `InputError` where a published one has
    some of its days and not all alike: the difference of the two would tell small cells."""
    name = span.name
    first, _, last = name.partition("--")
    for one in published(workspace):
        if one.name != name and one.first <= last and first <= one.last:
            raise InputError("transparency.overlaps", first=one.first, last=one.last,
                             folder=str(one.folder))  # fmt: skip
    return folder_of(workspace, span)


def folder_of(workspace: Workspace, span: Span) -> Path:
    """Where the report of a span is published."""
    return workspace.folder / FOLDER / span.name


def published(workspace: Workspace) -> list[Published]:
    """The reports of a workspace, those that end last first."""
    place = workspace.folder / FOLDER
    found = place.iterdir() if place.is_dir() else ()
    known = [Published(path.name, path) for path in found if _NAME.match(path.name)]
    return sorted((one for one in known if one.file(FIGURES)),
                  key=lambda one: (one.last, one.first), reverse=True)  # fmt: skip
