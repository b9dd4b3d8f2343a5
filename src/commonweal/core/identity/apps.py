"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Room `core/identity`."""

    name = "commonweal.core.identity"
    label = "identity"
