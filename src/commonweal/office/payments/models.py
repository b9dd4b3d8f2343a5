"""Fees due and paid."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commonweal.core import clock, ids


def order_reference() -> str:
    """A new order's name."""
    return ids.reference("O")


class Order(models.Model):
    """What one step of a case asks somebody to pay. `amount` is in minor units of `currency` and never changes."""

    DUE, PAID, CANCELLED = "due", "paid", "cancelled"

    ref = models.CharField(max_length=16, unique=True, default=order_reference, editable=False)
    case = models.CharField(max_length=16, help_text="Reference of the case.")
    step = models.CharField(max_length=80)
    payer = models.CharField(max_length=16, help_text="Reference of the person.")
    service = models.CharField(max_length=80)
    lines = models.JSONField(help_text="[{id, name, amount, legal}], amounts in minor units.")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, default=DUE)
    provider = models.CharField(max_length=20, blank=True, default="")
    provider_ref = models.CharField(max_length=120, null=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["payer", "-id"], name="order_payer")]
        constraints = [
            models.UniqueConstraint(fields=["case", "step"], condition=~Q(status="cancelled"), name="order_once"),
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="order_settled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.amount} {self.currency}"
