"""Every read of the lake that a window or the insight room needs.

What opens tables (pyarrow, PyIceberg, SQLAlchemy: two seconds) is imported where a table is opened, so that a web
process starts without it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.knowledge.lake import access
from commonweal.knowledge.lake.ageing import timeliness
from commonweal.knowledge.lake.models import Collection
from commonweal.knowledge.lake.reasons import words
from commonweal.knowledge.lake.views import (
    CollectionRow,
    ColumnView,
    DatasetRow,
    DatasetView,
    Export,
    Preview,
    QuarantineRow,
    Score,
)  # fmt: skip
from commonweal.register import Register
from commonweal.register.models import Dataset, Text

if TYPE_CHECKING:
    import pyarrow as pa

LIMIT = 200
HIDDEN = ("personal", "sensitive")
SCORES = {
    "completeness": {"en": "Completeness", "zh-hans": "完整性"},
    "validity": {"en": "Validity", "zh-hans": "有效性"},
    "uniqueness": {"en": "Uniqueness", "zh-hans": "唯一性"},
    "consistency": {"en": "Consistency", "zh-hans": "一致性"},
    "timeliness": {"en": "Timeliness", "zh-hans": "及时性"},
}
SOURCES = {
    "journal": {"en": "The platform's own record", "zh-hans": "本平台的办件记录"},
    "file": {"en": "A file kept with the declarations", "zh-hans": "与申明一同保存的文件"},
    "package": {"en": "A file shipped by the package {0}", "zh-hans": "软件包 {0} 附带的文件"},
    "sql": {"en": "A database of the publisher", "zh-hans": "发布部门的数据库"},
    "http": {"en": "An interface of the publisher", "zh-hans": "发布部门的数据接口"},
    "register": {"en": "A register held by the publisher", "zh-hans": "由发布部门持有的登记册"},
}


def table(dataset_id: str, snapshot: int | None = None, *, as_of: datetime | None = None) -> pa.Table:
    """All rows of a dataset: of its newest good collection, of one snapshot, or as they stood at a moment.

    For rooms, not for windows: who may see rows is asked by `readable_table`. Raises NotAllowed where nothing was
    collected, or what was is kept no longer.
    """
    if snapshot is None:
        snapshot = snapshot_at(dataset_id, as_of)
    from commonweal.knowledge.lake.store import opened

    rows = opened().rows(dataset_id, snapshot) if snapshot is not None else None
    if rows is None:
        raise NotAllowed(
            "not-collected", f"No rows of {dataset_id} were collected; run: commonweal collect {dataset_id}"
        )
    return rows


def snapshot_at(dataset_id: str, as_of: datetime | None = None) -> int | None:
    """The snapshot a reader saw at a moment (now where None); None before the first collection."""
    run = collection_at(dataset_id, as_of)
    return run.snapshot if run else None


def collection_at(dataset_id: str, as_of: datetime | None = None) -> Collection | None:
    """The successful collection that stood at a moment (the newest where None)."""
    if as_of is None:
        return newest_collections([dataset_id]).get(dataset_id)
    good = Collection.objects.filter(
        dataset=dataset_id, status__in=(Collection.Status.DONE, Collection.Status.UNCHANGED)
    )
    return good.filter(finished__lte=as_of).order_by("-finished", "-id").first()


def newest_collections(dataset_ids: list[str] | None = None) -> dict[str, Collection]:
    """The newest successful collection of each dataset, in one query."""
    good = Collection.objects.filter(status__in=(Collection.Status.DONE, Collection.Status.UNCHANGED))
    if dataset_ids is not None:
        good = good.filter(dataset__in=dataset_ids)
    newest = good.order_by().values("dataset").annotate(newest=Max("id")).values("newest")
    return {run.dataset: run for run in Collection.objects.filter(id__in=newest)}


def catalogue(actor: Actor | None, *, text: str = "", cursor: str | None = None, limit: int = 50) -> Page[DatasetRow]:
    """Datasets by id: those whose rows the actor may read. `text` is looked for in ids, names and descriptions."""
    register = declared.current()
    after = str(pages.decode(cursor, 1)[0]) if cursor else ""
    wanted = text.casefold().split()
    limit = max(1, min(limit, LIMIT))
    found = [
        dataset
        for dataset in sorted(register.datasets.values(), key=lambda d: d.id)
        if dataset.id > after and access.may_read(actor, dataset) and _mentions(dataset, wanted)
    ][: limit + 1]
    runs = newest_collections([d.id for d in found])
    rows = [_row(register, dataset, runs.get(dataset.id)) for dataset in found]
    return pages.page(rows, limit, lambda row: (row.id,))


def number(cursor: str) -> int:
    """The whole number a cursor holds. Raises Invalid for a cursor that was not made here."""
    (position,) = pages.decode(cursor, 1)
    if isinstance(position, bool) or not isinstance(position, int) or not 0 <= position < 1 << 62:
        raise Invalid({"cursor": "Start again from the first page"})
    return position


def _mentions(dataset: Dataset, wanted: list[str]) -> bool:
    texts = [dataset.id, *dataset.name.root.values()]
    texts += list(dataset.description.root.values()) if dataset.description else []
    texts += [c.name for c in dataset.columns]
    joined = " ".join(texts).casefold()
    return all(word in joined for word in wanted)


def _row(register: Register, dataset: Dataset, run: Collection | None) -> DatasetRow:
    publisher = register.organisations.get(dataset.publisher)
    return DatasetRow(
        id=dataset.id,
        name=dataset.name,
        description=dataset.description,
        publisher=dataset.publisher,
        publisher_name=publisher.name if publisher else Text({"en": dataset.publisher}),
        access=dataset.access,
        rhythm=dataset.rhythm,
        rows=run.rows if run else None,
        collected=run.finished if run else None,
        status=run.status if run else None,
        quality=_overall(run, dataset),
    )


def _scores(run: Collection, dataset: Dataset) -> dict[str, float]:
    """The scores as measured, but for timeliness, which goes on ageing."""
    scores = {key: float(run.quality[key]) for key in SCORES if key in run.quality}
    if run.finished and "timeliness" in scores:
        scores["timeliness"] = timeliness(dataset.rhythm, run.finished.date(), _today())
    return scores


def _today() -> date:
    return clock.now().date()


def _overall(run: Collection | None, dataset: Dataset) -> float | None:
    scores = _scores(run, dataset) if run else {}
    return sum(scores.values()) / len(scores) if scores else None


def dataset(actor: Actor | None, dataset_id: str, as_of: datetime | None = None) -> DatasetView:
    """A dataset's page, now or as it stood at a moment. Raises NotAllowed for an unknown dataset and for one the
    actor may not read."""
    register = declared.current()
    found = access.readable(actor, register.datasets.get(dataset_id))
    run = collection_at(found.id, as_of)
    seen = found.access == "open" or access.answers_for(actor, found)
    runs = collections(actor, dataset_id, limit=12).rows
    scores = _scores(run, found) if run else {}
    return DatasetView(
        row=_row(register, found, run),
        columns=tuple(_column(register, found, c.name, c.element, bool(c.required)) for c in found.columns),
        keys=found.keys,
        region=found.region,
        period=found.period,
        licence=found.licence,
        attribution=found.attribution,
        source=_source(found),
        legal=found.legal,
        quality=tuple(Score(key, Text(SCORES[key]), value) for key, value in scores.items()),
        collections=runs,
        snapshots=tuple(dict.fromkeys(r.snapshot for r in runs if r.snapshot is not None)),
        may_read=True,
        snapshot=run.snapshot if run else None,
        as_of=as_of,
        running=_running(found.id),
        source_type=found.source.type if found.source else "",
        faults=run.quarantined if run and seen else 0,
    )


def _running(dataset_id: str) -> datetime | None:
    """Since when the newest run is under way, if it is."""
    newest = Collection.objects.filter(dataset=dataset_id).order_by("-id").first()
    return newest.started if newest and newest.status == Collection.Status.RUNNING else None


def _column(register: Register, found: Dataset, name: str, element_id: str, required: bool) -> ColumnView:
    element = register.elements[element_id]
    key = name in found.keys
    hidden = element.sensitivity in HIDDEN
    return ColumnView(
        name, element_id, element.name, element.type, element.unit, required or key, key, element.codelist, hidden
    )


def _source(found: Dataset) -> Text:
    if found.source is None:
        return Text({"en": "Not collected", "zh-hans": "未采集"})
    return Text({lang: t.replace("{0}", found.source.package or "") for lang, t in SOURCES[found.source.type].items()})


def collections(
    actor: Actor | None, dataset_id: str, cursor: str | None = None, limit: int = 50
) -> Page[CollectionRow]:
    """Runs of the collector for one dataset, newest first."""
    access.readable(actor, declared.current().datasets.get(dataset_id))
    runs = Collection.objects.filter(dataset=dataset_id)
    if cursor:
        runs = runs.filter(id__lt=number(cursor))
    limit = max(1, min(limit, LIMIT))
    page = pages.page(list(runs.order_by("-id")[: limit + 1]), limit, lambda run: (run.pk,))
    return page.map(_collection)


def _collection(run: Collection) -> CollectionRow:
    overall = sum(run.quality.values()) / len(run.quality) if run.quality else None
    return CollectionRow(
        run.started, run.finished, run.status, run.read, run.rows, run.quarantined, run.snapshot, overall, run.note,
        run.left_out,
    )  # fmt: skip


def readable_table(actor: Actor | None, dataset_id: str, snapshot: int | None = None) -> pa.Table:
    """Rows the actor may read, without the columns that hold personal data unless the actor answers for them."""
    register = declared.current()
    found = access.readable(actor, register.datasets.get(dataset_id))
    rows = table(dataset_id, snapshot)
    if access.answers_for(actor, found):
        return rows
    shown = [
        c.name
        for c in found.columns
        if c.name in rows.column_names and register.elements[c.element].sensitivity not in HIDDEN
    ]
    return rows.select(shown)


def preview(actor: Actor | None, dataset_id: str, limit: int = 20, snapshot: int | None = None) -> Preview:
    """The first rows as text, of the newest or of one snapshot; empty before the first collection.

    Columns about persons are left out, whoever looks: nobody needs them to see what a dataset is like.
    """
    try:
        rows = readable_table(actor, dataset_id, snapshot).slice(0, max(1, min(limit, LIMIT)))
    except NotAllowed as refusal:
        if refusal.code != "not-collected":
            raise
        return Preview((), ())
    register = declared.current()
    hidden = {
        column.name
        for column in register.datasets[dataset_id].columns
        if register.elements[column.element].sensitivity in HIDDEN
    }
    rows = rows.select([name for name in rows.column_names if name not in hidden])
    text = [["" if v is None else _plain(v) for v in column.to_pylist()] for column in rows.columns]
    return Preview(tuple(rows.column_names), tuple(zip(*text, strict=True)))


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def export(
    actor: Actor | None, dataset_id: str, format: str, snapshot: int | None = None, *, as_of: datetime | None = None
) -> Export:
    """A dataset as a file, now, of one snapshot, or as it stood at a moment.

    Raises NotAllowed for one the actor may not read and where nothing had been collected, Invalid for an unknown
    format.
    """
    from commonweal.knowledge.lake import exports

    access.readable(actor, declared.current().datasets.get(dataset_id))
    if as_of is not None:
        snapshot = snapshot_at(dataset_id, as_of)
        if snapshot is None:
            raise NotAllowed("not-collected", f"No rows of {dataset_id} had been collected by then")
    return exports.export(readable_table(actor, dataset_id, snapshot), dataset_id, format)


def quarantine(actor: Actor | None, dataset_id: str, cursor: str | None = None, limit: int = 50) -> Page[QuarantineRow]:
    """Faults of the newest collection, by row. Of open data anybody may see them, else those who answer for it."""
    from commonweal.knowledge.lake.store import QUARANTINE, opened

    register = declared.current()
    found = access.readable(actor, register.datasets.get(dataset_id))
    if found.access != "open" and not access.answers_for(actor, found):
        raise NotAllowed("no-dataset", "Only the publisher sees what was set aside")
    run = newest_collections([dataset_id]).get(dataset_id)
    if run is None or run.quarantine_snapshot is None:
        return Page(())
    rows = opened().rows(dataset_id, run.quarantine_snapshot, namespace=QUARANTINE)
    start = number(cursor) if cursor else 0
    limit = max(1, min(limit, LIMIT))
    if rows is None:
        return Page(())
    part = rows.sort_by([("row", "ascending"), ("column", "ascending")]).slice(start, limit).to_pylist()
    shown = tuple(QuarantineRow(r["row"], r["column"], r["value"] or "", Text(words(r["reason"]))) for r in part)
    return Page(shown, pages.encode(start + limit) if start + limit < len(rows) else None)
