"""Public services and the life events that bundle them (CPSV-AP terms)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from commonweal.register.base import (
    ChannelName,
    Day,
    Declared,
    DottedIdentifier,
    Effective,
    ElementType,
    Flag,
    Frozen,
    Identifier,
    IsoDuration,
    LegalReference,
    LocalIdentifier,
    PostIdentifier,
    StepAct,
    Text,
)

Money = Annotated[
    Decimal,
    Field(ge=0, decimal_places=2, max_digits=14),
    AfterValidator(lambda amount: amount.quantize(Decimal("0.01"))),
]
"""An amount in the jurisdiction's currency, exact, always with two decimals so that 200 and 200.00 are one fee."""


class Requirement(Frozen):
    """A condition for getting the service: a rule over the answers, or evidence (any one of several)."""

    id: LocalIdentifier
    name: Text | None = None
    rule: str | None = None
    evidence: Identifier | tuple[Identifier, ...] | None = None
    when: str | None = None
    legal: LegalReference | None = None

    @model_validator(mode="before")
    @classmethod
    def _any_of(cls, value: Any) -> Any:
        """Accept `evidence: {any: [a, b]}` as well as one name."""
        if isinstance(value, dict) and isinstance(value.get("evidence"), dict):
            value = {**value, "evidence": tuple(value["evidence"].get("any", ()))}
        return value

    @model_validator(mode="after")
    def _rule_or_evidence(self) -> Requirement:
        if (self.rule is None) == (self.evidence is None):
            raise ValueError("a requirement has either a rule or evidence")
        return self

    @property
    def evidence_any(self) -> tuple[str, ...]:
        """The evidence types of which one suffices; empty for a rule."""
        if self.evidence is None:
            return ()
        return (self.evidence,) if isinstance(self.evidence, str) else self.evidence


class FormField(Frozen):
    """One question: bound to a data element, or local to this form (`id`, `type`, `label`)."""

    element: DottedIdentifier | None = None
    id: LocalIdentifier | None = None
    type: ElementType | None = None
    label: Text | None = None
    hint: Text | None = None
    codelist: Identifier | None = None
    required: Flag = True
    when: str | None = None
    min: Decimal | Day | None = None
    max: Decimal | Day | None = None

    @model_validator(mode="after")
    def _bound_or_local(self) -> FormField:
        if (self.element is None) == (self.id is None):
            raise ValueError("a form field has either an element or an id")
        if self.id is not None and (self.type is None or self.label is None):
            raise ValueError("a field with an id of its own needs a type and a label")
        return self

    @property
    def key(self) -> str:
        """The name rules and answers use: `premises.floor_area` or `form.uses_gas`."""
        return self.element or f"form.{self.id}"


class Step(Frozen):
    """One step of a case. Steps with the same `after` run side by side.

    A step is worked by a post (`by`), or waits for payment (`pay`), or issues something (`output`).
    """

    id: LocalIdentifier
    name: Text | None = None
    by: PostIdentifier | None = None
    pay: tuple[LocalIdentifier, ...] = ()
    output: Identifier | None = None
    after: tuple[LocalIdentifier, ...] = ()
    when: str | None = None
    allow: tuple[StepAct, ...] = ("approve", "refuse", "return", "request-information")
    deadline: IsoDuration | None = None
    overdue: Literal["flag", "escalate", "deem-approved"] = "flag"
    legal: LegalReference | None = None

    @model_validator(mode="after")
    def _one_nature(self) -> Step:
        if sum(bool(x) for x in (self.by, self.pay, self.output)) != 1:
            raise ValueError("a step is either worked by a post, or pays costs, or issues an output")
        return self


class TotalDeadline(Frozen):
    """The promise to the person: the whole case, in working or calendar days, and what stops the clock."""

    total: IsoDuration
    calendar: Literal["working-days", "calendar-days"] = "working-days"
    paused_by: tuple[Literal["return", "request-information", "payment"], ...] = ("return", "request-information")


class Cost(Frozen):
    """A fee in the jurisdiction's currency."""

    id: LocalIdentifier
    name: Text | None = None
    amount: Money
    exempt_when: str | None = None
    legal: LegalReference | None = None
    effective: Effective = Effective()


class Signature(Frozen):
    """Who signs and how strongly (eIDAS levels)."""

    level: Literal["simple", "advanced", "qualified"] = "simple"
    signers: tuple[LocalIdentifier, ...] = ("applicant",)


class Output(Frozen):
    """What the service issues, numbered without gaps. `number` may use {year}, {region} and {seq:06}."""

    id: Identifier
    name: Text | None = None
    number: str | None = None
    valid: IsoDuration | None = None
    formats: tuple[Literal["pdf", "sd-jwt-vc", "html"], ...] = ("html",)
    seal: Identifier | None = None


class PublicService(Declared):
    """One declaration from which the guide, form, API, steps, deadlines, fees and datasets derive."""

    kind: Literal["PublicService"] = "PublicService"
    id: Identifier
    summary: Text | None = None
    keywords: tuple[Text, ...] = Field(default=(), description="Words people search with.")
    authority: Identifier
    audience: tuple[Literal["citizen", "business"], ...] = ("citizen",)
    event: Identifier | None = None
    legal: tuple[LegalReference, ...] = ()
    place: DottedIdentifier | None = Field(default=None, description="The region answer that routes the case.")
    requirements: tuple[Requirement, ...] = Field(default=(), max_length=200)
    form: tuple[FormField, ...] = Field(default=(), max_length=400)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=200)
    deadline: TotalDeadline | None = None
    cost: tuple[Cost, ...] = Field(default=(), max_length=200)
    signature: Signature | None = None
    outputs: tuple[Output, ...] = Field(default=(), max_length=50)
    channels: tuple[ChannelName, ...] = ("web",)
    retention: IsoDuration | None = None


class EventService(Frozen):
    """A service within a life event; with `when`, only for those whose answers make it true."""

    service: Identifier
    when: str | None = None


class LifeEvent(Declared):
    """Services that belong together. With `bundle`, they are applied for once and worked side by side."""

    kind: Literal["LifeEvent"] = "LifeEvent"
    id: Identifier
    summary: Text | None = None
    keywords: tuple[Text, ...] = ()
    audience: tuple[Literal["citizen", "business"], ...] = ("citizen",)
    services: tuple[EventService, ...] = ()
    bundle: Flag = False
    icon: Identifier | None = None
