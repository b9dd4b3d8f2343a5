"""Frames of the lake by snapshot. A snapshot never changes, so a process sees each at most once."""

from __future__ import annotations

from functools import lru_cache

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.knowledge.insight.frames import Frame, frame
from commonweal.knowledge.insight.joining import Joined, join
from commonweal.knowledge.lake import queries as lake

KEPT = 64
"""Frames a process keeps; the least lately used goes first."""


def snapshots(datasets: list[str]) -> dict[str, str]:
    """The newest snapshot of each dataset that was collected."""
    runs = lake.newest_collections(datasets)
    return {name: str(run.snapshot) for name, run in runs.items() if run.snapshot is not None}


def frame_of(dataset: str, snapshot: str) -> Frame:
    """A dataset seen by its keys. Raises Refused where its rows say neither where nor when."""
    return _frame(declared.current().hash, dataset, snapshot)


@lru_cache(maxsize=KEPT)
def _frame(version: str, dataset: str, snapshot: str) -> Frame:
    register = declared.current()
    found = register.datasets[dataset]
    table = lake.table(dataset, int(snapshot))
    if {c for c in (found.region, found.period, *found.keys) if c} - set(table.column_names):
        raise NotAllowed("not-collected", f"{dataset} was declared anew; run: commonweal collect {dataset}")
    held = frame(table, found, register.elements, register.regions)
    if held is None:
        raise Refused("no-keys", f"The rows of {dataset} say neither where nor when")
    return held


def joined(left: tuple[str, str], right: tuple[str, str]) -> Joined | None:
    """Two datasets (id, snapshot) brought to common keys; None where they share none."""
    return _joined(declared.current().hash, left, right)


@lru_cache(maxsize=4 * KEPT)
def _joined(version: str, left: tuple[str, str], right: tuple[str, str]) -> Joined | None:
    return join(frame_of(*left), frame_of(*right), declared.current().regions)
