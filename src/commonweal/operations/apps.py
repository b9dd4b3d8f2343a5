"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Room `operations`."""

    name = "commonweal.operations"
    label = "operations"
