"""What else could explain a pair: every other column of the same places, all tried at once. Pure.

Columns of one kind of place lie as rows of one matrix of place means; what each leaves of a pair's correlation, and
which columns are near-copies of each other, are products of that matrix with itself and with the pair.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight import estimates
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.knowledge.insight.frames import Frame, Measure, over_time, put_together

COVERAGE = 0.9
COPY = 0.95
FEWEST = 12
FEWEST_PLACES = 10
TOGETHER = 64
"""Pairs tried in one product."""


@dataclass(frozen=True)
class Tried:
    """The third column that changes a correlation most when it is taken into account, how many were tried, over how
    many places, and how the third goes with either side."""

    measure: Measure
    before: float
    after: float
    count: int
    n: int
    sides: tuple[float, float]


@dataclass(frozen=True)
class Question:
    """A pair over its places' means: `at` are the places' numbers in `Beside.places` (-1: unknown there), `leave_out`
    the first parts of elements' ids that are not to be tried."""

    x: Numbers
    y: Numbers
    at: Codes
    sides: tuple[Measure, Measure]
    leave_out: Collection[str] = ()


@dataclass(frozen=True)
class Beside:
    """The columns of one kind of place: `values` holds a row per column and a column per place, standardised, 0 where
    absent; `here` says where one is present."""

    places: Mapping[str, int]
    measures: tuple[Measure, ...]
    values: Numbers
    here: Numbers
    squares: Numbers

    def only(self, wanted: Callable[[Measure], bool]) -> Beside:
        """Some of the columns."""
        keep = [i for i, measure in enumerate(self.measures) if wanted(measure)]
        held = tuple(self.measures[i] for i in keep)
        return Beside(self.places, held, self.values[keep], self.here[keep], self.squares[keep])


def by_place(frames: Iterable[Frame]) -> dict[str, Beside]:
    """For each kind of place, each column's mean per place."""
    held: dict[str, list[tuple[Measure, Frame]]] = {}
    for source in frames:
        if source.domain is None or source.place is None:
            continue
        alone = put_together(over_time(source, None))
        for measure in alone.measures:
            if np.isfinite(measure.values).sum() >= FEWEST_PLACES:
                held.setdefault(source.domain, []).append((measure, alone))
    return {domain: _beside(columns) for domain, columns in held.items()}


def _beside(columns: list[tuple[Measure, Frame]]) -> Beside:
    frames = {id(frame): frame for _, frame in columns}
    places = {name: i for i, name in enumerate(sorted({p for f in frames.values() for p in f.places}))}
    at = {key: np.array([places[p] for p in f.places], np.int64)[f.place] for key, f in frames.items()}
    values = np.zeros((len(columns), len(places)))
    here = np.zeros_like(values)
    for row, (measure, frame) in enumerate(columns):
        seen = np.isfinite(measure.values)
        z = estimates.standardise(scaled(measure.values[seen]))
        if z is None:
            continue
        values[row, at[id(frame)][seen]] = z
        here[row, at[id(frame)][seen]] = 1.0
    return Beside(places, tuple(measure for measure, _ in columns), values, here, values * values)


def try_all(questions: Sequence[Question], beside: Beside) -> list[Tried | None]:
    """For each pair the other column, held constant, that leaves least of r; None where none can be tried.

    Not tried: what means the same as one of the two, what varies with one of them as a copy would, what has figures for
    under nine tenths of the places.
    """
    told: list[Tried | None] = []
    for start in range(0, len(questions), TOGETHER):
        told += _batch(questions[start : start + TOGETHER], beside)
    return told


def given_size(questions: Sequence[Question], sizes: Beside) -> list[Tried | None]:
    """For each pair what is left of r when the places' size is held constant: of several columns that tell it (`sizes`
    holds nothing else) the one that leaves least. A side may go with the size as closely as a copy: that is the
    question. None where the size of under nine tenths of the places is known."""
    return [
        found
        for start in range(0, len(questions), TOGETHER)
        for found in _batch(questions[start : start + TOGETHER], sizes, whatever=True)
    ]


def _batch(questions: Sequence[Question], beside: Beside, *, whatever: bool = False) -> list[Tried | None]:
    if not beside.measures:
        return [None] * len(questions)
    count, width = len(questions), len(beside.places)
    x, y, there = (np.zeros((width, count)) for _ in range(3))
    for k, question in enumerate(questions):
        zx, zy = estimates.standardise(question.x), estimates.standardise(question.y)
        known = question.at >= 0
        if zx is not None and zy is not None:
            at = question.at[known]
            x[at, k], y[at, k], there[at, k] = zx[known], zy[known], 1.0
    n, before, after, xz, yz = _partial(x, y, there, beside)
    usable = np.isfinite(after)
    if not whatever:
        usable &= np.maximum(np.abs(xz), np.abs(yz)) < COPY
    told: list[Tried | None] = []
    for k, question in enumerate(questions):
        fit = usable[:, k] & (n[:, k] >= COVERAGE * len(question.at)) & (n[:, k] > FEWEST)
        if not whatever:
            fit &= _foreign(question, beside)
        if not fit.any():
            told.append(None)
            continue
        left = np.where(fit, after[:, k] * np.sign(before[:, k]), np.inf)
        worst = int(np.argmin(np.abs(left) if whatever else left))
        r, given, one, other = (float(each[worst, k]) for each in (before, after, xz, yz))
        told.append(Tried(beside.measures[worst], r, given, int(fit.sum()), int(n[worst, k]), (one, other)))
    return told


def _foreign(question: Question, beside: Beside) -> npt.NDArray[np.bool_]:
    known = {k for m in question.sides for k in (m.element.id, m.element.concept) if k}
    return np.array(
        [
            not ({m.element.id, m.element.concept} & known or m.element.id.partition(".")[0] in question.leave_out)
            for m in beside.measures
        ],
        dtype=bool,
    )


def _partial(
    x: Numbers, y: Numbers, there: Numbers, beside: Beside
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """For each column z (rows) and pair (columns), over the places all three have: how many those are, r of x and y,
    r given z (NaN where one does not vary), r of x and z and of y and z. x and y are 0 where not `there`."""
    seen = [beside.here @ each for each in (there, x, y, x * x, y * y, x * y)]
    n = np.maximum(seen[0], 1.0)
    mx, my, xx, yy, xy = (each / n for each in seen[1:])
    mz, xz, yz = (beside.values @ each / n for each in (there, x, y))
    zz = beside.squares @ there / n
    with np.errstate(invalid="ignore", divide="ignore"):
        sx, sy, sz = np.sqrt(xx - mx**2), np.sqrt(yy - my**2), np.sqrt(zz - mz**2)
        before = (xy - mx * my) / (sx * sy)
        xz, yz = (xz - mx * mz) / (sx * sz), (yz - my * mz) / (sy * sz)
        after = (before - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))
        after = np.where(np.minimum(np.minimum(sx, sy), sz) > 1e-9, after, np.nan)
    return seen[0], before, after, xz, yz


def meaning(measure: Measure) -> str:
    """What a column is about: its element's concept without the variant after `#`, else the element."""
    concept = measure.element.concept
    return concept.partition("#")[0] if concept else measure.element.id


def families(means: Mapping[str, Beside]) -> dict[str, str]:
    """Columns whose place means are near-copies of each other (|r| at least 0.95), by the name of one of them."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.get(name, name) != name:
            name = parent[name]
        return name

    for beside in means.values():
        for i, j in zip(*np.nonzero(np.triu(_copies(beside), 1)), strict=True):
            left, right = root(meaning(beside.measures[i])), root(meaning(beside.measures[j]))
            if left != right:
                parent[max(left, right)] = min(left, right)
    return {name: root(name) for beside in means.values() for m in beside.measures for name in [meaning(m)]}


def _copies(beside: Beside) -> npt.NDArray[np.bool_]:
    """Which columns are near-copies of which, each pair over the places that both have."""
    z, here = beside.values, beside.here
    n = here @ here.T
    with np.errstate(invalid="ignore", divide="ignore"):
        one, square = z @ here.T / n, beside.squares @ here.T / n
        spread = np.sqrt(square - one**2)
        r = (z @ z.T / n - one * one.T) / (spread * spread.T)
        copies: npt.NDArray[np.bool_] = (np.abs(r) >= COPY) & (n >= FEWEST) & (np.minimum(spread, spread.T) > 1e-9)
    return copies
