"""How good a link is and where it contradicts itself, for whoever reviews it. Tables are opened when asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import lru_cache

from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.linkage import access, queries
from commonweal.knowledge.linkage.models import Pair, Run, Severed
from commonweal.knowledge.linkage.views import ConflictRow, QualityView, UseRow

SHOWN = 100
"""Contradictions listed at once; when these are mended the next ones come."""


def quality(actor: Actor, link_id: str) -> QualityView:
    """Figures and contradictions of the links in force. Raises NotAllowed for a link the actor does not review.

    `figures` is None before the first run.
    """
    link = access.reviewed_link(actor, link_id)
    run = queries.in_force(link_id)
    if run is None:
        return QualityView(link.id, link.name, float(link.precision), None, None, None, (), ())
    told = queries.quality(link_id)
    conflicts, crowded = _found(link_id, run.ref, _state(link_id, run))
    border = run.figures["border_linked"]
    return QualityView(
        link.id,
        link.name,
        float(link.precision),
        told,
        border if border <= 1 else None,
        run.finished,
        conflicts,
        crowded,
    )


def uses(dataset_id: str) -> tuple[UseRow, ...]:
    """The links a dataset is one side of, as declared, and what holds now: part of where its rows lead. No table is
    opened; that there is a link says nothing of anybody in it."""
    register = declared.current()
    found = []
    for link in register.links.values():
        right = link.right or link.left
        if dataset_id not in (link.left, right):
            continue
        other = register.datasets.get(right if dataset_id == link.left else link.left)
        run = queries.in_force(link.id)
        if other is not None:
            linked = run.figures["linked"] if run else None
            snapshot = run.snapshot if run else None
            finished = run.finished if run else None
            found.append(
                UseRow(link.id, link.name, link.purpose, link.legal, other.id, other.name, linked, snapshot, finished)
            )
    return tuple(found)


def _state(link_id: str, run: Run) -> tuple[int, int]:
    """Changes whenever a decision or an undone link changes what is linked."""
    settled = Pair.objects.filter(run__link=link_id, state__in=queries.SETTLED).count()
    return settled, Severed.objects.filter(link=link_id).count()


@lru_cache(maxsize=32)
def _found(link_id: str, run: str, state: tuple[int, int]) -> tuple[tuple[ConflictRow, ...], tuple[ConflictRow, ...]]:
    """Pairs that were called different and are linked through others; rows linked to several of the other side."""
    apart, crowd = queries.conflicts(link_id)
    linked = queries.linked_nodes(link_id)
    beside: dict[str, list[str]] = {}
    for one, other in linked:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    said = {
        (left, right): ref
        for left, right, ref in Pair.objects.filter(run__link=link_id, state="different").values_list(
            "left", "right", "ref"
        )
    }
    found = []
    for one, other in apart[:SHOWN]:
        through = _way(beside, one, other)
        found.append(ConflictRow(said.get((_bare(one), _bare(other)), ""), tuple(_bare(node) for node in through)))
    several = [
        ConflictRow("", (_bare(node), *(_bare(other) for other in beside[node][:6])))
        for node, _ in sorted(crowd.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    ]
    return tuple(found), tuple(several)


def _way(beside: dict[str, list[str]], start: str, end: str) -> tuple[str, ...]:
    """The shortest chain of links from one row to another."""
    came: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node == end:
            break
        for other in _fresh(beside.get(node, ()), came):
            came[other] = node
            waiting.append(other)
    chain: list[str] = []
    at: str | None = end if end in came else None
    while at is not None:
        chain.append(at)
        at = came[at]
    return tuple(reversed(chain)) or (start, end)


def _fresh(nodes: Iterable[str], known: dict[str, str | None]) -> list[str]:
    return [node for node in nodes if node not in known]


def _bare(node: str) -> str:
    """A row's key without the side it is of."""
    return node.removeprefix("left:").removeprefix("right:")
