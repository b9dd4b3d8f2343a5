"""The events this room emits."""

from __future__ import annotations

from typing import Final

PERSONAL_ERASED: Final = "journal.personal-erased.v1"
"""data: reason. subject: the event whose personal data was forgotten."""
