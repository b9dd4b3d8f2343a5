"""Figures for Prometheus, in its text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

from django.core.signals import got_request_exception, request_finished
from django.db.models import Count

from commonweal.core import clock
from commonweal.core.custody.queries import certificates
from commonweal.core.custody.queries import waiting as keys_waiting
from commonweal.core.journal.models import Checkpoint, Event
from commonweal.core.trust.ports import KeyProblem
from commonweal.knowledge.lake.models import Collection
from commonweal.office.casework.models import Case, Task

STARTED = time.time()
"""When this process began, in seconds since 1970."""


class Requests:
    """How many requests this process has answered, and how many of them broke."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answered = 0
        self.broken = 0

    def watch(self) -> None:
        """Count from now on."""
        request_finished.connect(self._answered, dispatch_uid="commonweal.metrics.answered")
        got_request_exception.connect(self._broke, dispatch_uid="commonweal.metrics.broken")

    def _answered(self, **_: Any) -> None:
        with self.lock:
            self.answered += 1

    def _broke(self, **_: Any) -> None:
        with self.lock:
            self.broken += 1


requests = Requests()


def text() -> str:
    """All figures. Counts rows, so it belongs to a monitor that asks every quarter of a minute, not to a page."""
    return "".join(_lines())


def _lines() -> Iterator[str]:
    yield from _figure(
        "commonweal_requests_total", "counter", "Requests answered by this process.", {"": requests.answered}
    )
    yield from _figure(
        "commonweal_requests_broken_total", "counter", "Requests that ended in an error nobody foresaw.",
        {"": requests.broken},
    )  # fmt: skip
    yield from _figure("process_start_time_seconds", "gauge", "Start of this process.", {"": int(STARTED)})
    cases = dict(Case.objects.values_list("status").annotate(n=Count("id")).order_by("status"))
    counts = {f'{{status="{status}"}}': cases.get(status, 0) for status in (Case.OPEN, Case.WAITING, Case.CLOSED)}
    yield from _figure("commonweal_cases", "gauge", "Cases by status.", counts)
    overdue = Task.objects.filter(status=Task.READY, due_at__lt=clock.now()).count()
    yield from _figure(
        "commonweal_tasks_overdue", "gauge", "Steps that stand before an official too long.", {"": overdue}
    )
    newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    yield from _figure("commonweal_journal_events", "gauge", "Events with a place in the tree.", {"": newest or 0})
    waiting = Event.objects.filter(seq=None).count()
    yield from _figure("commonweal_journal_unsequenced", "gauge", "Events that wait for a place.", {"": waiting})
    failed = Collection.objects.filter(status=Collection.Status.FAILED).count()
    yield from _figure("commonweal_collections_failed_total", "counter", "Collections that failed.", {"": failed})
    yield from _figure("commonweal_certificate_days_left", "gauge", "Days until a certificate in use ends.", _ends())
    yield from _figure("commonweal_key_requests", "gauge", "Changes of keys that wait.", {"": keys_waiting()})


def _ends() -> dict[str, int]:
    """Days by purpose; none while the key store does not open, which must not hide the other figures."""
    now = clock.now()
    try:
        rows = certificates()
    except KeyProblem:
        return {}
    return {f'{{purpose="{row.purpose}"}}': (row.until - now).days for row in rows if row.state == "current"}


def _figure(name: str, kind: str, what: str, values: dict[str, int]) -> Iterator[str]:
    yield f"# HELP {name} {what}\n# TYPE {name} {kind}\n"
    for labels, value in values.items():
        yield f"{name}{labels} {value}\n"
