"""Every read of the insight room."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.knowledge.insight import access, histories, sentences
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.models import Finding, Scan
from commonweal.knowledge.insight.views import Cell, FindingRow, FindingView, Measure, Overview, ScanRow, Side
from commonweal.knowledge.lake import queries as lake
from commonweal.register.models import Text
from commonweal.register.regions import descendants

if TYPE_CHECKING:
    import pyarrow as pa

LIMIT = 100
PERFORMANCE = "region-performance"
_LEFT_OUT = ("chart", "table")


def findings(
    actor: Actor | None,
    cursor: str | None = None,
    *,
    limit: int = 20,
    kind: str | None = None,
    dataset: str | None = None,
    origin: str | None = None,
) -> Page[FindingRow]:
    """Findings, best first. Without `kind` the news: associations and lasting differences, each said once.

    `dataset` keeps those with that dataset on either side; `origin="office"` those about the office's own record.
    """
    shown = access.visible(actor)
    shown = shown.filter(kind__in=NEWS, folded_into=None) if kind is None else shown.filter(kind=kind)
    if dataset:
        shown = shown.filter(left_dataset=dataset) | shown.filter(right_dataset=dataset)
    if origin == "office":
        shown = shown.filter(office=True)
    if cursor:
        shown = shown.filter(rank__gt=lake.number(cursor))
    limit = max(1, min(limit, LIMIT))
    rows = list(shown.defer(*_LEFT_OUT).order_by("rank")[: limit + 1])
    return pages.page(rows, limit, lambda f: (f.rank,)).map(_row)


def finding(actor: Actor | None, ref: str) -> FindingView:
    """A finding's page. Raises NotAllowed."""
    found = access.visible_finding(actor, ref)
    detail = found.detail
    folded = access.visible(actor).filter(folded_into=found).defer(*_LEFT_OUT).order_by("rank")[:20]
    return FindingView(
        row=_row(found),
        caution=Text(sentences.CAUTION),
        method=Text(sentences.method(found.design, found.view, tuple(detail["logs"]), detail["tests"])),
        measures=tuple(_measure(name, view) for name, view in detail["views"].items()),
        explanations=tuple(Text(sentences.reason(r["code"], r["facts"])) for r in detail["reasons"]),
        columns=tuple(Text(c) for c in found.table.get("columns", ())),
        rows=tuple(tuple(_cell(c) for c in row) for row in found.table.get("rows", ())),
        chart=dict(found.chart),
        folded=tuple(_row(f) for f in folded),
        later=histories.later_of(found),
        turns=histories.turns_of(found) if access.in_office(actor) else (),
        assignments=histories.assignments_of(actor, found),
        may_assign=access.supervises(actor),
        scan_ref=found.scan.ref,
        scanned=found.scan.finished,
        pairs=found.scan.pairs,
    )


assignments, assignment = histories.assignments, histories.assignment


def standing() -> dict[str, int]:
    """How many findings that are news stand in each state. For commands."""
    rows = Finding.objects.filter(listed=True, kind__in=NEWS, folded_into=None)
    return dict(rows.values_list("state").annotate(count=Count("id")).order_by("state"))


def cited() -> dict[str, set[int]]:
    """Dataset to the snapshots that listed findings were measured on, so that none of them expires. For rooms."""
    told: dict[str, set[int]] = {}
    for detail in Finding.objects.filter(listed=True).values_list("detail", flat=True):
        for side in (detail["left"], detail["right"]):
            if side["snapshot"]:
                told.setdefault(side["dataset"], set()).add(int(side["snapshot"]))
    return told


def chart(actor: Actor | None, ref: str, language: str) -> str:
    """A finding's chart as SVG in the nearest language. Raises NotAllowed where there is none."""
    found = access.visible_finding(actor, ref)
    svg = found.chart.get(language) or found.chart.get("zh-hans" if language.startswith("zh") else "en")
    if not svg:
        raise NotAllowed("no-chart", "This finding has no chart; its table shows the figures")
    return str(svg)


def scans(actor: Actor | None, cursor: str | None = None, limit: int = 20) -> Page[ScanRow]:
    """Searches of the lake, newest first; for civil servants."""
    access.must_be_in_office(actor)
    rows = Scan.objects.order_by("-id")
    if cursor:
        rows = rows.filter(id__lt=lake.number(cursor))
    limit = max(1, min(limit, LIMIT))
    page = pages.page(list(rows[: limit + 1]), limit, lambda s: (s.pk,))
    return page.map(lambda s: ScanRow(s.ref, s.finished, s.pairs, s.withheld, s.tests, s.news))


def overview(actor: Actor | None, *, region: str | None = None) -> Overview:
    """The five figures and the ranked regions; of `region` and what lies below it where given.

    Without tiles until region-performance was collected. For civil servants; raises NotAllowed.
    """
    access.must_be_in_office(actor)
    register = declared.current()
    run = lake.newest_collections([PERFORMANCE]).get(PERFORMANCE)
    if run is None or run.snapshot is None:
        return Overview(None, (), (), Text(sentences.SMALL))
    from commonweal.knowledge.insight import overview as figures

    only = None
    if region is not None:
        if region not in register.regions:
            raise NotAllowed("no-region", "There is no such region")
        only = frozenset((region, *descendants(register, region)))
    as_of = (run.finished or clock.now()).date()
    return figures.overview(_performance(str(run.snapshot)), register.regions, as_of, only)


@lru_cache(maxsize=2)
def _performance(snapshot: str) -> pa.Table:
    """A snapshot never changes, so a process reads it once."""
    return lake.table(PERFORMANCE, int(snapshot))


def _row(found: Finding) -> FindingRow:
    return FindingRow(
        ref=found.ref,
        kind=found.kind,
        kind_label=Text(sentences.KINDS[found.kind]),
        sentence=Text(found.sentence),
        effect=round(found.effect, 2),
        low=round(found.low, 2),
        high=round(found.high, 2),
        n=found.n,
        entities=found.entities,
        p_adjusted=found.p_adjusted,
        left=_side(found.detail["left"]),
        right=_side(found.detail["right"]),
        state=found.state,
        state_label=Text(sentences.STATES[found.state]),
    )


def _side(told: dict[str, Any]) -> Side:
    return Side(
        dataset=told["dataset"],
        dataset_name=Text(told["dataset_name"]),
        column=told["column"],
        name=Text(told["name"]),
        unit=told["unit"],
        publisher=told["publisher"],
        publisher_name=Text(told["publisher_name"]),
        snapshot=int(told["snapshot"]) if told["snapshot"] else None,
        licence=told["licence"],
        attribution=told["attribution"],
        collected=datetime.fromisoformat(told["collected"]) if told["collected"] else None,
    )


def _measure(name: str, view: dict[str, Any]) -> Measure:
    label, note = sentences.VIEWS[name]
    value, low, high = (round(view[k], 2) for k in ("value", "low", "high"))
    return Measure(Text(label), value, low, high, int(view["n"]), Text(note))


def _cell(value: Any) -> Cell:
    return Text(value) if isinstance(value, dict) else value
