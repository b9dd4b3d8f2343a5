"""Correlations about single persons, published with noise by whoever answers for the data, within a declared budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from commonweal.core import clock, locks
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.insight import events
from commonweal.knowledge.insight.models import NoisyFigure
from commonweal.knowledge.lake import access as lake_access
from commonweal.knowledge.lake import queries as lake
from commonweal.register.models import DataElement, Dataset, Text

if TYPE_CHECKING:  # NumPy and Arrow are brought in when a figure is made, so that the web process starts without them
    import numpy as np
    import pyarrow as pa

    from commonweal.knowledge.insight.noise import Limits

LEAST, MOST = Decimal("0.05"), Decimal(2)
"""What one figure may cost."""
NUMERIC = ("integer", "decimal", "money")


@dataclass(frozen=True, slots=True)
class Released:
    """One published figure."""

    left: Text
    right: Text
    n: int
    value: float | None
    low: float
    high: float
    epsilon: Decimal
    made: datetime


@dataclass(frozen=True, slots=True)
class Releases:
    """What a dataset has published with noise, what is left of its budget, and what may still be chosen (columns and
    their names; none for whoever does not answer for it)."""

    budget: Decimal
    left: Decimal
    figures: tuple[Released, ...]
    columns: tuple[tuple[str, Text], ...] = ()


def releases(actor: Actor | None, dataset_id: str) -> Releases | None:
    """What a dataset tells with noise, newest first; None where no budget is declared. Anybody may see what was
    published, whoever may read the rows or not."""
    from commonweal.knowledge.insight import disclosure

    register = declared.current()
    dataset = register.datasets.get(dataset_id)
    if dataset is None or dataset.noise is None:
        return None
    rows = NoisyFigure.objects.filter(dataset=dataset_id).order_by("-made", "-id")[:200]
    names = {column.name: register.elements[column.element].name for column in dataset.columns}
    told = tuple(
        Released(
            names.get(row.left, Text({"en": row.left})), names.get(row.right, Text({"en": row.right})),
            disclosure.rounded_n(row.n), row.value, row.low, row.high, row.epsilon, row.made,
        )
        for row in rows
    )  # fmt: skip
    chosen = _bounded(dataset) if lake_access.answers_for(actor, dataset) else {}
    return Releases(
        dataset.noise, dataset.noise - _spent(dataset_id), told, tuple((name, e.name) for name, e in chosen.items())
    )


@transaction.atomic
def publish(actor: Actor, dataset_id: str, left: str, right: str, epsilon: Decimal) -> NoisyFigure:
    """Publish r of two columns of persons with noise, and take `epsilon` off the dataset's budget.

    The same question of the same rows is answered with what was told before and costs nothing. Raises NotAllowed for
    whoever does not answer for the dataset, Invalid for columns or a price that cannot be, Refused `no-budget`,
    `budget-spent`, `nothing-collected` or `rows-of-one-person`.
    """
    from commonweal.knowledge.insight import disclosure, noise

    register = declared.current()
    dataset = register.datasets.get(dataset_id)
    if dataset is None or not lake_access.answers_for(actor, dataset):
        raise NotAllowed("no-dataset", "Only somebody in post at the publisher publishes its figures")
    if dataset.noise is None:
        raise Refused("no-budget", "This dataset declares no budget for figures with noise")
    bounded = _bounded(dataset)
    sides = (("left", left), ("right", right))
    wrong = {side: "Choose a column of numbers with declared limits" for side, name in sides if name not in bounded}
    if left == right:
        wrong["right"] = "Choose two different columns"
    if not LEAST <= epsilon <= MOST:
        wrong["epsilon"] = f"A figure costs between {LEAST} and {MOST}"
    if wrong:
        raise Invalid(wrong)
    left, right = sorted((left, right))
    locks.hold(f"noise:{dataset_id}")
    run = lake.newest_collections([dataset_id]).get(dataset_id)
    if run is None or run.snapshot is None:
        raise Refused("nothing-collected", "No rows of this dataset were collected yet")
    known = NoisyFigure.objects.filter(dataset=dataset_id, left=left, right=right, snapshot=str(run.snapshot)).first()
    if known is not None:
        return known
    spent = _spent(dataset_id)
    if spent + epsilon > dataset.noise:
        raise Refused("budget-spent", f"{dataset.noise - spent} of the budget of {dataset.noise} is left")
    x, y = _rows(lake.table(dataset_id, run.snapshot), dataset, left, right)
    told = noise.published(x, y, _limits(bounded[left]), _limits(bounded[right]), Fraction(epsilon))
    value = None if told.value is None else disclosure.rounded(told.value)
    made = NoisyFigure.objects.create(
        dataset=dataset_id, left=left, right=right, snapshot=str(run.snapshot), epsilon=epsilon, n=told.n, value=value,
        low=disclosure.rounded(told.low), high=disclosure.rounded(told.high), made=clock.now(), by=actor.id,
    )  # fmt: skip
    data = {
        "dataset": dataset_id, "left": left, "right": right, "snapshot": made.snapshot, "epsilon": str(epsilon),
        "spent": str(spent + epsilon), "budget": str(dataset.noise), "n": told.n, "value": value,
    }  # fmt: skip
    record(actor, events.NOISY, f"dataset:{dataset_id}", data)
    return made


def _bounded(dataset: Dataset) -> dict[str, DataElement]:
    """The columns of numbers whose element declares a least and a greatest value: noise is made for those limits,
    which must not be read off the rows. Sensitive ones are never compared."""
    elements = declared.current().elements
    return {
        column.name: element
        for column in dataset.columns
        if (element := elements[column.element]).type in NUMERIC
        and element.sensitivity != "sensitive"
        and element.min is not None
        and element.max is not None
        and column.name not in dataset.keys
    }


def _limits(element: DataElement) -> Limits:
    from commonweal.knowledge.insight.noise import Limits

    assert isinstance(element.min, Decimal)
    assert isinstance(element.max, Decimal)
    return Limits(float(element.min), float(element.max))


def _spent(dataset: str) -> Decimal:
    return NoisyFigure.objects.filter(dataset=dataset).aggregate(total=Sum("epsilon"))["total"] or Decimal(0)


def _rows(table: pa.Table, dataset: Dataset, left: str, right: str) -> tuple[np.ndarray, np.ndarray]:
    """Both columns over the rows that have both. Raises Refused where one person stands in several rows: noise that
    hides a row would not hide them."""
    import numpy as np
    import pyarrow as pa

    if dataset.subject is not None and dataset.subject in table.column_names:
        persons = table.column(dataset.subject)
        if len(persons.unique()) < len(persons):
            raise Refused("rows-of-one-person", "Some persons stand in several rows; noise would not hide them")
    x, y = (table.column(name).cast(pa.float64()).to_numpy() for name in (left, right))
    here = np.isfinite(x) & np.isfinite(y)
    return x[here], y[here]
