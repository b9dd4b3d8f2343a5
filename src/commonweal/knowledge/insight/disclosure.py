"""What may leave: the rules that figures, tables and pictures of findings, explore pages and exports are held to. Pure.

Defaults after acro (Green et al., 2024), the output rules of the Australian DataLab and the British handbook on output
disclosure control (Griffiths et al., 2019). A verdict's `why` is a stable word that windows say to the reader.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.register.models import Dataset

FEWEST_ENTITIES = 10
FEWEST_DF = 10
FEWEST_PEOPLE = 30
FEWEST_IN_A_CELL = 10
FEWEST_IN_BIN = 10
FEWEST_CHANGED = 10
LARGEST_TWO = 0.9
P_PERCENT = 0.1
MOST_MOVED = 0.05
SAME = 0.9999
"""At or above, two columns are one measure under two names."""
TO_FIVE = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a figure may be shown; `why` is a stable word where it may not."""

    allowed: bool
    why: str | None = None


ALLOWED = Verdict(True)


def figure(*, n: int, entities: int, df: float, micro: bool = False, open: bool = True) -> Verdict:
    """Rule 1: ten distinct entities (never rows) and ten degrees of freedom; thirty rows where a row is a person, a
    business or a case and the data are not open."""
    if entities < FEWEST_ENTITIES:
        return Verdict(False, "too-few-entities")
    if df < FEWEST_DF:
        return Verdict(False, "too-few-degrees-of-freedom")
    if micro and not open and n < FEWEST_PEOPLE:
        return Verdict(False, "too-few-rows")
    return ALLOWED


def table(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    """Rule 2: a contingency table made coarse until no cell counts fewer than ten; None where none is left to show.

    The row or column with the fewest is put together with its smallest neighbour: an empty cell tells as much as a
    small one, and φ with the margins gives a 2 × 2 table away.
    """
    held = np.asarray(counts)
    while min(held.shape) >= 2 and held.min() < FEWEST_IN_A_CELL:
        axis = 0 if held.shape[0] > 2 and (held.shape[1] == 2 or held.sum(1).min() <= held.sum(0).min()) else 1
        if held.shape[axis] <= 2:
            return None
        one, other = np.sort(np.argsort(held.sum(1 - axis), kind="stable")[:2])
        joined = np.take(held, one, axis) + np.take(held, other, axis)
        held = np.insert(np.delete(held, (one, other), axis), 0, joined, axis)
    return held if min(held.shape) >= 2 else None


def total(contributions: Numbers) -> Verdict:
    """Rule 3 for a sum: the two largest make no more than 90 % of it, and the second cannot reckon the first to within
    10 % of its size by taking its own part off (the p-percent rule)."""
    parts = np.sort(np.abs(contributions[np.isfinite(contributions)]))[::-1]
    if len(parts) < 3:
        return Verdict(False, "too-few-entities")
    whole = float(parts.sum())
    if whole > 0 and parts[0] + parts[1] > LARGEST_TWO * whole:
        return Verdict(False, "dominated")
    if whole - parts[0] - parts[1] < P_PERCENT * parts[0]:
        return Verdict(False, "dominated")
    return ALLOWED


def dominated(cell: Codes, contributions: Numbers, cells: int) -> npt.NDArray[np.bool_]:
    """Rule 3 for many sums at once: which of `cells` sums may not be shown by `total`."""
    parts = np.abs(np.nan_to_num(contributions))
    order = np.lexsort((-parts, cell))
    start = np.searchsorted(cell[order], np.arange(cells))
    whole = np.bincount(cell, weights=parts, minlength=cells)
    size = np.bincount(cell, weights=np.isfinite(contributions), minlength=cells)
    padded = np.append(parts[order], [0.0, 0.0])
    first, second = (np.where(size > k, padded[start + k], 0.0) for k in (0, 1))
    most = (whole > 0) & (first + second > LARGEST_TWO * whole)
    held: npt.NDArray[np.bool_] = (size < 3) | most | (whole - first - second < P_PERCENT * first)
    return held


def leaning(x: Numbers, y: Numbers, entity: Codes | None = None) -> float:
    """Rule 3 for a correlation: the most that r moves when all rows of one entity (or one row) are left out."""
    codes = np.arange(len(x)) if entity is None else entity
    x, y = x - x.mean(), y - y.mean()
    n, sx, sy, xx, yy, xy = (np.bincount(codes, weights=v) for v in (np.ones(len(x)), x, y, x * x, y * y, x * y))
    m = n.sum() - n
    with np.errstate(invalid="ignore", divide="ignore"):
        ax, ay = -sx / m, -sy / m  # the whole sums to nothing
        without = ((xy.sum() - xy) / m - ax * ay) / np.sqrt(
            ((xx.sum() - xx) / m - ax**2) * ((yy.sum() - yy) / m - ay**2)
        )
        moved = np.abs(without - xy.sum() / np.sqrt(xx.sum() * yy.sum()))
    return float(np.max(np.where(np.isfinite(moved), moved, 1.0)[n > 0], initial=0.0))


def correlation(x: Numbers, y: Numbers, entity: Codes | None = None, *, open: bool = True) -> Verdict:
    """Rule 3 for what is not open: no r that one entity moves by more than 0.05, since r with and without it tells its
    figures, and no column of which two entities hold nearly all."""
    if open:
        return ALLOWED
    if leaning(x, y, entity) > MOST_MOVED:
        return Verdict(False, "leans-on-one")
    for values in (x, y):
        sums = np.abs(values) if entity is None else np.abs(np.bincount(entity, weights=values))
        if np.all(values >= 0) and not total(sums).allowed:
            return Verdict(False, "dominated")
    return ALLOWED


def copies(value: float) -> bool:
    """Rule 4: whether two columns are one, under two names: a task of governance, no finding."""
    return abs(value) >= SAME


def determines(one: Codes, other: Codes) -> bool:
    """Rule 4: whether each of many values of one column has a single value of the other, as an identifier has."""
    kinds = len(np.unique(one))
    pairs = len(np.unique(np.column_stack([one, other]), axis=0))
    return kinds == pairs and kinds > len(one) / 2 and len(np.unique(other)) > 1


def marks(entities: Sequence[str], figures: Sequence[bytes], key: bytes) -> dict[str, str]:
    """Rule 5: what each entity contributed, as keyed digests (HMAC-SHA-256), to tell later how many changed.

    Digests without a key would give away what has few values.
    """

    def digest(*parts: bytes) -> str:
        return hmac.new(key, b"\x1f".join(parts), hashlib.sha256).hexdigest()[:16]

    return {digest(e.encode()): digest(e.encode(), f) for e, f in zip(entities, figures, strict=True)}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """Rule 5: how many entities came, went or have other figures."""
    return sum(1 for e in before.keys() | after.keys() if before.get(e) != after.get(e))


def update(before: Mapping[str, str], after: Mapping[str, str]) -> Verdict:
    """Rule 5: an update that changes one to nine entities is held back: the difference would tell of them."""
    return Verdict(False, "too-few-changed") if 0 < changed(before, after) < FEWEST_CHANGED else ALLOWED


def rounded(value: float) -> float:
    """Rule 5: a coefficient as it is told, to two decimals."""
    return round(value, 2) + 0.0


def rounded_n(n: int) -> int:
    """Rule 5: a number of persons or cases as it is told, to the nearest five."""
    return TO_FIVE * ((n + TO_FIVE // 2) // TO_FIVE)


def points(*, micro: bool, open: bool) -> bool:
    """Rule 7: whether single rows may be drawn as points: only of open data about places."""
    return open and not micro


def bins(counts: Iterable[int]) -> bool:
    """Rule 7: whether a picture of means may be shown: ten rows or more behind each."""
    return all(n >= FEWEST_IN_BIN for n in counts)


def purposes(left: Dataset, right: Dataset) -> Verdict:
    """Rule 9: what is not open and declared for a purpose is not compared with what is declared for another."""
    held = [d.purpose for d in (left, right) if d.purpose is not None and d.access != "open"]
    return Verdict(False, "other-purpose") if len(set(held)) > 1 else ALLOWED
