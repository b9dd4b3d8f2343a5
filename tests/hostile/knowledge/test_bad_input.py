"""The bad input that departments really send: each ends in a clear report, and no row is lost in silence."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from pyarrow import csv as arrow_csv
from scipy import stats

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.correlating import Asked, correlate
from commonweal.knowledge.lake import reading
from commonweal.knowledge.lake.checking import Conformed, conform
from commonweal.knowledge.lake.contract import BoundColumn, Contract
from commonweal.knowledge.lake.reading import read
from commonweal.register.models import Column, DataElement, Dataset, Text

pytestmark = pytest.mark.hostile


def contract(*columns: tuple[str, str], keys: tuple[str, ...] = ("id",)) -> Contract:
    told = [("id", "string"), *columns]
    bound = tuple(
        BoundColumn(name, DataElement(id=f"t.{name}", type=kind, name=Text({"en": name})), name in keys)  # type: ignore[arg-type]
        for name, kind in told
    )
    listed = tuple(Column(name=name, element=f"t.{name}") for name, _ in told)
    return Contract(Dataset(id="t", name=Text({"en": "T"}), publisher="x", columns=listed, keys=keys), bound)


def held(raw: reading.Raw, promised: Contract) -> Conformed:
    """The rows held to the contract, every one of them accounted for."""
    result = conform(raw.table, promised)
    aside = len(set(result.faults.column("row").to_pylist()))
    assert len(result.good) + aside == len(raw.table)
    return result


def reasons(result: Conformed) -> list[tuple[int, str, str]]:
    return [(f["row"], f["column"], f["reason"]) for f in result.faults.to_pylist()]


@pytest.mark.parametrize("below", ["3,广州\n".encode("gb18030"), "3,Besançon\n".encode("latin-1")])
@pytest.mark.parametrize("above", ["1,北京\n2,上海\n", "1,Orléans\n2,Nîmes\n"])
def test_two_encodings_in_one_file(tmp_path: Path, above: str, below: bytes) -> None:
    """An office pasted one export below another: read as one it would be rubbish that nobody notices."""
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"id,name\n" + above.encode() + below)
    with pytest.raises(Refused, match="two encodings: line 2 is UTF-8 and line 4 is not"):
        read(path)
    with pytest.raises(Refused, match="not written in utf-8"):
        read(path, encoding="utf-8")


def test_columns_that_shifted(tmp_path: Path) -> None:
    """A comma inside a name moved the cells: rows of another width, and cells in the wrong place, are told."""
    path = tmp_path / "shifted.csv"
    path.write_text("id,name,people\n1,Ash,10\n2,Birch, Upper,20\n3,Cedar\n4,30,Dale\n")
    raw = read(path)
    assert [(row, why) for row, _, _, why in raw.broken] == [(2, "columns:4/3"), (3, "columns:2/3")]
    result = held(raw, contract(("name", "string"), ("people", "integer")))
    assert reasons(result) == [(4, "people", "not-a-number")]
    assert result.good.column("people").to_pylist() == [10]


def test_dates_in_five_formats(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(
        "id,day\n1,2026-03-31\n2,31.3.2026\n3,2026年3月31日\n4,20260331\n5,03/04/2026\n6,2026-02-30\n7,46112\n"
    )
    result = held(read(path), contract(("day", "date")))
    assert {str(day) for day in result.good.column("day").to_pylist()} == {"2026-03-31"}
    assert reasons(result) == [(5, "day", "not-a-date"), (6, "day", "not-a-date"), (7, "day", "not-a-date")]


def test_ten_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"c{i}" for i in range(10_000)]
    path.write_text(
        "id," + ",".join(names) + "\n" + "\n".join("1," + ",".join(["7"] * 10_000) for _ in range(3)) + "\n"
    )
    raw = read(path)
    assert raw.table.num_columns == 10_002
    assert conform(raw.table, contract(("c9999", "integer"), keys=("c9999",))).repeated == 2
    path.write_text(",".join(f"c{i}" for i in range(30_000)) + "\n")
    with pytest.raises(Refused, match="at most 20000"):
        read(path)


def test_columns_by_the_thousand_are_correlated_without_holding_every_pair(tmp_path: Path) -> None:
    """Four and a half million pairs, measured panel beside panel: the one that goes together comes first, and is
    adjusted for all that were tried."""
    chance = np.random.default_rng(5)
    held = chance.normal(size=(3000, 40))
    held[2990] = 3 * held[4] + 0.01 * chance.normal(size=40)
    path = tmp_path / "wide.csv"
    arrow_csv.write_csv(pa.table({f"c{i}": column.round(3) for i, column in enumerate(held)}), path)
    text, code = correlate(Asked((path,), format="json"))
    first = json.loads(text)[0]
    assert code == 0
    assert {first["left"], first["right"]} == {"c4", "c2990"}
    assert first["value"] > 0.999
    bare = stats.pearsonr(held[4].round(3), held[2990].round(3)).pvalue
    assert first["p_adjusted"] == pytest.approx(bare * 3000 * 2999 / 2, rel=1e-6)


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_a_spreadsheet_that_unpacks_to_gigabytes(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1 << 20)
    path = tmp_path / f"bomb.{suffix}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (8 << 20))
        parts.writestr("content.xml", b"0" * (8 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(Refused, match="unpacks to more than"):
        read(path)


def test_a_parquet_file_that_unpacks_to_gigabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1 << 20)
    path = tmp_path / "bomb.parquet"
    parquet.write_table(pa.table({"id": pa.array(range(1_000_000))}), path, use_dictionary=False, compression="zstd")
    monkeypatch.setattr(reading, "LARGEST", path.stat().st_size + 1)
    with pytest.raises(Refused, match="unpacks to more than"):
        read(path)


def test_endless_numbers_and_numbers_that_are_none(tmp_path: Path) -> None:
    text = tmp_path / "odd.csv"
    text.write_text("id,share\n1,inf\n2,-Infinity\n3,NaN\n4,1e999\n5,0.5\n6,1e308\n")
    typed = tmp_path / "odd.parquet"
    values = [np.inf, -np.inf, np.nan, np.inf, 0.5, 1e308]
    parquet.write_table(pa.table({"id": [str(i) for i in range(1, 7)], "share": values}), typed)
    for raw in (read(text), read(typed), read(typed, typed=True)):
        result = held(raw, contract(("share", "decimal")))
        assert [row for row, _, _ in reasons(result)] == [1, 2, 4]
        assert result.good.column("share").to_pylist() == [None, 0.5, 1e308]


def test_a_constant_column_and_one_giant_category() -> None:
    count = 200_000
    raw = pa.table(
        {"id": [str(i) for i in range(count)], "same": ["7"] * count, "text": ["x" * 1000] * count}
    ).append_column("__row", pa.array(range(1, count + 1)))
    result = conform(raw, contract(("same", "integer"), ("text", "string")))
    assert (len(result.good), len(result.faults)) == (count, 0)


def test_a_key_that_repeats_a_million_times() -> None:
    count = 1_000_000
    raw = pa.table({"id": pa.array(["k"]).take(pa.array(np.zeros(count, dtype=np.int64)))})
    result = conform(raw.append_column("__row", pa.array(np.arange(1, count + 1))), contract())
    assert (len(result.good), result.repeated) == (1, count - 1)
    assert len(result.faults) == count - 1
    assert result.faults.slice(0, 1).to_pylist() == [{"row": 2, "column": "id", "value": "k", "reason": "duplicate:1"}]
