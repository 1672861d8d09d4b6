"""Coordination against chance

Reposts whose objects follow Zipf's law with exponent 1.1, one of them shared by a tenth of all,
over a week; window 60 s. Beside `coordination-network-toolkit` 1.5 on the same file in the same
run: loading and the co-retweet network, which it computes with a join and without any test. The
pairs that come close, and how often, must be the same before testing. Ours: `marsad import` of the
file, and the signal over the workspace, test, groups and evidence included. Then how time and
memory grow with the number of shares, each size in a process of its own: all in one week, so that
ten times the shares make a hundred times the pairs, and over as many weeks as there are millions.
Last, accounts that post similar texts within an hour of one another (Jaccard of shingles from .7),
among as many posts as in the first part: a mixture of real texts, see `benchmarks/copies.py`.

`python benchmarks/coordination.py [--rows N] [--largest N]` runs it alone: N reposts beside the
peer, and the largest size of the growth.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import math
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from benchmarks.copies import mixture, post_table, real_texts
from marsad.engines import open_engine
from marsad.find.contract import records_of
from marsad.find.coordination import Coordination
from marsad.find.coordination.closeness import close
from marsad.find.coordination.shares import Shares, collected
from marsad.find.coordination.testing import put_to_test
from marsad.records.ids import key
from marsad.records.tables import POSTS
from marsad.records.times import SECOND
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.finding import found_by, records
from marsad.workspace.importing import import_files

FOLDER = Path(__file__).resolve().parent / "data" / "coordination"
WINDOW = 60
WEEK = 7 * 86_400
BEGIN = 1_600_000_000
THREADS = 2


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--largest", type=int, default=10_000_000)
    options.add_argument("--test", type=int, help=argparse.SUPPRESS)
    options.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.test:
        one_size(given.test, given.seconds)
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    beside_the_toolkit(given.rows)
    growth(given.largest)
    similar_texts(given.rows)
    shutil.rmtree(FOLDER)


def beside_the_toolkit(rows: int) -> None:
    """Both on one file."""
    path = FOLDER / "reposts.csv"
    pa.csv.write_csv(reposts(rows), path)
    load, compute, theirs = toolkit(path)
    take, found, ours = marsad(path)
    print(f"| {rows:,} reposts | load, s | network, s | both, s |\n| --- | ---: | ---: | ---: |")
    print(f"| coordination-network-toolkit | {load:.1f} | {compute:.1f} | {load + compute:.1f} |")
    print(f"| Marsad, test included | {take:.1f} | {found:.1f} | {take + found:.1f} |")
    both = (load + compute) / (take + found)
    print(f"| times as fast | {load / take:.1f} | {compute / found:.1f} | {both:.1f} |\n")
    same = "the same" if ours == theirs else "NOT the same"
    print(f"Pairs that came close, with their counts: {len(ours):,}, {same} in both.\n", flush=True)


def reposts(rows: int) -> pa.Table:
    """A file as the toolkit wants it, and Marsad reads it: one row an account and object."""
    draw = np.random.default_rng(1)
    who, what, when = _drawn(draw, rows)
    return pa.table(
        {
            "message_id": [str(n) for n in range(len(who))],
            "user_id": [str(n) for n in who.tolist()],
            "username": [f"user{n}" for n in who.tolist()],
            "repost_id": [str(10**12 + n) for n in what.tolist()],
            "reply_id": [""] * len(who),
            "message": ["RT"] * len(who),
            "timestamp": (BEGIN + when).tolist(),
            "urls": [""] * len(who),
        }
    )


def _drawn(
    draw: np.random.Generator, rows: int, seconds: int = WEEK
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Accounts, objects and seconds; object 0 is shared by a tenth of all rows."""
    accounts, objects, hot = rows // 4, rows // 10, rows // 10
    weights = 1 / np.arange(2, objects + 1) ** 1.1
    who = np.concatenate([draw.permutation(accounts)[:hot], draw.integers(0, accounts, rows - hot)])
    what = np.concatenate(
        [
            np.zeros(hot, np.int64),
            1 + draw.choice(objects - 1, rows - hot, p=weights / weights.sum()),
        ]
    )
    _, first = np.unique(what * accounts + who, return_index=True)
    kept = draw.permutation(first)
    return who[kept], what[kept], draw.integers(0, seconds, len(kept))


Edges = dict[tuple[str, str], int]


def toolkit(path: Path) -> tuple[float, float, Edges]:
    """Seconds to load and to compute, and its edges."""
    from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
    from coordination_network_toolkit.preprocess import preprocess_csv_files

    database = FOLDER / "toolkit.db"
    with contextlib.redirect_stdout(io.StringIO()):
        began = time.perf_counter()
        preprocess_csv_files(str(database), [str(path)])
        loaded = time.perf_counter()
        compute_co_retweet_parallel(str(database), WINDOW, n_threads=THREADS)
        done = time.perf_counter()
    with sqlite3.connect(database) as stored:
        query = "select user_1, user_2, weight from co_retweet_network where user_1 < user_2"
        edges = {(u, v): weight for u, v, weight in stored.execute(query)}
    return loaded - began, done - loaded, edges


def marsad(path: Path) -> tuple[float, float, Edges]:
    """Seconds to import and to find, and the pairs before testing."""
    workspace = Workspace.create(FOLDER / "workspace")
    workspace.policies.add("research")
    began = time.perf_counter()
    import_files(workspace, [path], Options(platform="twitter"))
    taken = time.perf_counter()
    with open_engine() as engine:
        read = records(workspace, workspace.log.snapshot(), engine)
        engine.collect(found_by(Coordination(kinds="repost"), read, engine))
    done = time.perf_counter()
    return taken - began, done - taken, pairs(workspace)


def pairs(workspace: Workspace) -> Edges:
    """The pairs of accounts that came close, and on how many objects."""
    with open_engine() as engine:
        shared = records(workspace, workspace.log.snapshot(), engine).shares
        shares = collected(engine, shared, "repost")
        named = engine.collect(shared.select("account", "account_key").distinct())
    names = dict(zip(named["account_key"].to_pylist(), named["account"].to_pylist(), strict=True))
    native = [names[one].partition(":")[2] for one in shares.accounts.tolist()]
    found: Edges = {}
    for first, second in close(shares, WINDOW * SECOND).pairs():
        ends = shares.account[first].tolist(), shares.account[second].tolist()
        for a, b in zip(*ends, strict=True):
            pair = (native[a], native[b]) if native[a] < native[b] else (native[b], native[a])
            found[pair] = found.get(pair, 0) + 1
    return found


def growth(largest: int) -> None:
    """The test alone, from a hundredth of ``largest`` to all."""
    sizes = largest // 100, largest // 10, largest
    print("| shares | in one week, s | GB | a million a week, s | GB |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    taken: dict[str, list[float]] = {"in one week": [], "a million a week": []}
    for rows in sizes:
        cells = []
        for name, seconds in zip(taken, (WEEK, WEEK * rows // sizes[1]), strict=True):
            cells += _measured(rows, seconds)
            taken[name].append(float(cells[-2]))
        print(f"| {rows:,} | {' | '.join(cells)} |", flush=True)
    for name, took in taken.items():
        exponent = math.log(took[-1] / took[0]) / math.log(sizes[-1] / sizes[0])
        print(f"\nGrowth exponent, {name}: {exponent:.2f}")


def _measured(rows: int, seconds: int) -> list[str]:
    """Seconds and gigabytes of one size, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.coordination", "--test", str(rows)]
    command += ["--seconds", str(seconds)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def similar_texts(rows: int) -> None:
    """The network of similar texts, test, groups and evidence included."""
    made = post_table(mixture(real_texts(), rows))
    posts = pa.table([_column(made, field) for field in POSTS], POSTS)
    with open_engine() as engine:
        read = records_of(engine, posts=posts)
        began = time.perf_counter()
        signal = Coordination(kinds="text", window=3_600)
        found = engine.collect(signal.find(read, engine)).num_rows
        took = time.perf_counter() - began
    print(f"\nSimilar texts within an hour among {rows:,} posts: {took:.0f} s, {found:,} findings.")


def _column(made: pa.Table, field: pa.Field) -> pa.Array:
    """A column of posts; what `post_table` does not make is the same in all, or empty."""
    same = {"precision": SECOND, "version": 0, "platform": "x"}
    if field.name in same:
        return pa.repeat(pa.scalar(same[field.name], field.type), made.num_rows)
    if field.name in made.column_names:
        return made[field.name].cast(field.type)
    return pa.nulls(made.num_rows, field.type)


def one_size(rows: int, seconds: int) -> None:
    """Prints seconds and gigabytes of the test of so many shares, grouped by the engine first."""
    who, what, when = _drawn(np.random.default_rng(1), rows, seconds)
    table = pa.table(
        {
            "object_kind": pa.array(["repost"]).take(pa.array(np.zeros(len(who), np.int64))),
            "object": pa.array([str(10**12 + n) for n in what.tolist()]),
            "account_key": pa.array(np.array([key(str(n)) for n in range(rows // 4)])[who]),
            "shared_at": pa.array((BEGIN + when) * SECOND),
        }
    )
    with open_engine() as engine:
        shares = engine.table(table, "shares")
        began = time.perf_counter()
        given: Shares = collected(engine, shares, "repost")
        put_to_test(given, WINDOW * SECOND, 0.05)
        took = time.perf_counter() - began
    # not ru_maxrss, which a new process inherits from the one that began it
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1e6
    print(f"{took:.2f} {peak:.1f}")


if __name__ == "__main__":
    main()
