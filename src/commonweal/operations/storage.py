"""The folders and tables that everything else stands on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def ready_storage() -> None:
    """Make the folders of COMMONWEAL_HOME and bring the database to the newest form. Safe to run again.

    Raises OSError where a folder cannot be made, django.db.OperationalError where the database cannot be reached.
    """
    for place in (settings.HOME, settings.MEDIA_ROOT, settings.LAKE_ROOT):
        Path(place).mkdir(parents=True, exist_ok=True)
    Path(settings.KEYS_ROOT).mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False)
