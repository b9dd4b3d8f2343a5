"""What publishers have to mend: open notices, the bad rows as a file, and how quality went from collection to
collection."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from commonweal.core import pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.knowledge.lake import access
from commonweal.knowledge.lake.models import Collection, Notice
from commonweal.knowledge.lake.queries import LIMIT, SCORES, newest_collections, number
from commonweal.knowledge.lake.reasons import words
from commonweal.knowledge.lake.views import Export, NoticeRow, Trend
from commonweal.register.models import Dataset, Text

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_POINTS = 24


def to_mend(actor: Actor, cursor: str | None = None, limit: int = 50) -> Page[NoticeRow]:
    """Open notices to the organisations in which the actor holds a post, newest first."""
    mine = {seat.organisation for seat in actor.posts}
    open_ones = Notice.objects.filter(closed=None)
    if actor.kind != "system":
        open_ones = open_ones.filter(organisation__in=mine)
    if cursor:
        open_ones = open_ones.filter(id__lt=number(cursor))
    limit = max(1, min(limit, LIMIT))
    page = pages.page(list(open_ones.order_by("-id")[: limit + 1]), limit, lambda notice: (notice.pk,))
    return page.map(_notice)


def notices(actor: Actor | None, dataset_id: str) -> tuple[NoticeRow, ...]:
    """Open notices of one dataset, for those who answer for it; none for others."""
    found = declared.current().datasets.get(dataset_id)
    if found is None or not access.answers_for(actor, found):
        return ()
    return tuple(_notice(n) for n in Notice.objects.filter(dataset=dataset_id, closed=None).order_by("reason"))


def _notice(notice: Notice) -> NoticeRow:
    register = declared.current()
    dataset = register.datasets.get(notice.dataset)
    publisher = register.organisations.get(notice.organisation)
    return NoticeRow(
        dataset=notice.dataset,
        name=dataset.name if dataset else Text({"en": notice.dataset}),
        organisation=notice.organisation,
        organisation_name=publisher.name if publisher else Text({"en": notice.organisation}),
        reason=notice.reason,
        detail=notice.detail,
        score=Text(SCORES[notice.detail["score"]]) if notice.detail.get("score") in SCORES else None,
        opened=notice.opened,
    )


def may_see_faults(actor: Actor | None, dataset: Dataset) -> bool:
    """Of open data anybody sees what was set aside, else those who answer for it."""
    return dataset.access == "open" or access.answers_for(actor, dataset)


def bad_rows(actor: Actor | None, dataset_id: str, language: str = "en") -> Export:
    """Every fault of the newest collection as CSV: row number, column, value, reason. Raises NotAllowed."""
    found = access.readable(actor, declared.current().datasets.get(dataset_id))
    if not may_see_faults(actor, found):
        raise NotAllowed("no-dataset", "Only the publisher sees what was set aside")
    return Export("text/csv; charset=utf-8", f"{dataset_id}-to-mend.csv", _lines(found, language))


def _lines(dataset: Dataset, language: str) -> Iterator[bytes]:
    from commonweal.knowledge.lake.store import QUARANTINE, opened

    yield b"\xef\xbb\xbf"
    yield _line(("row", "column", "value", "reason"))
    run = newest_collections([dataset.id]).get(dataset.id)
    if run is None or run.quarantine_snapshot is None:
        return
    faults = opened().rows(dataset.id, run.quarantine_snapshot, namespace=QUARANTINE)
    if faults is None:
        return
    for batch in faults.sort_by([("row", "ascending"), ("column", "ascending")]).to_batches(max_chunksize=5000):
        for fault in batch.to_pylist():
            said = words(fault["reason"])
            reason = said["zh-hans"] if language.startswith("zh") else said["en"]
            yield _line((fault["row"], fault["column"], _harmless(fault["value"] or ""), reason))


def _line(cells: Sequence[object]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink).writerow(cells)
    return sink.getvalue().encode()


def _harmless(value: str) -> str:
    """A spreadsheet would run it as a formula."""
    return "'" + value if value.startswith(FORMULA) and not value.removeprefix("-")[:1].isdigit() else value


def trend(actor: Actor | None, dataset_id: str) -> tuple[Trend, ...]:
    """Each score over the newest collections that succeeded, oldest first; the same rows again are one point."""
    access.readable(actor, declared.current().datasets.get(dataset_id))
    good = (Collection.Status.DONE, Collection.Status.UNCHANGED)
    runs = Collection.objects.filter(dataset=dataset_id, status__in=good).order_by("-id")[:MOST_POINTS]
    told: list[tuple[datetime, dict[str, float]]] = []
    for run in reversed(runs):
        if run.quality and run.finished and not (told and run.status == Collection.Status.UNCHANGED):
            told.append((run.finished, run.quality))
    keys = [key for key in SCORES if key != "timeliness" and all(key in quality for _, quality in told)]
    return tuple(
        Trend(key, Text(SCORES[key]), tuple((moment, float(quality[key])) for moment, quality in told)) for key in keys
    )
