"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """Room `windows/counter`."""

    name = "commonweal.windows.counter"
    label = "counter"
