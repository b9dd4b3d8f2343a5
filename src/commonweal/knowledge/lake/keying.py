"""Which columns tell the rows of a file apart. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.lake.profiles import Profile

MOST_COLUMNS = 3
LOOKED_AT = 12
"""Columns that are combined; the likeliest ones."""
AMOUNT = 3.0
_LIKE_A_KEY = re.compile(
    r"(^|[\W_])(id|ids|no|nr|code|fips|geoid|key|number|reference)([\W_]|$)|编号|代码|编码|序号|^fips", re.I
)
_WEIGHT = {"region": 0.0, "code": 0.1, "year": 0.2, "date": 0.3, "string": 0.6, "boolean": 2.0, "text": 4.0}


@dataclass(frozen=True)
class Keys:
    """Columns proposed as the key, how many rows they do not tell apart, and how many lack one of them."""

    columns: tuple[str, ...]
    repeated: int
    empty: int


def propose(columns: Sequence[Profile], types: dict[str, str]) -> Keys:
    """The most natural set of at most three columns whose values are never the same in two rows.

    `types` says for each heading the type of the element it is bound to. Amounts are keys only where nothing else
    is. Where no set is unique the one that comes nearest is proposed, and the rows it leaves are counted.
    """
    ranked = sorted((_weight(c, types[c.header]), i) for i, c in enumerate(columns) if c.distinct)
    likely = [(w, i) for w, i in ranked if w < AMOUNT][:LOOKED_AT] or ranked[:LOOKED_AT]
    codes = {i: _codes(columns[i]) for _, i in likely}
    best: tuple[tuple[float, ...], Keys] | None = None
    for size in range(1, min(MOST_COLUMNS, len(likely)) + 1):
        for chosen in itertools.combinations(likely, size):
            places = tuple(sorted(i for _, i in chosen))
            repeated, empty = _repeated([codes[i] for i in places])
            cost = sum(w for w, _ in chosen) + 0.4 * size
            rank = (float(repeated > 0), float(repeated if repeated else 0), float(empty), cost, *places)
            if best is None or rank < best[0]:
                best = rank, Keys(tuple(columns[i].header for i in places), repeated, empty)
    return best[1] if best else Keys((columns[0].header,), 0, 0)


def _weight(column: Profile, kind: str) -> float:
    weight = _WEIGHT.get(kind, AMOUNT + 1)
    if kind in ("string", "integer") and _LIKE_A_KEY.search(column.header):
        weight = 0.3
    elif column.padded:
        weight = min(weight, 0.3)
    elif kind == "integer":
        weight = AMOUNT
    return weight + (0.5 if column.empty else 0.0)


def _codes(column: Profile) -> npt.NDArray[np.int64]:
    indices = column.text.dictionary_encode().indices
    return indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _repeated(parts: Sequence[npt.NDArray[np.int64]]) -> tuple[int, int]:
    """Rows whose key came before, and rows in which a part is empty; both among all rows."""
    joined = parts[0] + 1
    for part in parts[1:]:
        joined = joined * (int(part.max(initial=0)) + 2) + part + 1
        joined = np.unique(joined, return_inverse=True)[1].astype(np.int64)
    whole = np.logical_and.reduce([part >= 0 for part in parts])
    kept = joined[whole]
    return len(kept) - len(np.unique(kept)), int((~whole).sum())
