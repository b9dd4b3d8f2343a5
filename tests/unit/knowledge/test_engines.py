"""Engines without a cluster: addresses, states as bytes, adding up."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import moments
from commonweal.knowledge.insight.engines import at, keyed, parts, states
from commonweal.knowledge.insight.engines.merging import merged


def test_the_address_comes_from_the_environment_and_is_this_process_by_default(monkeypatch):
    monkeypatch.delenv("COMMONWEAL_ENGINE", raising=False)
    assert at().address == "local"
    monkeypatch.setenv("COMMONWEAL_ENGINE", "yarn")
    with pytest.raises(Refused, match="yarn"):
        at()
    assert at("local").address == "local"


@pytest.mark.parametrize("wrong", ["spark://", "spark://host", "http://h:1", "local[]", "spark://a b:7077"])
def test_what_is_no_address_is_refused_with_what_is(wrong):
    with pytest.raises(Refused, match=r"spark://host:7077"):
        at(wrong)


def test_a_summary_comes_back_from_bytes_as_it_was():
    values = np.random.default_rng(1).standard_normal((100, 3))
    values[::7, 1] = np.nan
    told = moments.of_array(values, ["å", "b", "c"])
    back = states.unpack(states.pack(told))
    assert back.columns == told.columns
    for name in ("shift", "counts", "sums", "squares", "products"):
        np.testing.assert_array_equal(getattr(back, name), getattr(told, name))


def test_states_hold_nested_values_and_nothing_foreign():
    held = {
        "x": (1, 2.5, None, float("nan")),
        3: [np.arange(6).reshape(2, 3), np.array(["a", "é"]), np.int32(4), b"\0"],
    }
    back = states.unpack(states.pack(held))
    assert back["x"][:3] == (1, 2.5, None)
    assert np.isnan(back["x"][3])
    np.testing.assert_array_equal(back[3][0], np.arange(6).reshape(2, 3))
    assert back[3][1].tolist() == ["a", "é"]
    assert (back[3][2], back[3][3]) == (4, b"\0")
    with pytest.raises(TypeError):
        states.pack(object())
    forged = states.pack(moments.of_array(np.ones((2, 1)))).replace(b"commonweal.knowledge", b"subprocess.knowledge")
    with pytest.raises(ValueError):
        states.unpack(forged)


def test_a_part_in_which_a_column_is_absent_costs_no_digit():
    random = np.random.default_rng(3)
    values = 1e9 + random.standard_normal((4000, 2)) @ np.array([[1.0, 0.6], [0.0, 0.8]])
    first = np.column_stack([values[:2000, 0], np.full(2000, np.nan)])
    told = merged([moments.of_array(first), moments.of_array(values[2000:])])
    np.testing.assert_allclose(told.correlation()[0, 1], moments.of_array(values[2000:]).correlation()[0, 1], rtol=1e-9)


def test_a_parquet_file_is_cut_by_its_row_groups_and_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "ROWS_PER_PART", 250)
    table = pa.table({"x": np.arange(1000.0), "y": np.arange(1000.0) ** 2})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=100)
    found = parts.of_parquet(tmp_path / "t.parquet", ["x"])
    assert [len(part.groups) for part in found] == [3, 3, 3, 1]
    told = at("local").fold(found, partial(moments.of_batches, columns=["x"]))
    assert told.counts[0, 0] == 1000
    (tmp_path / "broken.parquet").write_bytes(b"PAR1nothing")
    with pytest.raises(Refused, match="broken"):
        parts.of_parquet(tmp_path / "broken.parquet")


def test_small_sketches_keep_whole_sums_for_the_keys_they_keep():
    random = np.random.default_rng(5)
    batches = [pa.record_batch({"k": random.integers(0, 500, 300), "v": random.standard_normal(300)}) for _ in range(8)]
    whole = keyed.of_batches(batches, ["k"], ["v"])
    small = merged([keyed.of_batches([b], ["k"], ["v"], size=40) for b in batches])
    np.testing.assert_array_equal(small.hashes[0], whole.hashes[0][:40])
    np.testing.assert_allclose(small.sums[0], whole.sums[0][:40], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(small.counts[0], whole.counts[0][:40])
