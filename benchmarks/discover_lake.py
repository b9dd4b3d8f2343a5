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


def join_and_correlate(asked: str, frames: list[pd.DataFrame]) -> None:
    """What an analyst does by hand: merge each table with one's own, correlate each column."""
    group, column = asked.split(".", 1)
    mine = next(frame for frame in frames if frame.attrs["name"] == group)[["Entity", "Year", column]]
    mine = mine.rename(columns={column: "__mine"})
    for frame in frames:
        joined = mine.merge(frame, on=["Entity", "Year"])
        joined.drop(columns=["Entity", "Year"]).corrwith(joined["__mine"])


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
    began = time.perf_counter()
    join_and_correlate(asked[0].name, frames)
    by_hand = time.perf_counter() - began
    print("| what | held whole | sketches, verified | aim |\n|---|---|---|---|")
    both = [figures(asked, truths, columns, size, brute, by_hand) for size in (None, sketches.SKETCH_SIZE)]
    aims = ["≥ 0.95", "≥ 0.95", "≤ 20 ms", "–", "≥ 1,000 ×", "≥ 1,000 ×", "–", "–", "–", "–"]
    for (what, whole), (_, sketched), aim in zip(*both, aims, strict=True):
        print(f"| {what} | {whole} | {sketched} | {aim} |")
    aligned_pairs()
    return 0


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
        if best and truth[best[0]] > 0:
            edge = truth[best[-1]] - 1e-6
            recalls.append(sum(truth.get(name, 0) >= edge for name in found) / len(best))
            ndcgs.append(gains(found, truth) / gains(best, truth))
    began = time.perf_counter()
    r, _ = index.all_pairs()
    pairs = time.perf_counter() - began
    k, middle = len(index.columns), float(np.median(times))
    lined = index.matrix
    held = [lined.values.data, lined.presence.data, lined.squares.data, lined.values.indices, lined.keys]
    return [
        ("recall@10", f"{np.mean(recalls):.3f}"),
        ("nDCG@10", f"{np.mean(ndcgs):.3f}"),
        ("query, median", f"{middle * 1e3:.1f} ms"),
        ("query, 95th percentile", f"{np.quantile(times, 0.95) * 1e3:.1f} ms"),
        ("faster than joining each column (NumPy)", f"{brute / middle:.0f} ×"),
        ("faster than merging each table (pandas)", f"{by_hand / middle:.0f} ×"),
        ("index build", f"{built:.1f} s"),
        ("index size", f"{sum(part.nbytes for part in held) / 1e6:.0f} MB"),
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
    began = time.perf_counter()
    for a, b in zip(columns[:300], columns[300:600], strict=True):
        _, i, j = np.intersect1d(a.hashes, b.hashes, assume_unique=True, return_indices=True)
        np.corrcoef(a.values[i], b.values[j])
    looped = 300 / (time.perf_counter() - began)
    print(
        f"\n{k:,} columns of one domain, {keys:,} keys, 40 % absent: {together / 1e6:.1f} M pairs a second (aim ≥ 5 M)"
    )
    print(f"{together / looped:,.0f} × the loop over pairs of sketches.")


if __name__ == "__main__":
    sys.exit(main())
