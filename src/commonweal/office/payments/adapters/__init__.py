"""Ways of paying. `provider(name)` finds the one that may be used here."""

from __future__ import annotations

from django.conf import settings

from commonweal.core.errors import Refused
from commonweal.office.payments.adapters.counter import CounterProvider
from commonweal.office.payments.adapters.sandbox import SandboxProvider
from commonweal.office.payments.ports import PaymentProvider


def provider(name: str) -> PaymentProvider:
    """The provider of that name. Raises Refused `no-such-provider`; the sandbox exists on a demo only."""
    if name == CounterProvider.name:
        return CounterProvider()
    if name == SandboxProvider.name and settings.DEMO:
        return SandboxProvider()
    raise Refused("no-such-provider", "One cannot pay in this way here", provider=name)


def online() -> tuple[str, ...]:
    """The names of the providers a person can pay with by themself."""
    return (SandboxProvider.name,) if settings.DEMO else ()
