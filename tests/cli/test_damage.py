"""A damaged workspace: one sentence with the file's name and the way out, and nothing more lost."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.cli.failures import explained
from marsad.records.errors import MarsadError
from marsad.workspace import Workspace
from tests.cli.conftest import Command
from tests.workspace.conftest import facts, ndjson, posts

VERBS: dict[str, tuple[str, ...]] = {
    "status": ("status",),
    "find": ("find", "-q", "phrases"),
    "findings": ("findings",),
    "report": ("report", "-o", "{tmp}/report.html"),
    "export": ("export", "posts", "-o", "{tmp}/posts.csv"),
    "import": ("import", "-q", "{tmp}/new.ndjson"),
    "expire": ("expire", "--yes"),
    "policy": ("policy", "list"),
    "bank": ("bank", "add", "markers", "blue heron"),
}
READERS = ("status", "find", "findings", "report", "export", "import", "expire")


def run_file(ws: Path, command: str = "import") -> Path:
    runs = sorted((ws / "runs").glob("*.json"))
    return next(path for path in runs if json.loads(path.read_text())["command"] == command)


def data_file(ws: Path, folder: str) -> Path:
    return next((ws / folder).rglob("*.parquet"))


def cut(path: Path, to: int | None = None) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 if to is None else to])
    return path


def overwritten(path: Path, content: bytes = b"\xff\xfe\x00\x01") -> Path:
    path.write_bytes(content)
    return path


def gone(path: Path) -> Path:
    path.unlink()
    return path


def folder_instead(path: Path) -> Path:
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.mkdir()
    return path


def file_instead(path: Path) -> Path:
    shutil.rmtree(path)
    path.write_text("")
    return path


DAMAGES: dict[str, tuple[Callable[[Path], Path], tuple[str, ...], int]] = {
    "run empty": (lambda ws: cut(run_file(ws), 0), READERS, 3),
    "run cut": (lambda ws: cut(run_file(ws)), ("status",), 3),
    "run not JSON": (lambda ws: overwritten(run_file(ws)), ("status",), 3),
    "run a list": (lambda ws: overwritten(run_file(ws), b"[1]"), ("status",), 3),
    "run of another form": (
        lambda ws: overwritten(run_file(ws), b'{"format": 1, "adds": [{"x": 1}]}'), ("status",), 3,
    ),
    "run without a time": (
        lambda ws: overwritten(
            run_file(ws), run_file(ws).read_bytes().replace(b'"started": "', b'"started": "x')
        ),
        ("report",), 3,
    ),
    "run a folder": (lambda ws: folder_instead(run_file(ws)), ("status",), 3),
    "runs a file": (lambda ws: file_instead(ws / "runs"), (*READERS, "policy", "bank"), 3),
    "posts missing": (
        lambda ws: gone(data_file(ws, "records/posts")),
        ("status", "find", "report", "export", "import", "expire"), 3,
    ),
    "posts cut": (lambda ws: cut(data_file(ws, "records/posts")), ("status", "find", "export"), 3),
    "posts empty": (lambda ws: cut(data_file(ws, "records/posts"), 0), ("status", "import"), 3),
    "posts of other bytes": (
        lambda ws: overwritten(data_file(ws, "records/posts"), b"x" * 5_000), ("find",), 3,
    ),
    "findings missing": (
        lambda ws: gone(data_file(ws, "findings")),
        ("status", "find", "findings", "report", "export", "expire"), 3,
    ),
    "findings cut": (lambda ws: cut(data_file(ws, "findings")), ("find", "findings"), 3),
    "looks cut": (lambda ws: cut(data_file(ws, "observations")), ("report", "expire"), 3),
    "bank cut": (lambda ws: cut(ws / "banks/markers.ndjson"), ("find", "bank"), 2),
    "bank empty": (
        lambda ws: cut(ws / "banks/markers.ndjson", 0), ("status", "find", "report", "bank"), 2,
    ),
    "bank not text": (lambda ws: overwritten(ws / "banks/markers.ndjson"), ("find", "bank"), 2),
    "bank of no kind": (
        lambda ws: overwritten(
            ws / "banks/markers.ndjson",
            (ws / "banks/markers.ndjson").read_bytes().replace(b'"phrases"', b'"heron"'),
        ),
        ("status", "find", "bank"), 2,
    ),
    "bank a folder": (lambda ws: folder_instead(ws / "banks/markers.ndjson"), ("find", "bank"), 3),
    "banks a file": (lambda ws: file_instead(ws / "banks"), ("status", "find", "bank"), 3),
    "policy cut": (
        lambda ws: cut(ws / "policies/research@1.toml", 20),
        ("status", "find", "report", "expire", "policy"), 2,
    ),
    "policy not text": (lambda ws: overwritten(ws / "policies/research@1.toml"), ("policy",), 2),
    "policy missing": (lambda ws: gone(ws / "policies/research@1.toml"), ("find", "policy"), 2),
    "order not text": (lambda ws: overwritten(ws / "policies/order"), ("find", "policy"), 2),
    "settings missing": (
        lambda ws: gone(ws / "marsad.toml"), (*READERS, "policy", "bank"), 2,
    ),
    "settings cut": (lambda ws: cut(ws / "marsad.toml", 8), ("status", "bank"), 2),
    "settings not text": (lambda ws: overwritten(ws / "marsad.toml"), ("policy", "import"), 2),
    "key damaged": (lambda ws: overwritten(ws / "keys/pseudonyms.key"), ("report", "export"), 2),
    "key a folder": (lambda ws: folder_instead(ws / "keys/pseudonyms.key"), ("export",), 3),
    "lock a folder": (lambda ws: folder_instead(ws / "runs/.commit.lock"), ("import", "find"), 3),
}  # fmt: skip


def content(ws: Path) -> dict[str, bytes]:
    """All files but the locks, which hold nothing."""
    files = (path for path in ws.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(ws).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_sentence_with_the_files_name_and_nothing_more_is_lost(
    damage: str, ws: Path, tmp_path: Path, marsad: Command
) -> None:
    ndjson(tmp_path / "new.ndjson", posts({"id": "new"}))
    do, verbs, code = DAMAGES[damage]
    path = do(ws)
    before = content(ws)
    for verb in verbs:
        arguments = (part.format(tmp=tmp_path) for part in VERBS[verb])
        ended = marsad(*arguments, "-w", ws)
        assert ended.code == code, (verb, ended)
        lines = ended.err.splitlines()
        assert len(lines) == 1, (verb, ended.err)
        assert lines[0].startswith("marsad: "), verb
        assert str(path) in lines[0], (verb, ended.err)
        assert content(ws) == before, verb
    assert not (tmp_path / "report.html").exists()
    assert not (tmp_path / "posts.csv").exists()


def test_the_runs_have_gone_and_the_data_have_not(ws: Path, marsad: Command) -> None:
    """Without the runs all data are orphans, which the next run would sweep away."""
    shutil.rmtree(ws / "runs")
    before = content(ws)
    for verb in ("status", "find", "expire"):
        ended = marsad(*VERBS[verb], "-w", ws)
        assert (ended.code, str(ws / "runs") in ended.err) == (3, True), ended
    assert content(ws) == before


def test_a_new_workspace_may_lack_the_folder_of_runs(tmp_path: Path, marsad: Command) -> None:
    marsad("init", tmp_path / "ws")
    (tmp_path / "ws" / "runs").rmdir()  # as a copy does that leaves out empty folders
    assert marsad("status", "-w", tmp_path / "ws").code == 0


def test_status_shows_what_it_can_before_it_says_what_is_damaged(ws: Path, marsad: Command) -> None:
    path = cut(data_file(ws, "records/posts"))
    ended = marsad("status", "--json", "-w", ws)
    assert json.loads(ended.out)["posts"] == 20
    assert (ended.code, str(path) in ended.err) == (3, True)


def test_a_footer_of_other_bytes(ws: Path, tmp_path: Path, marsad: Command) -> None:
    path = data_file(ws, "records/posts")
    whole = path.read_bytes()
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    path.write_bytes(whole[:start] + b"\xff" * (len(whole) - 8 - start) + whole[-8:])
    ended = marsad("export", "posts", "-o", tmp_path / "posts.csv", "-w", ws)
    assert (ended.code, len(ended.err.splitlines())) == (3, 1), ended
    assert f"{path} is damaged" in ended.err


def test_a_file_that_the_engine_could_not_read_is_explained(ws: Path) -> None:
    """Bytes in the middle show when a query comes to them; the engine then names the file."""
    path = data_file(ws, "records/posts")
    said = f'Invalid Input Error: Failed to read file "{path}": Snappy decompression failure'
    error = explained(MarsadError("engine.failed", engine="duckdb", error=said, query=""))
    assert (error.message.id, error.exit_code) == ("data.damaged", 3)
    assert error.message.values["error"] == "Snappy decompression failure"
    assert f"remove {run_file(ws)} and import again" in str(error)
    other = MarsadError("engine.failed", engine="duckdb", error='at "/none/a.parquet"', query="")
    assert explained(other) is other


def test_the_way_out_of_a_damaged_import(ws: Path, tmp_path: Path, marsad: Command) -> None:
    """What the sentence says to do without a backup brings everything back."""
    before = facts(Workspace.open(ws), "posts")
    cut(data_file(ws, "records/posts"))
    advice = marsad("export", "posts", "-o", tmp_path / "posts.csv", "-w", ws).err
    found = re.search(r"remove (\S+\.json) and import again, with the same options: (\S+)", advice)
    assert found, advice
    Path(found[1]).unlink()
    assert marsad("import", "-q", found[2], "-w", ws).code == 0
    assert facts(Workspace.open(ws), "posts") == before
    assert len(before) == 20


def test_the_way_out_of_damaged_findings(ws: Path, marsad: Command) -> None:
    """Also where the signal has run before: its earlier findings have been swept away."""
    marsad("find", "-q", "phrases", "-w", ws)
    findings = marsad("findings", "--format", "json", "-w", ws).out
    for path in sorted((ws / "findings").rglob("*.parquet")):
        path.unlink()
    advice = marsad("findings", "-w", ws).err
    found = re.search(r"remove (.+) and run, with the settings it had: marsad (.+)\n", advice)
    assert found, advice
    for path in found[1].split(", "):
        Path(path).unlink()
    assert marsad(*found[2].split(), "-q", "-w", ws).code == 0
    again = marsad("findings", "--format", "json", "-w", ws).out
    ids = [[json.loads(line)["finding_id"] for line in said.splitlines()]
           for said in (findings, again)]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(ids[0]) == 20


def test_a_damaged_policy_is_mended_by_its_file(ws: Path, tmp_path: Path, marsad: Command) -> None:
    text = marsad("policy", "show", "research", "-w", ws).out
    path = overwritten(ws / "policies/research@1.toml")
    assert "copy the policy's file over it" in marsad("policy", "list", "-w", ws).err
    path.write_text(text)
    assert marsad("policy", "list", "-w", ws).out.startswith("research@1\t")
