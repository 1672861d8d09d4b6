"""Header lines of public tools, each with made-up rows: what they are taken for."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from marsad.sources.plain.columns import fold
from marsad.sources.plain.names import PLACES
from marsad.sources.registry import recognise
from marsad.sources.source import Options, Plan, Sample

FILE = Path(__file__).parent / "files" / "headers.txt"


@dataclass(frozen=True)
class Header:
    """A tool's header with rows, and the kind and mapping that are expected."""

    tool: str
    kind: str
    mapping: dict[str, str]
    table: pa.Table

    @classmethod
    def read(cls, block: str) -> Header:
        """A block of the file: ``# tool``, ``> kind``, ``> field=column; …``, then CSV."""
        lines = block.splitlines()
        told = [line[2:] for line in lines[1:] if line.startswith("> ")]
        pairs = (part.split("=", 1) for part in " ".join(told[1:]).split("; "))
        rows = list(csv.reader(io.StringIO("\n".join(lines[1 + len(told) :]))))
        columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
        return cls(lines[0][2:], told[0], dict(map(tuple, pairs)), pa.table(columns))

    def plan(self) -> Plan:
        return recognise(Sample("table.csv", "table", rows=self.table), Options())


HEADERS = [Header.read(block) for block in FILE.read_text("utf-8").split("\n\n")[1:]]


def test_there_are_enough() -> None:
    assert len(HEADERS) >= 25


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.tool)
def test_a_known_header_is_mapped_by_itself(header: Header) -> None:
    plan = header.plan()
    assert plan.kinds == (header.kind,)
    assert dict(plan.mapping) == header.mapping


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.tool)
def test_no_place_is_ever_mapped(header: Header) -> None:
    used = " + ".join(header.plan().mapping.values()).split(" + ")
    assert not PLACES & {fold(name) for name in used}


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.tool)
def test_no_column_is_read_twice_save_the_chat_of_a_message(header: Header) -> None:
    used = " + ".join(header.plan().mapping.values()).split(" + ")
    repeated = {name for name in used if used.count(name) > 1}
    assert repeated <= {"chat", "peer_id"}
