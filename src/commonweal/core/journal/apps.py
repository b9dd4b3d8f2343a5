"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    """Room `core/journal`."""

    name = "commonweal.core.journal"
    label = "journal"

    def ready(self) -> None:
        """See to the append-only triggers after every migration."""
        from commonweal.core.journal import triggers

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="journal.triggers")
