"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from commonweal.windows.desk.views import datasets, register

app_name = "desk"
urlpatterns = [
    path("datasets", datasets.catalogue, name="datasets"),
    path("datasets/<slug:id>", datasets.dataset, name="dataset"),
    path("datasets/<slug:id>/download", datasets.download, name="dataset-download"),
    path("register", register.register, name="register"),
    path("register/services/<slug:service>", register.service, name="register-service"),
]
