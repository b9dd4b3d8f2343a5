"""What this room returns: frozen values, with no tables behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a department answered. `evidence` is None for facts that only a rule reads.

    `facts` are keyed by data element and hold no more than the service reads.
    """

    evidence: str | None
    dataset: str
    provider: str
    facts: Mapping[str, Any]
    legal: str
    recorded_at: datetime
    valid_until: datetime | None
    fetched_at: datetime

    def to_json(self) -> dict[str, Any]:
        """As a case keeps it."""
        return {
            "evidence": self.evidence,
            "dataset": self.dataset,
            "provider": self.provider,
            "facts": dict(self.facts),
            "legal": self.legal,
            "recorded_at": self.recorded_at.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "fetched_at": self.fetched_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One record that a department holds about a person, as that person may read it."""

    dataset: str
    provider: str
    facts: Mapping[str, Any]
    region: str
    recorded_at: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One line of "who used my data": who, when, what for, under which article.

    `code` is the kind of event (`evidence-fetched`); `organisation` is empty when the person or the platform acted.
    """

    event: UUID
    at: datetime
    code: str
    actor_kind: str
    organisation: str
    post: str
    provider: str
    dataset: str
    elements: tuple[str, ...]
    service: str
    case: str
    legal: str
