"""The verbs of the command line, each imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer

VERBS: Mapping[str, str] = {
    "demo": "Simulate a network, import it, find, compare with its truth, report.",
    "init": "Make a new workspace; nothing is found without a policy.",
    "policy": "What finding and deciding rest on.",
    "import": "Read files into a workspace; what cannot be taken is kept and counted.",
    "bank": "What to match against.",
    "find": "Run signals over all posts.",
    "findings": "Read findings, highest score first.",
    "label": "Draw what to label, and read the labels back.",
    "mail": "Send the mail that waits, or a test mail.",
    "measure": "Estimates with their intervals, or what is missing for one.",
    "report": "Write the report: one HTML file, in English or Arabic.",
    "export": "Write a table or a network to a file, with pseudonyms.",
    "serve": "Open the desk and the API, on this machine alone unless told otherwise.",
    "user": "Who can log in to the desk.",
    "act": "Ask platforms for what was decided, and look whether it was done.",
    "orders": "Removal orders of authorities: take them in, list them.",
    "statements": "Statements of reasons: list them, send them, check them.",
    "audit": "The log of what was decided: check it, sign it, write it out.",
    "transparency": "The public account of what was decided, and counting it again.",
    "simulate": "Write a simulated social network as plain files, with its truth.",
    "expire": "Delete records of bystanders after the policy's term.",
    "erase": "Delete everything about one account, and do not take it again.",
    "access": "Write out everything that is known of one person.",
    "request": "What people ask for about their own data.",
    "hold": "What has to be kept: nothing of it is deleted.",
    "preserve": "What was removed under an order, kept apart and encrypted.",
    "backup": "Write a workspace and its database into one file.",
    "restore": "Make a workspace of a backup, and check it.",
    "upgrade": "Bring a workspace and its database to this version.",
    "status": "Show what a workspace holds, or what each engine can do.",
}
"""Verb → what it does, for the list of verbs: none is imported to be listed."""


class Verbs(typer.core.TyperGroup):
    """A group that imports a verb's module when the verb is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs, in the order of a first session."""
        return list(VERBS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that is asked for; says which one may have been meant where there is none."""
        near = get_close_matches(args[0], VERBS) if args and args[0] not in VERBS else []
        if near:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {' or '.join(near)}?")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A verb, ready to run; None for an unknown one."""
        if cmd_name not in VERBS:
            return None
        name = f"{cmd_name}_" if cmd_name == "import" else cmd_name
        module = import_module(f"marsad.cli.{name}")
        group = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
        if hasattr(module, "app"):
            group.add_typer(module.app, name=cmd_name)
        else:
            group.command(cmd_name)(getattr(module, name))
        return typer.main.get_group(group).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of verbs in the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))
