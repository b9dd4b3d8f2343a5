"""Judging declarations that can be read: whether together they make a government that works."""

from __future__ import annotations

from commonweal.register.reading import Reading


def examine(reading: Reading) -> None:
    """Note every fault between declarations."""
