"""What goes with the figures of one register of persons, over every register of the same purpose.

Within a purpose a person has one pseudonym in all datasets, and in another purpose another: so the registers of a
purpose can be laid beside each other by person, and no others can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import linked
from commonweal.knowledge.insight.linked import LinkedPair
from commonweal.knowledge.lake import access as lake_access
from commonweal.knowledge.lake import queries as lake
from commonweal.register.models import Dataset, Text

if TYPE_CHECKING:
    from commonweal.knowledge.insight.estimates import Numbers


@dataclass(frozen=True, slots=True)
class PeopleView:
    """A register's figures beside those of others, the surest first, and how many registers were looked at."""

    dataset: str
    name: Text
    purpose: str
    rows: tuple[tuple[Text, LinkedPair], ...]
    registers: tuple[str, ...]


def beside(actor: Actor | None, dataset: Dataset) -> list[Dataset]:
    """The other registers of persons of the same declared purpose that the actor may read."""
    if dataset.subject is None or dataset.purpose is None:
        return []
    return [
        each
        for each in declared.current().datasets.values()
        if each.id != dataset.id
        and each.subject is not None
        and each.purpose == dataset.purpose
        and lake_access.may_read(actor, each)
    ]


def goes_with(actor: Actor | None, dataset_id: str) -> PeopleView:
    """r of every column of numbers of a register with every one of the others, person by person; of several rows of one
    person the mean. Adjusted for all (Benjamini and Hochberg). Raises NotAllowed for a register one may not read, or
    that has nothing beside it.
    """
    from commonweal.knowledge.insight.multiplicity import adjust

    dataset = lake_access.readable(actor, declared.current().datasets.get(dataset_id))
    others = beside(actor, dataset)
    there = lake.newest_collections(sorted({dataset_id, *(each.id for each in others)}))
    others = [each for each in others if each.id in there]
    if dataset_id not in there or not others:
        raise NotAllowed("no-dataset", "No other register of persons of this purpose was collected")
    elements = linked.columns(dataset)
    own = _by_person(dataset)
    found: list[tuple[Text, LinkedPair, float | None]] = []
    for other in others:
        theirs, named = _by_person(other), linked.columns(other)
        for a, x in list(elements.items())[: linked.MOST]:
            for b, y in list(named.items())[: linked.MOST]:
                pair, p = linked.compared(*_together(own[a], theirs[b]), x, y)
                found.append((other.name, pair, p))
    adjusted = iter(adjust([p for _, _, p in found if p is not None]))
    rows = [(n, linked.with_adjusted(pair, next(adjusted) if p is not None else None)) for n, pair, p in found]
    rows.sort(key=lambda row: -linked.sure(row[1]))
    return PeopleView(dataset_id, dataset.name, dataset.purpose or "", tuple(rows), tuple(each.id for each in others))


def _by_person(dataset: Dataset) -> dict[str, Mapping[str, float]]:
    """For each column the mean of every person's figures, by pseudonym."""
    table = lake.table(dataset.id)
    names = list(linked.columns(dataset))
    means = table.group_by(dataset.subject).aggregate([(name, "mean") for name in names])
    persons = means.column(dataset.subject).to_pylist()
    return {
        name: {who: value for who, value in zip(persons, means.column(f"{name}_mean").to_pylist(), strict=True)
               if who is not None and value is not None}
        for name in names
    }  # fmt: skip


def _together(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[Numbers, Numbers]:
    import numpy as np

    both = sorted(one.keys() & other.keys())
    return np.array([float(one[who]) for who in both]), np.array([float(other[who]) for who in both])
