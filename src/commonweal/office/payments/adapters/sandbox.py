"""A provider that takes no money, so that a demo can be walked to its end. Plainly labelled wherever it is shown.

It behaves as a real one does: what comes back is signed by the provider, names order and amount, and is refused
when any of these is not as it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core import signing

from commonweal.core.errors import Refused
from commonweal.office.payments.ports import Begun, Charge, PaidResult

_SALT = "commonweal.payments.sandbox"
_VALID_SECONDS = 3600


class SandboxProvider:
    """Pays at once and keeps nothing."""

    name = "sandbox"

    def begin(self, charge: Charge, return_url: str) -> Begun:
        """The payer posts `fields` back to `return_url` to pay; nothing else happens."""
        token = signing.dumps([charge.order, charge.amount, charge.currency], salt=_SALT)
        return Begun(url=return_url, fields={"payment": token}, sandbox=True)

    def confirm(self, charge: Charge, payload: Mapping[str, str]) -> PaidResult:
        """Read the signed token. Raises Refused `not-paid` when it is forged, old or for another order."""
        try:
            order, amount, currency = signing.loads(payload.get("payment", ""), salt=_SALT, max_age=_VALID_SECONDS)
        except (signing.BadSignature, ValueError, TypeError):
            raise Refused("not-paid", "The payment was not made; try again") from None
        if order != charge.order:
            raise Refused("not-paid", "This payment belongs to another order")
        return PaidResult(provider_ref=f"SANDBOX-{order}", amount=amount, currency=currency)
