"""The database's own refusal to change the record, for whoever comes past the application.

They are put in place after every `migrate` rather than by one migration: on SQLite a later change of a table
makes it anew and would leave its triggers behind.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

EVENT = "journal_event"
FIXED = ("journal_eventabout", "journal_node", "journal_checkpoint")
"""Rows that are never changed or removed at all."""
KEPT = ("journal_personaldata", "journal_personalkey")
"""Rows that may be erased but never changed."""
_COLUMNS = ("id", "type", "source", "subject", "actor", "time", "data", "about", "personal_digest", "seal")
_WORDS = "the journal is append-only"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place; those already there are made anew."""
    remove(connection)
    _run(connection, _postgresql() if connection.vendor == "postgresql" else _sqlite())


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: for emptying a test database, and for tests that tamper."""
    tables = (EVENT, *FIXED, *KEPT)
    if connection.vendor == "postgresql":
        acts = ("update", "delete", "truncate")
        _run(connection, [f"DROP TRIGGER IF EXISTS {t}_{act} ON {t}" for t in tables for act in acts])
    else:
        _run(connection, [f"DROP TRIGGER IF EXISTS {t}_{act}" for t in tables for act in ("update", "delete")])


def after_migrate(using: str, **_: Any) -> None:
    """Signal receiver: see to the triggers whenever the tables may have been made anew."""
    from django.db import connections

    connection = connections[using]
    if EVENT in connection.introspection.table_names():
        install(connection)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite() -> list[str]:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _COLUMNS)
    statements = [
        f"CREATE TRIGGER {EVENT}_update BEFORE UPDATE ON {EVENT} "
        f"WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    ]
    updates, deletes = (*FIXED, *KEPT), (EVENT, *FIXED)
    for act, tables in (("update", updates), ("delete", deletes)):
        statements += [
            f"CREATE TRIGGER {t}_{act} BEFORE {act.upper()} ON {t} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
            for t in tables
        ]
    return statements


def _postgresql() -> list[str]:
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _COLUMNS)
    refuse = f"RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'restrict_violation'"
    statements = [
        f"CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$",
        "CREATE OR REPLACE FUNCTION journal_place_once() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.seq IS NOT NULL OR NEW.seq IS NULL OR {changed} THEN {refuse}; END IF; "
        "RETURN NEW; END $$",
        f"CREATE TRIGGER {EVENT}_update BEFORE UPDATE ON {EVENT} FOR EACH ROW EXECUTE FUNCTION journal_place_once()",
    ]
    updates, deletes = (*FIXED, *KEPT), (EVENT, *FIXED)
    for act, each, tables in (
        ("update", "ROW", updates),
        ("delete", "ROW", deletes),
        ("truncate", "STATEMENT", deletes),
    ):
        statements += [
            f"CREATE TRIGGER {t}_{act} BEFORE {act.upper()} ON {t} FOR EACH {each} EXECUTE FUNCTION journal_refuse()"
            for t in tables
        ]
    return statements
