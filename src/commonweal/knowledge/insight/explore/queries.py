"""Every read of the explore pages: columns, what goes with one, a matrix, one pair. Each fetches and authorises.

Answers are kept by snapshot: the same question of the same rows is computed once in a process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from commonweal.core import pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.knowledge.insight.explore import access
from commonweal.knowledge.insight.explore.columns import searched
from commonweal.knowledge.insight.explore.views import (
    ColumnRow,
    MapView,
    MatrixView,
    PairView,
    PlaceMap,
    SearchHit,
    SearchView,
)
from commonweal.register.models import Text

if TYPE_CHECKING:
    from commonweal.knowledge.insight.explore.together import Together

KEPT = 128
MOST_COLUMNS = 30
NEAREST = 40
"""Columns that the index proposes and that are then joined and measured with care."""
HOMES = 8
"""Datasets whose categories are looked at as well."""
STATISTICS = ("pearson", "spearman", "cramers_v", "correlation_ratio")
GIVEN = ("", "place", "time", "both")
At = tuple[tuple[str, str], ...]
"""Datasets and the snapshots they are read at."""


def columns(actor: Actor | None, text: str = "", cursor: str | None = None, limit: int = 50) -> Page[ColumnRow]:
    """The columns one may look at, of datasets that were collected; `text` is looked for in every name."""
    found = searched(_collected(actor), text)
    if cursor:
        last = str(pages.decode(cursor, 1)[0])
        found = [row for row in found if row.key > last]
    limit = max(1, min(limit, 200))
    return pages.page(sorted(found, key=lambda r: r.key)[: limit + 1], limit, lambda row: (row.key,))


def of_dataset(actor: Actor | None, dataset: str) -> tuple[ColumnRow, ...]:
    """The columns of one dataset, in its order; empty for one that is unknown or closed."""
    return tuple(row for row in _collected(actor) if row.dataset == dataset)


def search(actor: Actor | None, key: str) -> SearchView:
    """What, anywhere the actor may read, goes with a column. Raises NotAllowed for an unknown or closed one."""
    asked = access.column(actor, declared.current(), key)
    others = [row for row in _collected(actor) if row.key != asked.key]
    at = _at([asked, *others])
    return _search(declared.current().hash, asked, tuple(others), at)


def matrix(actor: Actor | None, keys: Sequence[str], statistic: str = "pearson", given: str = "") -> MatrixView:
    """Every pair of up to thirty columns. Raises NotAllowed for an unknown or closed one, Invalid for a bad choice."""
    if statistic not in STATISTICS:
        raise Invalid({"statistic": f"Choose one of {', '.join(STATISTICS)}"})
    if given not in GIVEN:
        raise Invalid({"given": "Choose place, time or both, or leave it empty"})
    names = list(dict.fromkeys(keys))
    if not 2 <= len(names) <= MOST_COLUMNS:
        raise Invalid({"columns": f"Choose between 2 and {MOST_COLUMNS} columns"})
    register = declared.current()
    chosen = tuple(access.column(actor, register, key) for key in names)
    at = _at(chosen)
    return _matrix(register.hash, chosen, at, statistic, given)


def pair(actor: Actor | None, left: str, right: str, *, view: str = "", places: Sequence[str] = ()) -> PairView:
    """Two columns from every side. Raises NotAllowed for an unknown or closed one."""
    register = declared.current()
    one, other = access.column(actor, register, left), access.column(actor, register, right)
    if one.key == other.key:
        raise Invalid({"right": "Choose two different columns"})
    at = _at([one, other])
    return _pair(register.hash, one, other, at, view[:20], tuple(places)[:6])


def by_place(actor: Actor | None, key: str, period: str = "") -> MapView:
    """A column by place at a period (the newest full one where empty), with outlines where they are declared, and over
    time. Raises NotAllowed for an unknown or closed one."""
    register = declared.current()
    column = access.column(actor, register, key)
    return _by_place(register.hash, column, _at([column]), period[:20])


def region_map(figures: Mapping[str, float | None]) -> PlaceMap:
    """Figures by region, which the caller may show, as a map; without shapes where none are declared."""
    from commonweal.knowledge.insight.explore import outlines, places

    register = declared.current()
    parents = {register.regions[r].parent for r in figures if r in register.regions}
    levels = {register.regions[r].level for r in figures if r in register.regions}
    beside = (r for r in register.regions.values() if r.parent in parents and r.level in levels)
    named = {region.id: region.name for region in beside}
    return outlines.drawn(register, *places.ranked(figures, list(named), named))


def _collected(actor: Actor | None) -> list[ColumnRow]:
    from commonweal.knowledge.lake import queries as lake

    rows = access.visible(actor, declared.current())
    there = lake.newest_collections(sorted({row.dataset for row in rows}))
    return [row for row in rows if row.dataset in there]


def _at(rows: Sequence[ColumnRow]) -> At:
    from commonweal.knowledge.insight.explore import loading

    datasets = sorted({row.dataset for row in rows})
    found = loading.snapshots(datasets)
    for missing in sorted({row.dataset for row in rows[:1]} - found.keys()):
        raise NotAllowed("not-collected", f"No rows of {missing} were collected; run: commonweal collect {missing}")
    return tuple(sorted(found.items()))


def bring(one: ColumnRow, other: ColumnRow, at: Mapping[str, str]) -> Together | None:
    """Two columns over their common rows; None where they share no keys or were never collected."""
    from commonweal.knowledge.insight.explore import loading, together

    if one.dataset not in at or other.dataset not in at or not _one_purpose(one, other):
        return None
    sides = [(row.dataset, at[row.dataset]) for row in (one, other)]
    try:
        if one.dataset == other.dataset and "category" in (one.kind, other.kind):
            return together.of_frame(loading.frame_of(*sides[0]), one.column, other.column)
        joined = loading.joined(sides[0], sides[1])
    except Refused:
        return None
    return together.of_joined(joined, one.column, other.column) if joined is not None else None


@lru_cache(maxsize=KEPT)
def _search(version: str, asked: ColumnRow, others: tuple[ColumnRow, ...], at: At) -> SearchView:
    from commonweal.knowledge.insight.explore import searching

    held = dict(at)
    chosen, compared = _worth_joining(asked, others)
    hits, withheld = searching.search(
        asked, chosen, lambda one, other: bring(one, other, held), compared=max(compared, len(chosen))
    )
    return SearchView(asked, tuple(hits), max(compared, len(chosen)), withheld)


def _worth_joining(asked: ColumnRow, others: Sequence[ColumnRow]) -> tuple[list[ColumnRow], int]:
    """The columns to join and measure with care, and how many were compared: what the index finds near, what stands
    beside the column in its own dataset, and the categories of those datasets. All of them where there is no index.
    """
    from commonweal.knowledge.insight import indexing

    if asked.kind == "category":
        return list(others), len(others)
    try:
        near = indexing.nearest(asked.dataset, asked.column, {row.dataset for row in others}, top=NEAREST)
    except Refused:
        return list(others), len(others)
    best = {(row.dataset, row.column) for row in near.rows}
    homes = {asked.dataset, *list(dict.fromkeys(row.dataset for row in near.rows))[:HOMES]}
    beside = [r for r in others if r.dataset == asked.dataset or (r.kind == "category" and r.dataset in homes)]
    chosen = dict.fromkeys([*(r for r in others if (r.dataset, r.column) in best), *beside])
    return list(chosen), near.compared + len(beside)


@lru_cache(maxsize=KEPT)
def _matrix(version: str, chosen: tuple[ColumnRow, ...], at: At, statistic: str, given: str) -> MatrixView:
    from commonweal.knowledge.insight.explore import matrix as matrices
    from commonweal.knowledge.insight.explore.coefficients import Given, Statistic

    held = dict(at)
    cells = matrices.cells(
        chosen, lambda one, other: bring(one, other, held), cast(Statistic, statistic), cast(Given, given)
    )
    return MatrixView(chosen, cells, statistic, given, held)


def _one_purpose(one: ColumnRow, other: ColumnRow) -> bool:
    from commonweal.knowledge.insight.explore import guard

    datasets = declared.current().datasets
    return guard.purposes(datasets[one.dataset], datasets[other.dataset]).allowed


@lru_cache(maxsize=KEPT)
def _pair(version: str, one: ColumnRow, other: ColumnRow, at: At, view: str, places: tuple[str, ...]) -> PairView:
    from commonweal.knowledge.insight.explore import sides

    held = dict(at)
    why = "no-common-keys" if _one_purpose(one, other) else "other-purpose"
    return sides.told(one, other, bring(one, other, held), held, place_names(one), view, places, why)


@lru_cache(maxsize=KEPT)
def _by_place(version: str, column: ColumnRow, at: At, period: str) -> MapView:
    from commonweal.knowledge.insight.explore import loading, outlines, places

    ((dataset, snapshot),) = at
    register = declared.current()
    try:
        frame = loading.frame_of(dataset, snapshot)
    except Refused:
        return MapView(column, "", (), PlaceMap(), snapshot=snapshot, withheld="no-place")
    told = places.by_place(frame, column.column, period, place_names(column), register.regions)
    map = PlaceMap(told.rows, told.breaks)
    if column.domain == "regions":
        map = outlines.drawn(register, told.rows, told.breaks)
    return MapView(column, told.period, told.periods, map, told.lines, told.grain, snapshot, told.withheld)


def place_names(column: ColumnRow) -> Mapping[str, Text]:
    """What the places of a column's dataset are called, by their codes."""
    register = declared.current()
    if column.domain == "regions":
        return {region.id: region.name for region in register.regions.values()}
    codes = register.codelists.get(column.domain)
    return {code.code: code.name for code in codes.codes} if codes is not None else {}


def hits_of(view: SearchView, cursor: str | None, limit: int = 25) -> Page[SearchHit]:
    """A page of a search's rows, by their place in the ranking."""
    begin = 0
    if cursor:
        (position,) = pages.decode(cursor, 1)
        if isinstance(position, bool) or not isinstance(position, int) or not 0 <= position <= len(view.rows):
            raise Invalid({"cursor": "Start again from the first page"})
        begin = position
    end = begin + max(1, min(limit, 100))
    return Page(view.rows[begin:end], pages.encode(end) if end < len(view.rows) else None)
