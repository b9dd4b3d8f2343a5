"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Room `windows/desk`."""

    name = "commonweal.windows.desk"
    label = "desk"
