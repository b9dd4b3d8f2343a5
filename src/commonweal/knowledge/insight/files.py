"""On plain files, in one minute: what goes with what, and what anywhere in a folder goes with mine.

Needs no deployment: files in, text out. Progress goes to stderr. `commonweal correlate` and `commonweal discover`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import charts, engines, pairing, reports, sketches
from commonweal.knowledge.insight.engine import adjust
from commonweal.knowledge.insight.pictures import picture
from commonweal.knowledge.insight.plain import PlainTable, read_plain
from commonweal.knowledge.lake.reading import SUFFIXES, TEXT
from commonweal.register.models import Text

CHARTS = 12
AT_ONCE = 100
"""Files of a folder handed to the engine together, between two words of progress."""


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def correlate(paths: Sequence[Path], keys: Sequence[str], format: str, *, engine: str | None = None) -> tuple[str, int]:
    """Which columns of some files move together: text in the format (`table`, `json`, `html`) and an exit code.

    Without keys the columns of each file are compared row by row; with keys the files are joined on them (columns are
    then named `file.column`), repeated keys are averaged, and where the keys say where and when, pairs are named for
    what they are. Files are read where `engine` is (an address, see `engines.at`). Exits 1 when no pair could be
    measured. Raises Refused for a file that cannot be read.
    """
    if format not in reports.SHOWN:
        raise Refused("format", f"{format!r} is no format; choose table, json or html")
    if not paths:
        raise Refused("no-files", "Name at least one file, for example: commonweal correlate income.csv")
    for path in paths:
        _say(f"Reading {path}")
    with engines.at(engine) as place:
        tables = place.each([Path(path).absolute() for path in paths], partial(read_plain, keys=tuple(keys)))
    drawn: dict[tuple[str, str], str] = {}
    rows: list[pairing.Row] = []
    found = pairing.boards(tables, keys)
    for board in found:
        rows += pairing.looked_at_again(board, pairing.measure(board, _say))
    told = pairing.ranked(rows)
    if format == "html":
        drawn = {pair: svg for board in found for pair, svg in _drawn(board, told).items()}
    title = f"What goes with what: {', '.join(t.name for t in tables)[:200]}"
    problems = [p for t in tables for p in t.problems]
    left_out = [f"{t.name}.{c}" if len(tables) > 1 else c for t in tables for c in t.left_out]
    for problem in problems:
        _say(f"Not used: {problem.file}.{problem.column}: {problem.count} × {problem.what}, first in row {problem.row}")
    report = reports.Report(title, told, problems, left_out, (), drawn)
    return reports.render(report, format), 0 if told else 1


def _drawn(board: pairing.Board, rows: Sequence[pairing.Row]) -> dict[tuple[str, str], str]:
    """Charts of the strongest numeric pairs."""
    at = {name: i for i, name in enumerate(board.names)}
    made: dict[tuple[str, str], str] = {}
    for row in rows:
        if len(made) >= CHARTS:
            break
        if row.statistic != "pearson" or row.left not in at or row.right not in at:
            continue
        x, y = board.columns[at[row.left]].values, board.columns[at[row.right]].values
        here = np.isfinite(x) & np.isfinite(y)
        svg = charts.draw(picture(x[here], y[here], None, None, (), "level"), _named(row.left), _named(row.right), "en")
        if svg:
            made[(row.left, row.right)] = svg
    return made


def _named(name: str) -> tuple[Text, None]:
    return Text({"en": name}), None


def discover(
    file: Path,
    column: str,
    keys: Sequence[str],
    lake: Path,
    top: int = 20,
    format: str = "table",
    *,
    engine: str | None = None,
) -> tuple[str, int]:
    """Which columns of the files in a folder go with one of yours, after joining on the keys.

    Ranked by the near end of the 95 % interval, so that a small overlap does not win; p adjusted for every column of
    the folder. Its files are read and sketched where `engine` is. Exits 1 when nothing shares enough keys. Raises
    Refused for a missing file, folder, key or column.
    """
    if format not in reports.SHOWN:
        raise Refused("format", f"{format!r} is no format; choose table, json or html")
    if not keys:
        raise Refused("no-key", "Name the key columns, for example: --key Entity --key Year")
    lake = Path(lake)
    if not lake.is_dir():
        raise Refused("no-folder", f"There is no folder {lake}")
    mine = read_plain(Path(file), keys)
    asked = next((c for c in mine.columns if c.name == column and not c.categories), None)
    if asked is None:
        there = ", ".join(c.name for c in mine.columns if not c.categories)
        raise Refused(
            "no-column", f"{Path(file).name} has no column of numbers named {column!r}; it has: {there[:400]}"
        )
    tables, columns, notes = _lake(lake, keys, engine)
    index = sketches.build(columns)
    _say(f"{len(index.columns)} columns of {len(tables)} files")
    wanted = sketches.Column.of(f"{mine.name}.{column}", sketches.hash_keys(mine.keys), asked.values, mine.name)
    hits = index.query(wanted, top=max(1, top), least=pairing.FEWEST)
    adjusted = adjust([*(h.p for h in hits), *[1.0] * max(0, len(index.columns) - len(hits))])
    rows = [
        pairing.Row(wanted.name, h.name, "pearson", h.value, h.low, h.high, h.n, h.p, q)
        for h, q in zip(hits, adjusted, strict=False)
    ]
    rows = _named_for_what_they_are(rows, mine, tables, column)
    report = reports.Report(f"What goes with {wanted.name}", rows, mine.problems, (), notes)
    return reports.render(report, format), 0 if rows else 1


@dataclass(frozen=True)
class _Read:
    """A file of the folder as an engine hands it over: its table and its sketches, or a note why there are none."""

    table: PlainTable | None
    columns: tuple[sketches.Column, ...] = ()
    note: str = ""


def _attempt(path: Path, keys: Sequence[str]) -> _Read:
    try:
        table = read_plain(path, keys)
    except Refused as refusal:
        return _Read(None, note=f"Left out: {refusal.message[:200]}")
    return _Read(table, tuple(_columns(table)))


def _lake(
    folder: Path, keys: Sequence[str], engine: str | None
) -> tuple[list[PlainTable], list[sketches.Column], list[str]]:
    """Every file of the folder that can be read and has the keys, with its sketches; a note for each that cannot."""
    kinds = (*TEXT, *SUFFIXES)
    folder = folder.absolute()  # an engine's other machines stand elsewhere
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name.removesuffix(".gz").endswith(kinds)]
    got: list[_Read] = []
    with engines.at(engine) as place:
        for start in range(0, len(paths), AT_ONCE):
            got += place.each(paths[start : start + AT_ONCE], partial(_attempt, keys=tuple(keys)))
            _say(f"Read {len(got)} of {len(paths)} files")
    tables = [each.table for each in got if each.table is not None]
    if not tables:
        raise Refused("empty-lake", f"No file in {folder} can be read and has the columns {', '.join(keys)}")
    return tables, [c for each in got for c in each.columns], [each.note for each in got if each.note]


def _columns(table: PlainTable) -> list[sketches.Column]:
    hashes = sketches.hash_keys(table.keys)
    return [
        sketches.Column.of(f"{table.name}.{c.name}", hashes, c.values, table.name)
        for c in table.columns
        if not c.categories
    ]


def _named_for_what_they_are(
    rows: Sequence[pairing.Row], mine: PlainTable, tables: Sequence[PlainTable], column: str
) -> list[pairing.Row]:
    """The hits joined again with their keys, so that trends and copies are called that; the order stays."""
    told = []
    own = PlainTable(mine.name, mine.rows, [c for c in mine.columns if c.name == column], mine.keys)
    for row in rows:
        table = next(t for t in tables if row.right.startswith(f"{t.name}.") and _has(t, row.right))
        other = PlainTable(
            table.name, table.rows, [c for c in table.columns if f"{table.name}.{c.name}" == row.right], table.keys
        )
        (board,) = pairing.boards([own, other], ("key",))
        again = pairing.again(board, row, 0, 1)
        told.append(replace(row, kind=again.kind, entities=again.entities, within=again.within))
    return told


def _has(table: PlainTable, name: str) -> bool:
    return any(f"{table.name}.{c.name}" == name for c in table.columns)
