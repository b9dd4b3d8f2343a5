"""Which column, anywhere in the lake, goes with mine? Answered without joining the lake.

Correlation Sketches (Santos, Bessa, Chirigati, Musco & Freire, SIGMOD 2021) keep, for each column, the values under the
n smallest hashes of its keys; two sketches joined on the hash are a uniform sample of the joined tables. Here every
column of one key domain hashes with one secret, so all sketches are samples of *one* sequence of keys and line up as
the rows of one sparse matrix (keys by columns). One column against all others is then a few products with the rows of
its own keys, and all columns against all are a few products of matrices, instead of a loop over pairs.

A pair is estimated from the keys both sketches hold. A sketch that is full holds exactly the keys under its
threshold, so what two sketches share is exactly the join's keys under the smaller threshold: a uniform sample of it.

Hashes are keyed (BLAKE2b, RFC 7693, with the domain's secret): a sketch holds raw values under pseudonymous keys and is
microdata, never published.
"""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from commonweal.knowledge.insight.aligned import Aligned, Floats, Hashes

SKETCH_SIZE = 4096
"""Keys kept of each column in a domain too large to be held whole."""
LEAST_JOINT = 30
"""Fewest keys two columns must share before their relation is looked at."""
CANDIDATES = 300
"""Columns verified exactly on every shared key, for one query."""
WHOLE_CELLS = 50_000_000
"""A domain with no more values than this is held whole: every answer is exact and nothing needs verifying."""


def canonical(value: object) -> str:
    """One way to write a key: width, case and spaces folded; 01001, 1001 and 1001.0 the same number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    text = " ".join(text.split())
    if text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"
    whole, dot, rest = text.partition(".")
    if dot and whole.isascii() and whole.isdigit() and not rest.strip("0"):
        return whole.lstrip("0") or "0"
    return text


def hash_keys(columns: Sequence[Sequence[object]], secret: bytes = b"") -> Hashes:
    """Hash each row's key (one or more columns of equal length) to 64 bits; rows with an absent part hash to zero."""
    memo: dict[object, str] = {}
    out = np.zeros(len(columns[0]) if columns else 0, dtype=np.uint64)
    seen: dict[tuple[object, ...], int] = {}
    for row, parts in enumerate(zip(*columns, strict=True)):
        if any(part is None or part != part for part in parts):
            continue
        known = seen.get(parts)
        if known is None:
            words = []
            for part in parts:
                if part not in memo:
                    memo[part] = canonical(part)
                words.append(memo[part])
            digest = hashlib.blake2b("\x1f".join(words).encode(), digest_size=8, key=secret).digest()
            known = seen[parts] = int.from_bytes(digest) or 1
        out[row] = known
    return out


@dataclass(frozen=True)
class Column:
    """A numeric column over one key domain: unique hashed keys in ascending order, and a finite value for each."""

    name: str
    hashes: Hashes
    values: Floats
    group: str = ""
    """What it belongs to (its dataset); a query may leave its own group out."""

    @classmethod
    def of(cls, name: str, hashes: Hashes, values: Floats, group: str = "") -> Column:
        """From rows in any order; rows without key or finite value fall out, repeated keys are averaged."""
        keep = (hashes != 0) & np.isfinite(values)
        unique, inverse, counts = np.unique(hashes[keep], return_inverse=True, return_counts=True)
        sums = np.bincount(inverse, weights=values[keep], minlength=len(unique))
        return cls(name, unique, sums / np.maximum(counts, 1), group)

    @property
    def usable(self) -> bool:
        """Whether it varies at all over enough keys."""
        return len(self.values) >= 3 and bool(np.ptp(self.values) > 0)


@dataclass(frozen=True)
class Hit:
    """A column that goes with the one asked about. `low` and `high` bound r (95 % Fisher interval); n keys shared."""

    name: str
    group: str
    value: float
    low: float
    high: float
    n: int
    p: float

    @property
    def certain_strength(self) -> float:
        """The |r| one can count on: the end of the interval nearer to zero, or zero when it spans zero."""
        return 0.0 if self.low <= 0 <= self.high else min(abs(self.low), abs(self.high))


@dataclass
class Index:
    """All columns of one key domain. `put` replaces a column; the matrix is remade when next asked."""

    size: int | None = None
    """Keys kept of each column; None chooses: all where the domain fits, else SKETCH_SIZE."""
    columns: dict[str, Column] = field(default_factory=dict)
    _matrix: Aligned | None = None

    def put(self, column: Column) -> None:
        """Add or replace a column; one that never varies is left out because nothing can go with it."""
        self._matrix = None
        if column.usable:
            self.columns[column.name] = column
        else:
            self.columns.pop(column.name, None)

    def remove(self, group: str) -> None:
        """Take a dataset's columns out."""
        self._matrix = None
        self.columns = {name: column for name, column in self.columns.items() if column.group != group}

    @property
    def matrix(self) -> Aligned:
        """The sketches lined up: made on demand."""
        if self._matrix is None:
            order = list(self.columns.values())
            fits = sum(len(column.hashes) for column in order) <= WHOLE_CELLS
            size = self.size or (sys.maxsize if fits else SKETCH_SIZE)
            self._matrix = Aligned.of(order, size)
        return self._matrix

    def query(
        self, column: Column, top: int = 10, *, least: int = LEAST_JOINT, without_own_group: bool = True
    ) -> list[Hit]:
        """The `top` columns by certain strength, exact: from the whole domain, or by sketch and then verified.

        p-values are of the verified correlation, unadjusted: the scan's adjustment needs the number of columns, which
        is `len(index.columns)`.
        """
        aligned = self.matrix
        n, r = aligned.against(column)
        own = aligned.groups == column.group if without_own_group and column.group else aligned.names == column.name
        n[own] = 0
        if aligned.whole is None:
            return _best(aligned.order, n, r, top, least)
        promise = _promise(r, n)
        wanted = min(max(CANDIDATES, 4 * top), int((promise > 0).sum()))
        if wanted == 0:
            return []
        candidates = np.argpartition(-promise, wanted - 1)[:wanted]
        n, r = aligned.verified(column, candidates)
        return _best([aligned.order[i] for i in candidates], n, r, top, least)

    def all_pairs(self, *, least: int = LEAST_JOINT) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """r and n (columns × columns, in the order of `matrix.order`) of every pair, from the sketches."""
        return self.matrix.all_pairs(least)


def certain(r: Floats, n: npt.NDArray[np.float64]) -> Floats:
    """The |r| one can count on at 95 % (Fisher's z with standard error 1/√(n−3)); zero where unknown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.arctanh(np.minimum(np.abs(r), 1 - 1e-9)) - 1.959964 / np.sqrt(n - 3)
    return np.where((n > 3) & np.isfinite(z), np.tanh(np.maximum(z, 0)), 0.0)


def _promise(r: Floats, n: Floats) -> Floats:
    """What to verify first: one standard error below the estimate, so that small samples neither win nor vanish."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.arctanh(np.minimum(np.abs(r), 1 - 1e-9)) - 1 / np.sqrt(n - 3)
    return np.where((n > 4) & np.isfinite(z), np.maximum(z, 0), 0.0)


def _best(order: Sequence[Column], n: Floats, r: Floats, top: int, least: int) -> list[Hit]:
    """The `top` of some columns by the strength one can count on."""
    strength = certain(r, np.where(n >= least, n, 0))
    count = min(top, int((strength > 0).sum()))
    if count == 0:
        return []
    first = np.argpartition(-strength, count - 1)[:count]
    first = first[np.argsort(-strength[first], kind="stable")]
    return [hit(order[i].name, order[i].group, float(r[i]), int(n[i])) for i in first]


def hit(name: str, group: str, r: float, n: int) -> Hit:
    """An answer with its interval (Fisher) and the two-sided p of Student's t with n−2 degrees of freedom."""
    z, half = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)), 1.959964 / np.sqrt(n - 3)
    p = float(special.betainc((n - 2) / 2, 0.5, min(1.0, max(0.0, 1 - r * r))))
    return Hit(name, group, r, float(np.tanh(z - half)), float(np.tanh(z + half)), n, p)


def build(columns: Iterable[Column], size: int | None = None) -> Index:
    """An index of these columns, its matrix made."""
    index = Index(size)
    for column in columns:
        index.put(column)
    _ = index.matrix
    return index
