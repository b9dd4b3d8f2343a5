"""From the shape a publisher chose to the shape the standard asks for: rename, melt, recode, put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.casting import matches, tidy
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.contract import Contract
from commonweal.register.models import Source


@dataclass(frozen=True)
class Shaped:
    """Text rows with exactly the contract's columns and `__row`, how many values were written anew, and how many
    published rows were none of the dataset's."""

    table: pa.Table
    recoded: int
    without: int


def shape(raw: pa.Table, source: Source, contract: Contract) -> Shaped:
    """Bring rows as published to the contract's columns. Raises Refused naming a column that is missing."""
    table = _rename(raw, source.rename)
    before = len(table)
    table = _leave_out(table, source.without)
    left = before - len(table)
    if source.melt:
        table = _melt(table, source, contract)
    missing = [name for name in contract.names if name not in table.column_names]
    if missing:
        published = [n for n in table.column_names if n != ROW]
        # a row taken for the header may hold somebody's number, which must not end up in a message
        seen = f"{len(published)} others" if contract.personal else ", ".join(published)
        raise Refused(
            "missing-column",
            f"Dataset {contract.dataset.id}: the source has no column {', '.join(missing)}; it has {seen[:400]}. "
            "Give the published header under source.rename",
        )
    table = table.select([*contract.names, ROW])
    recoded = 0
    for name, pattern in source.strip.items():
        if name in contract.names:
            told, changed = _strip(table.column(name), pattern)
            table = table.set_column(table.column_names.index(name), name, told)
            recoded += changed
    for name, values in source.recode.items():
        if name in contract.names:
            told, changed = _recode(table.column(name), values)
            table = table.set_column(table.column_names.index(name), name, told)
            recoded += changed
    return Shaped(table, recoded, left)


def _leave_out(table: pa.Table, without: Mapping[str, str]) -> pa.Table:
    for name, pattern in without.items():
        if name in table.column_names:
            text = tidy(table.column(name))
            fits = matches(pc.fill_null(text, ""), pattern)
            table = table.filter(pa.array(~fits))
    return table


def _strip(column: pa.ChunkedArray, pattern: str) -> tuple[pa.Array, int]:
    """Values without what fits the pattern, and how many changed; tried on each distinct value once."""
    codes = tidy(column).dictionary_encode()
    known = codes.dictionary.to_pylist()
    form = re.compile(pattern)
    told = [form.sub("", value) for value in known]
    changed = pa.array([new != old for new, old in zip(told, known, strict=True)], pa.bool_())
    count = int(pc.sum(pc.take(changed, codes.indices)).as_py() or 0)
    return pc.take(pa.array(told, pa.string()), codes.indices), count


def _rename(raw: pa.Table, rename: Mapping[str, str]) -> pa.Table:
    tidied = {" ".join(published.split()): name for published, name in rename.items()}
    taken = set(tidied.values())
    names = []
    for name in raw.column_names:
        if name in tidied:
            names.append(tidied[name])
        else:
            names.append(f"{name} (published)" if name in taken else name)
    return raw.rename_columns(names)


def _recode(column: pa.ChunkedArray, values: Mapping[str, str]) -> tuple[pa.Array, int]:
    codes = tidy(column).dictionary_encode()
    known = codes.dictionary.to_pylist()
    told = pc.take(pa.array([values.get(v, v) for v in known], pa.string()), codes.indices)
    changed = pc.take(pa.array([v in values for v in known], pa.bool_()), codes.indices)
    return told, int(pc.sum(changed).as_py() or 0)


def _melt(table: pa.Table, source: Source, contract: Contract) -> pa.Table:
    """Turn columns whose header fits `columns` into rows: the header to column `name`, the figure to `value`.

    `columns` may hold a group; then only that part of the header is the name (`(\\d{4}) \\[YR\\d{4}\\]`). With the
    groups `measure` and `label` the label goes to `name` and each measure stays a column of its own, renamed by
    `source.rename` (`(?P<measure>.+)_(?P<label>\\d{4})`). Rows without any figure are not made: a wide table has a
    cell for every year, whether or not there is a figure.
    """
    melt = source.melt or {}
    try:
        form, name = re.compile(melt["columns"]), melt["name"]
        several = "measure" in form.groupindex
        value = "" if several else melt["value"]
    except (KeyError, re.error) as problem:
        raise Refused(
            "melt", f"Dataset {contract.dataset.id}: melt needs columns (a pattern), name and value ({problem})"
        ) from problem
    wanted = {" ".join(published.split()): own for published, own in source.rename.items()}
    by_label: dict[str, dict[str, str]] = {}
    for header in table.column_names:
        found = form.fullmatch(header) if header != ROW else None
        if found is None:
            continue
        if not several:
            by_label.setdefault(found.group(1) if form.groups else header, {})[value] = header
            continue
        measure = " ".join(found["measure"].split())
        own = wanted.get(measure, measure)
        if own in contract.names:
            by_label.setdefault(found["label"], {})[own] = header
    if not by_label:
        raise Refused("melt", f"Dataset {contract.dataset.id}: no header fits the pattern {melt['columns']!r}")
    made = {name, *(own for measures in by_label.values() for own in measures)}
    kept = [n for n in contract.names if n in table.column_names and n not in made]
    parts = [_label(table.select([*kept, ROW]), table, label, of, name) for label, of in by_label.items()]
    return pa.concat_tables(parts, promote_options="default")


def _label(rows: pa.Table, table: pa.Table, label: str, measures: Mapping[str, str], name: str) -> pa.Table:
    """The rows of one label (a year): those in which any of its measures holds something."""
    filled = None
    for own, header in measures.items():
        figures = tidy(table.column(header))
        rows = rows.append_column(own, figures)
        filled = pc.is_valid(figures) if filled is None else pc.or_(filled, pc.is_valid(figures))
    rows = rows.filter(filled)
    return rows.append_column(name, pa.array([label] * len(rows), pa.string()))


def aggregate(good: pa.Table, functions: Mapping[str, str], contract: Contract) -> pa.Table:
    """Put rows with the same key together: sum, mean, min, max, count, or `mean:<column>` weighted by that column."""
    keys = list(contract.dataset.keys)
    wanted: list[tuple[str, str]] = []
    weighted: dict[str, str] = {}
    for name in (n for n in contract.names if n not in keys):
        how = functions.get(name)
        if how is None:
            raise Refused("aggregate", f"Dataset {contract.dataset.id}: say how column {name} is put together")
        function, _, weight = how.partition(":")
        if function not in ("sum", "mean", "min", "max", "count"):
            raise Refused("aggregate", f"Dataset {contract.dataset.id}: {how!r} is not a way to put rows together")
        if weight:
            weighted[name] = weight
            good = _products(good, name, weight)
            wanted += [(f"__p_{name}", "sum"), (f"__w_{name}", "sum")]
        else:
            wanted.append((name, function))
    grouped = good.group_by(keys).aggregate(wanted)
    columns = []
    for column in contract.columns:
        if column.name in keys:
            values = grouped.column(column.name)
        elif column.name in weighted:
            total = grouped.column(f"__w_{column.name}_sum")
            total = pc.if_else(pc.equal(total, 0), pa.scalar(None, pa.float64()), total)
            values = pc.divide(grouped.column(f"__p_{column.name}_sum"), total)
        else:
            values = grouped.column(f"{column.name}_{functions[column.name].partition(':')[0]}")
        columns.append(_as(values, column.type))
    return pa.table(columns, schema=contract.schema)


def _as(values: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    array = values.combine_chunks()
    if pa.types.is_integer(kind) and pa.types.is_floating(array.type):
        array = pc.round(array)
    return array.cast(kind)


def _products(good: pa.Table, name: str, weight: str) -> pa.Table:
    values = good.column(name).combine_chunks().cast(pa.float64())
    weights = good.column(weight).combine_chunks().cast(pa.float64())
    weights = pc.if_else(pc.is_valid(values), weights, pa.scalar(0.0))
    return good.append_column(f"__p_{name}", pc.multiply(values, weights)).append_column(f"__w_{name}", weights)
