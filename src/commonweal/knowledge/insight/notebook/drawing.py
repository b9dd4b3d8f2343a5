"""Pictures for a notebook: a scatter and a heat map, as SVG by the library that draws findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from commonweal.knowledge.insight import charts
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.pictures import Picture, bins
from commonweal.register.models import Text

MOST_POINTS = 2_500
"""More points than this become bins, which say the same and can be read."""
LARGEST = 60
"""Columns of a heat map that can still be read."""


def marks(x: Numbers, y: Numbers) -> Picture:
    """What to draw of two complete columns of an analyst's own file: its points, or bins of many."""
    if len(x) <= MOST_POINTS:
        return Picture(
            "points", tuple(("", float(a), float(b), 0.0, 1) for a, b in zip(x, y, strict=True)), (False, False)
        )
    return Picture("bins", bins(x, y), (False, False))


def scatter(picture: Picture, left: tuple[Text, str | None], right: tuple[Text, str | None], language: str) -> str:
    """A scatter of two columns with their names and units."""
    return charts.draw(picture, left, right, language)


def heat(names: Sequence[str], cells: Mapping[tuple[str, str], float | None]) -> str:
    """A heat map with its figures in the cells: blue goes with, orange against, which the colour-blind tell apart.

    Empty cells are those nothing may or can be said about. More columns than can be read are not drawn.
    """
    if not 2 <= len(names) <= LARGEST:
        return ""
    import altair as alt
    import vl_convert

    rows = [
        {"row": a, "column": b, "value": _figure(cells, a, b), "told": _words(_figure(cells, a, b))}
        for a in names
        for b in names
        if a != b
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("column:N", sort=list(names), title=None, axis=alt.Axis(labelAngle=-45, orient="top")),
        y=alt.Y("row:N", sort=list(names), title=None),
    )
    colour = alt.Color(
        "value:Q",
        scale=alt.Scale(domain=[-1, 0, 1], range=["#b35806", "#ffffff", "#0b4f8a"]),
        legend=None,
    )
    text = base.mark_text(fontSize=11).encode(
        text="told:N",
        color=alt.condition("abs(datum.value) > 0.6", alt.value("#ffffff"), alt.value(charts.INK)),
    )
    size = 36 * len(names)
    chart: Any = (base.mark_rect(stroke="#ffffff").encode(color=colour) + text).properties(
        width=size, height=size, background="#ffffff", padding=12
    )
    spec = chart.configure(font=charts.FONT).configure_axis(labelLimit=260, labelColor=charts.INK, domain=False)
    return str(vl_convert.vegalite_to_svg(spec.to_dict(), vl_version=charts.schema_version(alt)))


def _figure(cells: Mapping[tuple[str, str], float | None], a: str, b: str) -> float | None:
    value = cells.get((a, b), cells.get((b, a)))
    return None if value is None or not np.isfinite(value) else round(float(value), 2)


def _words(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−")
