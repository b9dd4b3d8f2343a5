"""Searching a folder of plain files: other names of keys, other lengths of periods, repeated keys, mixed types."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.files import discover
from commonweal.knowledge.insight.folder import keys, periods
from commonweal.knowledge.insight.folder.together import ROWS, together
from commonweal.knowledge.insight.plain import read_plain

TOWNS, YEARS = [f"T{k:02d}" for k in range(25)], range(2015, 2021)


def write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A figure a month in 25 towns over six years, and a folder: yearly, by days, and one without a period."""
    draw = np.random.default_rng(1)
    level = {(t, y): draw.normal() for t in TOWNS for y in YEARS}
    months = [
        [t, f"{y}-{m:02d}", f"{v + 0.5 * draw.normal():.6f}", "high" if v > 0 else "low"]
        for (t, y), v in level.items()
        for m in range(1, 13)
    ]
    yearly = [
        [t, y, f"{v + 0.3 * draw.normal():.6f}", draw.normal(), "A" if v + 0.3 * draw.normal() > 0.4 else "B"]
        for (t, y), v in level.items()
    ]
    daily = [
        [t, f"{y}年{m}月{d}日", f"{v + draw.normal():.6f}"]
        for (t, y), v in level.items()
        for m in (3, 7)
        for d in (2, 9)
    ]
    write(tmp_path / "lake" / "yearly.csv", ["Town", "Year", "y", "noise", "kind"], yearly)
    write(tmp_path / "lake" / "daily.csv", ["Gemeinde", "date", "v"], daily)
    write(tmp_path / "lake" / "placed.csv", ["Gemeinde", "q"], [[t, k] for k, t in enumerate(TOWNS)])
    return write(tmp_path / "mine.csv", ["town", "month", "x", "grade"], months)


KEYS = ["town=Town", "town=Gemeinde", "month=Year", "month=date"]


def told(mine: Path, column: str = "x", keys: list[str] = KEYS, **more: Any) -> list[dict[str, Any]]:
    return json.loads(discover(mine, column, keys, mine.parent / "lake", 20, "json", **more)[0])


def test_months_meet_years_and_days_at_the_longer_of_the_two(mine: Path) -> None:
    found = {row["right"]: row for row in told(mine) if row["statistic"] == "pearson"}
    here = pd.read_csv(mine).assign(year=lambda f: f.month.str[:4].astype(int))
    ours = here.groupby(["town", "year"], as_index=False).x.mean()
    both = ours.merge(
        pd.read_csv(mine.parent / "lake" / "yearly.csv"), left_on=["town", "year"], right_on=["Town", "Year"]
    )
    yearly = found["yearly.y"]
    assert yearly["value"] == pytest.approx(both.x.corr(both.y), abs=1e-12)
    assert (yearly["n"], yearly["joined_on"]) == (150, "town, month (year)")
    assert yearly["aggregation"] == {"mine.x": "mean"}
    days = pd.read_csv(mine.parent / "lake" / "daily.csv")
    when = days.date.str.extract(r"(\d+)年(\d+)月").astype(int)
    days = days.assign(month=[f"{y}-{m:02d}" for y, m in when.to_numpy()])
    monthly = days.groupby(["Gemeinde", "month"], as_index=False).v.mean()
    both = here.merge(monthly, left_on=["town", "month"], right_on=["Gemeinde", "month"])
    assert found["daily.v"]["value"] == pytest.approx(both.x.corr(both.v), abs=1e-12)
    assert found["daily.v"]["joined_on"] == "town, month (month)"
    assert found["daily.v"]["aggregation"] == {"daily.v": "mean"}


def test_categories_are_answers_and_may_be_asked_about(mine: Path) -> None:
    ratio = next(row for row in told(mine) if row["right"] == "yearly.kind")
    assert ratio["statistic"] == "correlation_ratio"
    assert 0 < ratio["low"] <= ratio["value"] <= ratio["high"] <= 1
    asked = {row["right"]: row for row in told(mine, "grade")}
    assert asked["yearly.kind"]["statistic"] == "cramers_v"
    assert asked["yearly.kind"]["p_adjusted"] < 1e-9
    assert asked["yearly.y"]["statistic"] == "correlation_ratio"
    assert asked["yearly.y"]["aggregation"] == {"mine.grade": "mode"}
    assert "yearly.noise" not in asked or asked["yearly.noise"]["low"] == 0


def test_strongest_first_by_what_one_can_count_on_and_adjusted_for_all(mine: Path) -> None:
    rows = told(mine)
    sure = [0 if row["low"] <= 0 <= row["high"] else min(abs(row["low"]), abs(row["high"])) for row in rows]
    assert sure == sorted(sure, reverse=True)
    assert {row["right"] for row in rows} >= {"yearly.y", "daily.v", "yearly.kind"}
    assert all(row["left"] == "mine.x" for row in rows)


def test_repeated_keys_are_summed_where_asked_and_their_number_is_a_column(tmp_path: Path) -> None:
    draw = np.random.default_rng(2)
    size = {t: int(draw.integers(1, 30)) for t in TOWNS}
    visits = [[t, f"{draw.normal(10, 1):.4f}"] for t, n in size.items() for _ in range(n)]
    write(tmp_path / "lake" / "visits.csv", ["town", "cost"], visits)
    mine = write(tmp_path / "mine.csv", ["town", "x"], [[t, n + draw.normal()] for t, n in size.items()])
    summed = {row["right"]: row for row in told(mine, keys=["town"], aggregate="sum")}
    by_hand = pd.read_csv(tmp_path / "lake" / "visits.csv").groupby("town").cost.sum()
    expected = pd.read_csv(mine).set_index("town").x.corr(by_hand)
    assert summed["visits.cost"]["value"] == pytest.approx(expected, abs=1e-12)
    assert summed["visits.cost"]["aggregation"] == {"visits.cost": "sum"}
    counted = summed[f"visits.{ROWS}"]
    assert counted["value"] > 0.95
    assert counted["aggregation"] == {f"visits.{ROWS}": "count"}
    assert f"visits.{ROWS}" not in {row["right"] for row in told(mine, keys=["town"], aggregate="count")}


def test_the_most_frequent_category_stands_for_a_key(tmp_path: Path) -> None:
    rows = [[f"K{k}", kind] for k in range(20) for kind in (["a", "b", "b"] if k % 2 else ["b", "a", "a", ""])]
    table = read_plain(write(tmp_path / "f.csv", ["key", "kind"], rows), ["key"])
    done = together(table, (None,))
    (column,) = [c for c in done.table.columns if c.categories]
    by_key = dict(zip(done.table.keys[0], column.values, strict=True))
    assert {key: column.categories[int(code)] for key, code in by_key.items()} == {
        f"K{k}": "b" if k % 2 else "a" for k in range(20)
    }


def test_the_file_asked_about_does_not_answer_and_two_of_one_name_both_do(mine: Path) -> None:
    lake = mine.parent / "lake"
    (lake / "mine.csv").write_bytes(mine.read_bytes())
    (lake / "again").mkdir()
    (lake / "again" / "yearly.csv").write_bytes((lake / "yearly.csv").read_bytes())
    rights = {row["right"] for row in told(mine)}
    assert {"yearly.y", "again/yearly.y"} <= rights
    assert not any(name.startswith("mine.") for name in rights)
    assert "Left out: mine.csv" in discover(mine, "x", KEYS, lake)[0]


def test_a_page_of_html_has_charts_and_says_how_rows_were_joined(mine: Path) -> None:
    text, code = discover(mine, "x", KEYS, mine.parent / "lake", 5, "html")
    assert code == 0
    assert text.count("data:image/svg+xml;base64,") >= 2
    assert not re.search(r"(src|href)=\"(?!data:)", text)
    assert "town, month (year): mean" in text


@pytest.mark.parametrize(("words", "said"), [([], "Name the key"), (["=x"], "one side"), (["town="], "one side")])
def test_keys_that_cannot_be_meant_are_refused(mine: Path, words: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        told(mine, keys=words)


def test_unknown_keys_and_nothing_in_common(mine: Path) -> None:
    with pytest.raises(Refused, match=r"mine\.csv has no column 'city'"):
        told(mine, keys=["city"])
    with pytest.raises(Refused, match=r"No file in .* has the columns city or burgh"):
        told(mine, keys=["town=city", "town=burgh"])
    with pytest.raises(Refused, match="no way to put values together"):
        told(mine, aggregate="median")
    write(mine.parent / "far" / "a.csv", ["town", "y"], [[f"Z{k}", k * k] for k in range(40)])
    assert discover(mine, "x", ["town"], mine.parent / "far", 5, "json") == ("[]", 1)


def test_a_folder_that_changed_answers_anew(mine: Path) -> None:
    before = {row["right"] for row in told(mine)}
    (mine.parent / "lake" / "yearly.csv").unlink()
    (mine.parent / "lake" / "cut.csv").write_bytes(b"Town,Year,y\nT01,20")
    after = {row["right"] for row in told(mine)}
    assert "yearly.y" in before - after
    assert "daily.v" in after


@pytest.mark.parametrize(
    ("values", "grain", "year"),
    [
        (["2019", "2020.0"], "year", "2020"),
        (["2019年", "2020年"], "year", "2020"),
        (["2020-Q1", "2020 q3"], "quarter", "2020"),
        (["2020年第1季度", "2020年3季"], "quarter", "2020"),
        (["2020-03", "2020/4", "2020年5月"], "month", "2020"),
        (["2020-03-31", "2020/4/1", "31.12.2020", "2020年5月2日", "20200506", "2020-05-07T10:00:00Z"], "day", "2020"),
        (["2020-01-01", "2021-01-01"], "year", "2021"),
        (["2019-12-31", "2020-12-31"], "year", "2020"),
        (["2020-01-01", "2020-04-01"], "quarter", "2020"),
        (["2020-01-01", "2020-02-01"], "month", "2020"),
    ],
)
def test_periods_as_people_write_them(values: list[str], grain: str, year: str) -> None:
    assert periods.grain_of([*values, None]) == grain
    assert periods.at(values[-1], "year") == year


@pytest.mark.parametrize("values", [["2020", "2020-03"], ["03/04/2020"], ["2020-02-30"], ["Berlin"], ["12020"], []])
def test_what_is_no_period_is_compared_as_it_is_written(values: list[str]) -> None:
    assert periods.grain_of(values) is None


def test_a_left_side_said_twice_has_two_names() -> None:
    assert keys.parse(["a=b", "c", "a=d"]) == (keys.Key("a", ("b", "d")), keys.Key("c", ("c",)))


def test_the_command_tells_its_progress_beside_its_answer(mine: Path) -> None:
    asked = ["--column", "x", "--lake", str(mine.parent / "lake"), "--format", "json"]
    words = [word for key in KEYS for word in ("--key", key)]
    run = subprocess.run(
        [sys.executable, "-m", "commonweal.cli", "discover", str(mine), *asked, *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(run.stdout)[0]["right"] == "yearly.y"
    assert "Read 3 of 3 files" in run.stderr
    run = subprocess.run(
        [sys.executable, "-m", "commonweal.cli", "discover", str(mine), *asked, "--key", "city"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (1, "")
    assert "mine.csv has no column 'city'" in run.stderr
