"""An office in a process of its own, over a database of its own: what the tests start, stop and kill.

Run as `python -m tests.hostile.core.office ready|write|sequence N` with COMMONWEAL_HOME set.
"""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")


def ready() -> None:
    """Make the tables and the keys."""
    from django.core.management import call_command

    from commonweal.core.journal import checkpoints

    call_command("migrate", "journal", verbosity=0)
    checkpoints.verifiers()


def write(count: int) -> None:
    """Record events for as long as allowed, some with personal data; say each one that is committed."""
    from django.db import transaction

    from commonweal.core.identity.actor import SYSTEM
    from commonweal.core.journal.actions import record

    for number in range(count):
        with transaction.atomic():
            event = record(
                SYSTEM, "test.seen.v1", f"case:{number}", {"n": number}, personal={"n": number}, about=["P-A"]
            )
        sys.stdout.write(f"{event.id}\n")
        sys.stdout.flush()


def sequence(count: int) -> None:
    """Give places in small batches, again and again."""
    from commonweal.core.journal import sequencing

    sequencing.BATCH = 3
    placed = 0
    while placed < count:
        placed += sequencing.sequence(7)
    sys.stdout.write(f"{placed}\n")


if __name__ == "__main__":
    django.setup()
    act, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    {"ready": lambda _: ready(), "write": write, "sequence": sequence}[act](count)
