"""What time does: escalations, deemed approvals and broken promises that have fallen due."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import SYSTEM
from commonweal.office.casework import engine
from commonweal.office.casework.models import Case
from commonweal.office.casework.moving import take_state, taken_up

BATCH = 100
log = logging.getLogger(__name__)


def tick(moment: datetime | None = None) -> int:
    """Let everything that has fallen due by `moment` (now where absent) happen; returns how many cases moved.

    Each case is a transaction of its own, found by an index on when it next falls due. Any number of workers may run
    this at once and be killed at any moment: a case that somebody else holds is left to them, one that moved is not
    due again. A case that cannot be moved is logged and does not hold up the others.
    """
    with clock.travel(moment or clock.now()):
        moved, seen = 0, 0
        while found := _due_after(seen):
            for pk in found:
                seen = pk
                try:
                    moved += _one(pk)
                except Exception:
                    log.exception("case %s could not be moved by the clock", pk)
        return moved


def _due_after(pk: int) -> list[int]:
    rows = Case.objects.filter(next_tick_at__lte=clock.now(), pk__gt=pk)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _one(pk: int) -> bool:
    """Move one case if it is still due and nobody else is at it."""
    rows = Case.objects.select_related("application")
    skip = connection.features.has_select_for_update_skip_locked
    case = rows.select_for_update(of=("self",), skip_locked=skip).filter(pk=pk, next_tick_at__lte=clock.now()).first()
    if case is None:
        return False
    move = taken_up(SYSTEM, case)
    move.state, happened = engine.tick(move.bundle, move.state, move.facts, move.now)
    if not happened:
        take_state(case, declared.version(case.version).bundle, move.state)
        case.save(update_fields=["next_tick_at"])
        return False
    move.follow(happened)
    move.closing()
    move.finish("deadline")
    return True
