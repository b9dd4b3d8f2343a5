"""Whose columns one may look at: those of datasets whose rows one may read."""

from __future__ import annotations

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight.explore.columns import columns
from commonweal.knowledge.insight.explore.views import ColumnRow
from commonweal.knowledge.lake import access as lake
from commonweal.register import Register


def visible(actor: Actor | None, register: Register) -> list[ColumnRow]:
    """Every column of every dataset the actor may read, by dataset and place in it."""
    datasets = sorted(register.datasets.values(), key=lambda d: d.id)
    return [row for dataset in datasets if lake.may_read(actor, dataset) for row in columns(register, dataset)]


def column(actor: Actor | None, register: Register, key: str) -> ColumnRow:
    """A column by `dataset.column`. Raises NotAllowed for one that is unknown, closed or holds no figures."""
    dataset = lake.readable(actor, register.datasets.get(key.partition(".")[0]))
    found = next((row for row in columns(register, dataset) if row.key == key), None)
    if found is None:
        raise NotAllowed("no-column", "There is no such column, or it holds no figures one could compare")
    return found
