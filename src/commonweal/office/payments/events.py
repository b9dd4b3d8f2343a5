"""The events this room emits. Subject: `order:O-…`."""

from __future__ import annotations

from typing import Final

ORDER_MADE: Final = "payments.order-made.v1"
"""data: order, case, step, service, amount (minor units), currency, lines [{id, amount, legal}]. about: the payer."""
ORDER_PAID: Final = "payments.order-paid.v1"
"""data: order, case, step, service, amount, currency, provider, provider_ref. about: the payer."""
ORDER_CANCELLED: Final = "payments.order-cancelled.v1"
"""data: order, case, step. about: the payer."""
