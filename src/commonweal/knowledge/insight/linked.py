"""What goes together over linked people: columns of two registers that share no number, and what wrong links do to r.

A wrong link sets one person's figure beside another's. Where a share p of the links is right and wrong ones fall at
random, r over the links is p times r over the people (Neter, Maynes & Ramanathan, JASA 60, 1965; Lahiri & Larsen,
JASA 100, 2005, for regression): so r is told as it is over the links, and divided by the precision as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.linkage import access as linkage_access
from commonweal.knowledge.linkage import queries as linkage
from commonweal.register.models import DataElement, Dataset, Link, Text

if TYPE_CHECKING:  # brought in when a page is asked for, so that the web process starts without them
    import pyarrow as pa

    from commonweal.knowledge.insight.estimates import Numbers
    from commonweal.knowledge.insight.explore.together import Together

NUMERIC = ("integer", "decimal", "money")
MOST = 12
"""Columns of one side that are looked at."""


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """A column of either register over the linked people. `why` says why nothing is shown; else `value`, its interval
    and n (to five) are over the links, `corrected` is r as it would be without wrong links (None where unknown)."""

    left: Text
    right: Text
    why: str | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    corrected: float | None = None
    p_adjusted: float | None = None


@dataclass(frozen=True, slots=True)
class LinkedView:
    """All of them, the surest first. `precision` is the share of links that are right, by reviewers or the model."""

    link: str
    name: Text
    purpose: str
    left: Text
    right: Text
    precision: float | None
    finished: datetime | None
    pairs: tuple[LinkedPair, ...]


def together(actor: Actor | None, link_id: str) -> LinkedView:
    """r of every two columns of numbers of the two registers of a link, over the people linked now.

    For who reviews the link or may read both registers. Raises NotAllowed, also where nothing was linked, Refused
    `one-register` for a link within one.
    """
    from commonweal.knowledge.insight.multiplicity import adjust

    link = linkage_access.declared_link(link_id)
    if not (linkage_access.reviews(actor, link) or linkage_access.may_read(actor, link)):
        raise NotAllowed("no-link", "There is no such link, or you may not see what it brings together")
    if link.right is None or link.right == link.left:
        raise Refused("one-register", "This link finds people twice in one register; there is nothing to compare")
    register = declared.current()
    one, other = register.datasets[link.left], register.datasets[link.right]
    told = linkage.quality(link_id)
    precision = told.precision.value if told.precision else told.expected_precision
    run = linkage.in_force(link_id)
    rows = _joined(link, one, other)
    found = [
        _pair(rows, a, x, b, y, precision)
        for a, x in list(columns(one).items())[:MOST]
        for b, y in list(columns(other).items())[:MOST]
    ]
    tests = [p for _, p in found if p is not None]
    adjusted = iter(adjust(tests))
    pairs = [with_adjusted(pair, next(adjusted) if p is not None else None) for pair, p in found]
    pairs.sort(key=lambda pair: -sure(pair))
    return LinkedView(
        link_id, link.name, link.purpose, one.name, other.name, precision, run.finished if run else None, tuple(pairs)
    )


def columns(dataset: Dataset) -> dict[str, DataElement]:
    """The columns of numbers that are no keys. Figures about persons, sensitive ones too, may be compared here: that is
    what the link was declared for, with its purpose and its law, and only what passes for microdata is told."""
    elements = declared.current().elements
    bound = {column.name: elements[column.element] for column in dataset.columns if column.held == "lake"}
    return {name: element for name, element in bound.items() if name not in dataset.keys and element.type in NUMERIC}


def _joined(link: Link, one: Dataset, other: Dataset) -> Mapping[str, pa.ChunkedArray]:
    """The numbers of both registers, a row for each pair of people linked; a person linked to several is left out,
    because several figures of one cannot be those of the other."""
    import pyarrow.compute as pc

    from commonweal.knowledge.lake import queries as lake

    links = linkage.links(link.id)
    for side in ("left_row", "right_row"):
        counts = pc.value_counts(links.column(side))
        once = counts.field("values").filter(pc.equal(counts.field("counts"), 1))
        links = links.filter(pc.is_in(links.column(side), once))
    sides: dict[str, pa.ChunkedArray] = {}
    for prefix, dataset in (("left_", one), ("right_", other)):
        table = lake.table(dataset.id).select([*dataset.keys, *columns(dataset)])
        keys = [prefix + key for key in dataset.keys]
        beside = links.select(keys).append_column("__at__", pc.cast(_numbers(len(links)), "int64"))
        named = table.rename_columns([prefix + name for name in table.column_names])
        joined = beside.join(named, keys=keys, join_type="left outer").sort_by("__at__")
        sides |= {name: joined.column(name) for name in joined.column_names}
    return sides


def _numbers(count: int) -> pa.Array:
    import pyarrow as pa

    return pa.array(range(count))


def _pair(
    rows: Mapping[str, pa.ChunkedArray], a: str, x: DataElement, b: str, y: DataElement, precision: float | None
) -> tuple[LinkedPair, float | None]:
    import pyarrow as pa

    values = [side.cast(pa.float64()).to_numpy() for side in (rows[f"left_{a}"], rows[f"right_{b}"])]
    return compared(values[0], values[1], x, y, precision)


def compared(
    x: Numbers, y: Numbers, left: DataElement, right: DataElement, precision: float | None = None
) -> tuple[LinkedPair, float | None]:
    """Two columns of persons, a row each (NaN where absent), as it may be told, and its p where it is."""
    from commonweal.knowledge.insight import disclosure
    from commonweal.knowledge.insight.explore import guard
    from commonweal.knowledge.insight.explore.coefficients import coefficient

    pair = _beside(x, y, left, right)
    told = coefficient(pair, "pearson", "", open=False)
    if told.estimate is None:
        return LinkedPair(left.name, right.name, told.why), None
    e = told.estimate
    corrected = None
    if precision is not None and precision > 0:
        corrected = disclosure.rounded(max(-1.0, min(1.0, e.value / precision)))
    value, low, high = (disclosure.rounded(v) for v in (e.value, e.low, e.high))
    n = guard.told_n(e.n, pair, open=False)
    return LinkedPair(left.name, right.name, None, value, low, high, n, corrected), e.p


def _beside(x: Numbers, y: Numbers, left: DataElement, right: DataElement) -> Together:
    """Both columns over the people who have both, each person an entity of their own."""
    import numpy as np

    from commonweal.knowledge.insight.explore.together import Together
    from commonweal.knowledge.insight.frames import Measure

    both = np.stack([x, y])
    both = both[:, np.isfinite(both).all(axis=0)]
    people = np.arange(both.shape[1], dtype=np.int64)
    names = tuple(str(i) for i in people)
    measures = Measure("left", left, both[0]), Measure("right", right, both[1])
    return Together(both[0], both[1], *measures, people, None, names, (), None, micro=True)


def with_adjusted(pair: LinkedPair, q: float | None) -> LinkedPair:
    """The pair with its p adjusted for all that were tried."""
    return pair if q is None else replace(pair, p_adjusted=q)


def sure(pair: LinkedPair) -> float:
    """The |r| one can count on; below nothing where nothing is told."""
    if pair.low is None or pair.high is None:
        return -1.0
    return 0.0 if pair.low <= 0 <= pair.high else min(abs(pair.low), abs(pair.high))
