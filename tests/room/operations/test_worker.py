"""What happens by itself: each duty is done, one that fails keeps no other from its turn, and a signal ends it well."""

from __future__ import annotations

import logging
import os
import signal
import threading
from datetime import timedelta
from typing import Any

import pytest

from commonweal.core import clock
from commonweal.core.identity import actions as identity
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.models import Event
from commonweal.knowledge.lake.models import Collection
from commonweal.operations import worker
from commonweal.operations.worker import AFTER_FAILURE, Duty, due, perform, work

from .conftest import TODAY

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]


def test_once_gives_events_their_places(prepared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "collect_due", lambda: 0)
    identity.add_person(SYSTEM, "somebody", "Somebody New", is_demo=True)
    assert Event.objects.filter(seq=None).exists()
    work(once=True)
    assert not Event.objects.filter(seq=None).exists()
    work(once=True)


def test_a_home_without_a_register_is_no_reason_to_fail(caplog: Any) -> None:
    with caplog.at_level(logging.ERROR):
        work(once=True)
    assert not caplog.records


def test_a_duty_that_fails_is_said_waits_longer_and_keeps_no_other_from_its_turn(caplog: Any) -> None:
    def broken() -> None:
        raise RuntimeError("the disk is full")

    failing, fine = Duty("broken", 2.0, broken), Duty("fine", 2.0, lambda: None)
    for now in (0.0, 10.0, 20.0):
        perform(failing, now)
        perform(fine, now)
    assert (failing.failures, failing.due) == (3, 36.0)
    assert (fine.failures, fine.due) == (0, 22.0)
    assert "the disk is full" in caplog.text
    for _ in range(10):
        perform(failing, 100.0)
    assert failing.due == 160.0


def _collected(name: str, days_ago: float, status: str = "done") -> None:
    moment = TODAY - timedelta(days=days_ago)
    Collection.objects.create(dataset=name, started=moment, finished=moment, status=status)


def test_datasets_are_due_by_their_declared_rhythm(prepared: None) -> None:
    everything = due(TODAY)
    assert {"regional-means", "case-steps", "country-income"} <= set(everything)
    assert "resident-register" not in everything
    for name in everything:
        _collected(name, 0.1)
    assert due(TODAY) == []
    later = due(TODAY + timedelta(days=2))
    assert "case-steps" in later
    assert "regional-means" not in later
    assert "country-income" not in due(TODAY + timedelta(days=4000))


def test_a_dataset_that_failed_is_left_alone_for_a_while(prepared: None) -> None:
    for name in due(TODAY):
        _collected(name, 0.1)
    _collected("case-steps", 0.0, "failed")
    assert due(TODAY + AFTER_FAILURE / 2) == []
    assert due(TODAY + AFTER_FAILURE) == ["case-steps"]


def test_sigterm_ends_the_loop_after_the_work_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def first() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("first")

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(worker, "_duties", lambda: [Duty("a", 1.0, first), Duty("b", 1.0, lambda: done.append("b"))])
    try:
        assert threading.current_thread() is threading.main_thread()
        work()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert done == ["first"]


def test_time_passes_for_cases(prepared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(worker, "tick", lambda: seen.append(clock.now()))
    monkeypatch.setattr(worker, "collect_due", lambda: 0)
    work(once=True)
    assert len(seen) == 1
