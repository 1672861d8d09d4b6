"""The library's names: each there, usable without a workspace, loaded when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import marsad.measure


@pytest.mark.parametrize("name", marsad.measure.__all__)
def test_every_name_is_there(name: str) -> None:
    assert callable(getattr(marsad.measure, name))


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, marsad.measure; "
        "loaded = [one for one in sys.modules if one.startswith('marsad.measure.')]; "
        "sys.exit(bool(loaded))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
