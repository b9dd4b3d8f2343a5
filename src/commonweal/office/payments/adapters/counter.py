"""Cash or card taken by a cashier, who writes down the number of the receipt given."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commonweal.core.errors import Invalid, Refused
from commonweal.office.payments.ports import Begun, Charge, PaidResult

_RECEIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9/ .-]{1,59}")


class CounterProvider:
    """Money handed over at a desk."""

    name = "counter"

    def begin(self, charge: Charge, return_url: str) -> Begun:
        """There is nothing to begin. Raises Refused `no-such-provider`."""
        raise Refused("no-such-provider", "Pay at the desk and take the receipt", provider=self.name)

    def confirm(self, charge: Charge, payload: Mapping[str, str]) -> PaidResult:
        """The receipt number, by which one receipt settles one order. Raises Invalid for one that reads as none."""
        receipt = payload.get("receipt", "").strip().upper()
        if not _RECEIPT.fullmatch(receipt):
            raise Invalid({"receipt": "Enter the number of the receipt, such as R-2026-0042"})
        return PaidResult(provider_ref=receipt, amount=charge.amount, currency=charge.currency)
