"""Hold a dataset to its declaration and store it, beside the bare Parquet write of the same rows and beside two
libraries that check the same rules.

    python -m benchmarks.lake_check_and_store [rows]

One table of 12 columns: a key with a pattern, a code of a list of 3,000, a code of a list of 8, a year, a date, a
yes/no, two ranged integers, three ranged decimals and a short text; a few rows in every 10,000 break a rule. Checking
and storing is what `commonweal collect` does with a Parquet file: types, patterns, lists, ranges, required cells,
unique keys, the bad rows set aside with their reasons, the rest sorted by key, hashed and committed to an Iceberg
table. The two libraries get the same table in the form they like best, and only check.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
django.setup()

ROWS = 1_000_000
PEER_ROWS = {"pandera": 1_000_000, "frictionless": 20_000}
"""Frictionless checks row by row; its time for all rows is reckoned from these."""
ROUNDS = 3
PATTERN = r"[A-Z]{2}[0-9]{8}"
COUNTIES = [f"{i:05}" for i in range(1, 3001)]
KINDS = list("ABCDEFGH")


def rows(count: int, seed: int = 1) -> pa.Table:
    """The rows, each column of the type in which a publisher's Parquet file holds it."""
    random = np.random.default_rng(seed)
    bad = random.random(count) < 0.0002
    key = np.char.add("AB", np.char.zfill(np.arange(count).astype(str), 8))
    county = np.array(COUNTIES)[random.integers(0, len(COUNTIES), count)]
    people = random.integers(0, 5000, count)
    people[bad] = -1
    return pa.table(
        {
            "id": pa.array(key),
            "county": pa.array(county),
            "kind": pa.array(np.array(KINDS)[random.integers(0, 8, count)]),
            "year": pa.array(random.integers(1990, 2026, count).astype("int32")),
            "day": pa.array(random.integers(7000, 20000, count).astype("int32")).cast(pa.date32()),
            "open": pa.array(random.random(count) < 0.5),
            "people": pa.array(people),
            "rooms": pa.array(random.integers(1, 300, count)),
            "share": pa.array(random.random(count) * 100),
            "income": pa.array(np.round(random.lognormal(10, 1, count), 2)),
            "score": pa.array(random.normal(0, 1, count), mask=random.random(count) < 0.05),
            "note": pa.array(np.array(["fine", "as before", "see letter", "new"])[random.integers(0, 4, count)]),
        }
    )


def contract() -> Any:
    """The declaration those rows are held to."""
    from commonweal.knowledge.lake.contract import BoundColumn, Contract
    from commonweal.register.models import Column, DataElement, Dataset, Text

    def bound(name: str, kind: str, codes: list[str] | None = None, required: bool = True, **told: Any) -> BoundColumn:
        element = DataElement(id=f"place.{name}", type=kind, name=Text({"en": name}), **told)
        return BoundColumn(name, element, required, frozenset(codes) if codes else None)

    columns = (
        bound("id", "string", pattern=PATTERN),
        bound("county", "code", COUNTIES, codelist="counties"),
        bound("kind", "code", KINDS, codelist="kinds"),
        bound("year", "year", min=1990, max=2030),
        bound("day", "date"),
        bound("open", "boolean"),
        bound("people", "integer", min=0, max=10_000),
        bound("rooms", "integer", min=0, max=1_000),
        bound("share", "decimal", min=0, max=100),
        bound("income", "decimal", min=0),
        bound("score", "decimal", required=False),
        bound("note", "string", max_length=20),
    )
    told = tuple(Column(name=c.name, element=c.element.id) for c in columns)
    dataset = Dataset(id="places", name=Text({"en": "Places"}), publisher="statistics", columns=told, keys=("id",))
    return Contract(dataset, columns)


def checked_and_stored(table: pa.Table, folder: Path) -> int:
    """What a collection does; returns the number of rows set aside."""
    from commonweal.knowledge.lake.actions import fingerprint, in_order
    from commonweal.knowledge.lake.checking import ROW, conform
    from commonweal.knowledge.lake.store import QUARANTINE, Store

    promised = contract()
    raw = table.append_column(ROW, pa.array(np.arange(1, len(table) + 1)))
    result = conform(raw, promised)
    stored = in_order(result.good, promised)
    store = Store(folder)
    noted = {"commonweal.hash": fingerprint(stored, promised)}
    store.replace("places", result.faults, noted, QUARANTINE)
    store.replace("places", stored, noted)
    return len(result.faults)


def bare(table: pa.Table, folder: Path) -> int:
    """The same rows to one Parquet file, compressed as the lake's are."""
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, folder / "bare.parquet", compression="zstd")
    return 0


def pandera(table: pa.Table) -> int:
    """The same rules in pandera, on a pandas frame; its own lazy report of every failure."""
    import pandas
    import pandera.pandas as pa_

    frame = table.to_pandas()
    check, column = pa_.Check, pa_.Column
    schema = pa_.DataFrameSchema(
        {
            "id": column(str, check.str_matches(f"^{PATTERN}$"), unique=True),
            "county": column(str, check.isin(COUNTIES)),
            "kind": column(str, check.isin(KINDS)),
            "year": column("int32", check.in_range(1990, 2030)),
            "day": column(object),
            "open": column(bool),
            "people": column("int64", check.in_range(0, 10_000)),
            "rooms": column("int64", check.in_range(0, 1_000)),
            "share": column(float, check.in_range(0, 100)),
            "income": column(float, check.ge(0)),
            "score": column(float, nullable=True),
            "note": column(str, check.str_length(max_value=20)),
        }
    )
    try:
        schema.validate(frame, lazy=True)
    except pa_.errors.SchemaErrors as problem:
        return len(pandas.DataFrame(problem.failure_cases))
    return 0


def frictionless(table: pa.Table, folder: Path) -> int:
    """The same rules in Frictionless, on a CSV file of the rows."""
    from frictionless import Checklist, Resource, Schema
    from pyarrow import csv

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "rows.csv"
    csv.write_csv(table, path)

    def field(name: str, kind: str, **constraints: Any) -> dict[str, Any]:
        return {"name": name, "type": kind, "constraints": constraints}

    fields = [
        field("id", "string", pattern=PATTERN, required=True, unique=True),
        field("county", "string", enum=COUNTIES, required=True), field("kind", "string", enum=KINDS, required=True),
        field("year", "integer", minimum=1990, maximum=2030, required=True), field("day", "date", required=True),
        field("open", "boolean", required=True), field("people", "integer", minimum=0, maximum=10_000, required=True),
        field("rooms", "integer", minimum=0, maximum=1_000, required=True),
        field("share", "number", minimum=0, maximum=100, required=True),
        field("income", "number", minimum=0, required=True), field("score", "number"),
        field("note", "string", maxLength=20, required=True),
    ]  # fmt: skip
    schema = Schema.from_descriptor({"fields": fields})
    resource = Resource(path=path.name, basepath=str(folder), schema=schema)
    report = resource.validate(Checklist(), limit_errors=1_000_000)
    return len(report.flatten(["rowNumber"]))


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds and what the work counted."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def main(count: int = ROWS) -> None:
    """Measure and print the table."""
    table = rows(count)
    small = table.slice(0, min(count, PEER_ROWS["frictionless"]))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        checked_and_stored(small, home / "warm")
        bare(small, home / "warm")
        ours, plain = [], []
        for i in range(ROUNDS):  # in turn, so that a busy machine troubles both
            ours.append(timed(lambda i=i: checked_and_stored(table, home / f"ours{i}")))  # type: ignore[misc]
            plain.append(timed(lambda i=i: bare(table, home / f"bare{i}")))  # type: ignore[misc]
        own, base = min(ours), min(plain)
        peer = timed(lambda: pandera(table))
        slow = timed(lambda: frictionless(small, home / "frictionless"))
    reckoned = slow[0] * count / len(small)
    print(f"{count:,} rows x {table.num_columns} columns, best of {ROUNDS}\n")
    print("| what | seconds | faults found | beside the bare write | beside ours |")
    print("|---|---|---|---|---|")
    for label, seconds, found in (
        ("bare Parquet write, nothing checked", base[0], "–"),
        ("check and store", own[0], f"{own[1]:,}"),
        ("pandera, check only", peer[0], f"{peer[1]:,}"),
        (f"frictionless, check only (reckoned from {len(small):,} rows)", reckoned, f"{slow[1]:,} of {len(small):,}"),
    ):
        print(f"| {label} | {seconds:.2f} | {found} | {seconds / base[0]:.1f} x | {seconds / own[0]:.1f} x |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
