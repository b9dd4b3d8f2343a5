"""A place of its own for each certificate's status, drawn by lot so that no place tells when it was given."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

from commonweal.office.certificates import listing
from commonweal.office.certificates.models import Certificate, StatusList
from commonweal.office.certificates.statuslist import PLACES

T = TypeVar("T")
_TRIES = 12


def placed(write: Callable[[StatusList, int], T]) -> T:
    """What `write` makes at a free place. `write` runs in a savepoint: two that drew the same place draw again.

    A list in which a dozen draws hit taken places is as good as full, and the next one is opened. A place is never
    given twice, whatever becomes of its certificate, since rows stay and the database holds each place once.
    """
    current = StatusList.objects.order_by("-pk").first() or listing.opened()
    for turn in range(2 * _TRIES):
        if turn == _TRIES:
            current = listing.opened()
        index = secrets.randbelow(PLACES)
        if Certificate.objects.filter(status_list=current, status_index=index).exists():
            continue
        try:
            with transaction.atomic():
                return write(current, index)
        except IntegrityError:
            if not Certificate.objects.filter(status_list=current, status_index=index).exists():
                raise
    raise RuntimeError("no free place was found in a new status list")
