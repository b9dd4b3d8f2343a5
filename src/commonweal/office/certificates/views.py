"""What this room returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from commonweal.office.certificates.content import Stated
from commonweal.register.base import Text

State = Literal["valid", "suspended", "revoked", "replaced", "expired", "damaged"]


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate. `reason` is why it is not in force; `newer` the reference of what replaced it."""

    ref: str
    number: str
    version: int
    name: Text
    holder_name: str
    issuer_name: Text
    issued: datetime
    valid_until: datetime | None
    state: State
    reason: str
    changed: datetime
    case: str
    service: str
    output: str
    revision: int
    facts: tuple[Stated, ...] = ()
    newer: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A change that waits for a second official; `mine` when the reader proposed it."""

    act: str
    reason: str
    by_name: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class DeskView:
    """A certificate before an official, what they may do with it, and what waits to be confirmed."""

    certificate: CertificateRow
    acts: tuple[str, ...]
    four_eyes: bool
    proposal: ProposalRow | None
    history: tuple[Mapping[str, Any], ...] = ()


Outcome = Literal[
    "genuine", "suspended", "revoked", "replaced", "expired", "not-yet", "altered", "swapped", "forged", "foreign",
    "damaged-record", "unknown", "unreadable",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said about something handed in. `outcome` is the one sentence; `reasons` are (code, parameters).

    `status_known` is False where only the signature could be checked, as without a connection. `facts` holds
    what was proved: (what, in words). `hidden` counts facts the holder chose not to show.
    """

    outcome: Outcome
    form: Literal["pdf", "sd-jwt", "qr", "number", "none"]
    reasons: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    number: str = ""
    version: int = 1
    name: Text | None = None
    holder: str = ""
    issuer_name: Text | None = None
    issued: datetime | None = None
    valid_until: datetime | None = None
    reason: str = ""
    changed: datetime | None = None
    facts: tuple[tuple[Text, Text], ...] = ()
    hidden: int = 0
    bound: bool = False
    status_known: bool = True
    seals: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def good(self) -> bool:
        """Whether whoever was handed it may rely on it now."""
        return self.outcome == "genuine"
