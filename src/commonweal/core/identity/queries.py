"""Reads of people and seats for windows and rooms above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from commonweal.core import clock
from commonweal.core.identity.models import Holding, Person


def holders(post: str, region: str, at: datetime | None = None) -> tuple[Person, ...]:
    """Who holds `post` in the branch `region` at a moment (now where absent), by name."""
    held = Holding.objects.in_force(at or clock.now()).filter(post=post, region=region).select_related("person")
    return tuple(holding.person for holding in held.order_by("person__name", "person_id"))


def names(refs: Iterable[str]) -> dict[str, str]:
    """Names by reference, for rows the caller has authorised; unknown references are absent. One query."""
    return dict(Person.objects.filter(ref__in=set(refs)).values_list("ref", "name"))


def demo_personas(limit: int = 100) -> tuple[Person, ...]:
    """The fictional people one can sign in as on a demo, staff with their seats, in the order they were added.

    A simulated population has no passwords, so it is not among them.
    """
    people = Person.objects.filter(is_demo=True, is_active=True)
    people = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).prefetch_related("holdings")
    return tuple(people.order_by("id")[:limit])
