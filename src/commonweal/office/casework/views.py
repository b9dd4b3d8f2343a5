"""What the queries return: frozen rows for the windows, with words as `Text` and no tables behind them.

`shown` fields are already written in the language active when the query ran; `Text` fields are said by the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from commonweal.office.payments.views import OrderRow
from commonweal.register import ServiceBundle
from commonweal.register.models import Text

if TYPE_CHECKING:
    from commonweal.office.casework.form import Question, RequirementState

ApplicationStatus = Literal["draft", "submitted", "discarded"]
CaseStatus = Literal["open", "waiting", "closed"]
"""`waiting`: for the applicant, who was asked for something, or for a payment."""
StepState = Literal["pending", "ready", "waiting", "done", "passed", "cancelled"]
"""`pending`: its turn has not come; `waiting`: for the applicant; `passed`: its condition did not hold."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as one line of an application."""

    ref: str
    service: str
    service_name: Text
    status: CaseStatus
    outcome: str | None
    promised: datetime | None


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application in a person's list. `needs_you`: something is asked of them or to be paid."""

    ref: str
    name: Text
    services: tuple[str, ...]
    event: str | None
    status: ApplicationStatus
    started: datetime
    changed: datetime
    submitted: datetime | None
    cases: tuple[CaseLine, ...]
    needs_you: bool
    on_behalf_of: str = ""
    """The name of whoever it is for, when that is not the reader."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One step waiting for, or decided by, a post. `days_left` are working days, negative when late."""

    id: int
    case: str
    application: str
    step: str
    service: str
    service_name: Text
    step_name: Text
    organisation: str
    post: str
    region: str
    region_name: Text
    applicant: str
    since: datetime
    due: datetime | None
    overdue: bool
    days_left: int | None
    escalated: bool
    state: StepState
    outcome: str | None
    assignee: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case found by search."""

    case: str
    application: str
    service: str
    service_name: Text
    applicant: str
    applicant_ref: str
    region: str | None
    region_name: Text | None
    status: CaseStatus
    outcome: str | None
    opened: datetime
    promised: datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer or held fact. `source` is None for what the applicant said, else the dataset that answered."""

    key: str
    label: Text
    value: Any
    shown: str
    type: str
    source: str | None = None
    source_name: Text | None = None
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file handed in. Read its bytes with `queries.attachment(actor, ref)`."""

    ref: str
    key: str
    name: str
    content_type: str
    size: int
    sha256: str
    added: datetime


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What proves a requirement: fetched from a department, or handed in as a paper (`files`)."""

    type: str
    name: Text
    dataset: str | None
    dataset_name: Text | None
    organisation: str | None
    organisation_name: Text | None
    legal: str | None
    fetched: datetime | None
    facts: tuple[Fact, ...] = ()
    files: tuple[FileRow, ...] = ()


@dataclass(frozen=True, slots=True)
class WillFetch:
    """What a department will be asked instead of the applicant, under which article, and what it will answer.

    `facts` are shown to the person alone, before anything is handed over.
    """

    evidence: str
    name: Text
    dataset: str
    dataset_name: Text
    organisation: str
    organisation_name: Text
    legal: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperNeeded:
    """A requirement that only papers prove: one of `evidence` is handed in under the key `evidence.<id>`."""

    requirement: str
    name: Text
    evidence: tuple[tuple[str, Text], ...]
    given: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee as it stands with the answers so far. `applies` is None while an answer it needs is missing."""

    id: str
    service: str
    name: Text
    amount: int
    currency: str
    applies: bool | None
    legal: str | None


@dataclass(frozen=True, slots=True)
class OutputRow:
    """What was issued, under its number."""

    number: str
    output: str
    name: Text
    issued: datetime
    valid_until: datetime | None
    authority: str
    authority_name: Text
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event of a case. `code` is the event's kind (`step-decided`); windows turn it into a sentence with `params`.

    `by` names the official for staff and is empty for the applicant, who sees the post and organisation instead.
    """

    event: str
    code: str
    at: datetime
    params: Mapping[str, Any]
    by: str
    by_kind: Literal["person", "staff", "system"]
    step: str | None
    step_name: Text | None
    organisation_name: Text | None
    post_name: Text | None
    act: str | None
    note: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a case. `acts` are what this actor may do now; empty otherwise."""

    id: str
    name: Text
    nature: Literal["work", "pay", "output"]
    organisation: str | None
    organisation_name: Text | None
    post: str | None
    post_name: Text | None
    region: str | None
    state: StepState
    since: datetime | None
    due: datetime | None
    overdue: bool
    escalated: bool
    acts: tuple[str, ...]
    outcome: str | None
    note: str
    by: str
    at: datetime | None
    after: tuple[str, ...]
    legal: str | None
    law: LawView | None
    assignee: str | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class LawView:
    """An article that a step, fee or requirement stands on."""

    reference: str
    name: Text
    article: str | None
    text: Text | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an official asked the applicant: which answers to give again or add, and in which words."""

    step: str
    kind: Literal["return", "request-information"]
    keys: tuple[str, ...]
    message: str
    at: datetime
    organisation_name: Text


@dataclass(frozen=True, slots=True)
class ApplicantCase:
    """A case as the applicant sees it: who has it, since when, by when, and what is asked of them."""

    ref: str
    service: str
    service_name: Text
    bundle: ServiceBundle
    status: CaseStatus
    outcome: str | None
    reason: str
    revision: int
    opened: datetime
    closed: datetime | None
    kept_until: date | None
    forgotten: datetime | None
    promised: datetime | None
    paused_since: datetime | None
    steps: tuple[StepView, ...]
    asked: tuple[Asked, ...]
    ask_questions: tuple[Question, ...]
    history: tuple[HistoryRow, ...]
    orders: tuple[OrderRow, ...]
    outputs: tuple[OutputRow, ...]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application, draft or submitted, as its applicant sees it."""

    ref: str
    name: Text
    services: tuple[str, ...]
    event: str | None
    language: str
    status: ApplicationStatus
    revision: int
    started: datetime
    submitted: datetime | None
    answers: Mapping[str, Any]
    bundles: tuple[ServiceBundle, ...]
    newer_version: bool
    questions: tuple[Question, ...]
    check: tuple[Fact, ...]
    unanswered: tuple[str, ...]
    eligibility: tuple[RequirementState, ...]
    attachments: tuple[FileRow, ...]
    will_fetch: tuple[WillFetch, ...]
    papers: tuple[PaperNeeded, ...]
    fees: tuple[FeeLine, ...]
    cases: tuple[ApplicantCase, ...]
    submit_token: str
    event_id: str | None
    on_behalf_of: str = ""
    """The name of whoever it is for, when somebody else filed it."""
    filed_by: str = ""
    """The name of whoever filed it for them."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as an official with a seat in it sees it."""

    ref: str
    application: str
    service: str
    service_name: Text
    bundle: ServiceBundle
    version: str
    status: CaseStatus
    outcome: str | None
    reason: str
    revision: int
    region: str | None
    region_name: Text | None
    applicant: str
    applicant_ref: str
    opened: datetime
    closed: datetime | None
    promised: datetime | None
    paused_since: datetime | None
    facts: tuple[Fact, ...]
    evidence: tuple[EvidenceRow, ...]
    attachments: tuple[FileRow, ...]
    requirements: tuple[RequirementState, ...]
    steps: tuple[StepView, ...]
    acts: Mapping[str, tuple[str, ...]]
    asked: tuple[Asked, ...]
    history: tuple[HistoryRow, ...]
    orders: tuple[OrderRow, ...]
    outputs: tuple[OutputRow, ...]
    siblings: tuple[CaseLine, ...]
    on_behalf_of: str = ""
    """The name of whoever it is for, when somebody else filed it."""
    filed_by: str = ""
    """The name of whoever filed it for them."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file somebody may read."""

    name: str
    content_type: str
    size: int
    path: Path

    def open(self) -> BinaryIO:
        """Its bytes."""
        return self.path.open("rb")
