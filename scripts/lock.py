"""Write the lock files: `make lock`, or `make lock UPGRADE=1` for the newest versions allowed.

One file for the build backend, one for the core, one for each extra. Every line carries hashes and
no file names a registry, so plain pip installs them from whatever index it is set up with:

    pip install --require-hashes -r requirements-spark.lock

An extra's file starts with `-r requirements.lock` and holds only what the extra adds. Each file is
resolved under the ones before it, so that any of them can be installed together. uv resolves; the
dev extra brings it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "requirements-build.lock"
CORE = ROOT / "requirements.lock"
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+( ;)?", re.MULTILINE)


def main(options: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    core = project["project"]["dependencies"]
    resolve(BUILD, project["build-system"]["requires"], options)
    resolve(CORE, core, options)
    done = [CORE]
    for extra, wanted in project["project"]["optional-dependencies"].items():
        target = ROOT / f"requirements-{extra}.lock"
        # The core's requirements go in too: where an extra cannot live with them, this fails here
        # and not on somebody's machine.
        resolve(target, [*wanted, *core], options, under=done, leave_out=everywhere(CORE))
        target.write_text(f"-r {CORE.name}\n{target.read_text()}")
        done.append(target)


def everywhere(lock: Path) -> set[str]:
    """The packages that a lock file installs on every system and every Python.

    One pinned once and under a condition (on Windows, say) may be wanted by an extra without it;
    one pinned twice has a version for either case.
    """
    pins = PINNED.findall(lock.read_text())
    times = Counter(name for name, _ in pins)
    return {name for name, condition in pins if not condition or times[name] > 1}


def resolve(
    target: Path,
    wanted: list[str],
    options: list[str],
    under: Iterable[Path] = (),
    leave_out: Iterable[str] = (),
) -> None:
    """Resolve `wanted` for every platform and every Python from 3.11 on, into `target`."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet", *options,
        "--universal", "--python-version", "3.11", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links", "--no-annotate",
        "--custom-compile-command", "make lock", "--output-file", target.name,
    ]  # fmt: skip
    command += [word for lock in under for word in ("--constraint", lock.name)]
    command += [word for name in sorted(leave_out) for word in ("--no-emit-package", name)]
    subprocess.run(command, input="\n".join(wanted), text=True, check=True, cwd=ROOT)
    print(f"{target.name}: {len(PINNED.findall(target.read_text()))} pins", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
