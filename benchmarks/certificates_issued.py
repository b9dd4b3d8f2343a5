"""Certificates issued, taken along and checked in a second, on each database.

*Issued* is the official's whole act: the case moved, the number, the row with its place and seal, the journal's events.
*Code and credential* are the two signed forms of one row. A PDF is set and sealed (PAdES B-LTA), and an uploaded one is
judged as at /verify: its code read from the picture in a process of its own, its seal, the record. One thread each.
CERTIFICATES says how many are issued (default 150).
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
from datetime import timedelta
from typing import Any

COUNT = int(os.environ.get("CERTIFICATES", "150"))
PAPERS = 20
ROWS = (
    "issued: the whole act", "code and credential signed", "PDF set and sealed", "uploaded PDF verified",
    "of that, reading the code", "code verified against the record",
)  # fmt: skip


def main() -> None:
    """Measure each database in a process and a home of its own and print a table."""
    if len(sys.argv) > 1:
        measure()
        return
    from tests import databases

    print(f"{COUNT} certificates; median ms, 95th percentile, a second\n")
    print("| | database | ms | p95, ms | a second |\n|---|---|---:|---:|---:|", flush=True)
    for name in ("sqlite", "postgresql"):
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings", "COMMONWEAL_LOG": "ERROR"}
        environment.pop("DATABASE_URL", None)
        if name == "postgresql":
            databases.start_cluster(durable=True)
            if databases.SKIP in os.environ:
                print(f"| {os.environ[databases.SKIP]} | {name} | | | |")
                continue
            environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        environment["COMMONWEAL_HOME"] = home = tempfile.mkdtemp(prefix="commonweal-bench-")
        try:
            subprocess.run([sys.executable, "-m", "benchmarks.certificates_issued", name], env=environment, check=True)
        finally:
            shutil.rmtree(home)


def measure() -> None:
    """Issue, take along and check, and print a line for each."""
    import django

    django.setup()
    from django.core.management import call_command

    from commonweal.core import clock
    from tests.room.office.conftest import MONDAY

    call_command("migrate", verbosity=0, skip_checks=True)
    with clock.travel(MONDAY + timedelta(hours=1)):
        spent = [timed(decision()) for _ in range(COUNT)][COUNT // 10 :]
    with clock.travel(MONDAY + timedelta(days=10)):
        say(ROWS[0], spent)
        forms()


def forms() -> None:
    """The forms of the certificates there are, made and judged."""
    from commonweal.office.certificates import credentials, looking, paper, verifying
    from commonweal.office.certificates.models import Certificate

    rows = list(Certificate.objects.order_by("-id")[:PAPERS])
    codes = [credentials.code(row).encode() for row in rows]
    papers: list[bytes] = []

    def genuine(content: bytes) -> None:
        assert verifying.judge(content).outcome == "genuine"

    credentials.of(rows[0])
    say(ROWS[1], [timed(lambda row=row: (credentials.code(row), credentials.of(row))) for row in rows])
    paper.compose(rows[0], "en")
    say(ROWS[2], [timed(lambda row=row: papers.append(paper.compose(row, "en"))) for row in rows])
    say(ROWS[3], [timed(lambda each=each: genuine(each)) for each in papers])
    say(ROWS[4], [timed(lambda each=each: looking.codes(each)) for each in papers])
    say(ROWS[5], [timed(lambda each=each: genuine(each)) for each in codes])


def decision() -> Callable[[], object]:
    """A case before the official who decides it; what is returned issues its certificate."""
    from commonweal.office.casework import actions, queries
    from commonweal.office.casework.models import Case

    holder, examiner = people()
    draft = actions.start(holder, service="market-day")
    answers = {"stall.name": "Books", "stall.county": "east-bank"}
    draft = actions.save(holder, draft.ref, answers, revision=draft.revision)
    draft = actions.submit(holder, draft.ref, token=draft.ref)
    case = Case.objects.get(application=draft).ref
    revision = queries.case(examiner, case).revision
    return lambda: actions.act(examiner, case, "check", "approve", revision=revision)


_people: list[Any] = []


def people() -> list[Any]:
    """A holder and an official of Pondland, made once."""
    from tests.room.office.conftest import World
    from tests.room.office.helpers import resident

    if not _people:
        world = World()
        _people[:] = [resident(world), world.staff("market-office/examiner", "east-bank", "Examiner One")]
    return _people


def timed(work: Callable[[], object]) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def say(what: str, spent: list[float]) -> None:
    """One line of the table."""
    middle, slow = statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]
    rate = len(spent) / sum(spent)
    print(f"| {what} | {sys.argv[1]} | {middle * 1e3:.1f} | {slow * 1e3:.1f} | {rate:,.1f} |", flush=True)


if __name__ == "__main__":
    main()
