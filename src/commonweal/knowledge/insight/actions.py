"""Every write of the insight room."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from commonweal.core import clock, ids
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.insight import disclosure, drawings, events, following, indexing, keeping, later
from commonweal.knowledge.insight.frames import Frame, frame
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.models import Assignment, Finding, Scan
from commonweal.knowledge.insight.scan import Result, scan
from commonweal.knowledge.lake import queries as lake
from commonweal.knowledge.lake.models import Collection
from commonweal.register import Register

Progress = Callable[[str, int, int], None]
RULES = "2026-11-5"
"""Changes when the engine would say something else about the same rows, so that the next scan runs."""
DRAWN_AT_ONCE = 40
"""Charts of the best findings that a scan draws itself; the worker draws the others."""


def discover(actor: Actor = SYSTEM, progress: Progress | None = None, *, until: date | None = None) -> Scan:
    """Search the lake for what goes with what, keep what was found and withdraw what no longer holds.

    The same snapshots give the same scan, which is returned without searching again. A finding keeps its name and
    state from scan to scan, and is measured again on rows that came after it (see `following`). `until` looks only at
    rows of periods that began by that day, as one would have then. Raises Refused when nothing was collected yet.
    """
    started = clock.now()
    register = declared.current()
    runs = {i: run for i, run in lake.newest_collections().items() if i in register.datasets}
    if not runs:
        raise Refused("nothing-collected", "The lake is empty; run: commonweal collect")
    inputs = {i: str(run.snapshot) for i, run in sorted(runs.items())}
    fingerprint = hashlib.sha256(
        json.dumps([RULES, register.hash, inputs, until.isoformat() if until else ""]).encode()
    ).hexdigest()
    indexing.refresh(progress)
    last = Scan.objects.order_by("-id").first()
    if last is not None and last.fingerprint == fingerprint:
        return last
    frames = _frames(register, runs)
    if until is not None:
        frames = [later.until(each, (until - later.EPOCH).days) for each in frames]
        frames = [each for each in frames if len(each)]
    result = scan(frames, register.regions, progress)
    kept = _described(result, register, runs, progress)
    with transaction.atomic():
        done = Scan.objects.create(
            ref=ids.reference("S"),
            started=started,
            finished=clock.now(),
            inputs=inputs,
            fingerprint=fingerprint,
            pairs=result.looked,
            withheld=result.withheld,
            tests=result.tests,
            news=sum(1 for _, f in kept if f["kind"] in NEWS),
        )
        _keep(done, result, kept)
        following.follow(frames, register.regions, done)
        told = {"scan": done.ref, "pairs": done.pairs, "withheld": done.withheld, "tests": done.tests}
        record(actor, events.SCANNED, f"scan:{done.ref}", {**told, "news": done.news, "inputs": inputs})
    draw_charts(DRAWN_AT_ONCE, progress)
    return done


def draw_charts(limit: int = 10, progress: Progress | None = None) -> int:
    """Draw the charts of up to `limit` findings that have none yet, the best first; how many were drawn.

    For a worker or a command: drawing costs about 190 MB and is never done where pages are served.
    """
    report = progress or (lambda what, done, total: None)
    waiting = list(Finding.objects.filter(drawn=False).order_by("rank").defer("table")[:limit])
    for done, finding in enumerate(waiting, 1):
        finding.chart, finding.drawn = drawings.drawn(finding.detail), True
        finding.save(update_fields=["chart", "drawn"])
        report("Drawing charts", done, len(waiting))
    return len(waiting)


def _frames(register: Register, runs: Mapping[str, Collection]) -> list[Frame]:
    frames = []
    for dataset_id in sorted(runs):
        dataset = register.datasets[dataset_id]
        try:
            table = lake.table(dataset_id)
        except NotAllowed:
            continue
        if set(dataset.keys) - set(table.column_names):
            continue  # declared anew and not collected since
        found = frame(table, dataset, register.elements, register.regions)
        if found is not None and found.measures:
            frames.append(found)
    return frames


def _described(
    result: Result, register: Register, runs: Mapping[str, Collection], progress: Progress | None
) -> list[tuple[str, dict[str, Any]]]:
    report = progress or (lambda what, done, total: None)
    described = []
    for rank, pair in enumerate(result.pairs, 1):
        described.append((keeping.identity(pair), keeping.fields(pair, result, register, runs, rank)))
        report("Describing findings", rank, len(result.pairs))
    return described


def _keep(done: Scan, result: Result, kept: list[tuple[str, dict[str, Any]]]) -> None:
    known = {f.key: f for f in Finding.objects.all()}
    Finding.objects.exclude(key__in=[key for key, _ in kept]).update(listed=False)
    for key, fields in kept:
        finding = known.get(key) or Finding(key=key, ref=ids.reference("F"))
        if _too_little_new(finding, fields):
            Finding.objects.filter(pk=finding.pk).update(listed=True, rank=fields["rank"], folded_into=None)
            continue
        if finding.drawn and not drawings.same(finding.detail, fields["detail"]):
            finding.chart, finding.drawn = {}, False
        for name, value in {**fields, "scan": done, "listed": True, "folded_into": None}.items():
            setattr(finding, name, value)
        finding.save()
        known[key] = finding
    names = {pair.key: keeping.identity(pair) for pair in result.pairs}
    for pair in result.pairs:
        if pair.folded_into is not None:
            finding = known[keeping.identity(pair)]
            finding.folded_into = known[names[pair.folded_into]]
            finding.save(update_fields=["folded_into"])


def _too_little_new(finding: Finding, fields: dict[str, Any]) -> bool:
    """Whether a finding told before would differ only by what a few places contribute, which its change would tell."""
    before, after = (finding.detail or {}).get("marks"), fields["detail"].get("marks")
    if not finding.pk or not before or not after:
        return False
    return not disclosure.update(before, after).allowed


@transaction.atomic
def assign(actor: Actor, ref: str, *, organisation: str, task: str, due: date | None) -> Assignment:
    """Give a finding to an organisation as a task; see `following.assign`."""
    return following.assign(actor, ref, organisation, task, due)


@transaction.atomic
def answer(actor: Actor, ref: str, *, done: bool, text: str) -> Assignment:
    """Say what an organisation did about a finding; see `following.answer`."""
    return following.answer(actor, ref, done=done, text=text)
