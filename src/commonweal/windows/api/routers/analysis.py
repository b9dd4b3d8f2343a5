"""What goes with what: a column's partners, a matrix, a pair. Open data for everybody; more for seats that may read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.insight.looking import looked
from commonweal.windows.api import paging
from commonweal.windows.api.access import OPTIONAL, anyone, reader
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.schemas_analysis import AnalysisColumnPage, MatrixOut, PairOut, SearchPage

router = Router(tags=["analysis"], auth=anyone)
Key = Annotated[str, Query(max_length=200, description="`dataset.column`")]
Statistic = Literal["pearson", "spearman", "cramers_v", "correlation_ratio"]
Given = Literal["", "place", "time", "both"]


@router.get(
    "/analysis/columns", response=AnalysisColumnPage, operation_id="listColumns", summary="Columns",
    openapi_extra=OPTIONAL,
)  # fmt: skip
def list_columns(
    request: HttpRequest, q: Annotated[str, Query(max_length=200)] = "", cursor: Cursor = None, limit: Limit = 50
) -> Any:
    """Columns of collected datasets that hold figures or categories; `q` is looked for in their names."""
    return paging.shown(explore.columns(reader(request), q, cursor, limit))


@router.get(
    "/analysis/goes-with", response=SearchPage, operation_id="searchByColumn", summary="What goes with a column",
    openapi_extra=OPTIONAL,
)  # fmt: skip
def goes_with(request: HttpRequest, column: Key, cursor: Cursor = None, limit: Limit = 25) -> Any:
    """Columns anywhere that go with one, the surest first: associations, not causes."""
    view = explore.search(reader(request), column)
    looked(reader(request), [view.asked.dataset, *(hit.column.dataset for hit in view.rows)])
    page = explore.hits_of(view, cursor, limit)
    told = {"asked": view.asked, "compared": view.compared, "withheld": view.withheld}
    return {**told, **paging.shown(page)}


@router.get(
    "/analysis/matrix", response=MatrixOut, operation_id="correlationMatrix", summary="A matrix of columns",
    openapi_extra=OPTIONAL,
)  # fmt: skip
def matrix(
    request: HttpRequest,
    column: Annotated[list[str], Query(max_length=30)],
    statistic: Statistic = "pearson",
    given: Given = "",
) -> Any:
    """Every pair of up to thirty columns, as published or given place, time or both."""
    view = explore.matrix(reader(request), column, statistic, given)
    looked(reader(request), (each.dataset for each in view.columns))
    return {
        "columns": list(view.columns), "cells": [list(row) for row in view.cells], "statistic": view.statistic,
        "given": view.given, "snapshots": dict(view.snapshots),
    }  # fmt: skip


@router.get("/analysis/pair", response=PairOut, operation_id="comparePair", summary="A pair", openapi_extra=OPTIONAL)
def pair(request: HttpRequest, left: Key, right: Key) -> Any:
    """Two columns from every side: levels and changes, within and between places, before and after."""
    view = explore.pair(reader(request), left, right)
    looked(reader(request), (view.left.dataset, view.right.dataset))
    return view
