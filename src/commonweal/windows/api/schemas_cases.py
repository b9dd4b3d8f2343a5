"""What the API says about applications and cases. Fields follow `casework.views`; texts are said in one language."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator

from commonweal.register.models import Text
from commonweal.windows.api.said import language


def _said(value: Any) -> Any:
    return value.say(language()) if isinstance(value, Text) else value


Said = Annotated[str, BeforeValidator(_said)]
"""Declared words, said in the language of the request."""
Status = Literal["open", "waiting", "closed"]
Act = Literal["accept", "approve", "refuse", "return", "request-information"]


class FactOut(Schema):
    """One answer, or a fact some department holds (`source` names its dataset)."""

    key: str
    label: Said
    value: Any
    shown: str
    type: str
    source: str | None
    source_name: Said | None
    verified_at: datetime | None


class FileOut(Schema):
    """A file handed in."""

    ref: str
    key: str
    name: str
    content_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    added: datetime


class LawOut(Schema):
    """The article a step stands on."""

    reference: str
    name: Said
    article: str | None
    text: Said | None
    source: str | None


class StepState(Schema):
    """One step of a case. `acts` are what you may do now."""

    id: str
    name: Said
    nature: Literal["work", "pay", "output"]
    organisation: str | None
    organisation_name: Said | None
    post: str | None
    post_name: Said | None
    region: str | None
    state: Literal["pending", "ready", "waiting", "done", "passed", "cancelled"]
    since: datetime | None
    due: datetime | None
    overdue: bool
    escalated: bool
    acts: list[str]
    outcome: str | None
    note: str
    by: str
    at: datetime | None
    after: list[str]
    legal: str | None
    law: LawOut | None


class AskedOut(Schema):
    """What an official asked for: which answers, in which words."""

    step: str
    kind: Literal["return", "request-information"]
    keys: list[str]
    message: str
    at: datetime
    organisation_name: Said


class OrderLine(Schema):
    """One fee of an order, in minor units."""

    name: str
    amount: int


def _lines(value: Any) -> Any:
    return [{"name": _said(name), "amount": amount} for name, amount in value]


class OrderOut(Schema):
    """Something to pay or paid. Amounts are in minor units of `currency` (cents)."""

    ref: str
    case: str
    step: str
    lines: Annotated[list[OrderLine], BeforeValidator(_lines)]
    amount: int
    currency: str
    status: Literal["due", "paid", "cancelled"]
    due: datetime | None
    paid: datetime | None
    provider: str | None


class OutputOut(Schema):
    """What was issued, under its number."""

    number: str
    output: str
    name: Said
    issued: datetime
    valid_until: datetime | None
    authority: str
    authority_name: Said
    facts: list[FactOut]


class HistoryOut(Schema):
    """One event of a case. `code` is its kind; `event` its id in the journal."""

    event: str
    code: str
    at: datetime
    params: dict[str, Any]
    by: str
    by_kind: Literal["person", "staff", "system"]
    step: str | None
    step_name: Said | None
    organisation_name: Said | None
    post_name: Said | None
    act: str | None
    note: str
    revision: int | None


class CaseLineOut(Schema):
    """A case in one line."""

    ref: str
    service: str
    service_name: Said
    status: Status
    outcome: str | None
    promised: datetime | None


class ApplicantCaseOut(CaseLineOut):
    """A case as its applicant follows it."""

    reason: str
    revision: int
    opened: datetime
    closed: datetime | None
    paused_since: datetime | None
    steps: list[StepState]
    asked: list[AskedOut]
    history: list[HistoryOut]
    orders: list[OrderOut]
    outputs: list[OutputOut]
    may_withdraw: bool


class EvidenceRowOut(Schema):
    """What proves a requirement: fetched from a department, or handed in."""

    type: str
    name: Said
    dataset: str | None
    dataset_name: Said | None
    organisation: str | None
    organisation_name: Said | None
    legal: str | None
    fetched: datetime | None
    facts: list[FactOut]
    files: list[FileOut]


class CaseOut(CaseLineOut):
    """A case as an official works it."""

    application: str
    version: str
    reason: str
    revision: int = Field(description="Give it back with an act; another's act in between answers 412.")
    region: str | None
    region_name: Said | None
    applicant: str
    applicant_ref: str
    opened: datetime
    closed: datetime | None
    paused_since: datetime | None
    facts: list[FactOut]
    evidence: list[EvidenceRowOut]
    attachments: list[FileOut]
    steps: list[StepState]
    acts: dict[str, list[str]] = Field(description="Step to the acts you may do on it now.")
    asked: list[AskedOut]
    history: list[HistoryOut]
    orders: list[OrderOut]
    outputs: list[OutputOut]
    siblings: list[CaseLineOut]


class TaskOut(Schema):
    """One step waiting for, or decided by, a post. `days_left` are working days, negative when late."""

    id: int
    case: str
    application: str
    step: str
    service: str
    service_name: Said
    step_name: Said
    organisation: str
    post: str
    region: str
    region_name: Said
    applicant: str
    since: datetime
    due: datetime | None
    overdue: bool
    days_left: int | None
    escalated: bool
    state: str
    outcome: str | None
    assignee: str | None
    revision: int


class TaskPage(Schema):
    """Some tasks and the cursor of the next page."""

    rows: list[TaskOut]
    next: str | None


class CaseRowOut(Schema):
    """A case found by search."""

    case: str
    application: str
    service: str
    service_name: Said
    applicant: str
    applicant_ref: str
    region: str | None
    region_name: Said | None
    status: Status
    outcome: str | None
    opened: datetime
    promised: datetime | None


class CasePage(Schema):
    """Some cases and the cursor of the next page."""

    rows: list[CaseRowOut]
    next: str | None


class HistoryPage(Schema):
    """Some events of a case and the cursor of the next page."""

    rows: list[HistoryOut]
    next: str | None


class Moved(Schema):
    """Where a case stands after a write."""

    ref: str
    status: Status
    outcome: str | None
    revision: int
