"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Room `office/casework`."""

    name = "commonweal.office.casework"
    label = "casework"
