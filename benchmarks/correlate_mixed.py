"""Columns of mixed types, 100 k rows × 30: beside dython and phik, the same values where the statistic is the same.

Aims: at least 20 × as fast as dython, 40 × as phik; values equal to 1e-6. Then the memory of `commonweal correlate` on
a file of ten times the rows, which is to be the same.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
from dython.nominal import associations
from phik import phik_matrix

from commonweal.knowledge.insight import engines, measures
from commonweal.knowledge.insight.correlating import HeldPart
from commonweal.knowledge.insight.measuring import Measured, measure

ROWS, COLUMNS = 100_000, 30
PEAK = """
import resource, sys
from commonweal.cli import app
try:
    app(sys.argv[1:], result_action="return_value")
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def frame(rows: int, seed: int = 0) -> pd.DataFrame:
    """Half numbers, half categories of 3 to 12 values, all of them leaning on a few common causes."""
    draw = np.random.default_rng(seed)
    causes = draw.standard_normal((rows, 4))
    mixed = causes @ draw.standard_normal((4, COLUMNS)) + 1.5 * draw.standard_normal((rows, COLUMNS))
    columns: dict[str, object] = {}
    for j in range(COLUMNS):
        if j % 2:
            kinds = 3 + j % 10
            cut = np.quantile(mixed[:, j], np.linspace(0, 1, kinds + 1)[1:-1])
            columns[f"c{j}"] = pd.Categorical([f"k{k}" for k in np.searchsorted(cut, mixed[:, j])])
        else:
            columns[f"n{j}"] = mixed[:, j]
    return pd.DataFrame(columns)


def timed(work: Callable[[], object], runs: int = 1) -> tuple[object, float]:
    """What it gave, and the seconds of its fastest run."""
    best, told = float("inf"), None
    for _ in range(runs):
        began = time.perf_counter()
        told = work()
        best = min(best, time.perf_counter() - began)
    return told, best


def ours(batch: pa.RecordBatch, statistics: tuple[str, ...]) -> Measured:
    """All pairs, each by the statistics named, with intervals and tests."""
    with engines.at("local") as engine:
        return measure(engine, [HeldPart(batch)], batch.schema.names, statistics=statistics)


def furthest(found: Measured, theirs: pd.DataFrame) -> float:
    """The largest difference between our value of a pair and dython's."""
    names = found.plan.names
    return max(
        float(abs(abs(v) - abs(theirs.loc[names[i], names[j]])))
        for one in found.found
        for i, j, v in zip(one.left, one.right, one.value, strict=True)
    )


def peak(rows: int, folder: Path) -> int:
    """MB at most while `commonweal correlate` measures a Parquet file of so many rows."""
    path = folder / f"{rows}.parquet"
    with parquet.ParquetWriter(path, pa.Table.from_pandas(frame(10)).schema) as writer:
        for k in range(rows // ROWS):
            writer.write_table(pa.Table.from_pandas(frame(ROWS, k), schema=writer.schema))
    command = [sys.executable, "-c", PEAK, "correlate", str(path), "--format", "json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(ended.stderr.split()[-1])


def main() -> None:
    """Print the tables."""
    warnings.simplefilter("ignore")
    data = frame(ROWS)
    batch = pa.RecordBatch.from_pandas(data)
    natural, own = timed(lambda: ours(batch, measures.NATURAL), 3)
    _, everything = timed(lambda: ours(batch, measures.STATISTICS), 3)
    theirs, dython = timed(
        lambda: associations(data, nom_nom_assoc="cramer", cramers_v_bias_correction=True, compute_only=True)["corr"]
    )
    _, theil = timed(lambda: associations(data, nom_nom_assoc="theil", compute_only=True))
    numbers = [name for name in data if name.startswith("n")]
    _, phik = timed(lambda: phik_matrix(data, interval_cols=numbers, verbose=False))
    assert isinstance(natural, Measured)
    assert isinstance(theirs, pd.DataFrame)
    print("| 100 k rows × 30 columns, all 435 pairs | seconds | × ours |\n|---|---|---|")
    for what, seconds in (
        ("Commonweal: r, η, V with intervals and tests", own),
        ("Commonweal: those, Spearman, mutual information and ξ", everything),
        ("dython, Cramér", dython),
        ("dython, Theil's U", theil),
        ("phik", phik),
    ):
        print(f"| {what} | {seconds:.2f} | {seconds / own:.1f} |")
    print(f"\nLargest difference from dython's r, η, V over all pairs: {furthest(natural, theirs):.1e}")
    print(f"phik beside all six statistics: {phik / everything:.1f} ×")
    with tempfile.TemporaryDirectory() as folder:
        small, large = peak(ROWS * 4, Path(folder)), peak(ROWS * 40, Path(folder))
    print(f"Peak memory of `commonweal correlate`: {small} MB at 400 k rows, {large} MB at 4 M rows")
    print(f"(this benchmark itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB)")


if __name__ == "__main__":
    main()
