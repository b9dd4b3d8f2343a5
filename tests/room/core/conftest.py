"""What tests of the journal share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal import triggers
from commonweal.core.journal.actions import record
from commonweal.core.journal.models import Event


@pytest.fixture
def write() -> Callable[..., Event]:
    """Record one event in a transaction of its own."""

    def write(subject: str = "case:1", type: str = "test.seen.v1", **rest: Any) -> Event:
        with transaction.atomic():
            return record(SYSTEM, type, subject, rest.pop("data", {"n": 1}), **rest)

    return write


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Do what an intruder with the database in hand does: take the triggers away, then run SQL."""

    def tamper(statement: str, *values: Any) -> None:
        triggers.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, [_plain(value) for value in values])

    return tamper


def _plain(value: Any) -> Any:
    """Ids as each database writes them."""
    field = Event._meta.get_field("id")
    return field.get_db_prep_value(value, connection) if hasattr(value, "hex") and hasattr(value, "node") else value
