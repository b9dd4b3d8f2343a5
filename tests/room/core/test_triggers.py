"""The database itself refuses to change the record."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.actions import record, sequence
from commonweal.core.journal.models import Event

pytestmark = [pytest.mark.room, pytest.mark.django_db]

TAMPERINGS = [
    "UPDATE journal_event SET subject = 'case:other'",
    "UPDATE journal_event SET seq = seq + 7",
    "UPDATE journal_event SET seq = NULL",
    "DELETE FROM journal_eventabout",
    "DELETE FROM journal_event",
    "UPDATE journal_eventabout SET person = 'P-OTHER'",
    "UPDATE journal_node SET index = 77",
    "DELETE FROM journal_node",
    "UPDATE journal_checkpoint SET note = ''",
    "DELETE FROM journal_checkpoint",
    "UPDATE journal_personaldata SET nonce = ciphertext",
    "UPDATE journal_personalkey SET salt = key",
]


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_the_database_refuses(statement: str) -> None:
    with transaction.atomic():
        event = record(SYSTEM, "test.seen.v1", "case:1", {"n": 1}, personal={"name": "Ana"}, about=["P-AAAA"])
    assert sequence() == 1
    statement = statement.replace("SET index", f"SET {connection.ops.quote_name('index')}")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.get(pk=event.pk).seq == 0


def test_an_event_that_waits_for_its_place_cannot_be_changed_either() -> None:
    record(SYSTEM, "test.seen.v1", "case:1", {"n": 1})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_event SET seq = 0, subject = 'case:other'")


@pytest.mark.postgres
def test_nor_can_a_table_be_truncated() -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_event CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_a_committing_test_starts_from_an_empty_guarded_journal(run: int) -> None:
    assert not Event.objects.exists()
    with transaction.atomic():
        record(SYSTEM, "test.seen.v1", "case:1", {})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_event")
