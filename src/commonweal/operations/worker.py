"""What happens without anybody asking: deadlines, the journal's tree, datasets that are due, queued jobs.

Any number of workers may run at once and any may be killed at any moment: each piece of work is one transaction or
safe to begin again, and one that fails does not keep the others from their turn.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as JobWorker

from commonweal.core import clock
from commonweal.core.custody.actions import warn
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.journal.actions import sequence
from commonweal.core.journal.witnessing import ask_witnesses
from commonweal.knowledge.insight.models import Finding
from commonweal.knowledge.lake.models import Collection
from commonweal.office.casework.abandoned import forget_drafts
from commonweal.office.casework.actions import conclude_waiting, tick
from commonweal.office.casework.retaining import forget_due
from commonweal.operations.keeping import keep_tables, tell_publishers
from commonweal.register import Register

log = logging.getLogger("commonweal.worker")
RHYTHMS = {
    "continuous": timedelta(minutes=15), "daily": timedelta(days=1), "weekly": timedelta(days=7),
    "monthly": timedelta(days=30), "yearly": timedelta(days=365),
}  # fmt: skip
"""How old the newest collection of a dataset may be. `once` is collected when it never was."""
AFTER_FAILURE = timedelta(hours=1)
"""A dataset that failed is left alone so long."""


@dataclass
class Duty:
    """Something to be done again and again. `every` is in seconds; `failures` are those since it last went well."""

    name: str
    every: float
    do: Callable[[], object]
    due: float = 0.0
    failures: int = 0


def work(once: bool = False) -> None:
    """Do what is due until SIGTERM or SIGINT; with `once`, do it once and return.

    A piece of work that has begun is finished first. May be called in the main thread of a process only, unless `once`.
    Raises django.db.OperationalError or ProgrammingError for a database without tables.
    """
    _register()
    stop = threading.Event()
    duties = _duties()
    if once:
        for duty in duties:
            perform(duty, 0.0)
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopper(stop))
    while not stop.is_set():
        for duty in duties:
            if duty.due <= time.monotonic() and not stop.is_set():
                perform(duty, time.monotonic())
        stop.wait(max(0.05, min(duty.due for duty in duties) - time.monotonic()))


def perform(duty: Duty, now: float) -> None:
    """Do one duty and say when it is next due; after failures it waits longer, up to a minute."""
    close_old_connections()
    try:
        duty.do()
        duty.failures = 0
    except Exception:
        duty.failures += 1
        log.exception("%s failed (%d in a row)", duty.name, duty.failures)
    finally:
        close_old_connections()
    duty.due = now + min(60.0, duty.every * 2**duty.failures) if duty.failures else now + duty.every


def _duties() -> list[Duty]:
    return [
        Duty("deadlines", 5.0, tick),
        Duty("journal", 1.0, sequence),
        Duty("signatures", 10.0, conclude_waiting),
        Duty("witnesses", 60.0, ask_witnesses),
        Duty("jobs", 2.0, jobs),
        Duty("datasets", 60.0, collect_due),
        Duty("charts", 10.0, draw_waiting),
        Duty("notices", 3600.0, tell_publishers),
        Duty("certificates", 6 * 3600.0, warn),
        Duty("retention", 6 * 3600.0, forget_due),
        Duty("drafts", 6 * 3600.0, forget_drafts),
        Duty("tables", 6 * 3600.0, keep_tables),
    ]


def jobs() -> None:
    """Run every queued job there is."""
    JobWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    ).run()


def collect_due() -> int:
    """Collect the datasets whose time has come, then look for findings when any brought something new.

    What collecting needs takes seconds and 150 MB to import, so a worker with nothing to collect does without.
    """
    names = due(clock.now())
    if not names:
        return 0
    from commonweal.knowledge.insight.actions import discover
    from commonweal.knowledge.lake.actions import collect

    fresh = 0
    for name in names:
        try:
            run = collect(name)
        except Refused as problem:
            log.warning("%s was not collected: %s", name, problem.message)
        else:
            fresh += run.status == Collection.Status.DONE
    if fresh:
        discover()
    return fresh


def draw_waiting() -> int:
    """Draw the charts of findings that have none yet; imports what draws only when there is one."""
    if not Finding.objects.filter(drawn=False).exists():
        return 0
    from commonweal.knowledge.insight.actions import draw_charts

    return draw_charts()


def due(moment: datetime) -> list[str]:
    """Datasets whose newest collection is older than their rhythm at `moment`; none while nothing is declared."""
    register = _register()
    if register is None:
        return []
    newest: dict[str, Collection] = {}
    for run in Collection.objects.order_by("id"):
        if run.status != Collection.Status.RUNNING:
            newest[run.dataset] = run
    collectable = (each for each in register.datasets.values() if each.source and each.source.type != "register")
    return [each.id for each in collectable if _due(newest.get(each.id), each.rhythm, moment)]


def _register() -> Register | None:
    """The register in force, or None before the first one is."""
    try:
        return declared.current()
    except Refused:
        return None


def _due(last: Collection | None, rhythm: str, moment: datetime) -> bool:
    if last is None:
        return True
    if not last.succeeded:
        return moment - last.started >= AFTER_FAILURE
    return rhythm in RHYTHMS and moment - last.started >= RHYTHMS[rhythm]


def _stopper(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()

    return handle
