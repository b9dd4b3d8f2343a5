"""The events this room emits."""

from __future__ import annotations

from typing import Final

SIMULATED: Final = "operations.simulated.v1"
"""A simulated population has applied and offices have worked. data: applications, cases, days, seed, since, until."""
