"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Room `office/certificates`."""

    name = "commonweal.office.certificates"
    label = "certificates"
