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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats

Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

SKETCH_SIZE = 2048
"""Keys kept of each column. On 2,500 real columns 1,024 found 0.85 of the true ten best, 2,048 0.97."""
LEAST_JOINT = 30
"""Fewest keys two columns must share before their relation is looked at."""
CANDIDATES = 150
"""Columns verified exactly on every shared key, for one query."""
WHOLE_CELLS = 50_000_000
"""A domain with no more values than this is held whole: every answer is exact and nothing needs verifying."""
DENSE_FROM = 64
"""Columns at one key from which a dense product beats a sparse one."""


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
    _matrix: _Aligned | None = None

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
    def matrix(self) -> _Aligned:
        """The sketches lined up: made on demand."""
        if self._matrix is None:
            order = list(self.columns.values())
            fits = sum(len(column.hashes) for column in order) <= WHOLE_CELLS
            size = self.size or (sys.maxsize if fits else SKETCH_SIZE)
            self._matrix = _Aligned.of(order, size)
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
        if aligned.whole:
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


@dataclass(frozen=True)
class _Aligned:
    """Sketches as one sparse matrix: a row for each kept key in order of its hash, a column for each column.

    `values`, `presence` and `squares` share their structure. `every`, `ids`, `starts` and `scaled` hold all keys and
    standardised values of all columns end to end, for exact verification.
    """

    order: list[Column]
    names: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]
    keys: Hashes
    values: sparse.csr_array
    presence: sparse.csr_array
    squares: sparse.csr_array
    whole: bool
    every: Hashes
    ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    scaled: npt.NDArray[np.float32]

    @classmethod
    def of(cls, order: list[Column], size: int) -> _Aligned:
        """Line up the first `size` keys of each column; values are standardised so that single precision is enough."""
        scaled = [_standard(column.values) for column in order]
        keys, where = _ranked([column.hashes[:size] for column in order])
        every, ids = _ranked([column.hashes for column in order])
        place = np.repeat(np.arange(len(order)), [min(size, len(column.hashes)) for column in order])
        data = _joined([each[:size] for each in scaled], np.float32)
        rows = sparse.coo_array((data, (where, place)), shape=(len(keys), len(order))).tocsr()
        return cls(
            order,
            np.array([column.name for column in order], dtype=str),
            np.array([column.group for column in order], dtype=str),
            keys,
            rows,
            _like(rows, np.ones_like(rows.data)),
            _like(rows, rows.data**2),
            len(ids) == rows.nnz,
            every,
            ids,
            np.cumsum([0, *(len(column.hashes) for column in order)]),
            _joined(scaled, np.float32),
        )

    def against(self, column: Column) -> tuple[Floats, Floats]:
        """Shared keys n and estimated r of `column` with every column, from the sketches."""
        at, found = _find(self.keys, column.hashes)
        x = _standard(column.values)[found].astype(np.float64)
        powers = np.column_stack([np.ones_like(x), x, x * x])
        n, sx, sxx = (self.presence[at].T @ powers).T
        sy, sxy = (self.values[at].T @ powers[:, :2]).T
        syy = self.squares[at].T @ powers[:, 0]
        return n, _r(n, sx, sy, sxx, syy, sxy)

    def verified(self, column: Column, candidates: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Shared keys n and exact r (values to single precision) with each candidate, over every shared key."""
        at, found = _find(self.every, column.hashes)
        mine = np.full(len(self.every), np.nan, dtype=np.float32)
        mine[at] = _standard(column.values)[found]
        begin, end = self.starts[candidates], self.starts[candidates + 1]
        cells = np.concatenate([np.arange(a, b) for a, b in zip(begin, end, strict=True)])
        place = np.repeat(np.arange(len(candidates)), end - begin)
        x = mine[self.ids[cells]]
        shared = ~np.isnan(x)
        x, y, place = x[shared].astype(np.float64), self.scaled[cells[shared]].astype(np.float64), place[shared]
        n, sx, sy, sxx, syy, sxy = (
            np.bincount(place, weights, minlength=len(candidates)) for weights in (None, x, y, x * x, y * y, x * y)
        )
        return n.astype(np.float64), _r(n, sx, sy, sxx, syy, sxy)

    def all_pairs(self, least: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Every pair, by products of dense blocks in single precision.

        Keys that few columns have are multiplied as sparse rows. The others are brought together by the columns they
        hold, so that a block touches few columns and only those are multiplied.
        """
        k = len(self.order)
        n, s, q, c = (np.zeros((k, k), np.float32) for _ in range(4))
        lengths = np.diff(self.values.indptr)
        few = np.flatnonzero((lengths > 1) & (lengths < DENSE_FROM))
        values, mask, squares = self.values[few], self.presence[few], self.squares[few]
        for total, left, right in ((n, mask, mask), (s, values, mask), (q, squares, mask), (c, values, values)):
            product = (left.T @ right).tocoo()
            total[product.row, product.col] = product.data
        for columns, block, present in _dense_blocks(self.values, self.presence, lengths >= DENSE_FROM):
            here = np.ix_(columns, columns)
            n[here] += present.T @ present
            s[here] += block.T @ present
            q[here] += (block * block).T @ present
            c[here] += block.T @ block
        r = _r(n, s, s.T, q, q.T, c)
        r[n < least] = np.nan
        return r.astype(np.float32), n


def _dense_blocks(
    rows: sparse.csr_array, presence: sparse.csr_array, chosen: npt.NDArray[np.bool_], height: int = 1024
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Blocks of like rows among the chosen: which columns they touch, and those columns' values and presence, dense."""
    at = np.flatnonzero(chosen)
    first, second = (rows.indices[rows.indptr[at] + offset] for offset in (0, 1))
    last = rows.indices[rows.indptr[at + 1] - 1]
    like = at[np.lexsort((last, second, first))]
    for start in range(0, len(like), height):
        part, here = rows[like[start : start + height]], presence[like[start : start + height]]
        touched = np.zeros(rows.shape[1], bool)
        touched[part.indices] = True
        columns = np.flatnonzero(touched).astype(np.int32)
        inner = (np.cumsum(touched) - 1)[part.indices]
        shape = (part.shape[0], len(columns))
        yield (
            columns,
            sparse.csr_array((part.data, inner, part.indptr), shape=shape).toarray(),
            sparse.csr_array((here.data, inner, here.indptr), shape=shape).toarray(),
        )


def _joined(parts: list[npt.NDArray], dtype: type) -> npt.NDArray:
    """All parts end to end; an empty array of `dtype` where there are none."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _ranked(hashes: list[Hashes]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The distinct hashes of all columns in order, and each hash's place among them."""
    together = _joined(hashes, np.uint64)
    distinct, places = np.unique(together, return_inverse=True)
    return distinct, places.astype(np.int64)


def _like(rows: sparse.csr_array, data: npt.NDArray[np.float32]) -> sparse.csr_array:
    """A matrix of the same structure with other values."""
    return sparse.csr_array((data, rows.indices, rows.indptr), shape=rows.shape)


def _find(keys: Hashes, wanted: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where the wanted hashes stand among sorted `keys`, and which of them are there."""
    if len(keys) == 0:
        return np.empty(0, np.intp), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[at] == wanted
    return at[found], found


def _standard(values: Floats) -> npt.NDArray[np.float32]:
    """Values less their mean over their spread, in single precision; r does not change."""
    spread = values.std() or 1.0
    return np.asarray((values - values.mean()) / spread, dtype=np.float32)


def _r(n, sx, sy, sxx, syy, sxy):
    """Pearson's r from sums, NaN where a spread is nothing but rounding; arrays of one shape."""
    with np.errstate(invalid="ignore", divide="ignore"):
        vx, vy = sxx - sx * sx / n, syy - sy * sy / n
        r = (sxy - sx * sy / n) / np.sqrt(vx * vy)
        flat = (vx <= 1e-6 * sxx) | (vy <= 1e-6 * syy) | (n < 3)
    return np.where(flat, np.nan, np.clip(r, -1, 1))


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
    best = [i for i in np.argsort(-strength)[:top] if strength[i] > 0]
    return [hit(order[i].name, order[i].group, float(r[i]), int(n[i])) for i in best]


def hit(name: str, group: str, r: float, n: int) -> Hit:
    """An answer with its interval (Fisher) and the two-sided p of Student's t with n−2 degrees of freedom."""
    z, half = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)), 1.959964 / np.sqrt(n - 3)
    t = abs(r) * np.sqrt((n - 2) / max(1e-300, 1 - r * r))
    p = float(2 * stats.t.sf(t, n - 2))
    return Hit(name, group, r, float(np.tanh(z - half)), float(np.tanh(z + half)), n, p)


def build(columns: Iterable[Column], size: int | None = None) -> Index:
    """An index of these columns, its matrix made."""
    index = Index(size)
    for column in columns:
        index.put(column)
    _ = index.matrix
    return index
