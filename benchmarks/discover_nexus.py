"""The same questions put to Nexus and to ours on the same tables: quality against brute force, and time.

Nexus (SIGMOD 2024; `pip install nexus-corr-discovery`) pins old libraries, so it lives in a virtual environment of its
own, whose interpreter COMMONWEAL_NEXUS_PYTHON names; skipped without it. It knows places as ZIP codes and years as
dates: countries are numbered, 1990 becomes 1990-01-01, columns are called c0, c1, …; it averages by year and place.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from benchmarks.discover_lake import SHARED, exact, read_lake
from commonweal.knowledge.insight import sketches

TABLES = 150
ASKED = 8
NEXUS = """
import contextlib, json, os, sys, time
with contextlib.redirect_stdout(sys.stderr):
    from nexus.nexus_api import API
    from nexus.utils.spatial_hierarchy import SPATIAL_GRANU
    from nexus.utils.time_point import TEMPORAL_GRANU
    at = TEMPORAL_GRANU.YEAR, SPATIAL_GRANU.ZIPCODE
    began = time.perf_counter()
    API.ingest_data("lake.duckdb", "duckdb", ["lake"], [at[0]], [at[1]])
    told = {"built": time.perf_counter() - began, "size": os.path.getsize("lake.duckdb"), "answers": {}}
    for name in sys.argv[1:]:
        api = API("lake.duckdb", "duckdb", ["lake"])
        began = time.perf_counter()
        rows = api.find_correlations_from(name, *at, 30, 0.0)
        told["answers"][name] = {"seconds": time.perf_counter() - began, "rows": rows.to_dict("records")}
print(json.dumps(told, default=str))
"""


def prepare(frames: list[pd.DataFrame], folder: Path) -> dict[str, list[str]]:
    """Write the tables as Nexus reads them; the columns of each."""
    (folder / "data").mkdir()
    places: dict[str, int] = {}
    catalogue, columns = {}, {}
    for frame in frames:
        rows = frame[frame.Year.between(1700, 2250) & frame.Entity.notna()]
        names = list(frame.columns[2:])
        if not len(rows) or not names:
            continue
        made = pd.DataFrame(
            {
                "place": [places.setdefault(each, 10_000 + len(places)) for each in rows.Entity],
                "day": rows.Year.astype(str) + "-01-01",
                **{f"c{k}": rows[name].to_numpy() for k, name in enumerate(names)},
            }
        )
        table = f"t{len(columns)}"
        made.to_csv(folder / "data" / f"{table}.csv", index=False)
        columns[table] = [f"{frame.attrs['name']}.{name}" for name in names]
        catalogue[table] = {
            "domain": "", "tbl_id": table, "tbl_name": table, "t_attrs": [{"name": "day", "granu": "DAY"}],
            "s_attrs": [{"name": "place", "granu": "ZIPCODE"}], "num_columns": [f"c{k}" for k in range(len(names))],
        }  # fmt: skip
    paths = {f"{n}_path": f"{n}.json" for n in ("meta", "attr", "profile", "col_stats", "failed_tbl")}
    (folder / "meta.json").write_text(json.dumps(catalogue))
    (folder / "config.yaml").write_text(yaml.safe_dump({"lake": {"data_path": "data", **paths}}))
    return columns


def told_by(rows: list[dict[str, object]], columns: dict[str, list[str]], asked: str) -> list[str]:
    """Nexus's answers for one column joined by place and year, ranked as ours are."""
    found: dict[str, float] = {}
    for row in rows:
        names = []
        for side in ("1", "2"):
            place = str(row[f"agg_attr{side}"]).removeprefix("avg_c")
            table = columns[str(row[f"table_id{side}"])]
            names.append(table[int(place)] if place.isdigit() and int(place) < len(table) else "")
        if row["spatio-temporal key type"] != "st" or asked not in names:
            continue  # joined by year alone or by place alone
        other = names[1 - names.index(asked)]
        r, n = float(str(row["correlation coefficient"])), float(str(row["number of samples"]))
        found[other] = float(sketches.certain(np.array([r]), np.array([n]))[0])
    return sorted(found, key=lambda name: -found[name])[:10]


def main() -> int:
    """Print the table."""
    python = os.environ.get("COMMONWEAL_NEXUS_PYTHON", "")
    folder = SHARED / "data" / "owid"
    if not folder.exists() or not Path(python).is_file():
        print("skipped: name the interpreter of an environment with nexus-corr-discovery in COMMONWEAL_NEXUS_PYTHON")
        return 0
    columns, frames = read_lake(folder)
    frames = [frames[k] for k in np.random.default_rng(0).choice(len(frames), TABLES, replace=False)]
    here = {frame.attrs["name"] for frame in frames}
    columns = [column for column in columns if column.group in here]
    with tempfile.TemporaryDirectory() as work:
        tables = prepare(frames, Path(work))
        big = [t for t, names in tables.items() if any(len(c.values) >= 500 for c in columns if c.name in names)][
            :ASKED
        ]
        run = subprocess.run(
            [python, "-W", "ignore", "-c", NEXUS, *big], cwd=work, capture_output=True, text=True, check=False
        )
        if run.returncode:
            print(f"skipped: Nexus ended with {run.stderr.strip().splitlines()[-1]}")
            return 0
        told = json.loads(run.stdout.splitlines()[-1])
    began = time.perf_counter()
    index = sketches.build(columns)
    built = time.perf_counter() - began
    seconds = [0.0, 0.0]
    recalls: tuple[list[float], list[float]] = ([], [])
    for table in big:
        answer = told["answers"][table]
        seconds[1] += answer["seconds"]
        for column in (c for c in columns if c.name in tables[table] and c.usable):
            began = time.perf_counter()
            mine = [hit.name for hit in index.query(column, 10)]
            seconds[0] += time.perf_counter() - began
            truth = exact(column, columns)
            best = [name for name in sorted(truth, key=lambda name: -truth[name])[:10] if truth[name] > 0]
            for found, into in ((mine, recalls[0]), (told_by(answer["rows"], tables, column.name), recalls[1])):
                if best:
                    into.append(sum(truth.get(name, 0) >= truth[best[-1]] - 1e-6 for name in found) / len(best))
    print(f"{len(tables)} tables, {len(columns)} columns; everything that goes with each column of {len(big)} tables\n")
    print("| | ours | Nexus |\n|---|---:|---:|")
    print(f"| index build | {built:.1f} s | {told['built']:.0f} s |")
    print(f"| index size | {sum(index.matrix.nbytes) / 1e6:.0f} MB | {told['size'] / 1e6:.0f} MB |")
    print(f"| all columns of a table, seconds | {seconds[0] / len(big):.3f} | {seconds[1] / len(big):.1f} |")
    print(f"| recall@10 against brute force | {np.mean(recalls[0]):.2f} | {np.mean(recalls[1]):.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
