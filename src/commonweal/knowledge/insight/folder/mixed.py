"""One column against categories (or, itself of categories, against everything), on their joined rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from commonweal.knowledge.insight import engines, sketches
from commonweal.knowledge.insight.correlating import HeldPart
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.folder.together import Together
from commonweal.knowledge.insight.measuring import measure
from commonweal.knowledge.insight.pairing import FEWEST, Row
from commonweal.knowledge.insight.plain import Plain

MARGIN = 3
"""So many times the wanted pairs are measured with care, because the first ranking is only near."""


@dataclass(frozen=True)
class Met:
    """The asked column and another over the keys they share."""

    other: Together
    column: Plain
    x: Numbers
    y: Numbers


def meet(mine: Together, asked: Plain, other: Together, column: Plain) -> Met | None:
    """Both over the keys where both hold something; None for fewer than FEWEST."""
    _, a, b = np.intersect1d(mine.hashes, other.hashes, assume_unique=True, return_indices=True)
    x, y = asked.values[a], column.values[b]
    here = np.isfinite(x) & np.isfinite(y)
    return Met(other, column, x[here], y[here]) if here.sum() >= FEWEST else None


def near(met: Met, categories: bool) -> float:
    """About what one can count on: the near end of an interval (Fisher's z) of eta or V, less what chance gives.

    `categories` says whether the asked column is one of categories.
    """
    n = len(met.x)
    if categories and met.column.categories:
        share, df = _v(met.x, met.y), n - 3
    else:
        codes, values = (met.x, met.y) if categories else (met.y, met.x)
        share, df = _eta(codes, values)
    if df < 2 or share <= 0:
        return 0.0
    z = np.arctanh(min(np.sqrt(share), 1 - 1e-9)) - 1.96 / np.sqrt(df)
    return float(np.tanh(max(0.0, z)))


def _eta(codes: Numbers, values: Numbers) -> tuple[float, int]:
    place = np.unique(codes, return_inverse=True)[1]
    counts = np.bincount(place)
    df = len(values) - len(counts)
    centred = values - values.mean()
    spread = float(centred @ centred)
    if len(counts) < 2 or df < 2 or spread <= 0:
        return 0.0, 0
    between = float(np.sum(np.bincount(place, weights=centred) ** 2 / counts))
    return max(0.0, 1 - (1 - between / spread) * (len(values) - 1) / df), df


def _v(left: Numbers, right: Numbers) -> float:
    a, b = (np.unique(side, return_inverse=True)[1] for side in (left, right))
    r, c, n = int(a.max()) + 1, int(b.max()) + 1, len(a)
    if min(r, c) < 2:
        return 0.0
    table = np.bincount(a * c + b, minlength=r * c).reshape(r, c).astype(float)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / n
    phi2 = float(np.sum((table - expected) ** 2 / expected)) / n
    return min(1.0, max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1)) / (min(r, c) - 1))


def strongest(
    mine: Together, asked: Plain, others: Sequence[tuple[Together, Together]], top: int
) -> tuple[list[tuple[Row, Met]], int]:
    """The strongest pairs, measured as `commonweal correlate` measures them, and how many were compared.

    `others` are tables of the folder, each with mine at the grain of the two. Where the asked column is of numbers only
    columns of categories are looked at here.
    """
    met = list(_met(mine, asked, others))
    ranked = sorted(
        ((near(each, bool(asked.categories)), k) for k, each in enumerate(met)), key=lambda p: (-p[0], p[1])
    )
    found = []
    for promise, k in ranked[: MARGIN * top]:
        row = _measured(f"{mine.table.name}.{asked.name}", met[k], asked) if promise > 0 else None
        if row is not None:
            found.append((row, met[k]))
    return sorted(found, key=lambda pair: -pair[0].certain)[:top], len(met)


def _met(mine: Together, asked: Plain, others: Sequence[tuple[Together, Together]]) -> Iterator[Met]:
    for own, other in others:
        at = next(c for c in own.table.columns if c.name == asked.name)
        for column in other.table.columns:
            if asked.categories or column.categories:
                found = meet(own, at, other, column)
                if found is not None:
                    yield found


def _measured(name: str, met: Met, asked: Plain) -> Row | None:
    arrays = [_array(met.x, asked), _array(met.y, met.column)]
    statistic = "cramers_v" if asked.categories and met.column.categories else "correlation_ratio"
    batch = pa.RecordBatch.from_arrays(arrays, ["left", "right"])
    with engines.at("local") as here:
        found = measure(here, [HeldPart(batch)], ["left", "right"], statistics=(statistic,)).found
    for each in found:
        if each.statistic == statistic and len(each):
            value, low, high, n, p = (float(a[0]) for a in (each.value, each.low, each.high, each.n, each.p))
            return Row(
                name,
                f"{met.other.table.name}.{met.column.name}",
                statistic,
                value,
                low,
                high,
                int(n),
                min(max(p, 0.0), 1.0),
            )
    return None


def _array(values: Numbers, column: Plain) -> pa.Array:
    if not column.categories:
        return pa.array(values)
    return pa.DictionaryArray.from_arrays(pa.array(values.astype(np.int32)), pa.array(column.categories, pa.string()))


def exactly(name: str, met: Met) -> Row | None:
    """Two columns of numbers: r in double precision, its interval (Fisher) and p (Student); None when one is flat."""
    if np.ptp(met.x) <= 0 or np.ptp(met.y) <= 0:
        return None
    r = float(np.clip(np.corrcoef(met.x, met.y)[0, 1], -1.0, 1.0))
    hit = sketches.hit(f"{met.other.table.name}.{met.column.name}", met.other.table.name, r, len(met.x))
    return Row(name, hit.name, "pearson", hit.value, hit.low, hit.high, hit.n, hit.p)
