"""Data and findings. Open ones are for everybody; with a staff token those your seats may read are there too."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Path, Query, Router

from commonweal.knowledge.insight import queries as insight
from commonweal.knowledge.lake import queries as lake
from commonweal.windows.api import paging
from commonweal.windows.api.access import OPTIONAL, anyone, reader
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.said import language
from commonweal.windows.api.schemas_knowledge import DatasetOut, DatasetPage, FindingOut, FindingPage, PreviewOut

router = Router(tags=["data"], auth=anyone)
Id = Annotated[str, Path(max_length=80)]
Kind = Literal["association", "between", "trend-only", "size-only", "same-measure", "part-of-total"]


def _binary(*kinds: str) -> dict[str, Any]:
    """The description of an answer that is a file, for an address anybody may read."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {**OPTIONAL, "responses": {200: {"content": content}}}


@router.get("/datasets", response=DatasetPage, operation_id="listDatasets", summary="Datasets", openapi_extra=OPTIONAL)
def list_datasets(
    request: HttpRequest, q: Annotated[str, Query(max_length=200)] = "", cursor: Cursor = None, limit: Limit = 50
) -> Any:
    """The catalogue, by id; `q` is looked for in names, descriptions and columns."""
    return paging.shown(lake.catalogue(reader(request), text=q, cursor=cursor, limit=limit))


@router.get("/datasets/{id}", response=DatasetOut, operation_id="getDataset", summary="One", openapi_extra=OPTIONAL)
def get_dataset(request: HttpRequest, id: Id) -> Any:
    """What it holds, who answers for it, how good and how fresh it is."""
    return lake.dataset(reader(request), id)


@router.get(
    "/datasets/{id}/preview", response=PreviewOut, operation_id="previewDataset", summary="Rows", openapi_extra=OPTIONAL
)
def preview(request: HttpRequest, id: Id, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Any:
    """The first rows."""
    found = lake.preview(reader(request), id, limit)
    return {"columns": list(found.columns), "rows": [list(row) for row in found.rows]}


@router.get(
    "/datasets/{id}/download",
    operation_id="downloadDataset",
    summary="Download",
    response=None,
    openapi_extra=_binary("text/csv", "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"),
)
def download(request: HttpRequest, id: Id, format: Literal["csv", "parquet", "arrow"] = "csv") -> Any:
    """The whole table."""
    export = lake.export(reader(request), id, format)
    response = StreamingHttpResponse(export.chunks, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    return response


@router.get("/findings", response=FindingPage, operation_id="listFindings", summary="Findings", openapi_extra=OPTIONAL)
def list_findings(
    request: HttpRequest,
    kind: Kind | None = None,
    dataset: Annotated[str | None, Query(max_length=80)] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Any:
    """What moves together across datasets, the surest first: associations, not causes."""
    page = insight.findings(reader(request), cursor, limit=limit, kind=kind, dataset=dataset)
    return paging.shown(page)


@router.get("/findings/{ref}", response=FindingOut, operation_id="getFinding", summary="One", openapi_extra=OPTIONAL)
def get_finding(request: HttpRequest, ref: Annotated[str, Path(max_length=40)]) -> Any:
    """The sentence, how sure it is, what else could explain it, the figures and the data."""
    return insight.finding(reader(request), ref)


@router.get(
    "/findings/{ref}/chart",
    operation_id="findingChart",
    summary="Its chart",
    response=None,
    openapi_extra=_binary("image/svg+xml"),
)
def chart(request: HttpRequest, ref: Annotated[str, Path(max_length=40)]) -> Any:
    """The chart as SVG, in the language asked for."""
    answer = HttpResponse(insight.chart(reader(request), ref, language()), content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer
