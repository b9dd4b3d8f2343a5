"""`commonweal correlate` and `commonweal discover` on plain files."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import correlating
from commonweal.knowledge.insight.files import discover

SHARED = Path(os.environ.get("COMMONWEAL_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data"
COUNTIES = SHARED / "us-counties"


def correlate(paths: list[Path], keys: list[str], format: str) -> tuple[str, int]:
    return correlating.correlate(correlating.Asked(tuple(paths), tuple(keys), format=format))


def write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def one(tmp_path: Path) -> Path:
    draw = np.random.default_rng(1)
    a = draw.normal(size=300)
    b = 0.7 * a + 0.5 * draw.normal(size=300)
    c, kind = draw.normal(size=300), np.where(a > 0, "high", "low")
    rows = [[f"{x:.4f}", f"{y:.4f}", f"{z:.4f}", k, 5] for x, y, z, k in zip(a, b, c, kind, strict=True)]
    return write(tmp_path / "one.csv", ["a", "b", "c", "kind", "constant"], rows)


def test_rows_are_numpys_strongest_first_and_adjusted(one: Path) -> None:
    text, code = correlate([one], [], "json")
    told = json.loads(text)
    assert code == 0
    data = np.genfromtxt(one, delimiter=",", skip_header=1, usecols=(0, 1, 2))
    expected = np.corrcoef(data.T)
    pearson = {(r["left"], r["right"]): r for r in told if r["statistic"] == "pearson"}
    assert pearson[("a", "b")]["value"] == pytest.approx(expected[0, 1], abs=1e-9)
    assert pearson[("a", "c")]["value"] == pytest.approx(expected[0, 2], abs=1e-9)
    assert pearson[("a", "b")]["n"] == 300
    assert {"left", "right", "statistic", "value", "low", "high", "n", "p_adjusted"} <= set(told[0])
    floors = [0 if r["low"] <= 0 <= r["high"] else min(abs(r["low"]), abs(r["high"])) for r in told]
    assert floors == sorted(floors, reverse=True)
    assert ("kind", "a") in {(r["left"], r["right"]) for r in told if r["statistic"] == "correlation_ratio"}
    assert not any("constant" in (r["left"], r["right"]) for r in told)


def test_files_are_joined_on_codes_written_three_ways(tmp_path: Path) -> None:
    draw = np.random.default_rng(2)
    level = draw.normal(size=200)
    write(
        tmp_path / "income.csv",
        ["FIPS", "income"],
        [[f"{i:05d}", f"{40000 + 9000 * v:,.0f}"] for i, v in enumerate(level)],
    )
    rows = [[i, f"{v + 0.3 * draw.normal():.3f}"] for i, v in enumerate(level)]
    path = write(tmp_path / "schools.csv", ["FIPStxt", "score"], rows)
    path.write_text("Schools of the counties,\nSource: nobody,\n" + path.read_text())
    told = json.loads(correlate([tmp_path / "income.csv", path], ["fips"], "json")[0])
    assert [(r["left"], r["right"]) for r in told] == [("income.income", "schools.score")]
    assert told[0]["n"] == 200
    assert told[0]["value"] > 0.9


def test_keys_that_say_where_and_when_name_a_common_trend(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    rows = [[p, 1990 + t, 3 * t + draw.normal(), 50 + 7 * t + draw.normal()] for p in range(20) for t in range(20)]
    told = json.loads(
        correlate([write(tmp_path / "a.csv", ["place", "year", "x", "y"], rows)], ["place", "year"], "json")[0]
    )
    assert told[0]["value"] > 0.95
    assert told[0]["kind"] == "trend-only"
    assert abs(told[0]["within"]["value"]) < 0.2
    assert told[0]["entities"] == 20


def test_html_is_one_file_with_charts_and_escapes_names(tmp_path: Path, one: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(one.read_text().replace("a,b,c,", "<script>alert(1)</script>,b,c,", 1))
    text, _ = correlate([path], [], "html")
    assert "<script>" not in text
    assert text.count("data:image/svg+xml;base64,") >= 1
    assert not re.search(r"(src|href)=\"(?!data:)", text)
    assert "association, not cause" in text


def test_what_cannot_be_used_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = np.random.default_rng(4)
    rows = [[draw.normal(), draw.normal()] for _ in range(50)]
    rows[7][1] = "see note 3"
    text, _ = correlate([write(tmp_path / "a.csv", ["x", "y"], rows)], [], "table")
    assert "1 × not a number (first in row 8: 'see note 3')" in text
    assert "see note 3" not in capsys.readouterr().out


def test_nothing_in_common_is_exit_code_one_and_bad_requests_are_refused(tmp_path: Path, one: Path) -> None:
    short = write(tmp_path / "short.csv", ["x", "y"], [[i, i * i] for i in range(11)])
    assert correlate([short], [], "json") == ("[]", 1)
    with pytest.raises(Refused, match="no column 'place'; it has: a, b, c"):
        correlate([one], ["place"], "json")
    with pytest.raises(Refused, match="There is no file"):
        correlate([tmp_path / "absent.csv"], [], "json")
    with pytest.raises(Refused, match="choose table, json or html"):
        correlate([one], [], "pdf")
    with pytest.raises(Refused, match="no column of numbers named 'q'"):
        discover(one, "q", ["a"], tmp_path)
    with pytest.raises(Refused, match="There is no folder"):
        discover(one, "b", ["a"], tmp_path / "absent")


def test_discover_finds_the_related_column_among_many(tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    lake = tmp_path / "lake"
    lake.mkdir()
    driver = draw.normal(size=400)
    write(tmp_path / "mine.csv", ["code", "x"], [[f"{i:03d}", v] for i, v in enumerate(driver)])
    for k in range(20):
        other = driver * 0.8 + 0.6 * draw.normal(size=400) if k == 13 else draw.normal(size=400)
        write(lake / f"set{k}.csv", ["Code", "y", "z"], [[i, v, draw.normal()] for i, v in enumerate(other)])
    (lake / "broken.csv.gz").write_bytes(b"not gzip")
    told = json.loads(discover(tmp_path / "mine.csv", "x", ["code"], lake, 5, "json")[0])
    assert told[0]["right"] == "set13.y"
    assert told[0]["low"] < 0.8 < told[0]["high"]
    assert told[0]["p_adjusted"] < 1e-20
    table, _ = discover(tmp_path / "mine.csv", "x", ["code"], lake, 5, "table")
    assert "Left out: broken.csv.gz" in table


@pytest.mark.skipif(not COUNTIES.is_dir(), reason="the shared county files are not here; set COMMONWEAL_SHARED")
def test_the_real_county_files_with_titles_marks_and_codes_written_differently() -> None:
    paths = [COUNTIES / f"{name}.csv" for name in ("income", "jobs", "unemployment", "classifications")]
    told = json.loads(correlate(paths, ["fips"], "json")[0])
    found = {(r["left"], r["right"]): r for r in told}
    copied = found[("jobs.UnempRate2018", "unemployment.Unemployment_rate_2018")]
    assert copied["kind"] == "same-measure"
    assert copied["n"] > 3000
    assert found[("income.MedHHInc", "unemployment.Median_Household_Income_2018")]["value"] > 0.9
