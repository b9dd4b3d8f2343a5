"""Addresses of the explore pages, below `desk/`."""

from __future__ import annotations

from django.urls import path

from commonweal.windows.desk.views import explore, explore_map

urlpatterns = [
    path("explore", explore.choose, name="explore"),
    path("explore/goes-with", explore.search, name="explore-search"),
    path("explore/matrix", explore.matrix, name="explore-matrix"),
    path("explore/pair", explore.pair, name="explore-pair"),
    path("explore/map", explore_map.by_place, name="explore-map"),
]
