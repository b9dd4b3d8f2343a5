"""Outlines of regions: what `commonweal check` says of a map, with the line, and what is kept of a good one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commonweal.register import Register, load
from commonweal.register.geojson import MOST_POINTS

ALL = """
- {kind: Jurisdiction, id: t, name: {en: T}, languages: [en], currency: CNY, timezone: Asia/Shanghai}
- {kind: Region, id: north, level: province, name: {en: North}}
- {kind: Region, id: lake-city, level: city, parent: north, name: {en: Lake City}}
"""
SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def feature(region: Any, *rings: Any, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"region": region}, "geometry": {"type": kind, "coordinates": list(rings)}}


def found(folder: Path, *features: Any, text: str | None = None, path: str = "map.geojson") -> tuple[Any, list[str]]:
    shapes = f"- {{kind: RegionShapes, id: m, name: {{en: Map}}, path: {path}}}\n"
    (folder / "all.yaml").write_text(ALL + shapes)
    whole = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(json.dumps(f) for f in features) + "\n]}\n"
    (folder / "map.geojson").write_text(text if text is not None else whole)
    register, faults = load(folder)
    return register, [f"{Path(f.file).name}:{f.line} {f.code} {f.message} {f.suggestion or ''}" for f in faults]


def test_outlines_are_kept_with_the_register(tmp_path: Path) -> None:
    hole = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.2, 0.2]]
    register, faults = found(
        tmp_path, feature("north", SQUARE, hole), feature("lake-city", [SQUARE], kind="MultiPolygon")
    )
    assert faults == []
    kept = register.shapes["m"].outlines
    assert kept["north"][0][2] == (1_000_000, 1_000_000)
    assert len(kept["north"]) == 2
    assert Register.from_json(register.to_json()).shapes["m"].outlines == kept


def test_a_service_carries_no_map() -> None:
    register, _ = load(Path(__file__).parents[3] / "examples" / "riverland")
    assert register is not None
    assert set(register.shapes["riverland-map"].outlines) <= set(register.regions)
    assert "RegionShapes" not in register.bundle("open-restaurant").to_json()


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        (SQUARE[:-1], "not closed"),
        ([[0, 0], [1, 1], [0, 0]], "four positions"),
        ([[0, 0], [2, 2], [2, 0], [0, 1], [0, 0]], "crosses itself"),
        ([[0, 0], [1, 1], [2, 2], [0, 0]], "encloses nothing"),
        ([[0, 0], [1, 0], [200, 1], [0, 0]], "longitude"),
        ([[0, 0], [1, 0], [1, 91], [0, 0]], "longitude"),
        ([[0, 0], [1, 0], ["1", 1], [0, 0]], "longitude"),
        ([[0, 0], [1, 0], [True, 1], [0, 0]], "longitude"),
        ("round", "four positions"),
    ],
)
def test_a_ring_that_cannot_be_drawn_is_named_with_its_line(tmp_path: Path, ring: Any, said: str) -> None:
    register, faults = found(tmp_path, feature("north", SQUARE), feature("lake-city", ring))
    assert register is None
    assert len(faults) == 1
    assert faults[0].startswith("map.geojson:3 bad-shape")
    assert said in faults[0]


def test_features_name_regions_once_and_are_polygons(tmp_path: Path) -> None:
    point = {"type": "Feature", "properties": {"region": "north"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
    _, faults = found(tmp_path, feature("nort", SQUARE), point, feature("north", SQUARE), feature(3, SQUARE), "no")
    assert [fault.split()[0] for fault in faults] == [f"map.geojson:{n}" for n in (2, 3, 4, 5, 6)]
    assert faults[0].endswith("unknown-name No region is declared as “nort” north")
    assert "drawn already" in faults[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1 bad-shape Not JSON"),
        ('{"type": "FeatureCollection",\n"features": [}', ":2 bad-shape Not JSON"),
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "at least one"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "NaN is no number"),
        ("[" * 100_000, "Cannot be read"),
        (" " * (4 * 1024 * 1024 + 1), "too-large"),
    ],
)
def test_what_is_no_map_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    _, faults = found(tmp_path, text=text)
    assert len(faults) == 1
    assert said in faults[0]


def test_too_many_points_and_too_many_looks_end_soon(tmp_path: Path) -> None:
    many = [[i / 10**6, (i % 7) / 10**6] for i in range(MOST_POINTS + 1)]
    assert any("too-large" in fault for fault in found(tmp_path, feature("north", [*many, many[0]]))[1])
    comb = [[(i % 2) * 100, i / 1000] for i in range(20_000)]
    assert any("fewer points" in fault for fault in found(tmp_path, feature("north", [*comb, [-1, 5], comb[0]]))[1])


@pytest.mark.parametrize(("path", "code"), [("nowhere.geojson", "unreadable"), ("../out.geojson", "outside")])
def test_a_map_lies_in_the_folder(tmp_path: Path, path: str, code: str) -> None:
    (tmp_path / "out.geojson").write_text("{}")
    inside = tmp_path / "j"
    inside.mkdir()
    _, faults = found(inside, path=path)
    assert [fault.split()[:2] for fault in faults] == [["all.yaml:5", code]]
