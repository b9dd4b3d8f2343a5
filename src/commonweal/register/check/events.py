"""Life events: the services they bundle exist, are there when the event is, and apply to the same people."""

from __future__ import annotations

from commonweal.register.check.context import Context
from commonweal.register.models import LifeEvent, PublicService


def check(context: Context, event: LifeEvent) -> None:
    """Judge one life event."""
    context.once(event, ("services",), [each.service for each in event.services], "service")
    if not event.services:
        context.warn(
            event, ("services",), "empty-event", f"“{event.id}” has no services, so nothing can be applied for"
        )
    for i, member in enumerate(event.services):
        if not context.refer(event, ("services", i, "service"), PublicService, member.service, "service"):
            continue
        service = context.services.get(member.service)
        if service is not None and not set(service.audience) & set(event.audience):
            message = f"“{service.id}” is not for any of those whom “{event.id}” is for: {', '.join(event.audience)}"
            context.warn(event, ("services", i, "service"), "other-audience", message)
