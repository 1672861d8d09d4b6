"""The verbs: all of them are listed, and each is what the list says."""

from __future__ import annotations

import pkgutil

import pytest
import typer

import marsad.cli
from marsad.cli import app
from marsad.cli.verbs import VERBS

NO_VERBS = {"days", "failures", "options", "output", "verbs"}


def test_every_module_is_a_verb_in_the_list() -> None:
    modules = {module.name for module in pkgutil.iter_modules(marsad.cli.__path__)}
    assert {name.rstrip("_") for name in modules - NO_VERBS} == set(VERBS)


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_has_its_own_help(name: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    context = typer.Context(group, info_name="marsad")
    verb = group.get_command(context, name)
    assert verb is not None
    assert verb.name == name
    assert "--help" in verb.get_help(typer.Context(verb, info_name=name, parent=context))
    assert f"  {name} " in group.get_help(context)
