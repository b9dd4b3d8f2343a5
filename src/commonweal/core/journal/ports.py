"""What the journal asks of those above it."""

from __future__ import annotations

from typing import Protocol


class Acting(Protocol):
    """Whoever acts; `core.identity.actor.Actor` is one, and the only one outside tests."""

    @property
    def kind(self) -> str:
        """`person`, `staff` or `system`."""

    @property
    def label(self) -> str:
        """How the journal names the actor: `person:P-7KQ2M9XB`, `staff:P-…`, `system:worker`."""
