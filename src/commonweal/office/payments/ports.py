"""What a payment provider outside does for us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Charge:
    """What a provider is asked to take: an order by reference, an amount in minor units and its ISO 4217 currency."""

    order: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the payer goes next: an address to open, or `fields` to post to it. `sandbox`: no money moves."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class PaidResult:
    """What the provider says it took. `provider_ref` is its own unique name of the payment."""

    provider_ref: str
    amount: int
    currency: str


class PaymentProvider(Protocol):
    """A way of paying."""

    @property
    def name(self) -> str:
        """Its stable name: `sandbox`, `counter`."""

    def begin(self, charge: Charge, return_url: str) -> Begun:
        """Start a payment; the payer comes back to `return_url`."""

    def confirm(self, charge: Charge, payload: Mapping[str, str]) -> PaidResult:
        """Read what came back. Raises Refused `not-paid` for what is forged, cancelled or for another order."""
