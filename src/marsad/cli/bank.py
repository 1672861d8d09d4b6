"""``marsad bank``: what to match against."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.banks import Bank, Entry
    from marsad.banks.bank_file import Summary
    from marsad.banks.formats import Bad
    from marsad.banks.store import BankStore
    from marsad.records.message import Message

app = typer.Typer(help="What to match against.", no_args_is_help=True)

SHOWN_LINES = 10
SHOWN_LETTERS = 60
REPORTED_LINES = 1_000

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The bank's name.")]
KindOption = Annotated[
    str | None,
    typer.Option(
        "--kind",
        help="phrases, links, domains, texts, redirects, accounts or hashes; for a new bank.",
    ),
]
NegativeOption = Annotated[
    bool, typer.Option("--negative", help="What the bank lists must never match; for a new bank.")
]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", help="The policy that the bank rests on.")
]


@app.command("add")
def add(
    name: NameArgument,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="ENTRY",
            help="Entries; a redirect is 'SHORT TARGET', a hash 'ALGORITHM:HASH'.",
        ),
    ],
    kind: KindOption = None,
    negative: NegativeOption = False,
    match: Annotated[
        str | None,
        typer.Option(
            "--match",
            help="phrases: words, substring or proclitics; links: exact or prefix; "
            "domains: under or exact.",
        ),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="A note for every entry.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where the entries come from.")] = "",
    since: Annotated[
        str, typer.Option("--since", help="accounts: when they were closed, ISO 8601.")
    ] = "",
    basis: Annotated[
        str, typer.Option("--basis", help="accounts: the decision their entry rests on.")
    ] = "",
    policy: PolicyOption = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Add entries to a bank; a new one needs --kind."""
    from marsad.banks.kinds import NotTaken, make_entry

    store = _store(workspace)
    kind = _kind(store, name, kind)
    given = {"match": match, "since": since, "basis": basis}
    options = {name: value for name, value in given.items() if value}
    entries, refused = [], []
    for value in values:
        try:
            entries.append(
                make_entry(kind, value, note=note, source=source, added=_today(), options=options)
            )
        except NotTaken as refusal:
            refused.append((value, refusal.message))
    done = _added(store, name, kind, negative or None, policy, entries)
    if json:
        done["refused"] = [{"value": value, **_reason(why)} for value, why in refused]
    _tell(done, [f"{value[:100]}: {why.render()}" for value, why in refused], len(refused), json)
    if refused and not entries:
        raise typer.Exit(2)


@app.command("import")
def import_(
    name: NameArgument,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list; its format is recognised by content.")
    ],
    kind: KindOption = None,
    negative: NegativeOption = False,
    format: Annotated[
        str | None,
        typer.Option("--format", help="plain, csv, ndjson, mastodon or threatexchange."),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="Where the list comes from; else the file's name.")
    ] = "",
    policy: PolicyOption = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Add the entries of a list in a file."""
    from dataclasses import replace

    from marsad.banks.lists import read_list

    store = _store(workspace)
    present = store.present(name, kind)
    listed = read_list(file, kind or (present.kind if present else None), format)
    today = _today()
    entries = [
        replace(entry, source=entry.source or source or file.name, added=entry.added or today)
        for entry in listed.entries
    ]
    wanted = True if negative else None if present else listed.negative
    chosen = policy if policy is not None or present else listed.policy
    done = _added(store, name, listed.kind, wanted, chosen, entries)
    if json:
        done |= {"format": listed.format, "refused": _counted(listed.bad)}
        done["lines"] = [
            {"line": bad.line, "raw": bad.raw, **_reason(bad.message)}
            for bad in listed.bad[:REPORTED_LINES]
        ]
    lines = [f"{file}:{bad.line}: {_said(bad)}" for bad in listed.bad]
    _tell(done, lines, len(listed.bad), json)
    if listed.bad and not entries:
        raise typer.Exit(2)


@app.command("list")
def list_(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A bank, to see its entries.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """List the banks, or the entries of one."""
    from marsad.cli.output import show_json

    store = _store(workspace)
    if name is not None:
        _show_entries(store.read(name), json)
        return
    banks = store.list()
    if json:
        show_json({"banks": [_summary(bank) for bank in banks]})
        return
    for bank in banks:
        sign = "negative" if bank.negative else "positive"
        typer.echo(f"{bank.name}\t{bank.kind}\t{sign}\tv{bank.version}\t{bank.entries}")


@app.command("export")
def export(
    name: NameArgument,
    output: Annotated[
        Path | None, typer.Option("-o", "--out", "--output", help="A file; else standard output.")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", help="plain, csv, ndjson, mastodon or threatexchange; else by the file."
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Write a bank as a list. A bank of accounts does not leave this way."""
    from marsad.banks.lists import export_list, format_of, write_list
    from marsad.cli.output import show_json, step
    from marsad.records.errors import InputError

    bank = _store(workspace).read(name)
    if bank.kind == "accounts":
        raise InputError("bank.accounts-stay", name=name)
    if json and output is None:
        raise InputError("bank.export-where")
    chosen = format or (format_of(output) if output else "ndjson")
    if output is None:
        write_list(bank, sys.stdout, chosen)
        return
    left = export_list(bank, output, chosen)
    written = {"bank": name, "format": chosen, "written": len(bank.entries) - left, "left": left}
    if json:
        show_json({**written, "file": str(output)})
    else:
        step(False, "bank.exported", count=written["written"], left=left, file=str(output))


@app.command("withdraw", short_help="Let entries match no more; they stay in the bank.")
def withdraw(
    name: NameArgument,
    values: Annotated[
        list[str], typer.Argument(metavar="ENTRY", help="Entries that shall no longer count.")
    ],
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Withdraw entries: they stay in the bank, with the date, and match no more."""
    from marsad.cli.output import show_json, step

    change = _store(workspace).withdraw(name, values, _today())
    if json:
        show_json(
            {
                "bank": name, "version": change.bank.version, "withdrawn": change.withdrawn,
                "absent": list(change.absent),
            }
        )  # fmt: skip
    else:
        step(False, "bank.withdrawn", count=change.withdrawn, name=name)
        for value in change.absent[:SHOWN_LINES]:
            step(False, "bank.absent", value=value[:100], name=name)
    if len(change.absent) == len(set(values)):
        raise typer.Exit(2)


@app.command("test", short_help="Show what in a text a bank would match.")
def try_(
    name: NameArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A text or a URL.")],
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Show what in a text the bank would match, and where; nothing is stored."""
    from marsad.cli.output import show_json, step

    bank = _store(workspace).read(name)
    text = text.encode("utf-8", "replace").decode("utf-8")  # what is no text in this locale
    matches = _matches(bank, text)
    if json:
        show_json({"bank": name, "version": bank.version, "negative": bank.negative,
                   "matches": matches})  # fmt: skip
        return
    for match in matches:
        typer.echo(match["sentence"])
        for item in match["evidence"]:
            for start, end in item.get("spans", []):
                typer.echo(f"  {start}–{end}: {text[start:end]}")
    if not matches:
        step(False, "bank.no-match", name=name)
    elif bank.negative:
        step(False, "bank.test-negative", name=name)


def _matches(bank: Bank, text: str) -> list[dict[str, Any]]:
    """What a bank of its own would match in a text, with the signal of its kind."""
    from marsad.find.trial import try_bank

    return [
        {
            "signal": found.signal, "score": found.score, "sentence": found.message.render(),
            "evidence": found.evidence,
        }
        for found in try_bank(bank, text)
    ]  # fmt: skip


def _store(workspace: Path) -> BankStore:
    from marsad.workspace import Workspace

    return Workspace.open(workspace).banks


def _kind(store: BankStore, name: str, kind: str | None) -> str:
    """The kind of a bank: what it is, or what a new one shall be."""
    from marsad.banks import KINDS
    from marsad.banks.store import check_kind
    from marsad.records.errors import InputError

    present = store.present(name, kind)
    if present is not None:
        return present.kind
    if kind is None:
        raise InputError("bank.kind-missing", name=name, valid=list(KINDS))
    check_kind(kind)
    return kind


def _added(
    store: BankStore,
    name: str,
    kind: str,
    negative: bool | None,
    policy: str | None,
    entries: Sequence[Entry],
) -> dict[str, Any]:
    """Add entries, if there are any, and say what that did."""
    if not entries:
        return {"bank": name, "kind": kind, "version": None, "added": 0, "already": 0}
    change = store.add(name, entries, kind=kind, negative=negative, policy=policy)
    done = {
        "bank": name, "kind": kind, "version": change.bank.version, "added": change.added,
        "already": change.already,
    }  # fmt: skip
    return {**done, "differing": list(change.differing)} if change.differing else done


def _tell(done: dict[str, Any], refused: Sequence[str], count: int, json: bool) -> None:
    from marsad.cli.output import show_json, step

    if json:
        show_json(done)
        return
    step(False, "bank.added", count=done["added"], already=done["already"], name=done["bank"])
    if differing := done.get("differing"):
        some = [value[:80] for value in differing[:SHOWN_LINES]]
        step(False, "bank.differing", count=len(differing), some=some, name=done["bank"])
    if count:
        step(False, "bank.refused", count=count)
    for line in refused[:SHOWN_LINES]:
        typer.echo(f"  {line}", err=True)
    if count > SHOWN_LINES:
        step(False, "bank.more-lines", count=count - SHOWN_LINES)


def _said(line: Bad) -> str:
    """Why a line is not taken, with what stands there where the reason does not show it."""
    why = line.message.render()
    shown = " ".join(line.raw[:SHOWN_LETTERS].split())
    return why if "given" in line.message.values or not shown else f"“{shown}”: {why}"


def _reason(why: Message) -> dict[str, str]:
    return {"reason": why.id.removeprefix("bank.not-taken."), "sentence": why.render()}


def _counted(lines: Sequence[Bad]) -> dict[str, int]:
    from collections import Counter

    return dict(Counter(_reason(line.message)["reason"] for line in lines))


def _summary(bank: Summary) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(bank)


def _show_entries(bank: Bank, json: bool) -> None:
    from marsad.cli.output import show_json

    if json:
        entries = [_entry(entry) for entry in bank.entries]
        show_json({"bank": bank.name, "kind": bank.kind, "negative": bank.negative,
                   "version": bank.version, "policy": bank.policy, "entries": entries})  # fmt: skip
        return
    for entry in bank.entries:
        said = " ".join(f"{key}={value}" for key, value in entry.options.items())
        gone = f"withdrawn {entry.withdrawn}" if entry.withdrawn else ""
        cells = (entry.value, said, entry.note, entry.source, entry.added, gone)
        typer.echo("\t".join(cells).rstrip("\t"))


def _entry(entry: Entry) -> dict[str, Any]:
    fields = ("value", "note", "source", "added", "withdrawn")
    shown = {name: getattr(entry, name) for name in fields if getattr(entry, name)}
    return {**shown, **({"options": dict(entry.options)} if entry.options else {})}


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()
