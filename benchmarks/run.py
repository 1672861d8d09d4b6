"""`make bench`: run the benchmarks and collect their tables into docs/benchmarks.md.

A benchmark is a file `benchmarks/NAME.py`. The first line of its docstring is its heading, the rest
says what is compared with what. It prints its tables as Markdown on standard output, progress on
standard error, and exits 0; that a figure is bad is for the reader to see, not a failure. It makes
its own data, in `benchmarks/data/`, which is not kept in the repository.

`make bench BENCH="startup find"` runs some alone and leaves the others' tables as they are.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`make bench` writes this page: each table is printed by the file of that name in `benchmarks/`. What
is compared is run side by side, in turns, in one run. The machine is shared: trust ratios of two
and more, and nothing finer.
"""
SECTION = re.compile(r"^<!-- (\w+) -->\n(.*?)(?=^<!-- \w+ -->\n|\Z)", re.MULTILINE | re.DOTALL)


def main(names: list[str]) -> int:
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("run", "__init__"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    sections = {name: text for name, text in stored().items() if name in known}
    failed = []
    for name in names or known:
        print(f"── {name}", file=sys.stderr, flush=True)
        table = run(name)
        if table is None:
            failed.append(name)
            continue
        print(table, flush=True)
        sections[name] = f"## {heading(name)}\n\n*{machine()}*\n\n{table.strip()}\n\n"
        write(sections)
    for name in failed:
        print(f"── {name} failed; its old table stays", file=sys.stderr)
    return int(bool(failed))


def run(name: str) -> str | None:
    """What a benchmark printed, or nothing if it failed."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True)
    return done.stdout if done.returncode == 0 else None


def heading(name: str) -> str:
    """The first line of a benchmark's docstring."""
    text = ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text())) or name
    return text.splitlines()[0].rstrip(".")


def machine() -> str:
    """What the figures were measured on, and when."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def stored() -> dict[str, str]:
    """The tables on the page, by the benchmark's name."""
    return dict(SECTION.findall(PAGE.read_text())) if PAGE.exists() else {}


def write(sections: dict[str, str]) -> None:
    parts = [f"<!-- {name} -->\n{text.strip()}\n" for name, text in sorted(sections.items())]
    PAGE.write_text("\n".join([HEAD, *parts]).rstrip() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
