"""Work for the worker. Every job is safe to run twice and at the same time."""

from __future__ import annotations

from django_tasks import task

from commonweal.office.casework.ticking import tick


@task()
def let_time_pass() -> int:
    """Escalate, deem approved and flag what has fallen due; returns how many cases moved."""
    return tick()
