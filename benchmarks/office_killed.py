"""Kill two processes that work cases, again and again at random moments; count what was lost or doubled.

Limit, not peer: zero. Each process applies, decides, asks back, pays, withdraws and lets time pass at random, on one
SQLite file. At the end every case, task, number and event is checked against the others and the journal is verified.
KILL_FOR_SECONDS sets how long (default 60).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from random import Random

SECONDS = float(os.environ.get("KILL_FOR_SECONDS", "60"))


def main() -> None:
    """Start and kill for a while, then look."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "commonweal.config.settings"
    os.environ["COMMONWEAL_DEMO"] = "1"
    if len(sys.argv) > 1:
        work(int(sys.argv[1]))
    with tempfile.TemporaryDirectory() as home:
        os.environ["COMMONWEAL_HOME"] = home
        measure()


def measure() -> None:
    """Make a world, have it worked and killed, check it, and print a table."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests.room.office import invariants
    from tests.room.office.conftest import World
    from tests.room.office.test_any_order import Walk

    call_command("migrate", verbosity=0, skip_checks=True)
    Walk(World(), 0)
    kills = killed(Random(5))
    invariants.check()

    from commonweal.core.journal.actions import sequence
    from commonweal.core.journal.models import Event
    from commonweal.core.journal.verify import verify
    from commonweal.office.casework.models import Case, Output

    sequence()
    assert verify().sound
    print("| processes killed | cases | outputs numbered | events | lost or doubled |\n|---|---|---|---|---|")
    print(f"| {kills} | {Case.objects.count()} | {Output.objects.count()} | {Event.objects.count()} | 0 |")


def killed(chance: Random) -> int:
    """Keep two workers going and kill them at random moments; returns how many were."""
    kills, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.office_killed", str(chance.randrange(10**6))],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]  # fmt: skip
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        time.sleep(chance.uniform(0.2, 3))
        for worker in workers:
            assert worker.poll() is None, "a worker stopped by itself"
            worker.kill()
            worker.wait()
            kills += 1
    return kills


def work(seed: int) -> None:
    """Do things at random until killed."""
    import django

    django.setup()
    from commonweal.core.identity.actor import person_actor, staff_actor
    from commonweal.core.identity.models import Person
    from tests.room.office.conftest import MONDAY
    from tests.room.office.test_any_order import Walk

    walk = Walk.__new__(Walk)
    walk.chance, walk.moment, walk.done = Random(seed), MONDAY, 0
    applicants = ("ana-reed", "ben-fen")
    walk.people = [person_actor(person) for person in Person.objects.filter(username__in=applicants)]
    walk.officials = [staff_actor(person) for person in Person.objects.exclude(username__in=applicants)]
    print("at work", flush=True)
    while True:
        walk.step()


if __name__ == "__main__":
    main()
