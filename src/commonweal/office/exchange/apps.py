"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Room `office/exchange`."""

    name = "commonweal.office.exchange"
    label = "exchange"
