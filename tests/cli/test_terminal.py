"""Terminals and pipes of every kind: narrow, dumb, closed, full, without Arabic."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from marsad.cli import app
from marsad.cli.verbs import VERBS
from tests.cli.conftest import Command
from tests.conftest import ROOT
from tests.workspace.conftest import ndjson, posts

MARSAD = (sys.executable, "-m", "marsad")


def environment(**changes: str) -> dict[str, str]:
    # without PYTHONUNBUFFERED: what waits in a buffer fails only when that is flushed
    left_out = (
        "PYTHONIOENCODING", "PYTHONUTF8", "PYTHONUNBUFFERED", "MARSAD_LANG", "NO_COLOR",
    )  # fmt: skip
    plain = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**plain, "PYTHONPATH": str(ROOT / "src"), **changes}


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    options = {"env": environment(), "stdout": subprocess.PIPE, **options}
    command = [*MARSAD, *map(str, arguments)]
    return subprocess.run(command, stderr=subprocess.PIPE, check=False, **options)


def closing(*streams: int) -> Callable[[], None]:
    def close() -> None:
        for stream in streams:
            os.close(stream)

    return close


@pytest.mark.parametrize(
    "arguments",
    [("findings", "--format", "csv"), ("bank", "export", "markers"), ("status",), ("findings",)],
)
def test_standard_output_may_be_closed(arguments: tuple[str, ...], built: Path) -> None:
    ended = run(*arguments, "-w", built, stdout=None, preexec_fn=closing(1))
    assert (ended.returncode, b"fault" in ended.stderr) == (0, False), ended.stderr


def test_both_streams_may_be_closed(tmp_path: Path) -> None:
    ended = run("status", "-w", tmp_path, stdout=None, preexec_fn=closing(1, 2))
    assert ended.returncode == 2


def test_nobody_listens_to_the_error(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*MARSAD, "status", "-w", tmp_path], env=environment(), stderr=full, check=False
        )
    assert ended.returncode == 2


@pytest.mark.parametrize("arguments", [("findings", "--format", "json"), ("status",), ("--help",)])
def test_standard_output_may_be_full(arguments: tuple[str, ...], built: Path) -> None:
    with open("/dev/full", "wb") as full:
        ended = run(*arguments, stdout=full, env=environment(MARSAD_WORKSPACE=str(built)))
    said = ended.stderr.decode().splitlines()
    assert (ended.returncode, len(said)) == (3, 1), said
    assert said[0].startswith("marsad: There is no room left to write (")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_reader_that_has_enough_ends_it_in_silence(form: str, built: Path) -> None:
    command = [*MARSAD, "findings", "--format", form, "-w", str(built)]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""


@pytest.mark.parametrize(
    "settings",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
)
def test_arabic_in_any_locale(settings: dict[str, str], built: Path) -> None:
    env = environment(MARSAD_LANG="ar", MARSAD_WORKSPACE=str(built), **settings)
    for arguments in (("findings",), ("bank", "test", "markers", "سلام")):
        ended = run(*arguments, env=env)
        assert ended.returncode == 0, ended.stderr
    ended = run("findings", "--format", "json", env=env)
    sentences = [json.loads(line)["sentence"] for line in ended.stdout.splitlines()]
    assert all("amber lantern" in one for one in sentences)
    assert any("\u0600" <= letter <= "\u06ff" for letter in sentences[0])


def on_a_terminal(width: int, *arguments: str | Path, **settings: str) -> str:
    """All that a command writes to a terminal of a width in characters."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(sys.executable, [*MARSAD, *map(str, arguments)], environment(**settings))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    written = bytearray()
    try:
        while part := os.read(terminal, 65_536):
            written += part
    except OSError:  # how the end of a terminal shows
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, written
    return written.decode()


def test_a_dumb_terminal_gets_lines_alone(ws: Path, tmp_path: Path) -> None:
    path = ndjson(tmp_path / "new.ndjson", posts({"id": "new"}))
    said = on_a_terminal(80, "import", path, "-w", ws, TERM="dumb")
    assert said.splitlines()[0] == "1 rows read: 1 taken, 0 there already, 0 rejected."


def test_a_bar_shows_a_name_as_it_is_and_no_colour_where_none_is_wanted(
    ws: Path, tmp_path: Path
) -> None:
    path = ndjson(tmp_path / "[red]a.ndjson", posts({"id": "new"}))
    said = on_a_terminal(160, "import", path, "-w", ws, TERM="xterm", NO_COLOR="1")
    assert "[red]a.ndjson" in said
    assert "\x1b[3" not in said
    assert on_a_terminal(20, "import", path, "-w", ws, TERM="xterm").endswith("0 rejected.\r\n")


def test_a_verb_that_was_meant(marsad: Command) -> None:
    ended = marsad("imprt")
    assert (ended.code, "Did you mean import?" in ended.err) == (2, True)
    assert "Did you mean" not in marsad("xyzzy").err


def test_the_help_begins_with_what_to_do(marsad: Command) -> None:
    said = " ".join(marsad("--help").out.split())
    assert "First steps: marsad demo." in said


def helps() -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    context = typer.Context(group)
    found: list[tuple[str, ...]] = []
    for name in VERBS:
        verb = group.get_command(context, name)
        below = list(verb.commands) if isinstance(verb, typer.core.TyperGroup) else []
        found += [(name,), *((name, one) for one in below)]
    return found


@pytest.mark.parametrize("verb", helps(), ids=" ".join)
def test_help_is_whole_at_80_characters(verb: tuple[str, ...], marsad: Command) -> None:
    ended = marsad(*verb, "--help")
    assert ended.code == 0
    for line in ended.out.splitlines():
        assert len(line) <= 80, line
        assert not line.endswith("...") or "Usage:" in line, line
    assert "--no-dry-run" not in ended.out
    assert "--no-replay" not in ended.out
