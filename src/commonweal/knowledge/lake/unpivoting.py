"""Wide files: columns headed by years, or by a figure and a year, as the rows a draft makes of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.lake.casting import figures, tidy

_YEAR = r"(?:1[5-9]|20|21)\d\d"
YEARS = re.compile(rf"({_YEAR})( \[YR\d{{4}}\])?")
FEWEST_YEARS = 3
FORMS = (
    rf"(?P<measure>.+?)[ _:,.(（-]*(?P<label>{_YEAR})[)）年]*",
    rf"(?P<label>{_YEAR})年?[ _:,.-]*(?P<measure>.+)",
)
"""`Unemployed_2019`, `人口（2019年）`; `2019 unemployed`, `2019年人口`."""
_SAYS_YEAR = frozenset(("fy", "y", "yr", "year", "年", "年份", "jahr", "année", "año", "ano"))
"""Words beside the year that name no figure."""


def unpivot(table: pa.Table) -> tuple[pa.Table, dict[str, str] | None]:
    """Columns headed by years become rows, as the melt of a source does: figures by year belong in one column.

    Where a figure is named beside the year (`Unemployed_2019`, `Employed_2019`), each figure becomes a column. The
    second value is the melt to declare; None where fewer than three years stand side by side.
    """
    years = [name for name in table.column_names if YEARS.fullmatch(name)]
    if len(years) >= FEWEST_YEARS:
        pattern = r"(\d{4}) \[YR\d{4}\]" if any("[" in name for name in years) else r"\d{4}"
        return _single(table, {header: header[:4] for header in years}, pattern)
    for form in FORMS:
        found = _measures(table, form)
        if len(found) == 1 and next(iter(found)).casefold() in _SAYS_YEAR:
            (labels,) = found.values()
            return _single(table, {h: label for label, h in labels.items()}, re.sub(r"\?P<label>", "", _unnamed(form)))
        if found:
            return _several(table, found, form)
    return table, None


def _unnamed(form: str) -> str:
    """A form in which only the year is a group, so that it alone names the row."""
    return form.replace("(?P<measure>.+?)", ".+?").replace("(?P<measure>.+)", ".+")


def _free(names: Sequence[str], taken: set[str]) -> str:
    return next(name for name in names if name not in taken)


def _single(table: pa.Table, years: dict[str, str], pattern: str) -> tuple[pa.Table, dict[str, str]]:
    """One figure by year: a column of years and one of values."""
    rest = [name for name in table.column_names if name not in years]
    taken = {name.casefold() for name in rest}
    year = _free(("year", "of year", "column year"), taken)
    value = _free(("value", "figure", "column value"), taken)
    parts = []
    for header, label in years.items():
        part = table.select(rest).append_column(year, pa.array([label] * len(table), pa.string()))
        held = tidy(table.column(header))
        parts.append(part.append_column(value, held).filter(held.is_valid()))
    return pa.concat_tables(parts), {"columns": pattern, "name": year, "value": value}


def _measures(table: pa.Table, form: str) -> dict[str, dict[str, str]]:
    """Figures with at least three years, and the heading of each year; columns that hold no numbers are none."""
    found: dict[str, dict[str, str]] = {}
    for header in table.column_names:
        fits = re.fullmatch(form, header)
        if fits is not None and _numeric(table.column(header)):
            found.setdefault(" ".join(fits["measure"].split()), {})[fits["label"]] = header
    there = {name.casefold() for name in table.column_names}
    return {m: labels for m, labels in found.items() if len(labels) >= FEWEST_YEARS and m.casefold() not in there}


def _numeric(column: pa.ChunkedArray) -> bool:
    text = tidy(column)
    values, wrong = figures(text)
    good = len(values) - values.null_count
    return good >= 1 and good >= 9 * int(wrong.sum())


def _several(table: pa.Table, found: dict[str, dict[str, str]], form: str) -> tuple[pa.Table, dict[str, str]]:
    """Several figures by year: a column of years, and one for each figure."""
    headers = {header for labels in found.values() for header in labels.values()}
    rest = [name for name in table.column_names if name not in headers]
    year = _free(("year", "of year", "column year"), {n.casefold() for n in (*rest, *found)})
    parts = []
    for label in sorted({label for labels in found.values() for label in labels}):
        part = table.select(rest).append_column(year, pa.array([label] * len(table), pa.string()))
        filled = None
        for measure, labels in found.items():
            held = tidy(table.column(labels[label])) if label in labels else pa.nulls(len(table), pa.string())
            part = part.append_column(measure, held)
            filled = pc.is_valid(held) if filled is None else pc.or_(filled, pc.is_valid(held))
        parts.append(part.filter(filled))
    return pa.concat_tables(parts), {"columns": form, "name": year}
