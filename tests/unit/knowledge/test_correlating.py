"""`commonweal correlate` on what departments really send: broken, one-sided, endless, wide; every option through."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from commonweal.cli import app
from commonweal.core.errors import Refused
from commonweal.knowledge.insight import correlating, measures, measuring

Told = Callable[..., tuple[list[dict[str, object]], int, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Rows, exit code and words on stderr of a correlation asked for in JSON."""

    def ask(*paths: Path, **how: object) -> tuple[list[dict[str, object]], int, str]:
        text, code = correlating.correlate(correlating.Asked(paths, format="json", **how))  # type: ignore[arg-type]
        return json.loads(text), code, capsys.readouterr().err

    return ask


def lines(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_infinite_absent_and_constant_are_counted_and_left_out(tmp_path: Path, told: Told) -> None:
    draw = np.random.default_rng(1)
    x = draw.normal(size=400)
    y = x + draw.normal(size=400)
    rows = [
        f"{'inf' if i % 50 == 0 else a},{'NaN' if i % 70 == 0 else b},7,only"
        for i, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True))
    ]
    found, code, said = told(lines(tmp_path / "odd.csv", "x,y,seven,only", rows))
    here = np.array([i % 50 != 0 and i % 70 != 0 for i in range(400)])
    pearson = next(r for r in found if r["statistic"] == "pearson")
    assert code == 0
    assert pearson["value"] == pytest.approx(stats.pearsonr(x[here], y[here]).statistic, abs=1e-12)
    assert pearson["n"] == here.sum()
    assert "odd.x: 8 × infinite\n" in said
    assert "seven (constant)" in said
    assert "only (constant)" in said


def test_an_empty_file_is_refused_and_a_bare_header_answered(tmp_path: Path, told: Told) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(Refused, match=r"empty\.csv is empty"):
        told(tmp_path / "empty.csv")
    found, code, said = told(lines(tmp_path / "bare.csv", "a,b", []))
    assert (found, code) == ([], 1)
    assert "a (empty)" in said


def test_one_giant_category_is_left_out_by_name(tmp_path: Path, told: Told) -> None:
    rows = [f"person {i},{i % 97},{i % 97 // 10}" for i in range(20_000)]
    found, code, said = told(lines(tmp_path / "names.csv", "name,v,w", rows))
    assert code == 0
    assert {found[0]["left"], found[0]["right"]} == {"v", "w"}
    assert not any("name" in (r["left"], r["right"]) for r in found)
    assert "name (more than" in said


def test_a_key_that_stands_on_most_rows_is_averaged_not_multiplied(tmp_path: Path, told: Told) -> None:
    mine = lines(tmp_path / "mine.csv", "k,v", ["A,5"] * 200_000 + [f"B{i},{i}" for i in range(40)])
    yours = lines(tmp_path / "yours.csv", "k,w", ["A,5"] * 100 + [f"B{i},{i + i % 3}" for i in range(40)])
    found, code, _ = told(mine, yours, keys=("k",))
    pearson = next(r for r in found if r["statistic"] == "pearson")
    v, w = [5.0, *range(40)], [5.0, *(i + i % 3 for i in range(40))]
    assert (code, pearson["n"]) == (0, 41)
    assert pearson["value"] == pytest.approx(stats.pearsonr(v, w).statistic, abs=1e-12)


def test_a_wide_table_is_measured_panel_by_panel_to_the_same_values(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(3)
    values = draw.normal(size=(80, 90)) + draw.normal(size=(80, 1))
    names = ",".join(f"c{j}" for j in range(90))
    path = lines(tmp_path / "wide.csv", names, [",".join(map(repr, row)) for row in values.tolist()])
    monkeypatch.setattr(measuring, "PANEL", 20)
    found, code, said = told(path)
    expected = np.corrcoef(values.T)
    assert code == 0
    assert len(found) == 90 * 89 // 2
    assert "panels" in said
    for row in found:
        i, j = int(str(row["left"])[1:]), int(str(row["right"])[1:])
        assert row["value"] == pytest.approx(expected[i, j], abs=1e-12)


def test_html_in_chinese_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    rows = [f"{i},{i * i % 101},{'甲乙丙'[i // 3 % 3]}" for i in range(0, 900, 3)]
    path = lines(tmp_path / "收入.csv", "收入,支出,地区", rows)
    text, code = correlating.correlate(correlating.Asked((path,), format="html", language="zh-hans"))
    assert code == 0
    assert 'lang="zh-Hans"' in text
    assert "是关联，不是因果" in text
    assert 'src="data:image/svg+xml' in text
    assert not re.search(r'(?:src|href)="(?!#|data:)', text)


def test_every_option_reaches_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = np.random.default_rng(4)
    rows = []
    for place in range(12):
        level, before = 20 * draw.normal(), 0.0
        for year in range(2000, 2020):
            x = draw.normal()
            rows.append(f"P{place},{year},{level + x},{level + 2 * before + 0.2 * draw.normal()},{place % 3 + 1}")
            before = x
    path = str(lines(tmp_path / "panel.csv", "place,year,x,y,heads", rows))

    def ask(*more: str) -> list[dict[str, object]]:
        assert app(["correlate", path, *more, "--format", "json"], result_action="return_value") == 0
        return json.loads(capsys.readouterr().out)

    def pearson(found: list[dict[str, object]]) -> dict[str, object]:
        pair = {"x", "y"}
        return next(r for r in found if r["statistic"] == "pearson" and {r["left"], r["right"]} == pair)

    plain, weighed = pearson(ask()), pearson(ask("--weight", "heads"))
    assert plain["value"] > 0.9
    assert weighed["value"] != plain["value"]
    assert abs(pearson(ask("--given", "place"))["value"]) < 0.3
    lags = [r for r in ask("--key", "place", "--key", "year", "--lag", "3") if r.get("lag")]
    assert any((r["left"], r["right"], r["lag"]) == ("x", "y", 1) and r["value"] > 0.8 for r in lags)
    assert all(r["p_adjusted_by"] >= r["p_adjusted"] for r in ask())


CELLS = st.tuples(
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
    st.one_of(st.none(), st.integers(-3, 3).map(float)),
    st.sampled_from(["a", "b", "c", None]),
    st.sampled_from(["u", "v"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, min_size=40, max_size=120), st.lists(st.integers(0, 120), max_size=4), st.randoms())
def test_any_cut_in_any_order_gives_one_summary(
    cells: list[tuple[object, ...]], cuts: list[int], chance: random.Random
) -> None:
    x, y, kind, side = zip(*cells, strict=True)
    batch = pa.RecordBatch.from_pydict(
        {"x": pa.array(x, pa.float64()), "y": pa.array(y, pa.float64()), "kind": pa.array(kind, pa.string()),
         "side": pa.array(side, pa.string())}
    )  # fmt: skip
    plan = measures.decide(measures.look([batch], tuple(batch.schema.names)), given=())
    edges = sorted({0, len(cells), *(c for c in cuts if c < len(cells))})
    parts = [measures.summarise([batch.slice(a, b - a)], plan, threads=1) for a, b in pairwise(edges)]
    chance.shuffle(parts)
    joined = parts[0]
    for part in parts[1:]:
        joined = part + joined
    whole = measures.summarise([batch], plan, threads=1)
    assert joined.rows == whole.rows == len(cells)
    for one, other in zip(
        measures.finish(whole, measures.STATISTICS), measures.finish(joined, measures.STATISTICS), strict=True
    ):
        np.testing.assert_array_equal(one.left, other.left)
        np.testing.assert_array_equal(one.right, other.right)
        np.testing.assert_array_equal(one.n, other.n)
        np.testing.assert_allclose(one.value, other.value, rtol=1e-7, atol=1e-7, err_msg=one.statistic)
