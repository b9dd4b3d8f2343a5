"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Room `windows/api`."""

    name = "commonweal.windows.api"
    label = "api"
