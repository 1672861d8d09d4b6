"""`marsad find`: what a program that calls it is told."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Command


def test_a_refusal_is_one_object_too(marsad: Command, built: Path) -> None:
    ended = marsad("find", "returns", "-w", built, "--json")
    assert ended.code == 2
    told = json.loads(ended.out)
    assert set(told) == {"replay", "refused"}
    assert told["refused"] in ended.err
    plain = marsad("find", "returns", "-w", built)
    assert (plain.code, plain.out) == (2, "")
