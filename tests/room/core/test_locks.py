"""One at a time: what several processes must not do at once, they do in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from commonweal.core import locks
from commonweal.core.declared.actions import publish
from commonweal.core.declared.models import Publication
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.models import Event
from commonweal.register import load
from tests.unit.register.small import FILES

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]


def together(*acts: Callable[[], None]) -> None:
    """Run each act in a thread with a connection of its own; raise what any of them raised."""
    problems: list[BaseException] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        try:
            gate.wait(10)
            act()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if problems:
        raise problems[0]


def test_a_lock_is_held_by_one_transaction_at_a_time() -> None:
    inside: list[int] = []
    most: list[int] = []

    def act() -> None:
        for _ in range(5):
            with transaction.atomic():
                locks.hold("test.lock")
                inside.append(1)
                most.append(len(inside))
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                inside.pop()

    together(act, act, act)
    assert len(most) == 15
    assert max(most) == 1


def test_a_lock_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        locks.hold("test.lock")


def test_two_operators_publish_the_same_at_once(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    register, _ = load(tmp_path)
    assert register is not None
    together(*[lambda: publish(SYSTEM, register)] * 3)  # type: ignore[list-item]
    assert Publication.objects.count() == 1
    assert Event.objects.count() == 1
