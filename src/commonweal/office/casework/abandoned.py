"""Drafts that nobody has gone on with: erased after a year, since nobody needs what was never sent."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from commonweal.core import clock
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.actions import record
from commonweal.office.casework import events
from commonweal.office.casework.drafting import subject
from commonweal.office.casework.models import Application
from commonweal.office.casework.retaining import remove_files
from commonweal.office.signing import queries as rounds
from commonweal.office.signing.forgetting import forget

KEPT = timedelta(days=365)
"""How long a draft is kept after its last change. No law is behind it: what was not sent is no matter of an office."""


def forget_drafts() -> int:
    """Discard every draft unchanged for longer than `KEPT`; how many. A duty of the worker, each a transaction."""
    old = Application.objects.filter(status=Application.DRAFT, changed_at__lt=clock.now() - KEPT)
    return sum(_one(pk) for pk in list(old.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _one(pk: int) -> bool:
    draft = Application.objects.select_for_update().get(pk=pk)
    since = draft.changed_at
    if draft.status != Application.DRAFT or since >= clock.now() - KEPT or rounds.standing(subject(draft)):
        return False
    removed = remove_files(draft)
    forget(subject(draft))
    draft.status, draft.answers, draft.changed_at = Application.DISCARDED, {}, clock.now()
    draft.save(update_fields=["status", "answers", "changed_at"])
    data = {"application": draft.ref, "unchanged_since": since.isoformat(), "files": removed}
    record(SYSTEM, events.DRAFT_DISCARDED, subject(draft), data, about=[draft.person_id])
    return True
