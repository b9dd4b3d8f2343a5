"""Whatever a file holds, collecting ends in a clear refusal or in rows and faults that add up."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.engine import Column, associate
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.lake.checking import ROW, conform
from commonweal.knowledge.lake.reading import Raw, read
from tests.unit.knowledge.declared import contract, element

pytestmark = pytest.mark.hostile

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TYPES = ("integer", "decimal", "money", "boolean", "date", "year", "code", "region", "string")


def attempt(path: Path) -> Raw | None:
    """Read, or be refused; any other exception fails the test."""
    try:
        return read(path)
    except Refused:
        return None


@SETTINGS
@given(data=st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    for name in ("a.csv", "a.csv.gz", "a.dta", "a.tsv", "a.json", "a.parquet", "a.xlsx", "a.ods", "a.arrow"):
        (tmp_path / name).write_bytes(data)
        attempt(tmp_path / name)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(data))
    attempt(tmp_path / "b.csv.gz")


@SETTINGS
@given(rows=st.lists(st.lists(st.text(alphabet='ab1,;|\t"\n é县', max_size=6), max_size=5), min_size=1, max_size=12))
def test_any_text_and_every_row_accounted_for(tmp_path: Path, rows: list[list[str]]) -> None:
    (tmp_path / "a.csv").write_text("\n".join(",".join(r) for r in rows), encoding="utf-8")
    raw = attempt(tmp_path / "a.csv")
    if raw is not None:
        numbers = [*raw.table.column(ROW).to_pylist(), *(number for number, *_ in raw.broken)]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(["1,2,3", "1e999", "-0", "２０２６", "2026-02-30", "=1+1", "\x00", "AP", "苹果", "1" * 300]),
)


@SETTINGS
@given(kind=st.sampled_from(TYPES), cells=st.lists(CELLS, max_size=20))
def test_any_cell_under_any_type(kind: str, cells: list[str | None]) -> None:
    more = {"codelist": "fruit"} if kind == "code" else {}
    table = pa.table(
        {
            "id": [str(i) for i in range(len(cells))],
            "x": pa.array(cells, pa.string()),
            ROW: pa.array(range(1, len(cells) + 1), pa.int64()),
        },
        schema=pa.schema([("id", pa.string()), ("x", pa.string()), (ROW, pa.int64())]),
    )
    result = conform(table, contract(("x", kind, more)))
    aside = {f["row"] for f in result.faults.to_pylist()}
    assert len(result.good) + len(aside) == len(cells)
    assert set(result.rows.to_pylist()) | aside == set(range(1, len(cells) + 1))


NUMBERS = st.one_of(st.floats(width=32), st.sampled_from([0.0, 1e300, -1e300, 1e-300, float("nan"), float("inf")]))


@SETTINGS
@given(pairs=st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 15), st.integers(0, 5)), max_size=80))
def test_any_numbers_give_a_measured_pair_or_a_reason_why_not(pairs: list[tuple[float, float, int, int]]) -> None:
    rows = sorted({(p, t): (x, y) for x, y, p, t in pairs}.items())
    place = np.array([p for (p, _), _ in rows], dtype=np.int64)
    time = np.array([t for (_, t), _ in rows], dtype=np.int64)
    x, y = (np.array([v[i] for _, v in rows], dtype=float) for i in (0, 1))
    sides = [Column(v, Measure(n, element(n, "decimal"), v)) for v, n in ((x, "x"), (y, "y"))]
    with np.errstate(all="ignore"):
        found = associate(sides[0], sides[1], place, time)
    assert (found.withheld is None) == bool(found.views)
    for view in found.views.values():
        assert -1 <= view.low <= view.value <= view.high <= 1
        assert 0 <= view.p <= 1
