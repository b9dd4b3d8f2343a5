"""What the API says about services and life events, in the language asked for."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema


class Named(Schema):
    """Something declared, by its id and its name in the language asked for."""

    id: str
    name: str


class ServiceRow(Schema):
    """A service in a list."""

    id: str
    name: str
    summary: str | None
    authority: Named
    audience: list[str]


class ServicePage(Schema):
    """Some services and the cursor of the next page."""

    rows: list[ServiceRow]
    next: str | None = Field(description="Give this as `cursor` for the next page; null on the last one.")


class Law(Schema):
    """An act or one of its articles."""

    id: str
    name: str
    article: str | None
    text: str | None
    source: str | None


class EvidenceOut(Schema):
    """A paper, and the dataset that answers it so that nobody brings it."""

    id: str
    name: str
    fetched_from: Named | None = Field(description="The organisation that is asked instead of you; null: you bring it.")
    upload: bool


class RequirementOut(Schema):
    """A condition: a rule over the answers (CEL), or evidence of which one suffices."""

    id: str
    name: str | None
    rule: str | None
    evidence: list[EvidenceOut]
    when: str | None
    legal: str | None


class Option(Schema):
    """A value that can be chosen."""

    code: str
    name: str


class QuestionOut(Schema):
    """One question of the form. `key` is how answers name it."""

    key: str
    type: str
    label: str
    hint: str | None
    required: bool
    when: str | None = Field(description="Asked only when this rule over the other answers holds.")
    options: list[Option]
    example: str | None
    unit: str | None
    max_length: int | None


class StepOut(Schema):
    """One step of a case. Steps with the same `after` run side by side."""

    id: str
    name: str
    nature: Literal["work", "pay", "output"]
    organisation: Named | None
    post: str | None
    after: list[str]
    when: str | None
    deadline: str | None = Field(description="ISO 8601; days are working days where the service says so.")
    overdue: Literal["flag", "escalate", "deem-approved"]
    legal: str | None


class CostOut(Schema):
    """A fee. `amount` is a decimal number as text."""

    id: str
    name: str | None
    amount: str
    currency: str
    exempt_when: str | None
    legal: str | None


class DeadlineOut(Schema):
    """The promise for the whole case."""

    total: str
    calendar: Literal["working-days", "calendar-days"]
    paused_by: list[str]


class ServiceOut(ServiceRow):
    """A service in full: guide, form, steps, fees, law and the JSON Schema of its answers."""

    version: str = Field(description="Hash of this version's content; a case keeps the version it began with.")
    description: str | None
    legal: list[Law]
    requirements: list[RequirementOut]
    questions: list[QuestionOut]
    steps: list[StepOut]
    deadline: DeadlineOut | None
    cost: list[CostOut]
    outputs: list[Named]
    channels: list[str]
    answers_schema: dict[str, Any] = Field(description="JSON Schema (2020-12) of the answers.")


class LifeEventRow(Schema):
    """A life event in a list."""

    id: str
    name: str
    summary: str | None
    bundle: bool = Field(description="True: applied for once, worked side by side.")
    services: list[Named]


class LifeEventPage(Schema):
    """Some life events and the cursor of the next page."""

    rows: list[LifeEventRow]
    next: str | None


class RequirementState(Schema):
    """Whether a condition holds for the answers so far: true, false, or null while an answer is missing."""

    id: str
    name: str | None
    holds: bool | None
