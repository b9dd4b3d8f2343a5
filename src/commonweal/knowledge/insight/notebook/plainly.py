"""The notebook's functions over plain files, Arrow tables and data frames. Needs no deployment and no Django."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.notebook.results import Result
from commonweal.register.models import Text

_PAIRS = pa.schema(
    [
        ("left", pa.string()), ("right", pa.string()), ("statistic", pa.string()), ("value", pa.float64()),
        ("low", pa.float64()), ("high", pa.float64()), ("n", pa.int64()), ("p_adjusted", pa.float64()),
        ("p_adjusted_by", pa.float64()), ("kind", pa.string()), ("entities", pa.int64()), ("lag", pa.int64()),
    ]
)  # fmt: skip


def read(source: Any, keys: Sequence[str] = ()) -> Result:
    """See `insight.read`."""
    from commonweal.knowledge.insight.plain import read_plain

    with _files([source]) as (path,):
        found = read_plain(path, _several(keys))
    arrays: dict[str, pa.Array] = {
        name: pa.array(values, pa.string()) for name, values in zip(_several(keys), found.keys, strict=True)
    }
    for column in found.columns:
        absent = ~np.isfinite(column.values)
        if column.categories:
            codes = pa.array(np.where(absent, 0, column.values).astype(np.int32), mask=absent)
            arrays[column.name] = pa.DictionaryArray.from_arrays(codes, pa.array(column.categories, pa.string()))
        else:
            arrays[column.name] = pa.array(column.values, pa.float64(), mask=absent)
    notes = [f"Not used: {p.column}: {p.count} × {p.what}, first in row {p.row}: {p.value}" for p in found.problems]
    notes += [f"Left out: {name}" for name in found.left_out]
    return Result(pa.table(arrays), found.name, tuple(notes))


def correlate(
    sources: Sequence[Any],
    *,
    key: str | Sequence[str] = (),
    weight: str | None = None,
    given: str | Sequence[str] = (),
    lag: int = 0,
    statistic: str | Sequence[str] = (),
    engine: str | None = None,
    progress: bool = False,
) -> Result:
    """See `insight.correlate`: the command's own code, its answer as a table."""
    from commonweal.knowledge.insight import correlating

    with _files(sources) as paths, _quiet(progress) as said:
        asked = correlating.Asked(
            tuple(paths), _several(key), weight, _several(given), lag, _several(statistic) or None, "json", "en", engine
        )
        text, _ = correlating.correlate(asked)
    return _pairs(text, "What goes with what", _notes(said))


def discover(
    source: Any,
    column: str,
    key: str | Sequence[str],
    lake: str | Path,
    top: int = 20,
    *,
    engine: str | None = None,
    progress: bool = False,
) -> Result:
    """See `insight.discover`."""
    from commonweal.knowledge.insight import files

    with _files([source]) as (path,), _quiet(progress) as said:
        text, _ = files.discover(path, column, _several(key), Path(lake), top, "json", engine=engine)
    return _pairs(text, f"What goes with {column}", _notes(said))


def scatter(source: Any, x: str, y: str) -> Result:
    """See `insight.scatter`."""
    from commonweal.knowledge.insight.notebook import drawing

    held = source if isinstance(source, Result) else read(source)
    for name in (x, y):
        if name not in held.table.column_names or not pa.types.is_floating(held.table.schema.field(name).type):
            numbers = [f.name for f in held.table.schema if pa.types.is_floating(f.type)]
            raise Refused(
                "no-column", f"There is no column of numbers named {name!r}; there are: {', '.join(numbers)[:400]}"
            )
    both = [held.table.column(name).to_numpy().astype(float) for name in (x, y)]
    here = np.isfinite(both[0]) & np.isfinite(both[1])
    left, right = (values[here] for values in both)
    picture = drawing.marks(left, right)
    names = [(Text({"en": name}), None) for name in (x, y)]
    return Result(
        pa.table([left, right], names=[x, y]),
        f"{y} against {x}",
        draw=lambda: drawing.scatter(picture, names[0], names[1], "en"),
    )


def matrix(source: Any, columns: Sequence[str] = (), *, statistic: str = "pearson") -> Result:
    """See `insight.matrix`."""
    from commonweal.knowledge.insight.notebook import drawing

    known = isinstance(source, Result) and {"left", "right", "statistic"} <= set(source.table.column_names)
    pairs = source if known else correlate([source], statistic=statistic)
    rows = [r for r in pairs.table.to_pylist() if r["statistic"] == statistic]
    there = list(dict.fromkeys([*(r["left"] for r in rows), *(r["right"] for r in rows)]))
    if missing := [name for name in columns if name not in there]:
        raise Refused("no-column", f"No pair with {missing[0]!r} was measured; there are: {', '.join(there)[:400]}")
    names = list(dict.fromkeys(columns)) or sorted(there)
    cells = {(r["left"], r["right"]): r["value"] for r in rows if r["left"] in names and r["right"] in names}
    kept = [r for r in rows if (r["left"], r["right"]) in cells]
    return Result(
        pa.Table.from_pylist(kept, schema=pairs.table.schema), f"{statistic} of {len(names)} columns", pairs.notes,
        draw=lambda: drawing.heat(names, cells),
    )  # fmt: skip


def _several(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


@contextlib.contextmanager
def _files(sources: Sequence[Any]) -> Iterator[list[Path]]:
    """Every source as a file: what is in memory is written down as Parquet for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="insight-") as folder:
        yield [_file(source, Path(folder), number) for number, source in enumerate(sources, 1)]


def _file(source: Any, folder: Path, number: int) -> Path:
    if isinstance(source, str | Path):
        return Path(source)
    if isinstance(source, Result):
        source = source.table
    if not isinstance(source, pa.Table):
        if not hasattr(source, "columns"):
            raise Refused("no-table", f"Give a file, an Arrow table or a data frame, not {type(source).__name__}")
        source = pa.Table.from_pandas(source, preserve_index=False)
    path = folder / f"table{number}.parquet"
    parquet.write_table(source, path)
    return path


@contextlib.contextmanager
def _quiet(progress: bool) -> Iterator[io.StringIO]:
    """What is said on the way: kept, and shown only where asked for."""
    said = io.StringIO()
    if progress:
        yield said
        return
    with contextlib.redirect_stderr(said):
        yield said


def _notes(said: io.StringIO) -> tuple[str, ...]:
    return tuple(line for line in said.getvalue().splitlines() if line.startswith(("Not used", "Left out")))


def _pairs(text: str, title: str, notes: tuple[str, ...]) -> Result:
    rows = json.loads(text)
    table = pa.Table.from_pylist([{name: row.get(name) for name in _PAIRS.names} for row in rows], schema=_PAIRS)
    return Result(table, title, notes)
