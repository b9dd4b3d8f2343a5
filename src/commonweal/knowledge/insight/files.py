"""On plain files, in one minute: what anywhere in a folder goes with mine. `commonweal discover`.

Needs no deployment: files in, text out. Progress goes to stderr. `commonweal correlate` is in `correlating`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import engines, pairing, reports, sketches
from commonweal.knowledge.insight.engine import adjust
from commonweal.knowledge.insight.plain import PlainTable, read_plain
from commonweal.knowledge.lake.reading import SUFFIXES, TEXT

AT_ONCE = 100
"""Files of a folder handed to the engine together, between two words of progress."""


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


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
