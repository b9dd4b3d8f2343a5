"""Addresses for those who run it: not for people, and about nobody."""

from __future__ import annotations

from django.urls import path

from commonweal.operations import health

urlpatterns = [
    path("health", health.health, name="health"),
    path("ready", health.ready, name="ready"),
    path("metrics", health.figures, name="metrics"),
]
