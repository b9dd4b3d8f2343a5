"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """Room `knowledge/linkage`."""

    name = "commonweal.knowledge.linkage"
    label = "linkage"
