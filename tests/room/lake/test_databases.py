"""Databases as sources: whole, by cursor, again, and never written to."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.lake import queries
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.models import Collection

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """A department's SQLite database, its address in the environment."""
    path = tmp_path / "department.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE school (code TEXT PRIMARY KEY, pupils INTEGER, changed TEXT, serial INTEGER)")
    for i in range(1, 6):
        connection.execute("INSERT INTO school VALUES (?, ?, '2026-01-01', ?)", (f"S{i}", i * 10, i))
    connection.commit()
    monkeypatch.setenv("SCHOOLS_DB", f"sqlite:///{path}")
    return connection


def pupils() -> dict[str, int]:
    return {row["code"]: row["pupils"] for row in queries.table("schools").to_pylist()}


def test_a_table_is_read_whole(declare: Declare, database: sqlite3.Connection) -> None:
    declare("{type: sql, address: SCHOOLS_DB, table: school}")
    run = collect("schools")
    assert (run.status, run.rows) == ("done", 5)
    assert collect("schools").status == "unchanged"
    database.execute("DELETE FROM school WHERE code = 'S5'")
    database.commit()
    assert collect("schools").rows == 4


def test_a_query_with_published_headings(declare: Declare, database: sqlite3.Connection) -> None:
    declare(
        '{type: sql, address: SCHOOLS_DB, query: "SELECT code AS id, pupils, changed FROM school WHERE pupils > 20",'
        " rename: {id: code}}"
    )
    collect("schools")
    assert pupils() == {"S3": 30, "S4": 40, "S5": 50}


def test_by_cursor_only_what_is_new_is_read_and_known_keys_are_replaced(
    declare: Declare, database: sqlite3.Connection
) -> None:
    declare("{type: sql, address: SCHOOLS_DB, table: school, cursor: serial}")
    first = collect("schools")
    database.execute("INSERT INTO school VALUES ('S6', 60, '2026-02-01', 6)")
    database.commit()
    second = collect("schools")
    assert (second.status, second.read, second.rows) == ("done", 2, 6)
    database.execute("UPDATE school SET pupils = 11, serial = 7 WHERE code = 'S1'")
    database.commit()
    third = collect("schools")
    assert (third.rows, pupils()["S1"], len(pupils())) == (6, 11, 6)
    again = collect("schools")
    assert (again.status, again.snapshot, again.rows) == ("unchanged", third.snapshot, 6)
    before = {row["code"]: row["pupils"] for row in queries.table("schools", first.snapshot).to_pylist()}
    assert (len(before), before["S1"]) == (5, 10)


def test_bad_rows_of_earlier_runs_stay_in_quarantine(declare: Declare, database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO school VALUES ('S7', -1, '2026-01-01', 7)")
    database.commit()
    declare("{type: sql, address: SCHOOLS_DB, table: school, cursor: serial}")
    assert collect("schools").quarantined == 1
    database.execute("INSERT INTO school VALUES ('S8', 80, '2026-01-01', 8)")
    database.commit()
    collect("schools")
    assert [row.value for row in queries.quarantine(None, "schools").rows] == ["-1"]
    assert "S8" in pupils()


def test_another_declaration_or_a_wish_fetches_everything(declare: Declare, database: sqlite3.Connection) -> None:
    declare("{type: sql, address: SCHOOLS_DB, table: school, cursor: serial}")
    collect("schools")
    database.execute("DELETE FROM school WHERE code = 'S2'")
    database.commit()
    assert collect("schools").rows == 5
    assert collect("schools", full=True).rows == 4
    declare("{type: sql, address: SCHOOLS_DB, table: school, cursor: serial, recode: {code: {S3: T3}}}")
    collect("schools")
    assert "T3" in pupils()


def test_a_source_is_never_written_to(declare: Declare, database: sqlite3.Connection) -> None:
    database.execute("CREATE VIEW trap AS SELECT code, pupils, changed FROM school")
    database.commit()
    import sqlalchemy as sa

    from commonweal.knowledge.lake.database import _only_read, connect
    from commonweal.register.models import Source

    with connect(Source(type="sql", address="SCHOOLS_DB", table="trap"), "schools").connect() as connection:
        _only_read(connection)
        with pytest.raises(sa.exc.OperationalError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM school")


def test_refusals_say_what_to_do_and_keep_the_password(
    declare: Declare, database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare("{type: sql, address: SCHOOLS_DB, table: absent}")
    with pytest.raises(Refused, match="no such table: absent"):
        collect("schools")
    monkeypatch.delenv("SCHOOLS_DB")
    with pytest.raises(Refused, match="set SCHOOLS_DB"):
        collect("schools")
    monkeypatch.setenv("SCHOOLS_DB", "postgresql://me:secret-word@127.0.0.1:1/x")
    with pytest.raises(Refused) as refusal:
        collect("schools")
    notes = [run.note for run in Collection.objects.all()]
    assert "secret-word" not in refusal.value.message + "".join(notes)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_with_its_own_types(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS department_school")
        connection.execute(
            "CREATE TABLE department_school (code text PRIMARY KEY, pupils bigint, changed date, stamp timestamptz)"
        )
        connection.execute(
            "INSERT INTO department_school SELECT 'S' || i, i, date '2026-01-01' + i, timestamptz '2026-01-01Z' + i * "
            "interval '1 hour' FROM generate_series(1, 45000) i"
        )
        user, _, host = address.partition("://")[2].partition("/")[0].partition("@")
        monkeypatch.setenv("SCHOOLS_DB", f"postgresql://{user}@/postgres?host={unquote(host)}")
        declare("{type: sql, address: SCHOOLS_DB, table: public.department_school, cursor: stamp}")
        assert collect("schools").rows == 45000
        connection.execute(
            "UPDATE department_school SET pupils = 7, stamp = timestamptz '2036-01-01Z' WHERE code = 'S9'"
        )
        run = collect("schools")
        assert (run.read, run.rows, pupils()["S9"]) == (2, 45000, 7)
        connection.execute("DROP TABLE department_school")
