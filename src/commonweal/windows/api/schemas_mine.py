"""What the API says about receipts and about who used a person's data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class ProofOut(Schema):
    """That an event is in the record: RFC 9162 inclusion path to a signed checkpoint. Hashes in hexadecimal."""

    leaf: str
    index: int
    size: int
    path: list[str]
    checkpoint: str = Field(description="A signed note (C2SP tlog-checkpoint).")
    key: str = Field(description="The key it was signed with; compare it with the published one.")


class ReceiptOut(Schema):
    """A receipt. `proof` is null for the minute it takes until the record is signed again."""

    application: str
    submitted: datetime | None
    event: dict[str, Any] = Field(description="The event as recorded, a CloudEvent without personal data.")
    proof: ProofOut | None


class UsageOut(Schema):
    """One use of your data: who, when, what for, under which article."""

    event: UUID
    at: datetime
    code: str
    actor_kind: str
    organisation: str
    post: str
    provider: str
    dataset: str
    elements: list[str]
    service: str
    case: str
    legal: str


class UsagePage(Schema):
    """Some uses and the cursor of the next page."""

    rows: list[UsageOut]
    next: str | None


class HeldOut(Schema):
    """One record a department holds about you."""

    dataset: str
    provider: str
    facts: dict[str, Any]
    region: str
    recorded_at: datetime
    valid_until: datetime | None


class HeldPage(Schema):
    """What departments hold about you."""

    rows: list[HeldOut]
    next: str | None
