"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Room `office/payments`."""

    name = "commonweal.office.payments"
    label = "payments"
