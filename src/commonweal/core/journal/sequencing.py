"""The sequencer: gives committed events their places in the tree and signs what it then is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet

from commonweal.core import clock, locks
from commonweal.core.journal import checkpoints, rows
from commonweal.core.journal.canonical import leaf_bytes
from commonweal.core.journal.merkle import Frontier, cover, leaf_hash
from commonweal.core.journal.models import Checkpoint, Event, Node

SEAL = "journal"
"""The purpose of the secret that seals each event as it is recorded."""
BATCH = 1000


def sequence(limit: int | None = None) -> int:
    """Give up to `limit` committed events (all, where absent) their places; returns how many.

    Each batch is one transaction under one lock: places, leaves, nodes and the signed checkpoint are there
    together or not at all, so any number of processes may call this at any moment and be killed at any other.
    An event is placed only after it is committed, so places never have gaps.
    Raises RuntimeError inside a transaction.
    """
    done = 0
    while limit is None or done < limit:
        room = BATCH if limit is None else min(BATCH, limit - done)
        if not _pending().exists():
            break
        placed = _batch(room)
        done += placed
        if placed < room:
            break
    return done


def _pending() -> QuerySet[Event]:
    return Event.objects.filter(seq=None)


@transaction.atomic(durable=True)
def _batch(room: int) -> int:
    locks.hold("journal.sequence")
    events = list(_pending().order_by("id")[:room])
    if not events:
        return 0
    frontier = _edge()
    nodes: list[Node] = []
    places = []
    for event in events:
        places.append((frontier.size, event.id))
        for level, index, hash in frontier.append(leaf_hash(leaf_bytes(event))):
            nodes.append(Node(level=level, index=index, hash=hash, event=event.id if level == 0 else None))
    _place(places)
    rows.add(nodes)
    now = clock.now()
    note = checkpoints.sign(frontier.size, frontier.root())
    Checkpoint.objects.create(size=frontier.size, note=note, time=now)
    # A full disk must not fail the act that asked for this: the places are given, and Django logs what went wrong.
    transaction.on_commit(partial(checkpoints.keep_copy, frontier.size, note, now), robust=True)
    return len(events)


def _edge() -> Frontier:
    """The tree as it stands, taken up where the newest checkpoint left it."""
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest else 0
    held = fetch_nodes(set(cover(0, size)))
    return Frontier(size, (held[place] for place in cover(0, size)))


def fetch_nodes(places: set[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Stored node hashes at `places` (level, index); missing ones are absent."""
    if not places:
        return {}
    found = Node.objects.filter(pk__in=sorted(places)).values_list("level", "index", "hash")
    return {(level, index): bytes(hash) for level, index, hash in found}


def _place(places: Sequence[tuple[int, object]]) -> None:
    """Set each event's place, once. The ORM refuses any change of an event; this is the one there is."""
    convert = Event._meta.get_field("id").get_db_prep_value
    values = [(place, convert(event, connection)) for place, event in places]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE journal_event SET seq = %s WHERE id = %s AND seq IS NULL", values)
