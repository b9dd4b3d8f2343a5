"""Reading files as they are published."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.lake import reading
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.shaping import aggregate, shape
from commonweal.register.models import Source
from tests.unit.knowledge.declared import contract


def written(tmp_path: Path, data: bytes, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "县区,人口\n临江县,1200\n河口县,900\n".encode(encoding))
    table = reading.read(path).table
    assert table.column_names == ["县区", "人口", ROW]
    assert table.column("县区").to_pylist() == ["临江县", "河口县"]


def test_accents_in_latin_1_are_not_taken_for_chinese(tmp_path: Path) -> None:
    path = written(tmp_path, "place,n\nDoña Ana,1\nCôte-Nord,2\n".encode("latin-1"))
    assert reading.read(path).table.column("place").to_pylist() == ["Doña Ana", "Côte-Nord"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["a", "b"], ["1", "x"], ["2", "y"]]
    path = written(tmp_path, "\n".join(delimiter.join(r) for r in rows).encode())
    assert reading.read(path).table.column_names == ["a", "b", ROW]


def test_rows_of_the_wrong_width_are_kept_aside_with_their_number(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n1,2\n3,4,5\n6,7\n8\n"9\n9",10\n')
    raw = reading.read(path)
    assert raw.table.column(ROW).to_pylist() == [1, 3, 5]
    assert raw.table.column("a").to_pylist() == ["1", "6", "9\n9"]
    assert [(number, reason) for number, _, _, reason in raw.broken] == [(2, "columns:3/2"), (4, "columns:1/2")]


def test_a_file_that_unpacks_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1 << 16)
    bomb = written(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 100_000), "a.csv.gz")
    with pytest.raises(Refused, match="unpacks to more than"):
        reading.read(bomb)


def test_damaged_empty_and_wrongly_encoded_files_say_so(tmp_path: Path) -> None:
    cut = gzip.compress(b"a,b\n1,2\n" * 1000)[:-20]
    for data, name, words in (
        (b"", "a.csv", "empty"),
        (cut, "a.csv.gz", "unpacked"),
        (b"not gzip", "b.csv.gz", "unpacked"),
    ):
        with pytest.raises(Refused, match=words):
            reading.read(written(tmp_path, data, name))
    with pytest.raises(Refused, match="not written in ascii"):
        reading.read(written(tmp_path, "é,b\n1,2\n".encode()), encoding="ascii")
    with pytest.raises(Refused, match="no encoding named"):
        reading.read(written(tmp_path, b"a,b\n1,2\n"), encoding="klingon")


def test_two_columns_of_one_name_stay_two(tmp_path: Path) -> None:
    raw = reading.read(written(tmp_path, b"a,a,\n1,2,3\n"))
    assert raw.table.column_names == ["a", "a (2)", "3", ROW]


def test_year_columns_become_rows() -> None:
    bound = contract(("year", "year", {}), ("x", "decimal", {}), keys=("id", "year"))
    wide = pa.table({"Id": ["a", "b"], "1990": ["1", ""], "1991 [YR1991]": ["3", "4"], ROW: pa.array([1, 2])})
    source = Source(
        type="file",
        path="a.csv",
        rename={"Id": "id"},
        melt={"columns": r"(\d{4})( \[YR\d{4}\])?", "name": "year", "value": "x"},
    )
    rows = shape(wide, source, bound).table.to_pylist()
    assert [(r["id"], r["year"], r["x"], r[ROW]) for r in rows] == [
        ("a", "1990", "1", 1),
        ("a", "1991", "3", 1),
        ("b", "1991", "4", 2),
    ]


def test_a_weighted_mean_counts_people_not_places() -> None:
    bound = contract(("n", "integer", {}), ("rate", "decimal", {}))
    good = pa.table({"id": ["a", "a", "b"], "n": [90, 10, 5], "rate": [1.0, 11.0, None]})
    done = aggregate(good, {"n": "sum", "rate": "mean:n"}, bound).sort_by("id").to_pylist()
    assert done == [{"id": "a", "n": 100, "rate": 2.0}, {"id": "b", "n": 5, "rate": None}]


def test_a_missing_column_is_named_with_what_there_is() -> None:
    table = pa.table({"Id": ["a"], "y": ["1"], ROW: pa.array([1])})
    with pytest.raises(Refused, match="no column id, x; it has Id, y"):
        shape(table, Source(type="file", path="a.csv"), contract(("x", "integer", {})))


def test_measures_of_many_years_stay_columns_and_years_become_rows() -> None:
    bound = contract(("year", "year", {}), ("jobs", "integer", {}), ("rate", "decimal", {}), keys=("id", "year"))
    wide = pa.table(
        {
            "Id": ["a", "b"],
            "Jobs_2007": ["1,000", ""],
            "Rate_2007": ["4.5", ""],
            "Jobs_2008": ["", "7"],
            "Note_2008": ["x", "y"],
            ROW: pa.array([1, 2]),
        }
    )
    source = Source(
        type="file",
        path="a.csv",
        rename={"Id": "id", "Jobs": "jobs", "Rate": "rate"},
        melt={"columns": r"(?P<measure>.+)_(?P<label>\d{4})", "name": "year"},
    )
    rows = shape(wide, source, bound).table.to_pylist()
    assert [(r["id"], r["year"], r["jobs"], r["rate"], r[ROW]) for r in rows] == [
        ("a", "2007", "1,000", "4.5", 1),
        ("b", "2008", "7", None, 2),
    ]


def test_totals_are_left_out_and_counted_and_marks_of_footnotes_come_off() -> None:
    bound = contract(("n", "integer", {}))
    table = pa.table(
        {"id": ["01000", "01001", "Total"], "n": ["30", "4779736(r38235)", "30"], ROW: pa.array([1, 2, 3])}
    )
    source = Source(type="file", path="a.csv", without={"id": r"\d{2}000|Total"}, strip={"n": r"\(r\d+\)$"})
    shaped = shape(table, source, bound)
    assert shaped.table.select(["id", "n"]).to_pylist() == [{"id": "01001", "n": "4779736"}]
    assert (shaped.without, shaped.recoded) == (2, 1)


def test_the_same_rows_have_the_same_name_however_they_lie_in_memory() -> None:
    from commonweal.knowledge.lake.actions import fingerprint

    bound = contract(("n", "integer", {}), ("rate", "decimal", {}))
    count = 70_000
    rows = pa.table(
        {
            "id": pa.array([f"k{i}" for i in range(count)]),
            "n": pa.array(range(count), pa.int64()),
            "rate": pa.array(np.arange(count) / 3, mask=np.arange(count) % 7 == 0),
        }
    )
    cut = pa.concat_tables([rows.slice(0, 777), rows.slice(777)])
    taken = rows.take(pa.array(range(count)))
    assert len({fingerprint(each, bound) for each in (rows, cut, taken, rows.combine_chunks())}) == 1
    assert fingerprint(rows.slice(1), bound) != fingerprint(rows, bound)
