"""In a large lake: which of millions of pairs are worth measuring. Pure.

Columns of one kind of place and one grain are lined up on their keys (`sketches`), once as they are and once with every
place's and period's own level taken out, and all pairs are a few products of matrices. The strongest of each column
in either view are measured exactly; the others count as tests that found nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from commonweal.knowledge.insight import estimates, sketches
from commonweal.knowledge.insight.disclosure import SAME
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.frames import Frame, put_together

Named = tuple[str, str]
"""A column: its dataset's id and its name."""

PER_COLUMN = 8
LEAST = 30
PARTS = 12
NEARBY = 80
MOST_TRIED = 90
MOST_PARTS = 4
MOST_STEPS = 7
EXACT = 1e-9
COVERS = 0.95
ALWAYS = 0.999
SAMPLED = 20
"""Keys for each column, at least, over which a figure must be reckoned from others to be called so."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Chosen:
    """Pairs worth measuring by the two frames' places in the list, exact totals among the columns with their parts, and
    how many pairs were looked at."""

    columns: dict[tuple[int, int], set[frozenset[Named]]]
    totals: dict[Named, frozenset[Named]]
    looked: int
    at: dict[str, int]

    def of(self, one: Frame, other: Frame) -> set[frozenset[Named]]:
        """The chosen pairs of two frames."""
        i, j = sorted((self.at[one.dataset.id], self.at[other.dataset.id]))
        return self.columns.get((i, j), set())


def choose(frames: Sequence[Frame], touching: Collection[str] | None = None) -> Chosen:
    """The strongest pairs of each column, as published and within places; with `touching`, of those datasets only."""
    at = {frame.dataset.id: i for i, frame in enumerate(frames)}
    pairs: set[frozenset[Named]] = set()
    totals: dict[Named, frozenset[Named]] = {}
    looked = 0
    for group in _groups(frames):
        level, within, raw = (_index(group, view) for view in (_as_seen, _left, _raw))
        asked = [c for c in level.columns.values() if touching is None or c.group in touching]
        looked += _looked(level, touching)
        found = {
            pair
            for index in (level, within)
            for pair in _strongest(index, [index.columns[c.name] for c in asked if c.name in index.columns])
        }
        found |= _alike(raw, [raw.columns[c.name] for c in asked if c.name in raw.columns])
        pairs |= found if touching is None else found | _of_twins(found, level, asked)
        totals |= {_named(c): parts for c in asked if (parts := _parts(c, level, raw))}
    pairs |= {frozenset((whole, part)) for whole, parts in totals.items() for part in parts if whole[0] != part[0]}
    columns: dict[tuple[int, int], set[frozenset[Named]]] = {}
    for pair in pairs:
        i, j = sorted(at[dataset] for dataset, _ in pair)
        columns.setdefault((i, j), set()).add(pair)
    return Chosen(columns, totals, looked, at)


def _groups(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Frames that speak of the same kind of place and period."""
    groups: dict[tuple[object, object], list[Frame]] = {}
    for frame in frames:
        groups.setdefault((frame.domain, frame.grain), []).append(put_together(frame))
    return [group for group in groups.values() if len(group) > 1]


def _index(group: Sequence[Frame], view: Callable[[Frame, Numbers], Numbers | None]) -> sketches.Index:
    codes: dict[str, int] = {}
    columns = []
    for frame in group:
        hashes, own = _hashes(frame, codes), frame.dataset.id
        for measure in frame.measures:
            values = None if measure.is_category else view(frame, measure.values)
            if values is not None:
                columns.append(sketches.Column.of("\x1f".join((own, measure.name)), hashes, values, own))
    return sketches.build(columns)


def _raw(_: Frame, values: Numbers) -> Numbers | None:
    return values


def _hashes(frame: Frame, codes: dict[str, int]) -> sketches.Hashes:
    key = np.zeros(len(frame), dtype=np.uint64)
    if frame.place is not None:
        known = np.array([codes.setdefault(place, len(codes) + 1) for place in frame.places], dtype=np.uint64)
        key = known[frame.place] << np.uint64(32)
    if frame.time is not None:
        key = key + frame.time.astype(np.uint64) + np.uint64(1)
    return key * _MIX  # odd, so that different keys stay different


def _as_seen(_: Frame, values: Numbers) -> Numbers | None:
    here = np.isfinite(values)
    seen = np.full(len(values), np.nan)
    seen[here] = scaled(values[here])
    return seen


def _left(frame: Frame, values: Numbers) -> Numbers | None:
    """What a column holds beyond its places' and periods' own levels, over all of its rows."""
    here = np.isfinite(values)
    if frame.place is None or frame.time is None or here.sum() < LEAST:
        return None
    place, time = (np.unique(c[here], return_inverse=True)[1] for c in (frame.place, frame.time))
    if here.sum() < 3 * (int(place.max()) + 1):
        return None
    left = np.full(len(values), np.nan)
    left[here] = estimates.without_effects(scaled(values[here]), place, time)
    return left


def _looked(index: sketches.Index, touching: Collection[str] | None) -> int:
    """Pairs of columns of different datasets."""
    sizes: dict[str, int] = {}
    for column in index.columns.values():
        sizes[column.group] = sizes.get(column.group, 0) + 1
    total = sum(sizes.values())
    if touching is None:
        return (total * total - sum(n * n for n in sizes.values())) // 2
    return sum(sizes.get(g, 0) * (total - sizes.get(g, 0)) for g in touching)


def _strongest(index: sketches.Index, asked: Sequence[sketches.Column]) -> set[frozenset[Named]]:
    return {
        frozenset((_named(column), (hit.group, hit.name.partition("\x1f")[2])))
        for column in asked
        for hit in index.query(column, top=PER_COLUMN, least=LEAST)
    }


def _alike(raw: sketches.Index, asked: Sequence[sketches.Column]) -> set[frozenset[Named]]:
    """Columns and their copies in another unit, which logarithms of shifted figures would not show."""
    return {
        frozenset((_named(column), (hit.group, hit.name.partition("\x1f")[2])))
        for column in asked
        for hit in raw.query(column, top=2, least=LEAST)
        if abs(hit.value) >= SAME
    }


def _named(column: sketches.Column) -> Named:
    dataset, _, name = column.name.partition("\x1f")
    return dataset, name


def _of_twins(
    found: set[frozenset[Named]], level: sketches.Index, asked: Sequence[sketches.Column]
) -> set[frozenset[Named]]:
    """What a column's copy elsewhere has to say of the same partners, so that the original can be told instead."""
    twins = {}
    for column in asked:
        best = level.query(column, top=1, least=LEAST)
        if best and abs(best[0].value) >= SAME:
            twins[_named(column)] = (best[0].group, best[0].name.partition("\x1f")[2])
    more = {frozenset(twins.get(side, side) for side in pair) for pair in found}
    return {pair for pair in more if len({dataset for dataset, _ in pair}) == 2}


def _parts(column: sketches.Column, level: sketches.Index, raw: sketches.Index) -> frozenset[Named]:
    """The columns of other datasets of which this column is a sum, row by row; empty when it is none."""
    if column.name not in raw.columns:
        return frozenset()
    alike = level.query(column, top=NEARBY, least=max(LEAST, int(COVERS * len(column.hashes))))
    hits = alike[:PARTS]
    near = list(dict.fromkeys(hit.group for hit in hits))[:3]
    beside = [c.name for group in near for c in raw.columns.values() if c.group == group]
    names = dict.fromkeys([*(hit.name for hit in hits), *beside])
    parts = [raw.columns[name] for name in names if name in raw.columns][:MOST_TRIED]
    whole = raw.columns[column.name]
    found = exact_total(whole, [p for p in parts if p.group != column.group])
    if not found:
        groups = dict.fromkeys(hit.group for hit in alike if hit.group != column.group)
        found = reckoned_from(whole, [[c for c in raw.columns.values() if c.group == g] for g in groups])
    return frozenset(_named(part) for part in found)


def exact_total(whole: sketches.Column, parts: Sequence[sketches.Column]) -> list[sketches.Column]:
    """Those of `parts` (one to four, chosen greedily) of which `whole` is an exact weighted sum; else none.

    No accident: an identity of so few columns, to nine digits, over thirty rows and more.
    """
    chosen: list[sketches.Column] = []
    while len(chosen) < MOST_STEPS:
        tried = [(_fit(whole, [*chosen, part]), part) for part in parts if all(part is not c for c in chosen)]
        fits = [(fit, part) for fit, part in tried if fit is not None]
        if not fits:
            return []
        (left, weights), best = min(fits, key=lambda f: f[0][0])
        chosen.append(best)
        if left <= EXACT:
            return _needed(whole, chosen, weights)
    return []


def reckoned_from(whole: sketches.Column, datasets: Sequence[Sequence[sketches.Column]]) -> list[sketches.Column]:
    """The columns of the first dataset of which `whole` is an exact weighted sum of any number; else none.

    For totals whose parts a greedy choice misses, because the dataset holds sums of its own columns beside them. Only
    columns that stand wherever the whole does; a sample of keys is fitted first, far more of them than columns.
    """
    for columns in datasets:
        fit = [c for c in columns if np.isin(whole.hashes, c.hashes, assume_unique=True).mean() >= ALWAYS]
        fit = fit[:MOST_TRIED]
        if len(fit) < 2 or len(whole.hashes) < SAMPLED * len(fit):
            continue
        step = max(1, len(whole.hashes) // (SAMPLED * len(fit)))
        sample = replace(whole, hashes=whole.hashes[::step], values=whole.values[::step])
        if not _exactly(sample, fit):
            continue
        exact = _exactly(whole, fit)
        if exact:
            return exact
    return []


def _exactly(whole: sketches.Column, parts: Sequence[sketches.Column]) -> list[sketches.Column]:
    found = _fit(whole, parts)
    if found is None or found[0] > EXACT:
        return []
    weighed = [abs(w) * float(np.std(part.values)) for w, part in zip(found[1], parts, strict=True)]
    return [part for w, part in zip(weighed, parts, strict=True) if w > 1e-6 * max(weighed)]


def _needed(whole: sketches.Column, chosen: Sequence[sketches.Column], weights: Numbers) -> list[sketches.Column]:
    """The parts that bear weight, when they are few and suffice; else none."""
    most = float(np.max(np.abs(weights)))
    kept = [part for part, w in zip(chosen, weights, strict=True) if abs(w) > 1e-6 * most]
    again = _fit(whole, kept) if len(kept) <= MOST_PARTS else None
    return kept if again is not None and again[0] <= EXACT else []


def _fit(whole: sketches.Column, parts: Sequence[sketches.Column]) -> tuple[float, Numbers] | None:
    """Share of the whole's square left by the best weights, over keys that all have.

    None where a part lacks keys that the whole has: a total stands only where all of its parts do.
    """
    keys = whole.hashes
    for part in parts:
        keys = np.intersect1d(keys, part.hashes, assume_unique=True)
    if len(keys) < max(LEAST, COVERS * len(whole.hashes)):
        return None
    y = whole.values[np.searchsorted(whole.hashes, keys)]
    x = np.column_stack([part.values[np.searchsorted(part.hashes, keys)] for part in parts])
    size = np.sqrt(np.sum(x * x, axis=0))
    total = float(y @ y)
    if total <= 0 or np.min(size) <= 0:
        return None
    scaled_weights, *_ = np.linalg.lstsq(x / size, y, rcond=None)
    left = float(np.sum((y - (x / size) @ scaled_weights) ** 2)) / total
    return left, scaled_weights / size
