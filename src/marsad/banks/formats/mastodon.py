"""Mastodon's CSV of domain blocks: ``#domain,#severity,#reject_media,…``."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import ClassVar, TextIO

from marsad.banks.bank import Bank
from marsad.banks.formats.format import Item, Lines, ListFormat, Row, bad
from marsad.banks.formats.table import header_names, read_rows

_COLUMNS = (
    "domain", "severity", "reject_media", "reject_reports", "public_comment", "obfuscate",
)  # fmt: skip
_MILDEST = "silence"


class DomainBlocks(ListFormat):
    """Domain blocks as Mastodon's administrators export and import them.

    The severity and the rejections are kept as options, the public comment is the note. Names that
    the server has obfuscated (``exa**le.org``) are reported, not guessed; so are rows of severity
    ``noop``, which block nothing. Entries without a severity are written as ``silence``.
    """

    name: ClassVar[str] = "mastodon"
    kinds: ClassVar[tuple[str, ...]] = ("domains",)

    @classmethod
    def recognise(cls, head: Sequence[str]) -> bool:
        names = header_names(head[0]) if head else []
        return names[:1] == ["domain"] and "severity" in names and "note" not in names

    @classmethod
    def read(cls, lines: Lines, kind: str | None) -> Iterator[Item]:
        rows = read_rows(lines)
        header = next(rows, None)
        if not isinstance(header, tuple):
            return
        names = header_names(",".join(header[1]))
        for row in rows:
            yield _row(names, *row) if isinstance(row, tuple) else row

    @classmethod
    def write(cls, bank: Bank, out: TextIO) -> int:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([f"#{name}" for name in _COLUMNS])
        left = 0
        for entry in bank.entries:
            if entry.withdrawn:
                left += 1
                continue
            said = entry.options
            writer.writerow([
                entry.value, said.get("severity", _MILDEST), said.get("reject_media", "false"),
                said.get("reject_reports", "false"), entry.note, said.get("obfuscate", "false"),
            ])  # fmt: skip
        return left


def _row(names: Sequence[str], line: int, cells: Sequence[str]) -> Item:
    if len(cells) > len(names):
        return bad(line, "columns", ",".join(cells), columns=len(cells), expected=len(names))
    said = dict(zip(names, cells, strict=False))
    domain, severity = said.pop("domain", ""), said.get("severity", "")
    if severity == "noop":
        return bad(line, "blocks-nothing", ",".join(cells), given=domain)
    note = said.pop("public_comment", "")
    return Row(line, domain, "domains", note=note, options={k: v for k, v in said.items() if v})
