"""What a service costs, by the law in force on the day of submission (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.office.payments.actions import Line
from commonweal.register import ServiceBundle
from commonweal.register.models import Cost
from commonweal.register.register import cost_in_force
from commonweal.register.rules import Rules


def minor(amount: Decimal) -> int:
    """An amount of two decimals in minor units."""
    return int((amount * 100).to_integral_value())


def applies(bundle: ServiceBundle, cost: Cost, facts: Mapping[str, Any], day: date) -> bool | None:
    """Whether a fee is owed; None while an answer that would exempt from it is missing."""
    if cost.exempt_when is None:
        return True
    exempt = Rules.of(bundle).holds(cost.exempt_when, facts, day)
    return None if exempt is None else not exempt


def lines(bundle: ServiceBundle, costs: Iterable[str], facts: Mapping[str, Any], day: date) -> tuple[Line, ...]:
    """The fees of a paying step that are owed. An exemption that cannot be known is not given."""
    wanted = set(costs)
    return tuple(
        Line(cost.id, name_of(bundle, cost), minor(cost.amount), cost.legal)
        for cost in cost_in_force(bundle.service, day)
        if cost.id in wanted and cost.amount and applies(bundle, cost, facts, day) is not False
    )


def name_of(bundle: ServiceBundle, cost: Cost) -> dict[str, str]:
    """The fee's name by language; the service's where it has none."""
    return dict((cost.name or bundle.service.name).root)
