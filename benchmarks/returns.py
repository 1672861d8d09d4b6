"""Returning accounts

First a yardstick on real accounts: timelines of the shared trolls data with at least 200 own posts,
cut in half by time, handles hidden; each half is to be found among all the others by text and time
alone. A split author does not try to hide, so this is a proxy, and an upper bound for whoever does.
Views are fused with factors found by cross-validation over accounts (ten folds; no account has a
half in the tuning and one in the test). The lag between halves is not used: a cut makes it nought.
The signal as a whole on such texts, where one account in ten returns and nothing else is known.
Then the simulator: claims where most never return, takeovers by what either owner left,
calibration with labels, handles alone. Last, 50,000 accounts that are gone and 100,000 others.

`python -m benchmarks.returns [--part NAME]` runs a part alone, NAME one of yardstick, texts, open,
takeovers, calibration, size.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from marsad.banks.bank import Bank, Entry
from marsad.engines import open_engine
from marsad.find.contract import records_of
from marsad.find.returns import Returns, claims, compare, labels, likeness, matching, style, weights
from marsad.find.returns.findings import findings
from marsad.find.returns.parents import Labels, vouched
from marsad.find.signal import Records
from marsad.records.ids import key
from marsad.records.tables import EDGES, OBSERVATIONS, POSTS, SHARES
from marsad.records.times import SECOND
from marsad.simulate import Knobs, simulate
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.finding import records
from marsad.workspace.importing import import_files

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "data" / "returns"
SHARED = Path(os.environ.get("MARSAD_DATA", HERE.parent.parent / "shared" / "data"))
LEAST_POSTS = 200
FOLDS = 10
LEVELLING = 10.0
OPEN = {"volume": 0.11, "ceiling": 120.0, "panel": 1.0, "returns": 0.03, "takeovers": 0.02,
        "backups": 0.0, "supporters": 0.15, "core": 0.05, "hazard": 0.03}  # fmt: skip
MANY = {"volume": 0.11, "ceiling": 120.0, "panel": 1.0, "supporters": 0.15, "core": 0.05,
        "hazard": 0.02, "takeovers": 0.0}  # fmt: skip

LEFT = (0, 3, 10, 30)
"""Posts that an owner left, and whoever took the account over wrote, at least and on average."""
TAKEN = {**OPEN, "takeovers": 0.1, "pauses": 0.1, "renamed": 0.1}

Floats = npt.NDArray[np.float64]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--part", choices=list(PARTS))
    given = options.parse_args()
    for name, part in PARTS.items():
        if given.part in (None, name):
            part()
            print(flush=True)


# --- the yardstick ---------------------------------------------------------------------------
def yardstick() -> None:
    """Split timelines, ranked by each way of comparing."""
    path = SHARED / "networks" / "trolls_2015_2016.parquet"
    if not path.exists():
        print(f"Split timelines: {path.name} is not there.")
        return
    posts = halves(pq.read_table(path))
    half = posts.accounts // 2
    ends = np.meshgrid(np.arange(half) * 2, np.arange(half) * 2 + 1, indexing="ij")
    counted = style.views(posts)
    z = np.stack([scores(view, counted[view], ends) for view in style.VIEWS])
    results = {
        "cosine of words": ranks(plain(posts, _words, ends)),
        "cosine of character 3–5-grams": ranks(plain(posts, _grams, ends)),
        **{f"{view} alone": ranks(z[n]) for n, view in enumerate(style.VIEWS)},
        "all views, fixed factors (as the signal)": ranks(fixed(z)),
        "all views, factors by cross-validation": cross_validated(z),
    }
    base = results["cosine of character 3–5-grams"]
    draw = np.random.default_rng(1)
    print(f"| {half} split timelines, {half} candidates each | mean reciprocal rank | 95 % |"
          " gain over 3–5-grams | 95 % |\n| --- | ---: | ---: | ---: | ---: |")  # fmt: skip
    for name, found in results.items():
        low, high = interval(found, draw)
        gain_low, gain_high = interval(found - base, draw)
        gain = (found - base).mean()
        print(f"| {name} | {found.mean():.3f} | {low:.3f}–{high:.3f} | {gain:+.3f} |"
              f" {gain_low:+.3f} to {gain_high:+.3f} |")  # fmt: skip


def halves(table: pa.Table) -> style.Posts:
    """Own posts of each account in two halves: rows 2n and 2n + 1 are of the same account."""
    own = table.filter(pc.invert(pc.fill_null(table["is_repost"], False)))
    own = own.filter(pc.is_valid(own["text"])).sort_by([("account", "ascending"),
                                                        ("created_at", "ascending")])  # fmt: skip
    names = np.array(own["account"].to_pylist(), dtype=object)
    starts = np.flatnonzero(np.append(True, names[1:] != names[:-1]))
    sizes = np.diff(np.append(starts, len(names)))
    at = own["created_at"].cast(pa.int64()).to_numpy()
    texts = own["text"].to_pylist()
    row, rows, kept = 0, [], []
    for start, size in zip(starts, sizes, strict=True):
        if size >= LEAST_POSTS:
            rows += [row] * (size // 2) + [row + 1] * (size - size // 2)
            kept += list(range(start, start + size))
            row += 2
    return style.Posts(np.array(rows), at[kept], [texts[n] for n in kept], row)


def scores(view: str, counts: csr_matrix, ends: Any) -> Floats:
    rows = likeness.weighted(view, counts)
    cohort = np.arange(rows.shape[0])
    z = likeness.against_cohort(rows, ends[0].ravel(), ends[1].ravel(), cohort)
    return z.reshape(ends[0].shape)


def fixed(z: Floats) -> Floats:
    from marsad.find.returns.features import STYLE, TIMES

    factors = {**STYLE, **TIMES}
    return np.asarray(sum(z[n] * factors[view] for n, view in enumerate(style.VIEWS)))


def ranks(score: Floats) -> Floats:
    """Reciprocal ranks of the right first half for each second half; ties count against."""
    right = np.diag(score)
    return np.asarray(1 / (score >= right[None, :]).sum(axis=0))


def cross_validated(z: Floats) -> Floats:
    """Factors from nine tenths of the accounts, ranks of the last tenth among all."""
    order = np.random.default_rng(0).permutation(z.shape[1])
    found = np.zeros(z.shape[1])
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        rest = np.setdiff1d(order, test)
        factors = _fitted(z[:, rest][:, :, rest])
        found[test] = ranks(np.tensordot(factors, z, 1))[test]
    return found


def _fitted(z: Floats) -> Floats:
    """Factors ≥ 0 that make the right half likeliest (multinomial logit with a ridge)."""

    def loss(factors: Floats) -> tuple[float, Floats]:
        score = np.tensordot(factors, z, 1)
        score = score - score.max(axis=0)
        part = np.exp(score) / np.exp(score).sum(axis=0)
        gap = part - np.eye(len(part))
        value = -np.log(np.diag(part) + 1e-300).sum() + LEVELLING / 2 * (factors**2).sum()
        return float(value), np.tensordot(z, gap, ([1, 2], [0, 1])) + LEVELLING * factors

    start = np.full(len(z), 0.3)
    done = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(z))
    return np.asarray(done.x)


def plain(posts: style.Posts, cut: Callable[[str], list[str]], ends: Any) -> Floats:
    """A plain tf-idf cosine with sublinear tf, texts as they are, in lower case."""
    vocabulary: dict[str, int] = {}
    rows, columns, counts = [], [], []
    for row in range(posts.accounts):
        text = "\n".join(t for t in _of(posts, row) if t).lower()
        grams, number = np.unique(np.array(cut(text), dtype=object).astype(str), return_counts=True)
        rows += [row] * len(grams)
        columns += [vocabulary.setdefault(gram, len(vocabulary)) for gram in grams.tolist()]
        counts += number.tolist()
    found = csr_matrix((np.array(counts, np.float32), (rows, columns)))
    weighed = likeness.weighted("characters", found)
    return likeness.cosines(weighed, ends[0].ravel(), ends[1].ravel()).reshape(ends[0].shape)


def _of(posts: style.Posts, row: int) -> list[str | None]:
    low, high = np.searchsorted(posts.account, [row, row + 1])
    return posts.texts[low:high]


def _grams(text: str) -> list[str]:
    return [text[at : at + size] for size in (3, 4, 5) for at in range(len(text) - size + 1)]


def _words(text: str) -> list[str]:
    return text.split()


def interval(found: Floats, draw: np.random.Generator) -> tuple[float, float]:
    """95 % of 5,000 bootstrap means over accounts."""
    means = found[draw.integers(0, len(found), (5000, len(found)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


# --- the simulator ---------------------------------------------------------------------------
# --- the signal on real texts ----------------------------------------------------------------
def texts() -> None:
    """Own posts of real accounts, some cut in two, and nothing known but texts and times."""
    path = SHARED / "networks" / "trolls_2015_2016.parquet"
    if not path.exists():
        print(f"Texts alone: {path.name} is not there.")
        return
    print("| real texts alone, own posts at least | accounts | gone | returned | clear | false |"
          " unsure | of them true |\n| ---: | " + "---: | " * 7)  # fmt: skip
    table = pq.read_table(path)
    for least in (LEAST_POSTS, 50):
        posts, bank, true = _cut(table, least)
        with open_engine() as engine:
            records = records_of(engine, [bank], posts=posts)
            rows = engine.collect(Returns().find(records, engine)).to_pylist()
        told = Counter(
            (row["opens_case"], (row["evidence_key"], row["subject_id"]) in true) for row in rows
        )
        counts = [told[True, True] + told[True, False], told[True, False],
                  told[False, True] + told[False, False], told[False, True]]  # fmt: skip
        accounts = len(pc.unique(posts["account"]))
        cells = [accounts, len(bank.entries), len(true), *counts]
        print(f"| {least} | " + " | ".join(f"{one:,}" for one in cells) + " |", flush=True)


def _cut(table: pa.Table, least: int) -> tuple[pa.Table, Bank, set[tuple[str, str]]]:
    """Own posts under numbers: every second account is gone halfway, one in ten of these returns
    as another. The bank, and the true pairs."""
    own = table.filter(pc.invert(pc.fill_null(table["is_repost"], False)))
    own = own.filter(pc.is_valid(own["text"])).sort_by([("account", "ascending"),
                                                        ("created_at", "ascending")])  # fmt: skip
    names = np.array(own["account"].to_pylist(), dtype=object)
    at = own["created_at"].cast(pa.int64()).to_numpy()
    starts = np.flatnonzero(np.append(True, names[1:] != names[:-1]))
    stops = np.append(starts[1:], len(names))
    account = np.full(len(names), "", dtype=object)
    entries, true = [], set()
    large = [(a, b) for a, b in zip(starts, stops, strict=True) if b - a >= least]
    for number, (start, stop) in enumerate(large):
        account[start:stop] = f"x:{number}"
        if number % 2:
            continue
        middle = (start + stop) // 2
        returns = number % 20 == 0
        account[middle:stop] = f"x:{number}-again" if returns else ""
        since = pc.strftime(pa.scalar(int(at[middle - 1]), pa.timestamp("us")), "%Y-%m-%dT%H:%M:%S")
        entries.append(Entry(f"x:{number}", options={"since": str(since)[:19]}))
        if returns:
            true.add((f"x:{number}", f"x:{number}-again"))
    kept = np.flatnonzero(account != "")
    ids = account[kept].tolist()
    posts = _filled(
        POSTS, len(kept), id=[f"x:{n}" for n in kept.tolist()],
        key=kept, version=np.zeros(len(kept), np.int64), platform=["x"] * len(kept), account=ids,
        account_key=[key(one) for one in ids], created_at=at[kept],
        precision=np.full(len(kept), SECOND), kind=["post"] * len(kept),
        text=own["text"].take(pa.array(kept)).to_pylist(),
    )  # fmt: skip
    return posts, Bank("gone", "accounts", tuple(entries)), true


def simulated(seed: int, knobs: Mapping[str, Any], accounts: int = 6000) -> tuple[Workspace, Any]:
    """A workspace with a simulated network, and its truth."""
    folder = FOLDER / f"network-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    network = simulate(folder / "network", accounts, 40, seed, Knobs(**knobs)).folder
    made = Workspace.create(folder / "workspace")
    for name, options in (
        ("posts.ndjson", Options(platform="s")),
        ("observations.ndjson", Options(platform="s")),
        ("follows.csv", Options(platform="s", kind="edges",
                                mapping={"source": "follower", "target": "followed"})),
    ):  # fmt: skip
        import_files(made, [network / name], options)
    return made, pq.read_table(network / "truth" / "accounts.parquet").to_pylist()


def gone_bank(truth: Any) -> Bank:
    """All violating accounts that were suspended, with the time."""
    rows = [row for row in truth if row["state"] == "suspended" and row["is_violating"]]
    return Bank("gone", "accounts", tuple(
        Entry(f"s:{row['account_id']}", options={"since": row["ended_at"].isoformat()})
        for row in rows
    ))  # fmt: skip


def weighed(made: Workspace, bank: Bank, handles_only: bool = False) -> matching.Weighed:
    with open_engine("duckdb") as engine:
        read = records(made, made.log.snapshot(), engine, [bank])
        if handles_only:
            read = Records(read.posts.limit(0), read.observations.mutate(
                name=_nothing(), bio=_nothing(), avatar=_nothing()
            ), read.edges.limit(0), read.shares.limit(0), [bank])  # fmt: skip
        none = Labels(frozenset(), frozenset())
        found = matching.weighed(read, engine, vouched([bank]), none, 20)
        assert found is not None
        return found


def _nothing() -> Any:
    import ibis

    return ibis.null("string")


def true_pairs(found: matching.Weighed, truth: Any) -> npt.NDArray[np.bool_]:
    """Whether one actor is behind both accounts."""
    actor = {f"s:{row['account_id']}": row["actor"] for row in truth}
    who = np.array([actor.get(one, one) for one in found.known.accounts.ids.to_pylist()])
    return np.asarray(who[found.pairs.parent] == who[found.pairs.child])


def open_set() -> None:
    """Claims where 95 of 100 never return, and by handles alone."""
    print("| simulated | gone | in the data returned | clear claims | false | returned and found |"
          " unsure | of them true |\n| --- | " + "---: | " * 7)  # fmt: skip
    sums: dict[str, list[int]] = {}
    for seed in range(1, 5):
        made, truth = simulated(seed, OPEN)
        bank = gone_bank(truth)
        for name, alone in (("everything", False), ("handles alone", True)):
            row = _claimed(weighed(made, bank, alone), truth, bank)
            sums[name] = [a + b for a, b in zip(sums.get(name, [0] * 7), row, strict=True)]
    for name, row in sums.items():
        print(f"| {name} | " + " | ".join(f"{number:,}" for number in row) + " |")


def _claimed(found: matching.Weighed, truth: Any, bank: Bank) -> list[int]:
    right = true_pairs(found, truth)
    made = claims.claims(found.pairs, found.chance, found.log_odds, found.known.since,
                         compare.appeared(found.known))  # fmt: skip
    clear = [right[one.pair] for one in made if one.clear]
    unsure = [right[one.pair] for one in made if not one.clear]
    gone = {entry.value for entry in bank.entries}
    back = [row for row in truth if row["parent"] and f"s:{row['parent']}" in gone]
    return [len(gone), len(back), len(clear), clear.count(False), clear.count(True),
            len(unsure), sum(unsure)]  # fmt: skip


def takeovers() -> None:
    """Accounts that changed hands, among others that were only silent or took another name."""
    print("| posts expected of either owner | gone | taken over | clear claims that are right |"
          " of them called so | unsure and right | clear claims, of any kind | false |"
          " that paused or were renamed | claimed |\n| ---: |" + " ---: |" * 9)  # fmt: skip
    for left in LEFT:
        sums = [0] * 9
        for seed in (21, 22, 23):
            made, truth = simulated(seed, {**TAKEN, "owner_posts": left, "taker_posts": left})
            bank = gone_bank(truth)
            row = _taken(weighed(made, bank), truth, bank)
            sums = [a + b for a, b in zip(sums, row, strict=True)]
        print(f"| {left} | " + " | ".join(f"{number:,}" for number in sums) + " |", flush=True)


def _taken(found: matching.Weighed, truth: Any, bank: Bank) -> list[int]:
    right, vouched_for = true_pairs(found, truth), vouched([bank])
    made = claims.claims(found.pairs, found.chance, found.log_odds, found.known.since,
                         compare.appeared(found.known))  # fmt: skip
    called = {row.subject_id: row.evidence[0]["how"] for row in findings(found, vouched_for)}
    ids = found.known.accounts.ids
    told = {ids[one.child].as_py(): (bool(right[one.pair]), one.clear) for one in made}
    taken = {
        f"s:{row['account_id']}"
        for row in truth
        if row["origin"] == "takeover" and f"s:{row['parent']}" in vouched_for
    }
    clear = [one for one in taken if told.get(one) == (True, True)]
    changed = {
        f"s:{row['account_id']}"
        for row in truth
        if row["origin"] == "original" and (row["woke_at"] or row["renamed_at"])
    }
    false = [one for one in told if told[one] == (False, True)]
    return [len(vouched_for), len(taken), len(clear),
            sum(called[one] == "takeover" for one in clear),
            sum(told.get(one) == (True, False) for one in taken),
            sum(one.clear for one in made), len(false), len(changed),
            len(changed & set(false))]  # fmt: skip


def calibration() -> None:
    """Half of the gone accounts' pairs are judged; the other half's are predicted."""
    chance, right, pairs = [], [], 0
    for seed in range(11, 15):
        made, truth = simulated(seed, MANY)
        found = weighed(made, gone_bank(truth))
        truth_of = true_pairs(found, truth)
        half = found.pairs.parent % 2 == 0
        marks = np.where(half, truth_of.astype(np.int8), np.int8(-1))
        levels = compare.levels(found.values)
        parents = len(np.unique(found.pairs.parent))
        model = weights.learnt(levels, found.pairs.block, parents, marks)
        odds = model.odds(model.each(levels, found.pairs.block).sum(axis=1), found.pairs.block)
        chance.append(labels.calibrated(odds, marks)(odds)[~half])
        right.append(truth_of[~half])
        pairs += int((~half).sum())
    p, y = np.concatenate(chance), np.concatenate(right).astype(float)
    high = p >= 0.5
    bins = np.minimum(((p[high] - 0.5) * 20).astype(int), 9)
    error = sum(abs(p[high][bins == n].sum() - y[high][bins == n].sum()) for n in range(10))
    skill = 1 - ((p - y) ** 2).mean() / ((y.mean() - y) ** 2).mean()
    print("| pairs | true | chance ≥ .5 | of them true | calibration error there | Brier skill |\n"
          "| ---: | ---: | ---: | ---: | ---: | ---: |")  # fmt: skip
    print(f"| {pairs:,} | {int(y.sum())} | {int(high.sum())} | {y[high].mean():.3f} |"
          f" {error / max(high.sum(), 1):.3f} | {skill:.3f} |")  # fmt: skip


# --- size ------------------------------------------------------------------------------------
def size(gone: int = 50_000, others: int = 100_000, posts: int = 4) -> None:
    """Seconds for the whole signal over tables in memory."""
    tables, bank = crowd(gone, others, posts)
    with open_engine("duckdb") as engine:
        read = Records.of(*(engine.table(table, name) for name, table in tables.items()), [bank])
        signal, began = Returns(), time.perf_counter()
        rows = engine.collect(signal.find(read, engine)).num_rows
        seconds = time.perf_counter() - began
    print("| gone | others | posts | follows | findings | s |\n"
          "| ---: | ---: | ---: | ---: | ---: | ---: |")  # fmt: skip
    print(f"| {gone:,} | {others:,} | {tables['posts'].num_rows:,} | {tables['edges'].num_rows:,} |"
          f" {rows:,} | {seconds:.0f} |")  # fmt: skip


def crowd(gone: int, others: int, each: int) -> tuple[dict[str, pa.Table], Bank]:
    """Accounts with handles, follows and a few posts; one gone account in twenty has returned."""
    draw = np.random.default_rng(5)
    count = gone + others
    parts = ["".join(chr(97 + c) for c in draw.integers(0, 26, 5)) for _ in range(3000)]
    handles = [f"{parts[a]}_{parts[b]}{n % 97}" for n, (a, b) in
               enumerate(draw.integers(0, len(parts), (count, 2)))]  # fmt: skip
    follows = np.minimum(draw.zipf(1.3, (count, 15)), 60_000)
    words = [f"word{n}" for n in range(5000)]
    for n in range(gone // 20):
        handles[gone + n] = handles[n] + "x"
        follows[gone + n] = follows[n]
    ids = [f"s:{n}" for n in range(count)]
    keys = np.array([key(one) for one in ids])
    author = np.repeat(np.arange(count), each)
    at = 1_700_000_000 + draw.integers(0, 90 * 86_400, len(author))
    chosen = np.minimum(draw.zipf(1.2, (len(author), 12)), len(words)) - 1
    texts = [" ".join(words[w] for w in row) for row in chosen]
    number = np.arange(len(author))
    source = np.repeat(np.arange(count), follows.shape[1])
    tables = {
        "posts": _filled(POSTS, len(author), id=[f"s:p{n}" for n in number], key=number,
                         account=pc.take(pa.array(ids), pa.array(author)),
                         account_key=keys[author], created_at=at * SECOND, text=texts,
                         kind=["post"] * len(author), platform=["s"] * len(author),
                         hashtags=[[]] * len(author), urls=[[]] * len(author),
                         mentions=[[]] * len(author), media=[[]] * len(author)),
        "observations": _filled(OBSERVATIONS, count, key=np.arange(count),
                                subject_kind=["account"] * count, subject=ids,
                                platform=["s"] * count, route=["search"] * count,
                                state=["alive"] * count, handle=handles,
                                observed_at=np.full(count, 1_700_000_000 * SECOND)),
        "edges": _filled(EDGES, len(source), key=np.arange(len(source)),
                         kind=["follow"] * len(source), platform=["s"] * len(source),
                         source=pc.take(pa.array(ids), pa.array(source)), source_key=keys[source],
                         target=[f"s:t{n}" for n in follows.ravel()],
                         target_key=np.arange(len(source))),
        "shares": SHARES.empty_table(),
    }  # fmt: skip
    since = "2023-12-20"
    entries = tuple(Entry(one, options={"since": since}) for one in ids[:gone])
    return tables, Bank("gone", "accounts", entries)


def _filled(schema: pa.Schema, count: int, **columns: Any) -> pa.Table:
    """A table of the schema; what is not given is 1 or null."""
    made = [
        pa.array(columns[field.name], field.type) if field.name in columns
        else pa.nulls(count, field.type) if field.nullable
        else pa.array(np.ones(count), field.type)
        for field in schema
    ]  # fmt: skip
    return pa.Table.from_arrays(made, schema=schema)


PARTS: Mapping[str, Callable[[], None]] = {
    "yardstick": yardstick, "texts": texts, "open": open_set, "takeovers": takeovers,
    "calibration": calibration,
    "size": size,
}  # fmt: skip

if __name__ == "__main__":
    main()
