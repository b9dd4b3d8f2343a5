"""Reads of people and seats for windows and rooms above."""

from __future__ import annotations

from datetime import datetime

from commonweal.core import clock
from commonweal.core.identity.models import Holding, Person


def holders(post: str, region: str, at: datetime | None = None) -> tuple[Person, ...]:
    """Who holds `post` in the branch `region` at a moment (now where absent), by name."""
    held = Holding.objects.in_force(at or clock.now()).filter(post=post, region=region).select_related("person")
    return tuple(holding.person for holding in held.order_by("person__name", "person_id"))


def demo_personas() -> tuple[Person, ...]:
    """The fictional people one can sign in as on a demo, staff with their seats, in the order they were added."""
    return tuple(Person.objects.filter(is_demo=True, is_active=True).prefetch_related("holdings").order_by("id"))
