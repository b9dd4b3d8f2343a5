"""Who may bring a register into force."""

from __future__ import annotations

from commonweal.core.errors import NotAllowed
from commonweal.core.journal.ports import Acting


def may_publish(actor: Acting) -> None:
    """Pass for the system: publishing is an operator's command. Raises NotAllowed."""
    if actor.kind != "system":
        raise NotAllowed("may-not-publish", "Only an operator brings a register into force")
