"""Which column goes with mine, over 450 real datasets: quality against brute force, time, and size of the index.

Reads ../shared/data/owid (keys Entity and Year). Brute force joins each column with the one asked about and correlates.
Ranking in both is by the |r| one can count on (the near end of its 95 % interval), at least 30 shared keys.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from commonweal.knowledge.insight import sketches

SHARED = Path(os.environ.get("COMMONWEAL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
QUERIES = 60
BY_HAND = 7
"""Questions also answered with pandas."""
PAIR_KEYS = 1024
"""Keys kept of each column when all pairs are estimated."""


def read_lake(folder: Path) -> tuple[list[sketches.Column], list[pd.DataFrame]]:
    """Every numeric column with ten values or more, hashed by Entity and Year; and the tables as they are."""
    columns, frames = [], []
    for path in sorted(folder.glob("*.csv")):
        if not path.stat().st_size:
            continue
        frame = pd.read_csv(path, low_memory=False, dtype={"Entity": str})
        if list(frame.columns[:2]) != ["Entity", "Year"]:
            continue
        hashes = sketches.hash_keys([frame["Entity"].tolist(), frame["Year"].tolist()])
        numeric = [c for c in frame.columns[2:] if pd.api.types.is_numeric_dtype(frame[c]) and frame[c].count() >= 10]
        for name in numeric:
            values = frame[name].to_numpy(np.float64)
            columns.append(sketches.Column.of(f"{path.stem}.{name}", hashes, values, path.stem))
        frames.append(frame[["Entity", "Year", *numeric]].drop_duplicates(["Entity", "Year"]))
        frames[-1].attrs["name"] = path.stem
    return columns, frames


def exact(asked: sketches.Column, columns: list[sketches.Column]) -> dict[str, float]:
    """Certain strength of every column of another dataset, joined and correlated one by one over all shared keys."""
    names, r, n = [], [], []
    for other in columns:
        if other.group == asked.group:
            continue
        _, a, b = np.intersect1d(asked.hashes, other.hashes, assume_unique=True, return_indices=True)
        if len(a) >= sketches.LEAST_JOINT and np.ptp(asked.values[a]) > 0 and np.ptp(other.values[b]) > 0:
            names.append(other.name)
            r.append(np.corrcoef(asked.values[a], other.values[b])[0, 1])
            n.append(float(len(a)))
    return dict(zip(names, sketches.certain(np.array(r), np.array(n)).tolist(), strict=True))


def join_and_correlate(asked: str, frames: list[pd.DataFrame]) -> list[str]:
    """What an analyst does by hand to answer the same question: merge each table with one's own, correlate each column,
    count rows, and rank the ten best by what one can count on."""
    group = next(f.attrs["name"] for f in frames if asked.startswith(f"{f.attrs['name']}."))
    column = asked.removeprefix(f"{group}.")
    mine = next(frame for frame in frames if frame.attrs["name"] == group)[["Entity", "Year", column]]
    mine = mine.rename(columns={column: "__mine"})
    told = []
    for frame in frames:
        if frame.attrs["name"] == group:
            continue
        joined = mine.merge(frame, on=["Entity", "Year"])
        joined = joined[joined["__mine"].notna()]
        others = joined.drop(columns=["Entity", "Year", "__mine"])
        table = pd.DataFrame({"r": others.corrwith(joined["__mine"]), "n": others.notna().sum()})
        told.append(table.set_index(frame.attrs["name"] + "." + table.index))
    every = pd.concat(told)
    every = every[every.n >= sketches.LEAST_JOINT]
    every["strength"] = sketches.certain(every.r.to_numpy(), every.n.to_numpy(float))
    return every.nlargest(10, "strength").index.tolist()


def gains(names: list[str], truth: dict[str, float]) -> float:
    """Discounted gain of a ranking, each hit worth its true strength."""
    return sum(truth.get(name, 0.0) / np.log2(i + 2) for i, name in enumerate(names))


def main() -> int:
    """Print the table."""
    folder = SHARED / "data" / "owid"
    if not folder.exists():
        print(f"skipped: {folder} is not here")
        return 0
    began = time.perf_counter()
    columns, frames = read_lake(folder)
    read = time.perf_counter() - began
    print(f"{len(columns)} columns read and hashed in {read:.1f} s\n")
    rng = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    usable = [column for column in columns if len(column.values) >= 60 and column.usable]
    asked = [usable[i] for i in rng.choice(len(usable), QUERIES, replace=False)]
    began = time.perf_counter()
    truths = [exact(column, columns) for column in asked]
    brute = (time.perf_counter() - began) / QUERIES
    times = []
    for column in asked[:BY_HAND]:
        began = time.perf_counter()
        join_and_correlate(column.name, frames)
        times.append(time.perf_counter() - began)
    by_hand = float(np.median(times))
    print("| what | held whole | sketches, verified | aim |\n|---|---|---|---|")
    both = [figures(asked, truths, columns, size, brute, by_hand) for size in (None, sketches.SKETCH_SIZE)]
    aims = ["≥ 0.95", "≥ 0.95", "≤ 20 ms", "–", "≥ 1,000 ×", "≥ 1,000 ×", "–", "–", "–", "–"]
    for (what, whole), (_, sketched), aim in zip(*both, aims, strict=True):
        print(f"| {what} | {whole} | {sketched} | {aim} |")
    lake_pairs(columns)
    aligned_pairs()
    return 0


def lake_pairs(columns: list[sketches.Column]) -> None:
    """All pairs of the lake from sketches, lined up, and pair by pair."""
    index = sketches.build(columns, PAIR_KEYS)
    began = time.perf_counter()
    index.all_pairs()
    k = len(index.columns)
    together = k * (k - 1) / 2 / (time.perf_counter() - began)
    looped = loop(index.matrix.order, PAIR_KEYS, 2000)
    print(f"\nAll pairs of the lake, {PAIR_KEYS:,} keys a column: {together / 1e6:.1f} M pairs a second (aim ≥ 5 M), ")
    print(f"{together / looped:,.0f} × the loop over pairs of sketches.")


def loop(columns: list[sketches.Column], size: int, count: int) -> float:
    """Pairs a second when two sketches at a time are joined on their hashes and correlated."""
    pairs = np.random.default_rng(0).integers(0, len(columns), (count, 2))
    began = time.perf_counter()
    for one, other in pairs:
        a, b = columns[one], columns[other]
        _, i, j = np.intersect1d(a.hashes[:size], b.hashes[:size], assume_unique=True, return_indices=True)
        if len(i) >= sketches.LEAST_JOINT:
            x, y = a.values[i], b.values[j]
            x, y = x - x.mean(), y - y.mean()
            (x @ y) / max(1e-300, np.sqrt((x @ x) * (y @ y)))
    return count / (time.perf_counter() - began)


def figures(asked, truths, columns, size, brute, by_hand):  # type: ignore[no-untyped-def]
    """Build one index, ask everything, and name each figure."""
    began = time.perf_counter()
    index = sketches.build(columns, size)
    built = time.perf_counter() - began
    recalls, ndcgs, times = [], [], []
    for column, truth in zip(asked, truths, strict=True):
        began = time.perf_counter()
        found = [hit.name for hit in index.query(column, 10)]
        times.append(time.perf_counter() - began)
        best = sorted(truth, key=lambda name: -truth[name])[:10]
        best = [name for name in best if truth[name] > 0]
        if best:
            edge = truth[best[-1]] - 1e-6
            recalls.append(sum(truth.get(name, 0) >= edge for name in found) / len(best))
            ndcgs.append(gains(found, truth) / gains(best, truth))
    began = time.perf_counter()
    r, _ = index.all_pairs()
    pairs = time.perf_counter() - began
    k, middle = len(index.columns), float(np.median(times))
    kept, beside = index.matrix.nbytes
    return [
        ("recall@10", f"{np.mean(recalls):.3f}"),
        ("nDCG@10", f"{np.mean(ndcgs):.3f}"),
        ("query, median", f"{middle * 1e3:.1f} ms"),
        ("query, 95th percentile", f"{np.quantile(times, 0.95) * 1e3:.1f} ms"),
        ("faster than joining each column (NumPy)", f"{brute / middle:.0f} ×"),
        ("faster than merging each table (pandas)", f"{by_hand / middle:.0f} ×"),
        ("index build", f"{built:.1f} s"),
        ("index size", f"{kept / 1e6:.0f} MB" + (f", and {beside / 1e6:.0f} MB to verify with" if beside else "")),
        (f"all {k * (k - 1) // 2:,} pairs", f"{pairs:.1f} s"),
        ("pairs with |r| ≥ 0.8 over ≥ 30 keys", f"{int((np.abs(np.triu(r, 1)) >= 0.8).sum()):,}"),
    ]


def aligned_pairs(k: int = 4000, keys: int = 1024) -> None:
    """All pairs of made-up columns that share one domain, 40 % absent: products beside the loop over pairs."""
    rng = np.random.default_rng(0)
    hashes = np.sort(rng.integers(1, 2**63, keys, dtype=np.uint64))
    columns = []
    for i in range(k):
        some = rng.random(keys) < 0.6
        columns.append(sketches.Column(f"c{i}", hashes[some], rng.standard_normal(int(some.sum())), f"d{i}"))
    index = sketches.build(columns, keys)
    began = time.perf_counter()
    index.all_pairs()
    together = k * (k - 1) / 2 / (time.perf_counter() - began)
    looped = loop(columns, keys, 1000)
    print(
        f"\n{k:,} columns of one domain, {keys:,} keys, 40 % absent: {together / 1e6:.1f} M pairs a second (aim ≥ 5 M)"
    )
    print(f"{together / looped:,.0f} × the loop over pairs of sketches.")


if __name__ == "__main__":
    sys.exit(main())
