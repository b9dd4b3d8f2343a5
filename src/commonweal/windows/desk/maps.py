"""A map of figures by region, and small charts of each over time, as SVG of attributes and classes alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

from commonweal.knowledge.insight.explore.views import Line

WIDTH, TALLEST, PAD = 480, 620, 8
MOST_LABELS = 40
"""More figures than this would cover the map; they stand in the table."""

Rings = Sequence[Sequence[tuple[float, float]]]


class _Frame:
    """Degrees to the picture: plate carrée, narrowed by the cosine of the middle latitude."""

    def __init__(self, rings: Sequence[Rings]) -> None:
        points = [p for shape in rings for ring in shape for p in ring]
        self.west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, self.north = min(y for _, y in points), max(y for _, y in points)
        self.narrow = max(0.1, math.cos(math.radians((south + self.north) / 2)))
        wide, tall = max((east - self.west) * self.narrow, 1e-9), max(self.north - south, 1e-9)
        self.scale = min((WIDTH - 2 * PAD) / wide, (TALLEST - 2 * PAD) / tall)
        self.height = math.ceil(tall * self.scale) + 2 * PAD
        self.width = math.ceil(wide * self.scale) + 2 * PAD

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        return PAD + (point[0] - self.west) * self.narrow * self.scale, PAD + (self.north - point[1]) * self.scale

    def path(self, shape: Rings) -> str:
        told = []
        for ring in shape:
            points = [self.at(p) for p in ring[:-1]]
            told.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
        return "".join(told)


def choropleth(
    shapes: Mapping[str, Rings], around: Rings, classes: Mapping[str, int | None], labels: Mapping[str, str],
    titles: Mapping[str, str], label: str,
) -> str:  # fmt: skip
    """Regions filled by class (`None`: no figure, hatched), each with its figure where there is room.

    `labels` and `titles` are the figures and the full words of each region; `label` is what a screen reader says.
    """
    if not shapes:
        return ""
    frame = _Frame([*shapes.values(), *([around] if around else [])])
    body = [
        '<defs><pattern id="no-figure" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>'
    ]
    for place, shape in shapes.items():
        group = classes.get(place)
        fill = f' class="region c{group}"' if group is not None else ' class="region" fill="url(#no-figure)"'
        body.append(f'<path{fill} d="{frame.path(shape)}"><title>{escape(titles.get(place, place))}</title></path>')
    if around:
        body.append(f'<path class="around" d="{frame.path(around)}" fill="none"/>')
    if len(shapes) <= MOST_LABELS:
        for place, shape in shapes.items():
            x, y = _middle([frame.at(p) for p in max(shape, key=lambda ring: abs(_area(ring)))])
            dark = " on-dark" if (classes.get(place) or 0) >= 3 else ""
            shown = escape(labels.get(place, ""))
            body.append(f'<text class="figure{dark}" x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{shown}</text>')
    size = f'viewBox="0 0 {frame.width} {frame.height}" width="{frame.width}" height="{frame.height}"'
    return f'<svg class="map" {size} role="img" aria-label="{escape(label)}">{"".join(body)}</svg>'


def _area(ring: Sequence[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False)) / 2  # noqa: RUF007


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centroid of a ring; the middle of its points where it has no area to speak of."""
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    x = y = 0.0
    for a, b in zip(ring, ring[1:], strict=False):  # noqa: RUF007
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return x / (6 * area), y / (6 * area)


def multiples(lines: Sequence[Line], told: Callable[[Line], str]) -> list[tuple[Line, str]]:
    """A small chart for each place, all to one scale, so that they can be held against each other.

    `told` is what a screen reader says of a place.
    """
    values = [v for line in lines for _, v, _ in line.points if v is not None]
    times = [p for line in lines for p, _, _ in line.points]
    if not values or max(times) == min(times):
        return []
    low, high = min(values), max(values)
    low = 0.0 if 0 <= low <= 0.5 * high else low  # from zero where that leaves the lines to be seen
    across, up = (max(times) - min(times)), (high - low) or 1.0
    made = []
    for line in lines:
        points = [
            (4 + 152 * (p - min(times)) / across, 52 - 44 * (v - low) / up) for p, v, _ in line.points if v is not None
        ]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        end = f'<circle class="mark" cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="3"/>'
        body = f'<path class="axis" d="M4 56H156" fill="none"/><path class="line" d="{path}" fill="none"/>{end}'
        head = f'<svg class="drawing small" viewBox="0 0 160 60" role="img" aria-label="{escape(told(line))}">'
        made.append((line, f"{head}{body}</svg>"))
    return made
