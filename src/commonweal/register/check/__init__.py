"""Judging declarations that can be read: whether together they make a government that works."""

from __future__ import annotations

from commonweal.register.check import events, expressions, law, links, places, services, standard, steps, words
from commonweal.register.check.context import Context
from commonweal.register.reading import Reading


def examine(reading: Reading) -> None:
    """Note every fault between declarations, each where its author would mend it.

    Works on what could be read: a name that leads to a broken declaration is not called unknown as well.
    """
    context = Context(reading)
    words.check(context)
    places.check(context)
    standard.check(context)
    law.check(context)
    links.check(context)
    held = expressions.Held(context)
    for service in context.services.values():
        services.check(context, service)
        steps.check(context, service)
        law.service(context, service)
        expressions.service(context, held, service)
    for event in context.events.values():
        events.check(context, event)
        expressions.event(context, held, event)
