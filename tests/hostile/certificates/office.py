"""An office that issues certificates in a process of its own and is killed by SIGKILL inside the act, at any statement.

Run as `python -m tests.hostile.certificates.office SEED` over a database with Pondland in it. Says each number that is
committed, and dies at a moment that SEED draws: before a statement of an issuing transaction; with every fourth SEED
right after its commit.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
MOST = 3
"""Certificates before the one at which it dies."""
STATEMENTS = 30
"""Most of those one act of issuing takes; the commit is the last of them."""


def main(seed: int) -> None:
    """Issue one certificate after the other until the end that was drawn."""
    from commonweal.core import clock
    from tests.room.office.conftest import MONDAY

    chance = Random(seed)
    last, drawn = chance.randint(0, MOST), chance.randint(1, STATEMENTS)
    statement = None if seed % 4 == 3 else drawn
    with clock.travel(MONDAY + timedelta(hours=1)):
        for _ in range(last):
            number = decision()()
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
        act = decision()
        with dying_at(statement):
            act()
        die()


def decision() -> Callable[[], str]:
    """A case submitted; the decision that issues its certificate, ready to be taken. Returns the number."""
    from commonweal.core.identity.actor import person_actor, staff_actor
    from commonweal.core.identity.models import Person
    from commonweal.office.casework import actions, queries
    from commonweal.office.casework.models import Case
    from commonweal.office.certificates.models import Certificate

    holder = person_actor(Person.objects.get(username="ana-reed"))
    examiner = staff_actor(Person.objects.get(username="examiner-one"))
    draft = actions.start(holder, service="market-day")
    draft = actions.save(holder, draft.ref, {"stall.name": "S", "stall.county": "east-bank"}, revision=draft.revision)
    draft = actions.submit(holder, draft.ref, token=draft.ref)
    case = Case.objects.get(application=draft).ref

    def decide() -> str:
        actions.act(examiner, case, "check", "approve", revision=queries.case(examiner, case).revision)
        return Certificate.objects.get(case=case).number

    return decide


@contextmanager
def dying_at(statement: int | None) -> Iterator[None]:
    """Die before the statement of this number; never for None."""
    from django.db import connection

    done = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal done
        done += 1
        if done == statement:
            die()
        return execute(*arguments)

    with connection.execute_wrapper(count):
        yield


def die() -> None:
    """As when the power is cut or the machine kills it: nothing is closed, flushed or rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
