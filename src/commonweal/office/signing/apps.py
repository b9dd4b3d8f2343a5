"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """Documents to sign, who signs them, and the evidence."""

    name = "commonweal.office.signing"
    label = "signing"
    verbose_name = "Signing"
