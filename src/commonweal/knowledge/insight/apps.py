"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Room `knowledge/insight`."""

    name = "commonweal.knowledge.insight"
    label = "insight"
