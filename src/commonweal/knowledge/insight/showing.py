"""Charts for a report on plain files, drawn from the rows a summary holds. At most a dozen, of the strongest pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commonweal.knowledge.insight import charts
from commonweal.knowledge.insight.measuring import Measured
from commonweal.knowledge.insight.pairing import Row
from commonweal.knowledge.insight.pictures import PER_BIN, picture
from commonweal.register.models import Text

CHARTS = 12


def charts_of(rows: Sequence[Row], measured: Measured, prefix: str, language: str) -> dict[tuple[str, str], str]:
    """A chart for each of the strongest pairs of numbers, as SVG by the names of its columns.

    Drawn in bins from the rows held, which are all rows or a uniform sample of them. A very wide table, of which no
    rows are held, has none.
    """
    summary = measured.summary
    if summary is None or not summary.sample.values.size:
        return {}
    at = {prefix + name: i for i, name in enumerate(measured.plan.numbers)}
    made: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda each: -each.certain):
        if len(made) >= CHARTS:
            break
        if row.lag or row.left not in at or row.right not in at or (row.left, row.right) in made:
            continue
        x, y = summary.sample.values[at[row.left]], summary.sample.values[at[row.right]]
        here = np.isfinite(x) & np.isfinite(y)
        if here.sum() < 2 * PER_BIN:
            continue
        drawn = picture(x[here], y[here], None, None, (), "level")
        svg = charts.draw(drawn, _named(row.left), _named(row.right), "zh-hans" if language == "zh" else "en")
        if svg:
            made[(row.left, row.right)] = svg
    return made


def _named(name: str) -> tuple[Text, None]:
    return Text({"en": name, "zh-hans": name}), None
