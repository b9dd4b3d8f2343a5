"""Outlines from a GeoJSON file (RFC 7946): features that name regions, rings that can be drawn. Pure.

The file is read fast; only where something is wrong is it read again as YAML, of which JSON is a part, to say the line.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from commonweal.register import yamlfile
from commonweal.register.faults import Fault, nearest
from commonweal.register.mapping import Position, Ring

MOST_POINTS = 100_000
"""Points of all outlines together: a map of some hundred pixels shows no more, and every page's process holds them."""
MOST_FAULTS = 100
MOST_LOOKS = 5_000_000
"""Pairs of sides held against each other in one file; an honest outline of all points needs a twentieth."""
_SCALE = 1_000_000


@dataclass
class _Reading:
    """One file: what was found so far, and what is wrong at which path."""

    property: str
    regions: Collection[str]
    excused: Collection[str]
    found: dict[str, tuple[Ring, ...]] = field(default_factory=dict)
    wrong: list[tuple[yamlfile.Path, str, str, str | None]] = field(default_factory=list)
    points: int = 0
    looks: int = 0

    def fault(self, path: yamlfile.Path, message: str, code: str = "bad-shape", near: str | None = None) -> None:
        self.wrong.append((path, code, message, near))


def outlines(
    data: bytes, file: str, property: str, regions: Collection[str], excused: Collection[str] = ()
) -> tuple[dict[str, tuple[Ring, ...]], list[Fault]]:
    """The rings of each region in a file, and every fault with its line.

    `property` names the region of a feature; `excused` are regions with faults of their own, not called unknown as
    well. Never raises for bad content.
    """
    if len(data) > yamlfile.MAX_BYTES:
        return {}, [Fault(file, 1, 1, "too-large", "Larger than 4 MiB; draw the outlines with fewer points")]
    try:
        whole = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        return {}, [Fault(file, 1, 1, "encoding", "Not UTF-8; GeoJSON is always UTF-8")]
    except json.JSONDecodeError as error:
        return {}, [Fault(file, error.lineno, error.colno, "bad-shape", f"Not JSON from here on: {error.msg}")]
    except (ValueError, RecursionError) as error:
        return {}, [Fault(file, 1, 1, "bad-shape", f"Cannot be read: {error}")]
    reading = _Reading(property, regions, excused)
    _collection(whole, reading)
    return reading.found, _placed(reading, data, file)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")


def _collection(whole: Any, reading: _Reading) -> None:
    features = whole.get("features") if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        reading.fault((), "A map is a GeoJSON FeatureCollection with at least one feature")
        return
    for number, feature in enumerate(features):
        if len(reading.wrong) >= MOST_FAULTS or reading.points > MOST_POINTS:
            break
        _feature(feature, ("features", number), reading)
    if reading.points > MOST_POINTS:
        reading.fault((), f"More than {MOST_POINTS:,} points in all; draw the outlines with fewer", "too-large")


def _feature(feature: Any, path: yamlfile.Path, reading: _Reading) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        reading.fault(path, "A feature is a mapping of type Feature")
        return
    properties = feature.get("properties")
    named = properties.get(reading.property) if isinstance(properties, dict) else None
    if not isinstance(named, str):
        reading.fault(path, f"The feature does not say its region in the property “{reading.property}”")
        return
    at = (*path, "properties", reading.property)
    if named not in reading.regions:
        if named not in reading.excused:
            near = nearest(named, reading.regions)
            reading.fault(at, f"No region is declared as “{named[:80]}”", "unknown-name", near)
        return
    if named in reading.found:
        reading.fault(at, f"“{named}” is drawn already; put its parts into one MultiPolygon")
        return
    rings = tuple(_rings(feature.get("geometry"), (*path, "geometry"), reading))
    reading.found[named] = rings


def _rings(geometry: Any, path: yamlfile.Path, reading: _Reading) -> Iterator[Ring]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    held = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(held, list) or not held:
        reading.fault(path, "A region is drawn as a Polygon or MultiPolygon")
        return
    polygons = [((*path, "coordinates"), held)]
    if kind == "MultiPolygon":
        polygons = [((*path, "coordinates", i), polygon) for i, polygon in enumerate(held)]
    for at, polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            reading.fault(at, "A polygon is a list of rings")
            continue
        for number, ring in enumerate(polygon):
            made = _ring(ring, (*at, number), reading)
            if made is not None:
                yield made


def _ring(ring: Any, path: yamlfile.Path, reading: _Reading) -> Ring | None:
    if not isinstance(ring, list) or len(ring) < 4:
        reading.fault(path, "A ring has at least four positions, the last like the first")
        return None
    reading.points += len(ring)
    if reading.points > MOST_POINTS:
        return None
    made: list[Position] = []
    for number, position in enumerate(ring):
        point = _position(position)
        if point is None:
            reading.fault((*path, number), "A position is longitude (−180 to 180) and latitude (−90 to 90), as numbers")
            return None
        made.append(point)
    if made[0] != made[-1]:
        reading.fault(path, "The ring is not closed: its last position is not its first")
        return None
    even = [made[0], *(b for a, b in itertools.pairwise(made) if a != b)]
    if len(even) < 4 or not _area(even):
        reading.fault(path, "The ring encloses nothing")
        return None
    crossing = _crossing(even, reading)
    if reading.looks > MOST_LOOKS:
        reading.fault(path, "Too long-drawn to be looked through for crossings; draw it with fewer points", "too-large")
        return None
    if crossing is not None:
        reading.fault(path, f"The ring crosses itself near {crossing[0] / _SCALE:g}, {crossing[1] / _SCALE:g}")
        return None
    return tuple(even)


def _position(told: Any) -> Position | None:
    if not isinstance(told, list) or not 2 <= len(told) <= 4:
        return None
    if any(isinstance(v, bool) or not isinstance(v, int | float) or not -180 <= v <= 180 for v in told[:2]):
        return None
    if abs(told[1]) > 90 or not all(math.isfinite(v) for v in told[:2]):
        return None
    return round(told[0] * _SCALE), round(told[1] * _SCALE)


def _area(ring: Sequence[Position]) -> int:
    """Twice the signed area."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def _crossing(ring: Sequence[Position], reading: _Reading) -> Position | None:
    """Where two sides of a ring cross, if they do: sides in order of their west end, each held against those that
    still reach as far east. Gives up, with nothing found, where the file asks for too many looks."""
    count = len(ring) - 1
    sides = sorted((min(a, b), max(a, b), i) for i, (a, b) in enumerate(itertools.pairwise(ring)))
    open_: list[tuple[Position, Position, int]] = []
    for start, end, number in sides:
        reading.looks += len(open_)
        if reading.looks > MOST_LOOKS:
            return None
        open_ = [side for side in open_ if side[1][0] >= start[0]]
        for other, far, place in open_:
            apart = abs(number - place)
            if apart not in (1, count - 1) and _cross(start, end, other, far):
                return start
        open_.append((start, end, number))
    return None


def _cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    """Whether two sides have a point within both in common, or lie on each other."""
    one, two = _side(a, b, c), _side(a, b, d)
    three, four = _side(c, d, a), _side(c, d, b)
    if one == two == three == four == 0:
        return max(a, c) < min(b, d)
    return one * two < 0 and three * four < 0


def _side(a: Position, b: Position, point: Position) -> int:
    turn = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
    return (turn > 0) - (turn < 0)


def _placed(reading: _Reading, data: bytes, file: str) -> list[Fault]:
    """The faults with the lines on which they stand."""
    if not reading.wrong:
        return []
    documents = yamlfile.read(data, file, positions=True)[0]
    values = documents[0].values if documents else {}
    told = []
    for path, code, message, near in reading.wrong:
        place = next((values[path[:n]] for n in range(len(path), -1, -1) if path[:n] in values), (1, 1))
        told.append(Fault(file, *place, code, message, near))
    return told
