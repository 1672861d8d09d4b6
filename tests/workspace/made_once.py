"""Workspaces that several tests want: made once, each test has a copy of its own. An import takes a
second or two, a copy none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from marsad.workspace import Workspace

Make = Callable[..., Workspace]


def copied(make: Make) -> Make:
    """``make(folder, …)``, which makes a workspace in a folder by what it is told besides; what it
    was told before is not made again. All it leaves in the folder is copied."""
    made: dict[str, tuple[TemporaryDirectory[str], Path]] = {}

    @wraps(make)
    def copy(folder: Path, *told: Any, **more: Any) -> Workspace:
        key = json.dumps([told, more], sort_keys=True)
        if key not in made:
            home = TemporaryDirectory()
            made[key] = home, make(Path(home.name), *told, **more).folder.relative_to(home.name)
        home, inside = made[key]
        shutil.copytree(home.name, folder, dirs_exist_ok=True)
        return Workspace.open(folder / inside)

    return copy
