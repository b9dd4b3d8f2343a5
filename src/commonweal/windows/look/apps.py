"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Room `windows/look`."""

    name = "commonweal.windows.look"
    label = "look"
