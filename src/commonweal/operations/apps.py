"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Room `operations`."""

    name = "commonweal.operations"
    label = "operations"

    def ready(self) -> None:
        """Count requests from the first one on."""
        from commonweal.operations.metrics import requests

        requests.watch()
