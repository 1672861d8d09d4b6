"""``marsad measure claim``."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang


def claim(
    given: Annotated[
        str, typer.Argument(metavar="[FILE|ID]", help="A claim; without one, the known are listed.")
    ] = "",
    population: Annotated[
        str, typer.Option(help="Whom the records speak of, in the claim's terms.")
    ] = "workspace",
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """A published figure held against the workspace: reproduced, contradicted, or cannot tell."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.claim import claim as measure

    lang = checked_lang(lang)
    if not given:
        _list(lang, json)
        return
    verdict = measure(Workspace.open(workspace), given, population)
    if json:
        show_json(verdict.to_dict())
    else:
        typer.echo(verdict.sentence(lang))


def _list(lang: str, json: bool) -> None:
    """The published figures that come with Marsad."""
    from marsad.cli.output import show_json
    from marsad.measure.claims import known_claims
    from marsad.measure.claims.checking import claimed

    known = known_claims()
    if json:
        show_json({"claims": sorted(known)})
        return
    for name, one in known.items():
        typer.echo(f"{name}: {claimed(one, lang)} ({one.outcome}; {one.source})")
