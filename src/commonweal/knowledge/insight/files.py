"""On plain files, in one minute: what anywhere in a folder goes with mine. `commonweal discover`.

Needs no deployment: files in, text out. Progress goes to stderr. `commonweal correlate` is in `correlating`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import engines, pairing, reports, sketches
from commonweal.knowledge.insight.folder import keys as naming
from commonweal.knowledge.insight.folder import mixed, naming_pairs
from commonweal.knowledge.insight.folder.keys import Key
from commonweal.knowledge.insight.folder.together import (
    HOWS,
    Grains,
    How,
    Together,
    common,
    grains_of,
    spoken,
    together,
)
from commonweal.knowledge.insight.multiplicity import adjust_array
from commonweal.knowledge.insight.plain import Plain, PlainTable, read_plain
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
    aggregate: How = "mean",
    engine: str | None = None,
) -> tuple[str, int]:
    """Which columns of the files in a folder go with one of yours, after joining on the keys.

    A key is `name`, or `mine=theirs` where the folder calls it otherwise. Periods of different lengths are brought to
    the longer; where keys then repeat, numbers are put together by `aggregate` and categories by the most frequent, and
    each answer says so. Ranked by the near end of the 95 % interval, so that a small overlap does not win; p adjusted
    for every column of the folder. Files are read and sketched where `engine` is. Exits 1 when nothing shares enough
    keys. Raises Refused for a missing file, folder, key or column.
    """
    if format not in reports.SHOWN:
        raise Refused("format", f"{format!r} is no format; choose table, json or html")
    if aggregate not in HOWS:
        raise Refused("aggregate", f"{aggregate!r} is no way to put values together; choose {', '.join(HOWS)}")
    wanted = naming.parse(keys)
    lake, top = Path(lake), max(1, top)
    if not lake.is_dir():
        raise Refused("no-folder", f"There is no folder {lake}")
    mine = read_plain(Path(file), [key.mine for key in wanted])
    asked = _asked(mine, column, Path(file).name)
    own = grains_of(mine)
    others, notes = _lake(lake, mine.name, wanted, own, aggregate, engine)
    alone = PlainTable(mine.name, mine.rows, [asked], mine.keys)
    sides = {grains: together(alone, grains, aggregate) for grains in {other.grains for other in others}}
    rows, compared = _ranked(sides, asked, others, top)
    notes += _told(mine, own, sides, [key.mine for key in wanted])
    _say(f"{compared} columns of {len(others)} files")
    told = [naming_pairs.named(row, sides[met.other.grains], met, wanted) for row, met in rows]
    charts = naming_pairs.charts_of(rows, reports.language()) if format == "html" else {}
    report = reports.Report(f"What goes with {mine.name}.{column}", told, mine.problems, (), notes, charts)
    return reports.render(report, format), 0 if rows else 1


def _asked(mine: PlainTable, column: str, file: str) -> Plain:
    found = next((c for c in mine.columns if c.name == column), None)
    if found is None:
        there = ", ".join(c.name for c in mine.columns)
        raise Refused(
            "no-column",
            f"{file} has no column of numbers named {column!r}, nor of a few categories; it has: {there[:400]}",
        )
    return found


def _ranked(
    sides: dict[Grains, Together], asked: Plain, others: Sequence[Together], top: int
) -> tuple[list[tuple[pairing.Row, mixed.Met]], int]:
    """The surest pairs of any kind, measured exactly, p adjusted for everything that was compared."""
    found, compared = ([], 0) if asked.categories else _numbers(sides, asked, others, top)
    pairs = [(sides[other.grains], other) for other in others]
    kinds, more = mixed.strongest(next(iter(sides.values())), asked, pairs, top)
    found, compared = [*found, *kinds], compared + more
    p = np.array([row.p for row, _ in found])
    bh, by = (adjust_array(p, tests=max(compared, len(p)), method=how) for how in ("bh", "by"))
    done = [
        (replace(row, p_adjusted=float(bh[k]), p_adjusted_by=float(by[k])), met) for k, (row, met) in enumerate(found)
    ]
    return sorted(done, key=lambda each: (-each[0].certain, -abs(each[0].value), each[0].right))[:top], compared


def _numbers(
    sides: dict[Grains, Together], asked: Plain, others: Sequence[Together], top: int
) -> tuple[list[tuple[pairing.Row, mixed.Met]], int]:
    """The columns of numbers by their sketches, lined up at each grain; the best joined and measured exactly."""
    by_column = {f"{o.table.name}.{c.name}": (o, c) for o in others for c in o.table.columns if not c.categories}
    found, compared = [], 0
    for grains, mine in sides.items():
        index = sketches.build(c for o in others if o.grains == grains for c in o.numbers())
        compared += len(index.columns)
        (own,) = mine.numbers()
        for hit in index.query(own, top=top, least=pairing.FEWEST):
            met = mixed.meet(mine, mine.table.columns[0], *by_column[hit.name])
            row = mixed.exactly(own.name, met) if met is not None else None
            if row is not None and met is not None:
                found.append((row, met))
    return found, compared


def _told(mine: PlainTable, own: Grains, sides: dict[Grains, Together], names: Sequence[str]) -> list[str]:
    """What was done to the file asked about."""
    notes = []
    for grains, side in sides.items():
        if side.repeated:
            (how,) = {how for name, how in side.how.items() if name == side.table.columns[0].name}
            became = f"{mine.rows} rows became {len(side.hashes)} of {spoken(names, grains)}"
            notes.append(f"Put together: {mine.name}: {became}; {how}")
        if side.left_over:
            notes.append(f"Not used: {mine.name}: {side.left_over} rows without {', '.join(names)}")
    return list(dict.fromkeys(notes))


@dataclass(frozen=True)
class _Read:
    """A file of the folder as an engine hands it over: at the grain of the two, or a note why there is none."""

    table: Together | None
    note: str = ""


def _attempt(named: tuple[Path, str], keys: tuple[Key, ...], mine: Grains, how: How) -> _Read:
    path, name = named
    try:
        table = read_plain(path, [key.theirs for key in keys])
    except Refused as refusal:
        return _Read(None, f"Left out: {refusal.message[:200]}")
    table.name = name
    return _Read(together(table, common(mine, grains_of(table)), how))


def _lake(
    folder: Path, mine: str, keys: tuple[Key, ...], grains: Grains, how: How, engine: str | None
) -> tuple[list[Together], list[str]]:
    """Every file of the folder that can be read and has the keys; a note for each that cannot."""
    kinds = (*TEXT, *SUFFIXES)
    folder = folder.absolute()  # an engine's other machines stand elsewhere
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name.removesuffix(".gz").endswith(kinds)]
    named = _names(paths, folder)
    own = [path for path in paths if _stem(path) == mine]
    notes = [f"Left out: {path.relative_to(folder)} (it bears the name of the file asked about)" for path in own]
    named = [each for each in named if each[0] not in own]
    got: list[_Read] = []
    with engines.at(engine) as place:
        for start in range(0, len(named), AT_ONCE):
            work = partial(_attempt, keys=keys, mine=grains, how=how)
            got += place.each(named[start : start + AT_ONCE], work)
            _say(f"Read {len(got)} of {len(named)} files")
    tables = [each.table for each in got if each.table is not None]
    if not tables:
        there = ", ".join(" or ".join(key.theirs) for key in keys)
        raise Refused("empty-lake", f"No file in {folder} can be read and has the columns {there}")
    return tables, [*notes, *(each.note for each in got if each.note)]


def _names(paths: Sequence[Path], folder: Path) -> list[tuple[Path, str]]:
    """Each file under its own name; those that share one with the folders they lie in, then with their ending."""
    names = {path: _stem(path) for path in paths}
    counts = Counter(names.values())
    names = {p: n if counts[n] == 1 else str(p.relative_to(folder).with_name(n)) for p, n in names.items()}
    counts = Counter(names.values())
    return [(p, n if counts[n] == 1 else str(p.relative_to(folder))) for p, n in names.items()]


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").rpartition(".")[0] or path.name
