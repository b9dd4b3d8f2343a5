"""`commonweal correlate`: which columns of some files go together. Files in, text out; needs no deployment."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import engines, pairing, reports, streaming
from commonweal.knowledge.insight.measures import lagged
from commonweal.knowledge.insight.measures.deciding import reason
from commonweal.knowledge.insight.measures.found import Found
from commonweal.knowledge.insight.measuring import Measured, measure
from commonweal.knowledge.insight.multiplicity import LISTED, adjust_array
from commonweal.knowledge.insight.pairing import Board, Row
from commonweal.knowledge.insight.plain import Problem, key_column, plain_name, read_plain
from commonweal.knowledge.insight.showing import charts_of

SAME = 0.9999
"""|r| from which two columns are one measure under two names."""


@dataclass(frozen=True)
class Asked:
    """What to correlate and how; see `commonweal correlate --help`."""

    paths: tuple[Path, ...]
    keys: tuple[str, ...] = ()
    weight: str | None = None
    given: tuple[str, ...] = ()
    lag: int = 0
    statistics: tuple[str, ...] | None = None
    format: str = "table"
    language: str | None = None
    engine: str | None = None


@dataclass
class _Told:
    """One table's answer."""

    rows: list[Row]
    tests: int
    others: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    charts: dict[tuple[str, str], str] = field(default_factory=dict)


def correlate(asked: Asked) -> tuple[str, int]:
    """The answer as text in the format asked for, and an exit code: 1 when no pair could be measured.

    Without keys each file is measured by itself, streamed from disk; with keys the files are joined on them in memory,
    repeated keys averaged. Raises Refused for what cannot be read, joined, weighed or held constant.
    """
    _check(asked)
    language = (asked.language or reports.language()).partition("-")[0]
    with engines.at(asked.engine) as engine:
        told = _joined(asked, engine, language) if asked.keys else _one_by_one(asked, engine, language)
    rows = _adjusted(told)
    problems = [p for t in told for p in t.problems]
    left_out = [name for t in told for name in t.left_out]
    for problem in problems:
        first = f", first in row {problem.row}" if problem.row else ""
        say(f"Not used: {problem.file}.{problem.column}: {problem.count} × {problem.what}{first}")
    for name in left_out:
        say(f"Left out: {name}")
    title = reports.title(", ".join(path.name for path in asked.paths)[:200], language)
    charts = {pair: svg for t in told for pair, svg in t.charts.items()}
    report = reports.Report(title, rows, problems, left_out, (), charts, language)
    return reports.render(report, asked.format), 0 if rows else 1


def say(words: str) -> None:
    """A word of progress."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _check(asked: Asked) -> None:
    if asked.format not in reports.SHOWN:
        raise Refused("format", f"{asked.format!r} is no format; choose table, json or html")
    if asked.language not in (None, "en", "zh", "zh-hans"):
        raise Refused("language", f"{asked.language!r} is no language here; choose en or zh-hans")
    if not asked.paths:
        raise Refused("no-files", "Name at least one file, for example: commonweal correlate income.csv")
    if asked.lag < 0 or asked.lag > 1000:
        raise Refused("lag", "A lag is a number of periods from 1 to 1000")
    if asked.lag and not asked.keys:
        raise Refused("lag", "To compare with later periods, name the key that tells time, for example: --key year")


def _one_by_one(asked: Asked, engine: engines.Engine, language: str) -> list[_Told]:
    many = len(asked.paths) > 1
    told = []
    for path in asked.paths:
        say(f"Reading {path}")
        stream = streaming.open_stream(path)
        weight, given = _meant(asked, stream.columns, path.name)
        measured = measure(
            engine, stream.parts, stream.columns, weight=weight, given=given, statistics=asked.statistics, say=say
        )
        prefix = f"{stream.name}." if many else ""
        one = _answer(measured, prefix, language)
        one.problems = _problems(stream, measured)
        if asked.format == "html":
            one.charts = charts_of(one.rows, measured, prefix, language)
        told.append(one)
    return told


def _meant(asked: Asked, columns: Sequence[str], file: str) -> tuple[str | None, tuple[str, ...]]:
    """The columns meant by the names of weights and of what to hold constant."""

    def find(wanted: str) -> str:
        if wanted in columns:
            return wanted
        same = [c for c in columns if plain_name(c) == plain_name(wanted)]
        return same[0] if same else key_column(wanted, list(columns), file)

    given = tuple(dict.fromkeys(find(name) for name in asked.given))
    weight = find(asked.weight) if asked.weight is not None else None
    if weight in given:
        raise Refused("weight", f"{weight!r} cannot be both the weights and held constant")
    return weight, given


def _problems(stream: streaming.Stream, measured: Measured) -> list[Problem]:
    """What stood in columns of numbers and could not be used, and rows that could not be cut."""
    told = []
    if cut := streaming.broken(stream):
        row, _, value, why = cut[0]
        what = f"rows cut into {why.partition(':')[2].replace('/', ' columns instead of ')}"
        told.append(Problem(stream.name, "*", len(cut), row, value[:80], what))
    for seen in measured.profile.columns:
        if seen.name not in measured.plan.numbers:
            continue
        if seen.wrong:
            told.append(Problem(stream.name, seen.name, seen.wrong, seen.row, seen.value, "not a number"))
        if seen.infinite:
            told.append(Problem(stream.name, seen.name, seen.infinite, 0, "∞", "infinite"))
    return told


def _answer(measured: Measured, prefix: str, language: str) -> _Told:
    names = [prefix + name for name in measured.plan.names]
    left_out = [f"{prefix}{each.column} ({reason(each, language)})" for each in measured.plan.left_out]
    return _Told(rows_of(measured, names), measured.tests, measured.others, left_out=left_out)


def rows_of(measured: Measured, names: Sequence[str]) -> list[Row]:
    """Rows of everything measured: a pair's own statistic with the others beside it, xi where it tells more."""
    if measured.named:
        return [row for found in measured.found for row in _rows(found, names, measured.plan.given, {})]
    beside = _beside(measured.found)
    own = [f for f in measured.found if f.statistic not in ("spearman", "mutual_information")]
    return [row for found in own for row in _rows(found, names, measured.plan.given, beside)]


def _beside(found: Sequence[Found]) -> dict[tuple[int, int], dict[str, float]]:
    told: dict[tuple[int, int], dict[str, float]] = {}
    for each in found:
        if each.statistic not in ("spearman", "mutual_information", "xi"):
            continue
        for a, b, value in zip(each.left.tolist(), each.right.tolist(), each.value.tolist(), strict=True):
            told.setdefault((min(a, b), max(a, b)), {}).setdefault(each.statistic, value)
        if "normalised" in each.extra:
            for a, b, value in zip(each.left, each.right, each.extra["normalised"].tolist(), strict=True):
                told[(min(int(a), int(b)), max(int(a), int(b)))]["normalised_mutual_information"] = value
    return told


def _rows(
    found: Found, names: Sequence[str], given: tuple[str, ...], beside: dict[tuple[int, int], dict[str, float]]
) -> Iterator[Row]:
    own = [name for name in found.extra if name in ("corrected", "uncorrected", "normalised", "reverse")]
    arrays = (found.left, found.right, found.value, found.low, found.high, found.n, found.p)
    for at, (i, j, value, low, high, n, p) in enumerate(zip(*(a.tolist() for a in arrays), strict=True)):
        also = {name: float(found.extra[name][at]) for name in own}
        also |= beside.get((min(i, j), max(i, j)), {})
        also.pop(found.statistic, None)
        kind = "same-measure" if found.statistic == "pearson" and abs(value) >= SAME else None
        strength = tuple(float(s[at]) for s in found.strength) if found.strength else None
        yield Row(
            names[i], names[j], found.statistic, value, low, high, int(n), min(max(p, 0.0), 1.0), kind=kind,
            given=given, also=also, strength=strength,  # type: ignore[arg-type]
        )  # fmt: skip


def _adjusted(told: Sequence[_Told]) -> list[Row]:
    """All rows, adjusted for every test of the scan by both procedures, strongest first."""
    rows = [row for t in told for row in t.rows]
    tests = max(sum(t.tests for t in told), len(rows))
    p = np.concatenate([np.array([r.p for r in rows]), *(t.others[t.others <= LISTED] for t in told)])
    tests = max(tests, len(p))
    bh, by = adjust_array(p, tests=tests), adjust_array(p, tests=tests, method="by")
    done = [replace(r, p_adjusted=float(bh[k]), p_adjusted_by=float(by[k])) for k, r in enumerate(rows)]
    return sorted(done, key=lambda r: (-r.certain, -abs(r.value), r.left, r.right, r.statistic))


def _joined(asked: Asked, engine: engines.Engine, language: str) -> list[_Told]:
    """The files joined on the keys, as one table in memory."""
    for path in asked.paths:
        say(f"Reading {path}")
    tables = engine.each([Path(p).absolute() for p in asked.paths], partial(read_plain, keys=asked.keys))
    (board,) = pairing.boards(tables, asked.keys)
    batch, columns = _batch(board, asked)
    weight, given = _meant(asked, columns, "The joined table")
    part = HeldPart(batch)
    with engines.at("local") as here:
        measured = measure(here, [part], columns, weight=weight, given=given, statistics=asked.statistics, say=say)
        told = _answer(measured, "", language)
        if not (weight or given or asked.statistics):
            told.rows = pairing.looked_at_again(board, told.rows)
        if asked.lag:
            _lag(board, asked, told)
        if asked.format == "html":
            told.charts = charts_of(told.rows, measured, "", language)
    many = len(tables) > 1
    told.problems = [p for t in tables for p in t.problems]
    told.left_out += [f"{t.name}.{c}" if many else c for t in tables for c in t.left_out]
    return [told]


@dataclass(frozen=True)
class HeldPart:
    """A table in memory as a part."""

    batch: pa.RecordBatch

    def batches(self) -> Iterator[pa.RecordBatch]:
        """See `engines.ports.Part`."""
        yield self.batch


def _batch(board: Board, asked: Asked) -> tuple[pa.RecordBatch, list[str]]:
    """A board's columns, and the keys among what is to be held constant, under their own names."""
    arrays, names = [], []
    for name, column in zip(board.names, board.columns, strict=True):
        absent = ~np.isfinite(column.values)
        if column.categories:
            codes = pa.array(np.where(absent, 0, column.values).astype(np.int32), mask=absent)
            arrays.append(pa.DictionaryArray.from_arrays(codes, pa.array(column.categories, pa.string())))
        else:
            arrays.append(pa.array(column.values, mask=absent))
        names.append(name)
    for key in asked.given:
        at = next((k for k, name in enumerate(asked.keys) if plain_name(name) == plain_name(key)), None)
        if at is None or key in names:
            continue
        arrays.append(_key(board, asked, at))
        names.append(key)
    return pa.RecordBatch.from_arrays(arrays, names), names


def _key(board: Board, asked: Asked, at: int) -> pa.Array:
    """One of the keys as a category: the one that tells time, or the only other one."""
    places = len(asked.keys) - (board.time is not None)
    codes = board.time if board.time is not None and at == board.time_key else board.place
    if codes is None or (codes is board.place and places > 1):
        raise Refused(
            "given", f"The key {asked.keys[at]!r} is only part of what names a place; it cannot be given alone"
        )
    return pa.array(codes).cast(pa.string())


def _lag(board: Board, asked: Asked, told: _Told) -> None:
    """Rows of each pair's strongest lag, beside the others."""
    if board.time is None:
        raise Refused("lag", "None of the keys tells time; name a column of years or months, for example: --key year")
    at = [i for i, c in enumerate(board.columns) if not c.categories]
    values = [board.columns[i].values for i in at]
    found, tried = lagged.strongest(values, board.place, board.time, asked.lag)
    for each in found:
        e = each.estimate
        told.rows.append(
            Row(board.names[at[each.left]], board.names[at[each.right]], "pearson", e.value, e.low, e.high, e.n,
                min(e.p, 1.0), lag=each.lag)
        )  # fmt: skip
    told.tests += tried
