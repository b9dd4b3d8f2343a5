"""Addresses of the explore pages, below `desk/explore`."""

from __future__ import annotations

from django.urls import path

from commonweal.windows.desk.views import explore

urlpatterns = [
    path("", explore.choose, name="explore"),
    path("/goes-with", explore.search, name="explore-search"),
    path("/matrix", explore.matrix, name="explore-matrix"),
    path("/pair", explore.pair, name="explore-pair"),
]
