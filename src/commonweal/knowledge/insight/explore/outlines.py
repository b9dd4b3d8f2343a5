"""The declared outlines of some regions, for a map. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commonweal.knowledge.insight.explore.views import PlaceMap, PlaceValue
from commonweal.register import Register
from commonweal.register.regions import ancestors

Rings = tuple[tuple[tuple[float, float], ...], ...]
_SCALE = 1_000_000


def drawn(register: Register, rows: Sequence[PlaceValue], breaks: tuple[float, ...]) -> PlaceMap:
    """The rows with their outlines; without any where no declared map shows half of them."""
    regions = [row.place for row in rows]
    for declared in register.shapes.values():
        shown = {r: _degrees(declared.outlines[r]) for r in regions if r in declared.outlines}
        if shown and len(shown) * 2 >= len(regions):
            around = _around(register, regions, declared.outlines)
            return PlaceMap(tuple(rows), breaks, shown, around, declared.attribution)
    return PlaceMap(tuple(rows), breaks)


def _around(register: Register, regions: Sequence[str], outlines: Mapping[str, tuple]) -> Rings:
    """The nearest region above all of these that has an outline."""
    known = [r for r in regions if r in register.regions]
    if not known:
        return ()
    above = [set(ancestors(register, r)) for r in known]
    common = next((r for r in ancestors(register, known[0]) if all(r in a for a in above) and r in outlines), None)
    return _degrees(outlines[common]) if common else ()


def _degrees(rings: Sequence[Sequence[tuple[int, int]]]) -> Rings:
    return tuple(tuple((x / _SCALE, y / _SCALE) for x, y in ring) for ring in rings)
