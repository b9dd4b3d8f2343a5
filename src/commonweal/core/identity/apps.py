"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Room `core/identity`."""

    name = "commonweal.core.identity"
    label = "identity"

    def ready(self) -> None:
        """Listen to Django's sign-in signals."""
        from commonweal.core.identity import signals  # noqa: F401
