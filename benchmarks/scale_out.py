"""The same summary in this process and on Spark: what a cluster of one machine costs, and that it changes no number.

    python -m benchmarks.scale_out [ROWS]

On one machine Spark cannot win: its executors share the same cores. What counts is the cost of a start, the cost of a
row on the way, and the largest difference between the two answers.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from commonweal.knowledge.insight import moments
from commonweal.knowledge.insight.engines import at, parts

COLUMNS = 100
FILES = 8


def table(rows: int, seed: int) -> pa.Table:
    """Related columns, a twentieth of the values absent."""
    random = np.random.default_rng(seed)
    values = random.standard_normal((rows, COLUMNS)) + random.standard_normal((rows, 1))
    values[random.random(values.shape) < 0.05] = np.nan
    return pa.table({f"c{j}": pa.array(values[:, j], from_pandas=True) for j in range(COLUMNS)})


def timed(work: Callable[[], moments.Moments]) -> tuple[moments.Moments, float]:
    """The result of `work` and the seconds it took."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def main(rows: int) -> int:
    """Write the files, fold them twice on each engine, print the table."""
    folder = Path(tempfile.mkdtemp(prefix="scale-out-"))
    try:
        found = []
        for number in range(FILES):
            parquet.write_table(table(rows // FILES, number), folder / f"{number}.parquet")
            found += parts.of_parquet(folder / f"{number}.parquet")
        summarise = partial(moments.of_batches, columns=[f"c{j}" for j in range(COLUMNS)])
        print(f"{rows:,} rows × {COLUMNS} columns, 5 % absent, {FILES} Parquet files\n")
        print("| engine | start, s | first fold, s | second fold, s |\n|---|---:|---:|---:|")
        told = {}
        for address in ("local", "local[2]"):
            began = time.perf_counter()
            with at(address) as engine:
                start = time.perf_counter() - began
                work = partial(engine.fold, found, partial(summarise, threads=engine.threads))
                first, second = timed(work), timed(work)
                told[address] = second[0]
                name = "this process" if address == "local" else "Spark in this machine, `local[2]`"
                print(f"| {name} | {start:.1f} | {first[1]:.1f} | {second[1]:.1f} |", flush=True)
        one, other = told["local"].correlation(), told["local[2]"].correlation()
        apart = float(np.nanmax(np.abs(one - other) / np.maximum(np.abs(one), 1e-300)))
        print(f"\nLargest relative difference between the two matrices of r: {apart:.1e} (limit 1e-9)")
        return int(apart > 1e-9)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
