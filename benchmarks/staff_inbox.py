"""A page of a clerk's inbox, of what is overdue, of what is done, and a search, with 1,000 cases and with 1,000,000.

Limit: p95 under 100 ms, and flat. The cases are written by SQL; pages of 50 are read as the desk reads them. The clerk
holds two seats, as is usual in a small branch. SQLite, and PostgreSQL where its programs are installed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = (1_000, int(os.environ.get("CASES", "1000000")))
FIXTURE = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "office"
REGIONS, PEOPLE, TIMES = 20, 5_000, 60


def main() -> None:
    """Measure each database in a process of its own and print a table."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    from tests import databases

    print("| database | cases | due, p95 ms | fifth page | overdue | done | search by reference | by name |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    environment = {**os.environ}
    for name in ("sqlite", "postgresql"):
        environment.pop("DATABASE_URL", None)
        if name == "postgresql":
            databases.start_cluster()
            if databases.SKIP in os.environ:
                print(f"| {name} | {os.environ[databases.SKIP]} |")
                continue
            environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        home = tempfile.mkdtemp(prefix="commonweal-bench-")
        environment |= {"COMMONWEAL_HOME": home, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings"}
        subprocess.run([sys.executable, "-m", "benchmarks.staff_inbox", name], env=environment, check=True)
        shutil.rmtree(home)


def measure(name: str) -> None:
    """Fill one database to each size in turn and print a line for each."""
    import django

    django.setup()
    from django.core.management import call_command

    from commonweal.core.declared import actions as declared
    from commonweal.core.declared import queries as in_force
    from commonweal.core.identity.actor import SYSTEM, Actor, Seat
    from commonweal.office.casework import queries

    call_command("migrate", verbosity=0, skip_checks=True)
    declared.publish(SYSTEM, FIXTURE)
    version = in_force.current_version("open-stall").hash
    seats = frozenset({Seat("front-office/clerk", "region-3"), Seat("front-office/clerk", "region-7")})
    clerk = Actor(kind="staff", id="P-CLERK", name="Cleo Clerk", posts=seats)
    done = 0
    for size in SIZES:
        fill(done, size, version)
        done = size
        fifth = None
        for _ in range(4):
            fifth = queries.inbox(clerk, cursor=fifth).next
        reads: list[Any] = [
            lambda: queries.inbox(clerk),
            lambda fifth=fifth: queries.inbox(clerk, cursor=fifth),
            lambda: queries.inbox(clerk, view="overdue"),
            lambda: queries.inbox(clerk, view="done"),
            lambda: queries.search_cases(clerk, "C-22222223"),
            lambda: queries.search_cases(clerk, "Person 00042"),
        ]
        cells = [f"{p95(read):.1f}" for read in reads]
        print(f"| {name} | {size:,} | {' | '.join(cells)} |", flush=True)


def p95(read: Any) -> float:
    """Milliseconds that 95 of 100 reads stay under, after three to warm up."""
    spent = []
    for i in range(TIMES + 3):
        start = time.perf_counter()
        read()
        if i >= 3:
            spent.append((time.perf_counter() - start) * 1e3)
    return statistics.quantiles(spent, n=20)[-1]


def fill(first: int, last: int, version: str) -> None:
    """Add cases numbered `first` + 1 to `last`, each with an application and a task; one in two is still ready."""
    from django.db import connection, transaction

    lite = connection.vendor == "sqlite"
    series = (
        f"(WITH RECURSIVE n(i) AS (SELECT {first + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)"
        if lite
        else f"generate_series({first + 1}, {last})"
    )
    rows = f"{series} AS n" if lite else f"{series} AS n(i)"
    moment = "datetime('2026-01-01', '+' || (n.i * 7919 % 800000) || ' minutes')" if lite else (
        "timestamptz '2026-01-01' + (n.i::bigint * 7919 % 800000) * interval '1 minute'"
    )  # fmt: skip
    ref = "printf('%08d', n.i)" if lite else "lpad(n.i::text, 8, '0')"
    no, empty, listed = ("0", "'{}'", "'[]'") if lite else ("false", "'{}'::jsonb", "'[]'::jsonb")
    status = "CASE WHEN n.i % 2 = 0 THEN 'ready' ELSE 'done' END"
    with transaction.atomic(), connection.cursor() as cursor:
        if first == 0:
            people = rows.replace(str(last), str(PEOPLE))
            cursor.execute(
                "INSERT INTO identity_person (password, ref, username, name, language, home_region, is_demo, is_active,"
                f" joined_at) SELECT '', 'P-' || {ref}, 'u' || {ref}, 'Person ' || {ref}, 'en', '', {no},"
                f" {'1' if lite else 'true'}, {moment} FROM {people}"
            )
        person = ref.replace("n.i", f"(n.i % {PEOPLE} + 1)")
        cursor.execute(
            "INSERT INTO casework_application (id, ref, person_id, target_kind, target, versions, language, channel,"
            " region, answers, revision, status, started_at, changed_at)"
            f" SELECT n.i, 'A-' || {ref}, 'P-' || {person}, 'service', 'open-stall', {listed}, 'en', 'web', '',"
            f" {empty}, 1, 'submitted', {moment}, {moment} FROM {rows}"
        )
        cursor.execute(
            "INSERT INTO casework_case (id, ref, application_id, service, version, region, branch, state, evidence,"
            " status, outcome, revision, last, opened_at)"
            f" SELECT n.i, 'C-' || {ref}, n.i, 'open-stall', '{version}', '', '', {empty}, {listed}, 'open', '', 1,"
            f" {empty}, {moment} FROM {rows}"
        )
        region = f"'region-' || (n.i / 2 % {REGIONS})"
        cursor.execute(
            "INSERT INTO casework_task (case_id, service, step, organisation, post, region, status, ready_at, due_at,"
            " decided_at, outcome, escalated)"
            f" SELECT n.i, 'open-stall', 'accept', 'front-office', 'front-office/clerk', {region}, {status}, {moment},"
            f" {moment}, CASE WHEN n.i % 2 = 0 THEN NULL ELSE {moment} END, '', {no} FROM {rows}"
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
