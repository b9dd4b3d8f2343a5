"""What every command needs: the rooms awake, and a way to print."""

from __future__ import annotations

import os
import sys


def rooms() -> None:
    """Wake the rooms that need a database; pure commands never pay for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
    import django

    django.setup()


def say(text: str) -> None:
    """Print text that ends with a line end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
