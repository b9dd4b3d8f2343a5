"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Room `core/journal`."""

    name = "commonweal.core.journal"
    label = "journal"
