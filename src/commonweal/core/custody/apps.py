"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Room `core/custody`."""

    name = "commonweal.core.custody"
    label = "custody"
