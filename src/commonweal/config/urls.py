"""Every address, window by window."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("commonweal.windows.look.urls")),
    path("", include("commonweal.windows.counter.urls")),
    path("desk/", include("commonweal.windows.desk.urls")),
    path("api/v1/", include("commonweal.windows.api.urls")),
    path("", include("commonweal.windows.api.routers.ckan")),
    path("log/", include("commonweal.windows.api.routers.log")),
    path("", include("commonweal.operations.urls")),
]
handler404 = "commonweal.windows.look.refusals.not_found"
handler500 = "commonweal.windows.look.refusals.broken"
