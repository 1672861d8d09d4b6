"""`make test-all`: the tests that need Java, a browser or PostgreSQL, a sample of the long proofs,
and the documentation.

Whatever a test here needs is looked for, installed from Debian's packages where that is allowed
(root, and apt-get is there), and otherwise named at the end as not run. A need that no test has is
not installed. Exits non-zero if a test failed or the documentation does not build.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
NO_TESTS = 5  # pytest's exit code


@dataclass(frozen=True)
class Need:
    """Something outside Python that tests with the marker `marker` need.

    `find` gives its path, or nothing; `packages` are tried one after another (each may be several,
    separated by spaces); `provide` takes the
    path and gives the environment variables that the tests read.
    """

    marker: str
    title: str
    packages: tuple[str, ...]
    find: Callable[[], str | None]
    provide: Callable[[str, ExitStack], dict[str, str]]


def find_java() -> str | None:
    """The home of a Java that Spark 3.5 runs on: 17 first, a later one if there is no other."""
    homes = [os.environ.get("JAVA_HOME"), *sorted(glob("/usr/lib/jvm/java-17-*"))]
    homes += [*sorted(glob("/usr/lib/jvm/java-[12]*")), java_on_path()]
    return next((home for home in homes if home and Path(home, "bin/java").is_file()), None)


def java_on_path() -> str | None:
    java = shutil.which("java")
    return str(Path(java).resolve().parent.parent) if java else None


def find_chromium() -> str | None:
    """Chromium, if npm is there too, which fetches the accessibility checker."""
    if shutil.which("npm") is None:
        return None
    return shutil.which("chromium") or shutil.which("chromium-browser")


def find_postgres() -> str | None:
    """The folder with initdb and pg_ctl."""
    pg_ctl = shutil.which("pg_ctl")
    found = sorted(glob("/usr/lib/postgresql/*/bin/pg_ctl")) or ([pg_ctl] if pg_ctl else [])
    return str(Path(found[-1]).parent) if found else None


def postgres_url(folder: str, cleanup: ExitStack) -> dict[str, str]:
    return {"MARSAD_TEST_POSTGRES": cleanup.enter_context(postgres_server(Path(folder)))}


LOCKED = "host all marsad_locked 127.0.0.1/32 scram-sha-256"
"""One user needs a password, for the tests of that; all others come in as they are."""


MEMORY = Path("/dev/shm")


def quickest() -> str | None:
    """Where a database for every test is made ten times as fast as on a disk; None where memory is
    short."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30
    return str(MEMORY) if roomy and os.access(MEMORY, os.W_OK) else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A server of its own on a free port of the loopback, in a temporary folder."""
    with tempfile.TemporaryDirectory(dir=quickest()) as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        # PostgreSQL refuses to run as root.
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if prefix:
            shutil.chown(name, "postgres")
        cluster = f"{name}/cluster"
        options = f"-p {port} -k {name} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [*prefix, str(programs / "pg_ctl"), "-D", cluster, "-s", "-w"]
        initdb = [*prefix, str(programs / "initdb"), "-D", cluster, "-A", "trust", "-U", "marsad"]
        # A server of some language: what is sorted by it is not sorted as Python does.
        initdb += ["-E", "UTF8", "--locale-provider=icu", "--icu-locale=en"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=name)
        probe.close()
        access = Path(cluster, "pg_hba.conf")
        access.write_text(f"{LOCKED}\n{access.read_text('utf-8')}", "utf-8")
        log = f"{name}/log"
        subprocess.run([*control, "-l", log, "-o", options, "start"], check=True, cwd=name)
        try:
            yield f"postgresql://marsad@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd=name)


SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java that ends within a minute has no use for being compiled well: a fifth less time."""

NEEDS = (
    Need(
        "java",
        "Java 17 (for Spark)",
        ("openjdk-17-jre-headless", "openjdk-21-jre-headless"),
        find_java,
        lambda home, _: {"JAVA_HOME": home, "SPARK_SUBMIT_OPTS": SHORT_LIVED},
    ),
    Need(
        "browser",
        "Chromium and npm",
        ("chromium npm",),
        find_chromium,
        lambda path, _: {"MARSAD_TEST_CHROMIUM": path},
    ),
    Need("postgres", "PostgreSQL", ("postgresql",), find_postgres, postgres_url),
)


def main() -> int:
    missing: list[str] = []
    environment: dict[str, str] = {}
    with ExitStack() as cleanup:
        ready = [need.marker for need in NEEDS if make_ready(need, environment, missing, cleanup)]
        environment["MARSAD_TEST_READY"] = ",".join(ready)
        tests = run_tests([*ready, "extras", "whole_data", "slow_sample"], environment)
    docs = subprocess.run(["make", "--no-print-directory", "docs"], cwd=ROOT)
    print(f"documentation: {'built' if docs.returncode == 0 else 'does not build'}")
    for line in missing:
        print(f"NOT RUN: {line}")
    return tests or docs.returncode


def make_ready(
    need: Need, environment: dict[str, str], missing: list[str], cleanup: ExitStack
) -> bool:
    """Whether tests with this marker can run; what they need goes into `environment`."""
    if not any_test(need.marker):
        say(f"{need.title}: no test needs it yet")
        return False
    path = need.find()
    reason = "" if path else install(need.packages)
    path = path or need.find()
    if path is None:
        missing.append(f"tests marked {need.marker}: {need.title} is not here, and {reason}")
        return False
    say(f"{need.title}: {path}")
    try:
        environment.update(need.provide(path, cleanup))
    except (OSError, LookupError, subprocess.CalledProcessError) as error:
        missing.append(f"tests marked {need.marker}: {need.title} does not start: {error}")
        return False
    return True


def any_test(marker: str) -> bool:
    """Whether a test has this marker, as the files say it: to have pytest collect them is slow."""
    files = (ROOT / "tests").rglob("*.py")
    return any(f"pytest.mark.{marker}" in file.read_text("utf-8") for file in files)


def install(packages: tuple[str, ...]) -> str:
    """Install the first of the Debian packages that can be had; else say why none could."""
    if shutil.which("apt-get") is None:
        return f"there is no apt-get to install {packages[0]} with"
    if os.geteuid() != 0:
        return f"only root may install it: apt-get install {packages[0]}"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "-qq", "-o", "Acquire::Retries=3"]
    say(f"installing {packages[0]} …")
    subprocess.run([*get, "update"], env=quiet, stdout=subprocess.DEVNULL)
    for package in packages:
        command = [*get, "install", "--yes", "--no-install-recommends", *package.split()]
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL).returncode == 0:
            return ""
    return f"apt-get could not install {' or '.join(packages)}"


def run_tests(markers: list[str], environment: dict[str, str]) -> int:
    command = [PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadfile"]
    command += ["--no-loadscope-reorder"]  # tests/order.py says which file begins first
    command += ["-m", " or ".join(markers)]
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode
    return 0 if code == NO_TESTS else code


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
