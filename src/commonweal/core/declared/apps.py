"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class DeclaredConfig(AppConfig):
    """Room `core/declared`."""

    name = "commonweal.core.declared"
    label = "declared"
