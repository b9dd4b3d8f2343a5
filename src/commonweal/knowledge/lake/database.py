"""Rows of an SQL database, read and never written. Any database that SQLAlchemy speaks.

The address, with its password, is in an environment variable that the declaration names. With a cursor only rows
from the last value seen on are read, in its order; the row that had that value comes again, since another may have
been written in the same moment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.delimited import headers
from commonweal.register.models import Source

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
"""The installed driver for an address that names none."""
BATCH = 20_000
"""Rows read at a time; each batch is kept before the next is asked for."""
WAIT_SECONDS = 30


def batches(source: Source, dataset: str, since: str | None) -> Iterator[tuple[pa.Table, str]]:
    """Batches of text rows, each with the state from which the next run goes on (empty without a cursor).

    Raises Refused with what to do when the database cannot be reached or does not hold what is declared.
    """
    engine = connect(source, dataset)
    try:
        with engine.connect() as connection:
            _only_read(connection)
            yield from _read(connection, source, since)
    except sa.exc.SQLAlchemyError as problem:
        raise Refused("database", f"Dataset {dataset}: {_reason(problem)}") from problem
    finally:
        engine.dispose()


def connect(source: Source, dataset: str) -> Engine:
    """An engine for the address in the environment. Raises Refused without ever telling the address."""
    address = os.environ.get(source.address or "")
    if not address:
        raise Refused(
            "no-address",
            f"Dataset {dataset}: set {source.address} to the database's address, e.g. postgresql+psycopg://user@host/db",
        )
    try:
        url = sa.make_url(address)
        url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
        options: dict[str, Any] = {"timeout" if url.get_backend_name() == "sqlite" else "connect_timeout": WAIT_SECONDS}
        return sa.create_engine(url, connect_args=options, poolclass=sa.pool.NullPool)
    except (sa.exc.SQLAlchemyError, ImportError, ValueError) as problem:
        told = f"{type(problem).__name__}" if isinstance(problem, ValueError) else str(problem).splitlines()[0]
        raise Refused("bad-address", f"Dataset {dataset}: {source.address} is no address ({told[:200]})") from None


def _only_read(connection: Connection) -> None:
    """Let the database itself refuse to be changed, where it can."""
    kind = connection.dialect.name
    if kind == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif kind == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    elif kind in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")


def _read(connection: Connection, source: Source, since: str | None) -> Iterator[tuple[pa.Table, str]]:
    result = connection.execution_options(stream_results=True, yield_per=BATCH).execute(select(source, since))
    names = headers(list(result.keys()))
    position = _position(names, source)
    state = since or ""
    for rows in result.partitions(BATCH):
        columns = [pa.array([text(row[i]) for row in rows], pa.string()) for i in range(len(names))]
        if position is not None:
            seen = [row[position] for row in rows if row[position] is not None]
            state = remember(seen[-1]) if seen else state
        yield pa.table(columns, names=names), state


def select(source: Source, since: str | None) -> sa.Select[Any]:
    """What is asked: every row, or those from the last cursor on in its order. Nothing is put into the text."""
    if source.query is not None:
        rows: Any = sa.text(source.query).columns().subquery("rows_of_source")
    else:
        schema, _, name = (source.table or "").rpartition(".")
        rows = sa.table(name, schema=schema or None)
    asked: sa.Select[Any] = sa.select(sa.literal_column("*")).select_from(rows)
    if source.cursor is None:
        return asked
    cursor: Any = sa.column(source.cursor)
    if since:
        asked = asked.where(cursor >= recall(since))
    return asked.order_by(cursor.is_not(None), cursor)


def _position(names: list[str], source: Source) -> int | None:
    if source.cursor is None:
        return None
    if source.cursor not in names:
        raise Refused(
            "missing-column", f"The source has no column {source.cursor} to go on from; it has {', '.join(names)}"
        )
    return names.index(source.cursor)


def text(value: Any) -> str:
    """A database's value as the lake's readers take it; nothing is rounded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def remember(value: Any) -> str:
    """A cursor's value with its type, so that it is compared as the database compares it."""
    for kind, told in ((datetime, "datetime"), (date, "date"), (int, "int"), (Decimal, "decimal"), (float, "float")):
        if isinstance(value, kind):
            return json.dumps([told, value.isoformat() if isinstance(value, date) else str(value)])
    return json.dumps(["text", str(value)])


def recall(state: str) -> Any:
    """What `remember` kept."""
    kind, value = json.loads(state)
    return _RECALLED[kind](value)


_RECALLED: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "int": int,
    "decimal": Decimal,
    "float": float,
    "text": str,
}


def _reason(problem: sa.exc.SQLAlchemyError) -> str:
    """The database's own words, without the statement or the address."""
    cause = getattr(problem, "orig", None) or problem
    return f"the database said: {' '.join(str(cause).split())[:300]}"
