"""Results as Arrow tables, for download as Arrow, Parquet or CSV."""

from __future__ import annotations

import pyarrow as pa

from commonweal.knowledge.insight.explore.views import MapView, MatrixView, PairView, SearchView


def search(view: SearchView) -> pa.Table:
    """One row for each column found, surest first."""
    return pa.table(
        {
            "column": pa.array([h.column.key for h in view.rows], pa.string()),
            "statistic": pa.array([h.statistic for h in view.rows], pa.string()),
            "value": pa.array([h.value for h in view.rows], pa.float64()),
            "low": pa.array([h.low for h in view.rows], pa.float64()),
            "high": pa.array([h.high for h in view.rows], pa.float64()),
            "n": pa.array([h.n for h in view.rows], pa.int64()),
            "entities": pa.array([h.entities for h in view.rows], pa.int64()),
            "p_adjusted": pa.array([h.p_adjusted for h in view.rows], pa.float64()),
            "grain": pa.array([h.grain for h in view.rows], pa.string()),
            "kind": pa.array([h.kind for h in view.rows], pa.string()),
        }
    )


def matrix(view: MatrixView) -> pa.Table:
    """One row for each cell off the diagonal; withheld cells have no value and say why."""
    cells = [
        (row.key, column.key, cell)
        for row, line in zip(view.columns, view.cells, strict=True)
        for column, cell in zip(view.columns, line, strict=True)
        if cell is not None
    ]
    return pa.table(
        {
            "row": pa.array([r for r, _, _ in cells], pa.string()),
            "column": pa.array([c for _, c, _ in cells], pa.string()),
            "statistic": pa.array([c.statistic for _, _, c in cells], pa.string()),
            "given": pa.array([view.given for _ in cells], pa.string()),
            "value": pa.array([c.value for _, _, c in cells], pa.float64()),
            "low": pa.array([c.low for _, _, c in cells], pa.float64()),
            "high": pa.array([c.high for _, _, c in cells], pa.float64()),
            "n": pa.array([c.n for _, _, c in cells], pa.int64()),
            "withheld": pa.array([c.why for _, _, c in cells], pa.string()),
        }
    )


def by_place(view: MapView) -> pa.Table:
    """One row for each place at the period shown; withheld and missing figures are null."""
    return pa.table(
        {
            "place": pa.array([r.place for r in view.map.rows], pa.string()),
            "period": pa.array([view.period or None for _ in view.map.rows], pa.string()),
            view.column.key: pa.array([r.value for r in view.map.rows], pa.float64()),
        }
    )


def pair(view: PairView) -> pa.Table:
    """The marks of the pair's scatter in the view chosen: points, places or bins."""
    marks = view.scatter.marks
    return pa.table(
        {
            "place": pa.array([m.name or None for m in marks], pa.string()),
            view.left.key: pa.array([m.x for m in marks], pa.float64()),
            view.right.key: pa.array([m.y for m in marks], pa.float64()),
            "interval_half_width": pa.array([m.half for m in marks], pa.float64()),
            "rows": pa.array([m.n for m in marks], pa.int64()),
        }
    )
