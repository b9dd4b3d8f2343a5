"""Recompute the whole record from its rows and name what does not fit.

Three things are held against each other: each event against the seal made as it was recorded, the tree against
the events, and the signed checkpoints (those in the database and the copies outside it) against the tree. Whoever
changes one of them has to change all; without the keys they cannot, and the first thing that no longer fits is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from django.db.models import Q

from commonweal.core.journal import beside, checkpoints
from commonweal.core.journal.canonical import leaf_bytes
from commonweal.core.journal.merkle import Frontier, leaf_hash
from commonweal.core.journal.models import Checkpoint, Event, Node
from commonweal.core.journal.report import Report
from commonweal.core.journal.sequencing import SEAL
from commonweal.core.trust import keys, notes

STRIDE = 1024
Progress = Callable[[str, int, int], None]


def verify(progress: Progress | None = None) -> Report:
    """Recompute every event, the tree and every checkpoint. Reads in strides, so memory stays flat and nobody waits.

    About 8,000 events a second on one core. Events recorded meanwhile are left to the next run.
    """
    return _Verification(progress).run()


class _Verification:
    """One pass over the record, place by place."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.report = Report()
        self.frontier = Frontier()
        self.known = checkpoints.verifiers()
        self.copies: Iterator[checkpoints.Copy] = checkpoints.copies()
        self.ahead = next(self.copies, None)
        self.fitting = 0
        self.misfit = False

    def run(self) -> Report:
        newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
        self.report.size = newest or 0
        for start in range(0, self.report.size, STRIDE):
            self._stride(start, min(start + STRIDE, self.report.size))
            if self.progress:
                self.progress("journal verify", self.frontier.size, self.report.size)
        self._beyond()
        self._pending()
        self._copies_beyond()
        self.report.root = self.frontier.root()
        return self.report

    def _stride(self, start: int, end: int) -> None:
        """Check the places [start, end)."""
        found: dict[int, list[Event]] = {}
        for event in Event.objects.filter(seq__gte=start, seq__lt=end).order_by("seq", "id"):
            found.setdefault(event.seq or 0, []).append(event)
        leaves = {
            node.index: node for node in Node.objects.filter(level=0, index__gte=start, index__lt=end).order_by("index")
        }
        signed = dict(Checkpoint.objects.filter(size__gt=start, size__lte=end).values_list("size", "note"))
        made: dict[tuple[int, int], bytes] = {}
        for seq in range(start, end):
            leaf = self._place(seq, found.get(seq, []), leaves.get(seq))
            made.update({(level, index): hash for level, index, hash in self.frontier.append(leaf) if level})
            self._checkpoints(seq + 1, signed)
        self._nodes(made)
        beside.check([event for events in found.values() for event in events], self.report)

    def _place(self, seq: int, events: list[Event], leaf: Node | None) -> bytes:
        """Check one place; returns the leaf hash that belongs there, as well as it can be known."""
        here = next((event for event in events if leaf is None or event.id == leaf.event), None)
        for event in events:
            if event is not here:
                self._stranger(event)
        if here is None:
            self._gone(seq, leaf)
            return bytes(leaf.hash) if leaf else bytes(32)
        actual = _leaf(here)
        sealed = keys.unbroken(SEAL, actual, bytes(here.seal))
        if leaf is not None and actual == bytes(leaf.hash):
            if not sealed:
                self.report.add(
                    "inserted", f"{_named(here)} was put in, or changed, past the application", here.id, seq
                )
            return actual
        if not sealed:
            self.report.add("changed", f"{_named(here)} is not what was recorded", here.id, seq)
            return bytes(leaf.hash) if leaf else actual
        self.report.add("tree-damaged", f"the leaf of {_named(here)} was changed or removed", here.id, seq)
        return actual

    def _gone(self, seq: int, leaf: Node | None) -> None:
        """Name the event whose place is empty or taken."""
        if leaf is None or leaf.event is None:
            self.report.add("removed", f"the event at place {seq} and its leaf are gone", None, seq)
            return
        moved = Event.objects.filter(pk=leaf.event).first()
        if moved is None:
            self.report.add("removed", f"event {leaf.event}, place {seq}, is gone", leaf.event, seq)
        else:
            self.report.add("moved", f"{_named(moved)} belongs at place {seq}", moved.id, seq)

    def _stranger(self, event: Event) -> None:
        """Name an event that sits in a place that is not its own, unless it is reported where it belongs."""
        if not Node.objects.filter(level=0, event=event.id, index__lt=self.report.size).exists():
            self.report.add("inserted", f"{_named(event)} is not in the tree", event.id, event.seq)

    def _checkpoints(self, size: int, signed: dict[int, str]) -> None:
        """Hold the checkpoints of this size, in the database and outside, against the tree so far."""
        if size in signed:
            self.report.checkpoints += 1
            self._checkpoint(size, signed[size])
        while self.ahead is not None and self.ahead.size <= size:
            self.report.copies += 1
            self._copy(self.ahead, size)
            self.ahead = next(self.copies, None)

    def _checkpoint(self, size: int, note: str) -> None:
        try:
            head = checkpoints.read(note, *self.known)
        except notes.BadNote as problem:
            self.report.add("checkpoint-forged", f"the checkpoint of {size} events: {problem}", None, size - 1)
            return
        if head.size != size:
            self.report.add("checkpoint-forged", f"the checkpoint of {size} events signs {head.size}", None, size - 1)
        elif head.root == self.frontier.root():
            self.fitting = size
        else:
            self._misfit(size, f"the checkpoint of {size} events")

    def _copy(self, copy: checkpoints.Copy, size: int) -> None:
        """A copy outside the database that does not fit shows that the database was rewritten, keys and all."""
        try:
            head = checkpoints.read(copy.note, *self.known)
        except notes.BadNote as problem:
            self.report.add("copy-damaged", f"checkpoints/{copy.place}: {problem}")
            return
        if head.size != copy.size or copy.size != size:
            self.report.add("copy-damaged", f"checkpoints/{copy.place} is not in order")
        elif head.root != self.frontier.root():
            self._misfit(size, f"the checkpoint kept in checkpoints/{copy.place}")

    def _misfit(self, size: int, what: str) -> None:
        """Say once where the record stops being the one that was signed; all later checkpoints differ as well."""
        if not self.misfit:
            self.misfit = True
            where = f"between places {self.fitting} and {size - 1}"
            message = f"{what} no longer fits the record: events {where} were changed, removed or inserted"
            self.report.add("rewritten", message, None, self.fitting)

    def _nodes(self, made: dict[tuple[int, int], bytes]) -> None:
        """Hold the stored inner hashes against those that follow from the leaves."""
        wanted = Q(pk__in=[])
        for level in {level for level, _ in made}:
            indices = [index for each, index in made if each == level]
            wanted |= Q(level=level, index__gte=min(indices), index__lte=max(indices))
        rows = Node.objects.filter(wanted).values_list("level", "index", "hash")
        stored = {(level, index): bytes(hash) for level, index, hash in rows}
        wrong = sorted(place for place, hash in made.items() if stored.get(place) != hash)
        if wrong:
            level, index = wrong[0]
            message = f"{len(wrong)} inner hashes do not follow from the leaves, the first at level {level}, {index}"
            self.report.add("tree-damaged", message, None, index << level)

    def _beyond(self) -> None:
        """Events and leaves with a place that no checkpoint covers. Read before the newest checkpoint is."""
        outside = Q(seq__gte=self.report.size) | Q(seq__lt=0)
        events = list(Event.objects.filter(outside).order_by("seq")[:STRIDE])
        leaves = list(Node.objects.filter(level=0, index__gte=self.report.size).order_by("index")[:STRIDE])
        covered = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        for event in events:
            if event.seq is None or not 0 <= event.seq < covered:
                self.report.add("inserted", f"{_named(event)} is beyond every checkpoint", event.id, event.seq)
        for leaf in leaves:
            if leaf.index >= covered:
                message = f"a leaf at place {leaf.index} is beyond every checkpoint"
                self.report.add("tree-damaged", message, leaf.event, leaf.index)

    def _pending(self) -> None:
        """Events that wait for their place must bear a seal all the same."""
        for event in Event.objects.filter(seq=None).order_by("id").iterator(STRIDE):
            self.report.pending += 1
            if not keys.unbroken(SEAL, _leaf(event), bytes(event.seal)):
                message = f"{_named(event)}, not yet in the tree, was put in, or changed, past the application"
                self.report.add("inserted", message, event.id)

    def _copies_beyond(self) -> None:
        """A signed copy of a larger tree shows that an older database was put back in place."""
        covered = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        largest: checkpoints.Copy | None = None
        while self.ahead is not None:
            self.report.copies += 1
            if self.ahead.size > covered:
                largest = self.ahead
            self.ahead = next(self.copies, None)
        if largest is None:
            return
        try:
            head = checkpoints.read(largest.note, *self.known)
        except notes.BadNote as problem:
            self.report.add("copy-damaged", f"checkpoints/{largest.place}: {problem}")
            return
        message = (
            f"the database ends at {covered} events, but {head.size} were signed (checkpoints/{largest.place}): "
            "an older state was put back"
        )
        self.report.add("rolled-back", message, None, covered)


def _leaf(event: Event) -> bytes:
    """The leaf hash of a row as it stands; of nothing, when somebody wrote into it what no event can hold."""
    try:
        return leaf_hash(leaf_bytes(event))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return bytes(32)


def _named(event: Event) -> str:
    place = "without a place" if event.seq is None else f"place {event.seq}"
    return f"event {UUID(str(event.id))}, {place} ({event.type}, {event.subject})"
