"""What recording an event costs beside a bare insert of the same row, on SQLite and PostgreSQL.

The aim is at most 1.5 times. Each figure is the median of rounds that take turns, one transaction an event.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from uuid import UUID

ROUNDS, EVENTS = 15, 200
DATA = {"case": "C-7KQ2M9XB", "step": "accept", "act": "approve", "service": "open-restaurant", "revision": 3}


def main() -> None:
    """Measure each database in a process of its own and print a table."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    from tests import databases

    print(f"{'database':<12}{'what':<44}{'µs':>8}{'ratio':>8}")
    environment = {**os.environ}
    for name in ("sqlite", "postgresql"):
        environment.pop("DATABASE_URL", None)
        if name == "postgresql":
            databases.start_cluster(durable=True)
            if databases.SKIP in os.environ:
                print(f"{name:<12}{os.environ[databases.SKIP]}")
                continue
            environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        home = tempfile.mkdtemp(prefix="commonweal-bench-")
        environment |= {"COMMONWEAL_HOME": home, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings"}
        subprocess.run([sys.executable, "-m", "benchmarks.journal_append", name], env=environment, check=True)
        shutil.rmtree(home)


def measure(name: str) -> None:
    """Fill an empty journal, the ways in turn, and print the rows of one database."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from commonweal.core import clock, ids
    from commonweal.core.identity.actor import SYSTEM
    from commonweal.core.journal.actions import record, sequence
    from commonweal.core.journal.models import Event
    from commonweal.core.journal.queries import proof, since
    from commonweal.core.journal.verify import verify

    call_command("migrate", "journal", verbosity=0)

    def bare() -> None:
        now = clock.now()
        Event.objects.create(
            id=ids.uuid7(now), type="casework.case-decided.v1", source="//commonweal.local", subject="case:C-7KQ2M9XB",
            actor="system:worker", time=now, data=DATA, seal=bytes(34),
        )  # fmt: skip

    def recorded() -> None:
        record(SYSTEM, "casework.case-decided.v1", "case:C-7KQ2M9XB", DATA)

    def about() -> None:
        record(SYSTEM, "casework.case-decided.v1", "case:C-7KQ2M9XB", DATA, about=["P-7KQ2M9XB"])

    def personal() -> None:
        record(
            SYSTEM,
            "casework.case-decided.v1",
            "case:C-7KQ2M9XB",
            DATA,
            about=["P-7KQ2M9XB"],
            personal={"note": "x" * 80},
        )

    ways: dict[str, Callable[[], None]] = {
        "bare insert of the same row": bare,
        "record": recorded,
        "record, about one person": about,
        "record, about one person, personal data": personal,
    }
    spent: dict[str, list[float]] = {label: [] for label in ways}
    for _ in range(ROUNDS):
        for label, way in ways.items():
            start = time.perf_counter()
            for _ in range(EVENTS):
                with transaction.atomic():
                    way()
            spent[label].append((time.perf_counter() - start) / EVENTS * 1e6)
    base = statistics.median(spent["bare insert of the same row"])
    for label, times in spent.items():
        row(name, label, statistics.median(times), base)
    timed(name, "give a place and sign (batches of 1,000)", sequence, base)
    found: list[UUID] = [event.id for event in since(0, 200)]
    timed(name, "prove one event", lambda: sum(proof(event) is not None for event in found), base)
    timed(name, "verify one event", lambda: verify().size, base)


def timed(name: str, label: str, work: Callable[[], int], base: float) -> None:
    """Print what `work` takes for each of the things it says it did."""
    start = time.perf_counter()
    done = work()
    row(name, label, (time.perf_counter() - start) / done * 1e6, base)


def row(name: str, label: str, microseconds: float, base: float) -> None:
    """One line of the table."""
    print(f"{name:<12}{label:<44}{microseconds:>8.0f}{microseconds / base:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
