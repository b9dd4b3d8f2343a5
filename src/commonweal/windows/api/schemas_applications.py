"""What the API says about applications, and what it takes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, JsonValue

from commonweal.windows.api.schemas_cases import (
    Act,
    ApplicantCaseOut,
    CaseLineOut,
    FactOut,
    FileOut,
    Said,
    _said,
)
from commonweal.windows.api.schemas_services import RequirementState

Answers = Annotated[dict[str, JsonValue], Field(max_length=400)]
Note = Annotated[str, Field(max_length=4000)]


class Strict(Schema):
    """A body that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid")


class StartIn(Strict):
    """A service, or a life event that is applied for as one."""

    service: str | None = Field(None, max_length=80)
    event: str | None = Field(None, max_length=80)
    language: Literal["en", "zh-hans"] | None = Field(None, description="Of letters; the request's where absent.")


class AnswersIn(Strict):
    """Answers by key; only those given are changed. The revision may come as `If-Match` instead."""

    answers: Answers
    revision: int | None = Field(None, ge=0, le=2**31 - 1, strict=True)


class SupplyIn(Strict):
    """The answer to a return or a request for information."""

    answers: Answers = {}
    message: Note = ""
    revision: int | None = Field(None, ge=0, le=2**31 - 1, strict=True)


class WithdrawIn(Strict):
    """Why, if you want to say."""

    reason: Note = ""


class ActIn(Strict):
    """One act on one step, on the revision you read."""

    step: str = Field(max_length=80)
    act: Act
    note: Note = Field("", description="Needed to refuse, to return and to request information.")
    revision: int = Field(ge=0, le=2**31 - 1, strict=True)
    ask: list[Annotated[str, Field(max_length=120)]] = Field(
        default_factory=list, max_length=100, description="Keys of the answers to give again."
    )


class BeginIn(Strict):
    """With whom to pay, and where to come back to."""

    provider: str = Field("sandbox", max_length=40)
    return_url: str = Field("/", max_length=500)


class ConfirmIn(Strict):
    """What the provider sent back."""

    provider: str = Field("sandbox", max_length=40)
    payload: dict[str, Annotated[str, Field(max_length=2000)]] = Field(default_factory=dict, max_length=40)


class Begun(Schema):
    """Send the payer here with these fields."""

    url: str
    fields: dict[str, str]
    sandbox: bool


class Option(Schema):
    """A value that can be chosen."""

    code: str
    name: str


def _options(value: Any) -> Any:
    return [{"code": code, "name": _said(name)} for code, name in value]


class QuestionNow(Schema):
    """A question as it is asked with the answers so far."""

    key: str
    type: str
    label: Said
    hint: Said | None
    required: bool
    options: Annotated[list[Option], BeforeValidator(_options)]
    example: str | None
    unit: str | None
    max_length: int | None


class WillFetchOut(Schema):
    """What a department is asked instead of you, and under which article."""

    evidence: str
    name: Said
    dataset: str
    dataset_name: Said
    organisation: str
    organisation_name: Said
    legal: str


class PaperOut(Schema):
    """A requirement only papers prove: attach one of `evidence` under the key `evidence.<id>`."""

    requirement: str
    name: Said
    evidence: Annotated[list[Option], BeforeValidator(_options)]
    given: list[FileOut]


class FeeOut(Schema):
    """A fee with the answers so far; `applies` is null while an answer is missing. Minor units."""

    id: str
    service: str
    name: Said
    amount: int
    currency: str
    applies: bool | None
    legal: str | None


def _states(value: Any) -> Any:
    return [{"id": each.requirement.id, "name": _said(each.requirement.name), "holds": each.holds} for each in value]


class ApplicationRowOut(Schema):
    """An application in your list."""

    ref: str
    name: Said
    services: list[str]
    event: str | None
    status: Literal["draft", "submitted", "discarded"]
    started: datetime
    changed: datetime
    submitted: datetime | None
    needs_you: bool
    cases: list[CaseLineOut]


class ApplicationPage(Schema):
    """Some applications and the cursor of the next page."""

    rows: list[ApplicationRowOut]
    next: str | None


class ApplicationOut(Schema):
    """An application in full: what is asked, what was answered, what will be fetched, and its cases."""

    ref: str
    name: Said
    services: list[str]
    event: str | None
    language: str
    status: Literal["draft", "submitted", "discarded"]
    revision: int = Field(description="Also the ETag. Give it back with what you change.")
    started: datetime
    submitted: datetime | None
    newer_version: bool = Field(description="A newer version of the service is in force; see /refresh.")
    answers: dict[str, Any]
    questions: list[QuestionNow]
    unanswered: list[str]
    check: list[FactOut]
    eligibility: Annotated[list[RequirementState], BeforeValidator(_states)]
    attachments: list[FileOut]
    will_fetch: list[WillFetchOut]
    papers: list[PaperOut]
    fees: list[FeeOut]
    cases: list[ApplicantCaseOut]


class RefreshedOut(Schema):
    """The application on the versions now in force, and the answers that no longer fit."""

    application: ApplicationOut
    dropped: list[str]
