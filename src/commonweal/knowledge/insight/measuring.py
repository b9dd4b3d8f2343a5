"""From a stream of batches to measured pairs: look, plan, sum, finish; very wide tables panel by panel."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import engines, measures
from commonweal.knowledge.insight.engines import Part
from commonweal.knowledge.insight.engines.parts import ParquetPart
from commonweal.knowledge.insight.measures import given as held
from commonweal.knowledge.insight.measures import ranking
from commonweal.knowledge.insight.measures.found import Found
from commonweal.knowledge.insight.measures.parsing import is_number, written
from commonweal.knowledge.insight.measures.plan import Floats, Plan
from commonweal.knowledge.insight.measures.profile import Profile
from commonweal.knowledge.insight.measures.summary import Summary
from commonweal.knowledge.insight.multiplicity import LISTED
from commonweal.knowledge.insight.streaming import WholePart, spool

Say = Callable[[str], None]

MOST_NONLINEAR = 120
"""Columns up to which mutual information, ranks and xi are measured without being asked for."""
MOST_TABLES = 1_000
"""Columns up to which they are measured at all."""
PANEL = 1_000
"""Columns in a panel: a wider table is measured panel beside panel, each time reading it again."""
MOST_CELLS = 30_000_000
KEPT = 20_000
"""Pairs of one statistic kept, the strongest; all the others count as tests. No report shows half as many."""
XI_PAIRS = 200
BEYOND = 0.1
"""How much more xi must be sure of than the straight line and the ranks, for a pair to be told by it."""


@dataclass(frozen=True)
class Measured:
    """Every statistic that was measured, with names of columns; `tests` pairs were tried in all, `p` holds those
    p-values that matter for adjusting (see `multiplicity.adjust_array`)."""

    plan: Plan
    profile: Profile
    found: list[Found]
    tests: int
    others: Floats = field(default_factory=lambda: np.zeros(0))
    """p-values up to LISTED of pairs that are not kept in `found`."""
    summary: Summary | None = None
    named: bool = False
    """Whether statistics were asked for by name."""


def measure(
    engine: engines.Engine,
    parts: Sequence[Part],
    columns: Sequence[str],
    *,
    weight: str | None = None,
    given: Collection[str] = (),
    statistics: Collection[str] | None = None,
    say: Say = lambda _: None,
) -> Measured:
    """Measure all pairs of columns of some parts. Without `statistics` each pair by the one natural to its types, with
    ranks and mutual information beside it and xi where it tells more; else those named.

    Parts that only this machine can read are read here. Raises Refused as `measures.decide` does, for a file that
    changed while it was read, and for what cannot be measured together.
    """
    place = engine if all(isinstance(p, ParquetPart | WholePart) for p in parts) else engines.at("local")
    wanted = _wanted(statistics, len(columns))
    nonlinear = bool(wanted - set(measures.NATURAL))
    profile = place.fold(parts, partial(measures.look, columns=tuple(columns), sample=nonlinear or bool(given)))
    plan = measures.decide(profile, weight=weight, given=given, nonlinear=nonlinear)
    if nonlinear and len(plan.names) > (MOST_NONLINEAR if statistics is None else MOST_TABLES):
        raise Refused("too-wide", f"{len(plan.names)} columns are too many for {', '.join(sorted(wanted))}")
    say(f"{len(plan.names)} columns, {_pairs(len(plan.shown))} pairs over {profile.rows} rows")
    if _wide(plan):
        return _in_panels(place, parts, plan, profile, wanted, say)
    summary = place.fold(parts, partial(measures.summarise, plan=plan, threads=place.threads))
    if plan.given:
        found = held.finish(summary)
        kept, others = _bounded(found)
        return Measured(plan, profile, kept, sum(map(len, found)), others, summary=summary)
    found = measures.finish(summary, wanted)
    tests = sum(map(len, found if statistics else [f for f in found if f.statistic in measures.NATURAL]))
    if "xi" in wanted:
        extra, tried = _xi(summary, found, asked=statistics is not None)
        found.append(extra)
        tests += tried
    kept, others = _bounded(found)
    return Measured(plan, profile, kept, tests, others, summary=summary, named=statistics is not None)


def _wanted(statistics: Collection[str] | None, columns: int) -> set[str]:
    if statistics is None:
        return set(measures.STATISTICS if columns <= MOST_NONLINEAR else measures.NATURAL)
    unknown = set(statistics) - set(measures.STATISTICS)
    if unknown:
        raise Refused(
            "statistic", f"{sorted(unknown)[0]!r} is no statistic; choose from {', '.join(measures.STATISTICS)}"
        )
    return set(statistics)


def _pairs(k: int) -> int:
    return k * (k - 1) // 2


def _xi(summary: Summary, found: Sequence[Found], *, asked: bool) -> tuple[Found, int]:
    """ξ of the pairs of numbers with most mutual information, both ways round, and how many count as tried: all ordered
    pairs, since the best were chosen. Unasked, only of those of which it is surer than the line and the ranks are."""
    k = len(summary.plan.numbers)
    by = {f.statistic: f for f in found}
    candidates: list[tuple[int, int]] = list(itertools.combinations(range(k), 2))
    if "mutual_information" in by:
        shared = by["mutual_information"]
        order = np.argsort(-shared.certain, kind="stable")
        candidates = [(int(shared.left[a]), int(shared.right[a])) for a in order if shared.right[a] < k]
    chosen = candidates[:XI_PAIRS]
    told = ranking.xi(summary, [pair for a, b in chosen for pair in ((a, b), (b, a))])
    if asked:
        return told, k * (k - 1)
    sure: dict[tuple[int, int], float] = {}
    for name in ("pearson", "spearman"):
        for a, b, v in zip(by[name].left, by[name].right, np.abs(by[name].value), strict=True):
            sure[(a, b)] = max(sure.get((a, b), 0.0), float(v))
    line = np.array([sure.get((min(a, b), max(a, b)), 0.0) for a, b in zip(told.left, told.right, strict=True)])
    return told.where(np.flatnonzero(told.low > line + BEYOND)), k * (k - 1)


def _wide(plan: Plan) -> bool:
    sizes = np.array([len(k) for k in plan.kinds], float)
    cells = (sizes.sum() ** 2 - (sizes**2).sum()) / 2 + sizes.sum() * len(plan.numbers)
    return len(plan.names) > 2 * PANEL or cells > MOST_CELLS


def _in_panels(
    engine: engines.Engine, parts: Sequence[Part], plan: Plan, profile: Profile, wanted: set[str], say: Say
) -> Measured:
    """Panel beside panel, each pair of columns once; only natural statistics. The table is written once to an Arrow
    file as it is read, so that the passes cost little."""
    if plan.given:
        raise Refused("too-wide", f"{len(plan.names)} columns are too many to hold others constant; choose fewer")
    panels = _panels(plan)
    bare = replace(plan, edges=(), knots=(), hold=0, whole=False)
    kept: dict[str, Found] = {}
    others: list[Floats] = []
    tests = 0
    with tempfile.TemporaryDirectory(prefix="commonweal-") as folder:
        if not all(isinstance(p, ParquetPart) for p in parts):
            whole = _as_numbers(itertools.chain.from_iterable(p.batches() for p in parts), plan)
            parts, engine = [spool(whole, Path(folder) / "table.arrow")], engines.at("local")
        rounds = list(itertools.combinations_with_replacement(range(len(panels)), 2))
        for number, (a, b) in enumerate(rounds, 1):
            if a == b and len(panels) > 1:
                continue  # a panel's own pairs are measured beside the next panel
            own = bare.only(set(panels[a]) | set(panels[b]))
            summary = engine.fold(parts, partial(measures.summarise, plan=own, threads=engine.threads))
            for found in measures.finish(summary, wanted & set(measures.NATURAL)):
                told = _to_whole(found, own, plan, panels, a, b)
                tests += len(told)
                before = kept.get(told.statistic)
                kept[told.statistic], rest = _strongest(told if before is None else before.with_(told))
                others.append(rest)
            say(f"Measured {number} of {len(rounds)} panels; {tests} pairs")
    return Measured(plan, profile, list(kept.values()), tests, np.concatenate(others or [np.zeros(0)]))


def _as_numbers(batches: Iterable[pa.RecordBatch], plan: Plan) -> Iterator[pa.RecordBatch]:
    """The planned columns; those of numbers parsed once here rather than once a panel."""
    numbers = set(plan.numbers)
    names = [name for name in (*plan.names, plan.weight) if name is not None]
    for batch in batches:
        columns = []
        for name in names:
            column = batch.column(name)
            if (name in numbers or name == plan.weight) and not is_number(column.type):
                column = pa.array(written(column).values)
            columns.append(column)
        yield pa.RecordBatch.from_arrays(columns, names)


def _panels(plan: Plan) -> list[list[str]]:
    """Columns in groups, such that any two groups together stay within bounds."""
    groups: list[list[str]] = [[]]
    cells = 0
    limit = int(np.sqrt(MOST_CELLS)) // 2
    size = {**dict.fromkeys(plan.numbers, 1), **{n: len(k) for n, k in zip(plan.categories, plan.kinds, strict=True)}}
    for name in plan.names:
        if len(groups[-1]) >= PANEL or cells + size[name] > limit:
            groups.append([])
            cells = 0
        groups[-1].append(name)
        cells += size[name]
    return groups


def _to_whole(found: Found, own: Plan, plan: Plan, panels: list[list[str]], a: int, b: int) -> Found:
    """A panel's result with places in the whole plan, without pairs that another round measures."""
    at = {name: i for i, name in enumerate(plan.names)}
    home = {name: g for g in {a, b} for name in panels[g]}
    place = np.array([at[n] for n in own.names])
    group = np.array([home[n] for n in own.names])
    left, right = group[found.left], group[found.right]
    # A panel's own pairs belong to the round with the next panel; the last panel's to that with the one before.
    keep = (left != right) | ((left == a) & (b == a + 1)) | ((left == b) & (b == len(panels) - 1) & (a == b - 1))
    told = found.where(np.flatnonzero(keep))
    return replace(told, left=place[told.left], right=place[told.right])


def _strongest(found: Found) -> tuple[Found, Floats]:
    """The strongest pairs, and p-values up to LISTED of the others."""
    if len(found) <= KEPT:
        return found, np.zeros(0)
    order = np.argsort(-found.certain, kind="stable")
    rest = found.p[order[KEPT:]]
    return found.where(np.sort(order[:KEPT])), rest[rest <= LISTED]


def _bounded(found: Sequence[Found]) -> tuple[list[Found], Floats]:
    """The strongest of each statistic, and p-values of the others: pairs grow with the square of the columns, and what
    nobody will be shown must not be held pair by pair."""
    told = [_strongest(each) for each in found]
    return [kept for kept, _ in told], np.concatenate([np.zeros(0), *(rest for _, rest in told)])
