"""One at a time, across processes, for as long as a transaction lasts."""

from __future__ import annotations

import hashlib

from django.db import connection


def hold(name: str) -> None:
    """Wait until no other transaction holds `name`, then hold it until this transaction ends.

    PostgreSQL: a transaction-level advisory lock. SQLite: nothing to do, since `transaction_mode: IMMEDIATE`
    already lets one writing transaction in at a time. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock is held for the length of a transaction; open one first")
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
