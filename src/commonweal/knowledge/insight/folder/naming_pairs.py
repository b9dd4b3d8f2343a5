"""A pair found, named for what it is, with how it came about, and its chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from commonweal.knowledge.insight import pairing
from commonweal.knowledge.insight.folder.keys import Key
from commonweal.knowledge.insight.folder.mixed import Met
from commonweal.knowledge.insight.folder.together import Together, spoken
from commonweal.knowledge.insight.plain import PlainTable

CHARTS = 6


def named(row: pairing.Row, mine: Together, met: Met, keys: Sequence[Key]) -> pairing.Row:
    """The row with the kind of the pair (a copy, a common trend, …), the keys it was joined on, and how values of one
    key became one."""
    other = met.other
    how = {row.left: mine.how.get(mine.table.columns[0].name), row.right: other.how.get(met.column.name)}
    told = replace(
        row,
        joined_on=spoken([key.mine for key in keys], other.grains),
        aggregation={name: way for name, way in how.items() if way},
    )
    if row.statistic != "pearson":
        return told
    table = other.table
    there = PlainTable(table.name, table.rows, [met.column], table.keys)
    (board,) = pairing.boards([mine.table, there], ("key",))
    again = pairing.again(board, told, 0, 1)
    return replace(told, kind=again.kind, entities=again.entities, within=again.within)


def charts_of(rows: Sequence[tuple[pairing.Row, Met]], language: str) -> dict[tuple[str, str], str]:
    """A chart for each of the strongest pairs of numbers, as SVG by the names of its columns."""
    from commonweal.knowledge.insight import charts
    from commonweal.knowledge.insight.pictures import picture
    from commonweal.register.models import Text

    said = "zh-hans" if language == "zh" else "en"
    made: dict[tuple[str, str], str] = {}
    for row, met in rows:
        if len(made) >= CHARTS or row.statistic != "pearson" or not np.ptp(met.x):
            continue
        drawn = picture(met.x, met.y, None, None, (), "level")
        names = [(Text({"en": name, "zh-hans": name}), None) for name in (row.left, row.right)]
        svg = charts.draw(drawn, names[0], names[1], said)
        if svg:
            made[(row.left, row.right)] = svg
    return made
