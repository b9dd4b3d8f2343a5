"""Whatever stands in a key column, a folder's search reads it or leaves it as it is written."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.knowledge.insight.folder import periods
from commonweal.knowledge.insight.folder.together import together
from commonweal.knowledge.insight.frames import GRAINS
from commonweal.knowledge.insight.plain import Plain, PlainTable

pytestmark = pytest.mark.hostile
SETTINGS = settings(max_examples=100, deadline=None)
CELLS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["2020", "2020-03", "2020-02-30", "99.99.2020"]))

SPELLINGS = ("{:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日", "{:%d.%m.%Y}")


@SETTINGS
@given(st.lists(CELLS, max_size=30))
def test_any_text_is_a_period_or_is_not(values: list[str | None]) -> None:
    grain = periods.grain_of(values)
    if grain is not None:
        for value in {value for value in values if value is not None}:
            assert periods.at(value, grain) is not None
    for value in values:
        for wanted in GRAINS:
            told = periods.at(value, wanted)
            assert told is None or told[:4].isdigit()


@SETTINGS
@given(st.dates(date(1900, 1, 1), date(2150, 12, 31)), st.sampled_from(SPELLINGS))
def test_a_day_in_any_spelling_lies_in_its_month_quarter_and_year(day: date, form: str) -> None:
    written = form.format(day)
    assert periods.at(written, "day") == day.isoformat()
    assert periods.at(written, "month") == day.isoformat()[:7]
    assert periods.at(written, "quarter") == f"{day.year}-Q{(day.month + 2) // 3}"
    assert periods.at(written, "year") == str(day.year)


@SETTINGS
@given(
    st.lists(st.tuples(CELLS, st.one_of(st.just(np.nan), st.floats(-1e6, 1e6))), max_size=40),
    st.sampled_from(["mean", "sum", "min", "max", "count"]),
)
def test_no_row_with_a_key_is_lost_and_none_is_counted_twice(rows: list[tuple[str | None, float]], how: str) -> None:
    keys, values = [key for key, _ in rows], np.array([value for _, value in rows], dtype=float)
    table = PlainTable("t", len(rows), [Plain("x", values)], [keys])
    done = together(table, (periods.grain_of(keys),), how)  # type: ignore[arg-type]
    keyed = np.array([key is not None for key in keys], dtype=bool)
    assert done.left_over == len(rows) - int(keyed.sum())
    assert len(np.unique(done.hashes)) == len(done.hashes) == len(done.table.columns[0].values)
    if how == "sum" and len(rows):
        total = np.nansum(values[keyed])
        assert np.isclose(np.nansum(done.table.columns[0].values), total, atol=1e-6)
