"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class LakeConfig(AppConfig):
    """Room `knowledge/lake`."""

    name = "commonweal.knowledge.lake"
    label = "lake"
