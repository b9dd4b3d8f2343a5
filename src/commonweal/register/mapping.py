"""Outlines of regions, for maps: a declaration that names a GeoJSON file, and what is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from commonweal.register.base import Declared, Identifier, Text

Position = tuple[int, int]
"""Longitude and latitude in millionths of a degree."""
Ring = tuple[Position, ...]


class RegionShapes(Declared):
    """The outlines of regions, drawn on maps of figures by region."""

    kind: Literal["RegionShapes"] = "RegionShapes"
    id: Identifier
    path: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    """A GeoJSON FeatureCollection (RFC 7946) below the jurisdiction's folder: a feature a region, polygons only."""
    property: Annotated[str, StringConstraints(min_length=1, max_length=80)] = "region"
    """The property of a feature that names its region."""
    attribution: Text | None = None
    """Whose map it is, shown under it."""
    outlines: Mapping[Identifier, tuple[Ring, ...]] = Field(
        default={}, repr=False, description="Filled from the file: the rings of each region, in millionths of a degree."
    )
