"""Who may see which rows of the lake. Metadata is public; rows follow the declared access."""

from __future__ import annotations

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.register.models import Dataset


def may_read(actor: Actor | None, dataset: Dataset) -> bool:
    """Open data: anybody. Shared: every civil servant in post. Restricted: those in post at the publisher."""
    if dataset.access == "open":
        return True
    if actor is None:
        return False
    if actor.kind == "system":
        return True
    if not (actor.is_staff and actor.posts):
        return False
    return dataset.access == "shared" or answers_for(actor, dataset)


def answers_for(actor: Actor | None, dataset: Dataset) -> bool:
    """Whether the actor holds a post at the publisher, or is the platform itself."""
    if actor is None:
        return False
    return actor.kind == "system" or any(seat.organisation == dataset.publisher for seat in actor.posts)


def readable(actor: Actor | None, dataset: Dataset | None) -> Dataset:
    """The dataset, when its rows may be read. Raises NotAllowed for an unknown one as for a closed one."""
    if dataset is None or not may_read(actor, dataset):
        raise NotAllowed("no-dataset", "There is no such dataset, or you may not see its rows")
    return dataset
