"""The events this room emits."""

from __future__ import annotations

from typing import Final

REGISTER_PUBLISHED: Final = "register.published.v1"
"""data: number, register_hash, added, changed, removed (service ids; the first hundred of each)."""
