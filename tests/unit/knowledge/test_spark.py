"""On a real cluster of the loopback: the numbers of the local engine, whatever happens to an executor."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from pyiceberg.catalog.sql import SqlCatalog

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import moments, sketches
from commonweal.knowledge.insight.engines import at, keyed, parts
from commonweal.knowledge.insight.measures import STATISTICS
from commonweal.knowledge.insight.measuring import measure

from . import spark_cluster

pytestmark = [
    pytest.mark.skipif(spark_cluster.missing() is not None, reason=spark_cluster.missing() or ""),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

COLUMNS = tuple("abcdef")


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    with spark_cluster.cluster(tmp_path_factory.mktemp("spark")) as address, at(address) as engine:
        yield engine


def rows(seed: int, count: int, gaps: float = 0.0) -> pa.Table:
    """Six related columns far from zero, some of their values absent, under keys that repeat."""
    random = np.random.default_rng(seed)
    values = random.standard_normal((count, 6)) @ random.standard_normal((6, 6)) + 1e4 * np.arange(6)
    values[random.random(values.shape) < gaps] = np.nan
    table = pa.table({name: pa.array(values[:, j], from_pandas=True) for j, name in enumerate(COLUMNS)})
    stamps = pa.array(np.arange(count) % 40, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    return table.append_column("place", pa.array([f"P{i % 97}" for i in range(count)])).append_column("seen", stamps)


def written(folder: Path, gaps: float, files: int = 11) -> list[parts.ParquetPart]:
    found = []
    for number in range(files):
        parquet.write_table(rows(number, 700 + 300 * number, gaps), folder / f"{number}.parquet", row_group_size=500)
        found += parts.of_parquet(folder / f"{number}.parquet")
    return found


def same(one: moments.Moments, other: moments.Moments) -> None:
    np.testing.assert_array_equal(one.counts, other.counts)
    np.testing.assert_allclose(one.correlation(), other.correlation(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.covariance(), other.covariance(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_moments_are_those_of_the_local_engine(spark, tmp_path, gaps):
    where = written(tmp_path, gaps)
    assert len(where) > 8, "more parts than one machine adds up, so that executors do"
    summarise = partial(moments.of_batches, columns=COLUMNS)
    same(spark.fold(where, partial(summarise, threads=spark.threads)), at("local").fold(where, summarise))


def test_an_index_built_in_parts_answers_as_one_built_here(spark, tmp_path):
    where = written(tmp_path, 0.1)
    summarise = partial(keyed.of_batches, keys=("place", "seen"), columns=COLUMNS)
    far, near = spark.fold(where, summarise), at("local").fold(where, summarise)
    answers = []
    for columns in (far.columns("lake"), near.columns("lake"), here(where)):
        index = sketches.build(columns)
        answers.append(index.query(sketches.Column("mine", columns[0].hashes, columns[0].values), top=6))
    for hits in answers[1:]:
        assert [h.name for h in answers[0]] == [h.name for h in hits]
        np.testing.assert_allclose([h.value for h in answers[0]], [h.value for h in hits], rtol=1e-6)
    for one, other in zip(far.columns("lake"), here(where), strict=True):
        np.testing.assert_array_equal(one.hashes, other.hashes)
        np.testing.assert_allclose(one.values, other.values, rtol=1e-9)


def here(where: list[parts.ParquetPart]) -> list[sketches.Column]:
    """The columns as the plain index makes them from whole tables."""
    table = pa.Table.from_batches([batch for part in where for batch in part.batches()])
    hashes = sketches.hash_keys([table["place"].to_pylist(), table["seen"].to_pylist()])
    return [
        sketches.Column.of(f"lake.{name}", hashes, table[name].to_numpy().astype(float), "lake") for name in COLUMNS
    ]


def test_a_lakes_table_is_read_as_its_snapshot_stands(spark, tmp_path):
    catalogue = SqlCatalog("test", uri=f"sqlite:///{tmp_path}/c.sqlite3", warehouse=tmp_path.as_uri())
    catalogue.create_namespace("lake")
    table = catalogue.create_table("lake.t", rows(1, 10).schema)
    for number in range(3):
        table.append(rows(number, 500))
    before = table.current_snapshot().snapshot_id
    table.delete("place == 'P7'")
    with table.update_schema() as schema:
        schema.rename_column("a", "renamed")
    for snapshot, names in ((None, ("renamed", *COLUMNS[1:])), (before, COLUMNS)):
        found = parts.of_lake(table, snapshot, columns=names)
        whole = moments.of_batches(
            table.scan(snapshot_id=snapshot, selected_fields=names).to_arrow().to_batches(), names
        )
        same(spark.fold(found, partial(moments.of_batches, columns=names, threads=1)), whole)


def dies_once(batches, marker):
    """Moments, but the first time anywhere the executor that computes them is killed."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return moments.of_batches(batches, COLUMNS, threads=1)
    daemon = Path(f"/proc/{os.getppid()}/status").read_text()
    executor = int(next(line.split()[1] for line in daemon.splitlines() if line.startswith("PPid")))
    os.kill(executor, signal.SIGKILL)
    time.sleep(30)
    raise AssertionError("the executor lives")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="finds the executor through /proc, as Linux has it")
def test_a_killed_executor_changes_no_number(spark, tmp_path):
    from pyspark import cloudpickle

    where = written(tmp_path, 0.2)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        told = spark.fold(where, partial(dies_once, marker=str(tmp_path / "killed")))
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    assert (tmp_path / "killed").exists()
    same(told, at("local").fold(where, partial(moments.of_batches, columns=COLUMNS)))


def test_a_file_that_is_gone_is_named(spark, tmp_path):
    where = written(tmp_path, 0.0)
    (tmp_path / "3.parquet").unlink()
    with pytest.raises(Refused, match=r"3\.parquet"):
        spark.fold(where, partial(moments.of_batches, columns=COLUMNS, threads=1))


def test_an_address_where_nobody_answers_ends_at_once():
    began = time.monotonic()
    with pytest.raises(Refused, match="Nobody answers"):
        at(f"spark://127.0.0.1:{spark_cluster.free_port()}")
    assert time.monotonic() - began < 10


def test_a_folder_is_searched_on_the_cluster_as_here(spark, tmp_path):
    from commonweal.knowledge.insight import files

    random = np.random.default_rng(8)
    base = random.standard_normal(80)
    for name in ("one", "two", "three"):
        values = base * random.random() + 0.4 * random.standard_normal(80)
        lines = [f"P{i};2020-01-01;{v:.6f}" for i, v in enumerate(values)]
        (tmp_path / f"{name}.csv").write_text("place;day;amount\n" + "\n".join(lines))
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    mine = tmp_path / "one.csv"
    asked = (mine, "amount", ["place"], tmp_path, 5, "json")
    assert files.discover(*asked, engine=spark.address) == files.discover(*asked, engine="local")


def test_columns_of_any_types_measure_the_same_on_a_cluster(spark, tmp_path):
    found = []
    for number in range(5):
        table = rows(number, 900, 0.1)
        codes = np.random.default_rng(number).integers(0, 4, 900)
        table = table.append_column("kind", pa.array(["nesw"[k] for k in codes]))
        table = table.append_column("side", pa.array(["left" if k % 2 else "right" for k in codes]))
        parquet.write_table(table.drop_columns(["place", "seen"]), tmp_path / f"{number}.parquet", row_group_size=300)
        found += parts.of_parquet(tmp_path / f"{number}.parquet")
    columns = (*COLUMNS, "kind", "side")
    with at("local") as here:
        local = measure(here, found, columns, statistics=STATISTICS)
    there = measure(spark, found, columns, statistics=STATISTICS)
    assert {each.statistic for each in there.found} == set(STATISTICS)
    for one, other in zip(local.found, there.found, strict=True):
        np.testing.assert_array_equal(one.left, other.left)
        np.testing.assert_array_equal(one.n, other.n)
        if one.statistic != "xi":  # its ties are broken by the order in which parts arrive
            np.testing.assert_allclose(one.value, other.value, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(one.p, other.p, rtol=1e-6, atol=1e-12)
