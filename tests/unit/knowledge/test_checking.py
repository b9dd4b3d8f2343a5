"""Holding rows to the standard."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from commonweal.knowledge.lake.checking import ROW, Conformed, conform
from commonweal.knowledge.lake.reasons import words
from tests.unit.knowledge.declared import contract


def check(column: tuple[str, str, dict[str, Any]], values: list[str | None]) -> Conformed:
    table = pa.table(
        {
            "id": [str(i) for i in range(len(values))],
            column[0]: pa.array(values, pa.string()),
            ROW: pa.array(range(1, len(values) + 1), pa.int64()),
        }
    )
    return conform(table, contract(column))


def kept(result: Conformed, name: str) -> list[Any]:
    return result.good.column(name).to_pylist()


def aside(result: Conformed) -> list[tuple[int, str]]:
    return [(f["row"], f["reason"]) for f in result.faults.to_pylist()]


def test_numbers_as_publishers_write_them() -> None:
    result = check(
        ("x", "decimal", {}), ["1.5", " 23,288  ", "1 234 567", "-4e2", "N/A", "", "..", "+7", "12,34", "x", "inf"]
    )
    assert kept(result, "x") == [1.5, 23288.0, 1234567.0, -400.0, None, None, None, 7.0]
    assert aside(result) == [(9, "not-a-number"), (10, "not-a-number"), (11, "not-a-number")]


def test_signs_of_currency_and_percent_are_no_part_of_the_number() -> None:
    result = check(("x", "decimal", {}), ["$59,338", "-¥12.5", "43 %", "7％", "$", "5$"])
    assert kept(result, "x") == [59338.0, -12.5, 43.0, 7.0]
    assert [row for row, _ in aside(result)] == [5, 6]


def test_whole_numbers_stay_exact_and_fractions_are_refused() -> None:
    result = check(("x", "integer", {}), ["9007199254740993", "3.0", "3.5", "1,000"])
    assert kept(result, "x") == [9007199254740993, 3, 1000]
    assert aside(result) == [(3, "not-whole")]


def test_money_is_never_rounded() -> None:
    result = check(("x", "money", {}), ["10", "10.05", "10.500", "0.125"])
    assert [str(v) for v in kept(result, "x")] == ["10.00", "10.05", "10.50"]
    assert aside(result) == [(4, "no-decimals")]


def test_dates_in_five_forms_and_none_that_reads_two_ways() -> None:
    good = ["2026-03-31", "2026/3/31", "2026年3月31日", "20260331", "31.03.2026", "2026-03-31 00:00:00"]
    bad = ["03/04/2026", "2026-02-30", "2026-13-01", "31.3.26", "0000-01-01x"]
    result = check(("x", "date", {}), [*good, *bad])
    assert {str(v) for v in kept(result, "x")} == {"2026-03-31"}
    assert len(kept(result, "x")) == len(good)
    assert aside(result) == [(len(good) + 1 + i, "not-a-date") for i in range(len(bad))]


def test_a_leap_day_is_a_day_only_in_a_leap_year() -> None:
    result = check(("x", "date", {}), ["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29"])
    assert [str(v) for v in kept(result, "x")] == ["2024-02-29", "2000-02-29"]


def test_codes_by_code_by_name_and_in_chinese() -> None:
    result = check(("x", "code", {"codelist": "fruit"}), ["AP", "pear", "苹果", "Plum", None])
    assert kept(result, "x") == ["AP", "PE", "AP", None]
    assert aside(result) == [(4, "unknown-code:fruit")]
    assert result.spelt == 1


def test_regions_are_read_like_codes() -> None:
    result = check(("x", "region", {}), ["north", "South", "北县", "West"])
    assert kept(result, "x") == ["north", "south", "north"]
    assert aside(result) == [(4, "unknown-region")]


def test_limits_patterns_and_lengths() -> None:
    assert aside(check(("x", "integer", {"min": 0, "max": 10}), ["-1", "0", "10", "11"])) == [
        (1, "too-small:0"),
        (4, "too-large:10"),
    ]
    assert aside(check(("x", "string", {"pattern": r"\d{5}"}), ["01001", "1001", "x01001"])) == [
        (2, r"pattern:\d{5}"),
        (3, r"pattern:\d{5}"),
    ]
    assert aside(check(("x", "string", {"max_length": 3}), ["abc", "四个字儿"])) == [(2, "too-long:3")]


def test_a_pattern_that_only_python_can_read_still_holds() -> None:
    assert aside(check(("x", "string", {"pattern": r"(?!0)\d+"}), ["12", "012"])) == [(2, r"pattern:(?!0)\d+")]


def test_what_is_required_may_not_be_absent_however_absence_is_written() -> None:
    result = check(("x", "integer", {"required": True}), ["1", "", "N/A", "x"])
    assert kept(result, "x") == [1]
    assert aside(result) == [(2, "required"), (3, "required"), (4, "not-a-number")]


def test_a_second_row_with_a_key_is_set_aside_and_names_the_first() -> None:
    table = pa.table({"id": ["a", "b", "a", "a"], "x": ["1", "2", "3", "4"], ROW: pa.array([1, 2, 3, 4])})
    result = conform(table, contract(("x", "integer", {})))
    assert kept(result, "x") == [1, 2]
    assert aside(result) == [(3, "duplicate:1"), (4, "duplicate:1")]
    assert result.repeated == 2


def test_no_row_is_lost() -> None:
    values = ["1", "x", None, "5", "999999999999999999999", "-3"]
    result = check(("x", "integer", {"min": 0}), values)
    rows_aside = {f["row"] for f in result.faults.to_pylist()}
    assert len(result.good) + len(rows_aside) == len(values) == result.read


@pytest.mark.parametrize("reason", ["required", "unknown-code:fruit", "duplicate:7", r"pattern:\d{5}", "columns:3/4"])
def test_every_reason_is_a_sentence_in_both_languages(reason: str) -> None:
    said = words(reason)
    assert said["en"] != reason
    assert said["zh-hans"] != said["en"]
    assert "{" not in said["en"].replace(r"\d{5}", "")
