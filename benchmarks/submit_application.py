"""Submitting an application (form, evidence, journal, case, tasks) beside the bare inserts of the same rows.

Drafts are made and submitted. Then the rows this left behind are written again by SQL alone, into empty tables of the
same columns and indexes, one committed transaction for each application. The aim is at most 4 times, and on PostgreSQL
(durable, two processes) at least 120 submits a second with p95 under one second.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

DRAFTS = int(os.environ.get("SUBMITS", "400"))
TABLES = (
    "casework_case", "casework_task", "casework_attachment", "payments_order", "journal_event", "journal_eventabout",
    "journal_personaldata", "journal_personalkey",
)  # fmt: skip
KEYS = dict.fromkeys(("journal_eventabout", "journal_personaldata", "journal_personalkey"), "event_id")
"""What a table's newest rows are known by, where that is not `id`."""
FIXTURE = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "office"
ANSWERS = {"stall.name": "Books", "stall.trade": "books", "stall.county": "east-bank", "stall.area": "12"}


def main() -> None:
    """Measure each database in a process of its own and print a table."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    from tests import databases

    print(f"{DRAFTS} submits\n")
    print("| database | submit, ms | p95, ms | bare inserts, ms | ratio | submits/s, one process | two processes |")
    print("|---|---|---|---|---|---|---|", flush=True)
    environment = {**os.environ}
    for name in ("sqlite", "postgresql"):
        environment.pop("DATABASE_URL", None)
        if name == "postgresql":
            databases.start_cluster(durable=True)
            if databases.SKIP in os.environ:
                print(f"| {name} | {os.environ[databases.SKIP]} |")
                continue
            environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        home = tempfile.mkdtemp(prefix="commonweal-bench-")
        environment |= {"COMMONWEAL_HOME": home, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings"}
        subprocess.run([sys.executable, "-m", "benchmarks.submit_application", name], env=environment, check=True)
        shutil.rmtree(home)


def measure(name: str) -> None:
    """Make drafts, submit them, write their rows again bare, and print one line."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    drafts = make(DRAFTS + 20)
    warm, timed = drafts[:20], drafts[20:]
    for each in warm:
        submit(each)
    spare = make(2 * DRAFTS)
    before = marks()
    spent = sorted(submit(each) for each in timed)
    bare = statistics.median(write_bare(rows_since(before, timed)))
    one, two = DRAFTS / sum(spent), together([spare[:DRAFTS], spare[DRAFTS:]])
    middle, slow = statistics.median(spent), spent[int(len(spent) * 0.95)]
    ratio = middle / bare
    cells = [f"{seconds * 1e3:.2f}" for seconds in (middle, slow, bare)]
    cells += [f"{ratio:.1f}", f"{one:.0f}", f"{two:.0f}"]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def make(count: int) -> list[tuple[str, str]]:
    """Drafts ready to be submitted: (person, application)."""
    from commonweal.core.declared import actions as declared
    from commonweal.core.identity.actions import add_person
    from commonweal.core.identity.actor import SYSTEM, person_actor
    from commonweal.core.ids import reference
    from commonweal.office.casework import actions
    from commonweal.office.exchange.actions import hold

    declared.publish(SYSTEM, FIXTURE)
    made = []
    for _ in range(count):
        person = person_actor(add_person(SYSTEM, reference("u").lower(), "Ana Reed", is_demo=True))
        hold(SYSTEM, "residents", person.id, {"number": "0042", "born": "1990-05-01"})
        draft = actions.start(person, service="open-stall")
        draft = actions.save(person, draft.ref, ANSWERS, revision=draft.revision)
        made.append((person.id, draft.ref))
    return made


def submit(draft: tuple[str, str]) -> float:
    """Submit one draft as the counter does; returns the seconds it took."""
    from commonweal.core.identity.actor import Actor
    from commonweal.office.casework import actions

    actor = Actor(kind="person", id=draft[0], name="Ana Reed")
    start = time.perf_counter()
    actions.submit(actor, draft[1], token=draft[1])
    return time.perf_counter() - start


def together(parts: list[list[tuple[str, str]]]) -> float:
    """Submits a second by several processes at once, each with its own part."""
    from django.db import connections

    connections.close_all()
    with ProcessPoolExecutor(len(parts), initializer=_fresh) as pool:
        list(pool.map(_warm, parts))
        start = time.perf_counter()
        done = sum(pool.map(_all, [part[5:] for part in parts]))
        return done / (time.perf_counter() - start)


def _fresh() -> None:
    import django

    django.setup()


def _warm(part: list[tuple[str, str]]) -> None:
    for draft in part[:5]:
        submit(draft)


def _all(part: list[tuple[str, str]]) -> int:
    for draft in part:
        submit(draft)
    return len(part)


def marks() -> dict[str, Any]:
    """Where each table ends now."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            key = KEYS.get(table, "id")
            cursor.execute(f"SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1")
            last = cursor.fetchone()
            found[table] = last[0] if last else None
    return found


def rows_since(before: dict[str, Any], drafts: list[tuple[str, str]]) -> list[list[tuple[str, list[Any]]]]:
    """What the submits wrote, as (SQL, rows) by application: the draft's own row updated, every other inserted."""
    from django.db import connection

    mark = "%s"
    with connection.cursor() as cursor:
        tables: dict[str, tuple[list[str], list[Any]]] = {}
        for table, last in before.items():
            key = KEYS.get(table, "id")
            where = f" WHERE {key} > {mark}" if last is not None else ""
            cursor.execute(f"SELECT * FROM {table}{where} ORDER BY {key}", [last] if last is not None else [])
            tables[table] = ([column[0] for column in cursor.description], cursor.fetchall())
        cursor.execute("SELECT * FROM casework_application ORDER BY id")
        columns = [column[0] for column in cursor.description]
        wanted = {ref for _, ref in drafts}
        applications = [row for row in cursor.fetchall() if row[columns.index("ref")] in wanted]
    many = len(applications)
    return [
        [("casework_application", columns, [row]), *(_share(table, *tables[table], i, many) for table in TABLES)]
        for i, row in enumerate(applications)
    ]


def _share(table: str, columns: list[str], rows: list[Any], i: int, of: int) -> Any:
    each = len(rows) // of
    return (table, columns, rows[i * each : (i + 1) * each])


def write_bare(applications: Any) -> list[float]:
    """Write the rows into empty tables of the same shape with the same indexes; seconds for each application."""
    from django.db import connection

    with connection.cursor() as cursor:
        copies = {name: bare_copy(cursor, name) for name in ("casework_application", *TABLES)}
        for (_, columns, rows), *_ in applications:  # the draft is there before it is submitted
            cursor.execute(_insert(copies["casework_application"], columns), rows[0])
    spent = []
    for (_, columns, [row]), *parts in applications:
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            names = ("answers", "region", "status", "submit_token", "submit_event", "submitted_at", "changed_at")
            changes = ", ".join(f"{each} = %s" for each in names)
            values = [row[columns.index(each)] for each in names] + [row[columns.index("id")]]
            cursor.execute(f"UPDATE {copies['casework_application']} SET {changes} WHERE id = %s", values)
            for table, columns_of, rows in parts:
                if rows:
                    sql = _insert(copies[table], columns_of, len(rows))
                    cursor.execute(sql, [value for each in rows for value in each])
            cursor.execute("COMMIT")
        spent.append(time.perf_counter() - start)
    return spent


def bare_copy(cursor: Any, table: str) -> str:
    """An empty table of the same columns and indexes, without triggers. Returns its name."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
        return f"bare_{table}"
    cursor.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
    for kind, sql in cursor.fetchall():
        if kind in ("table", "index"):
            name = sql.split('"')[1]
            cursor.execute(sql.replace(f'"{name}"', f'"bare_{name}"', 1).replace(f'ON "{table}"', f'ON "bare_{table}"'))
    return f"bare_{table}"


def _insert(table: str, columns: list[str], rows: int = 1) -> str:
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"


if __name__ == "__main__":
    main()
