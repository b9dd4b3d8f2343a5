"""Public services and the life events that bundle them (CPSV-AP terms)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from commonweal.register.base import (
    Assurance,
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
    """Its name within the service."""
    name: Text | None = None
    """What people read."""
    rule: str | None = None
    """CEL over the answers that has to be true."""
    evidence: Identifier | Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    """An evidence type, or a list (or `{any: [...]}`) of which one suffices."""
    when: str | None = None
    """CEL; the requirement matters only where this is true."""
    legal: LegalReference | None = None
    """The law that demands it."""

    @model_validator(mode="before")
    @classmethod
    def _any_of(cls, value: Any) -> Any:
        """Accept `evidence: {any: [a, b]}` as well as one name."""
        if isinstance(value, dict) and isinstance(value.get("evidence"), dict):
            if list(value["evidence"]) != ["any"]:
                raise ValueError("evidence is a name, a list of names, or {any: [a, b]}")
            value = {**value, "evidence": value["evidence"]["any"]}
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
    """The data element asked for; rules read it by this name."""
    id: LocalIdentifier | None = None
    """A name for a question of this form only; rules read it as `form.<id>`."""
    type: ElementType | None = None
    """Of a question of its own."""
    label: Text | None = None
    """Of a question of its own, or in place of the element's."""
    hint: Text | None = None
    """In place of the element's."""
    codelist: Identifier | None = None
    """Of a question of its own of type `code`."""
    required: Flag = True
    """Whether it has to be answered."""
    when: str | None = None
    """CEL; asked only where this is true."""
    min: Decimal | Day | None = None
    """Narrower than the element's."""
    max: Decimal | Day | None = None
    """Narrower than the element's."""

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
    """Its name within the service."""
    name: Text | None = None
    """What people read on the way."""
    by: PostIdentifier | None = None
    """The post that works it."""
    pay: tuple[LocalIdentifier, ...] = ()
    """The costs that are paid in it."""
    output: Identifier | None = None
    """What it issues."""
    after: tuple[LocalIdentifier, ...] = ()
    """The steps it waits for; steps that wait for the same run side by side."""
    when: str | None = None
    """CEL; where it is false the step counts as passed."""
    allow: tuple[StepAct, ...] = ("approve", "refuse", "return", "request-information")
    """What the post may do."""
    deadline: IsoDuration | None = None
    """From the moment the step begins."""
    overdue: Literal["flag", "escalate", "deem-approved"] = "flag"
    """What happens then: shown, given to whoever supervises, or taken as approved."""
    legal: LegalReference | None = None
    """The law under which it is decided."""

    @model_validator(mode="after")
    def _one_nature(self) -> Step:
        if sum(bool(x) for x in (self.by, self.pay, self.output)) != 1:
            raise ValueError("a step is either worked by a post, or pays costs, or issues an output")
        return self


class TotalDeadline(Frozen):
    """The promise to the person: the whole case, in working or calendar days, and what stops the clock."""

    total: IsoDuration
    """For the whole case."""
    calendar: Literal["working-days", "calendar-days"] = "working-days"
    """Which days count."""
    paused_by: tuple[Literal["return", "request-information", "payment"], ...] = ("return", "request-information")
    """What stops the clock."""


class Cost(Frozen):
    """A fee in the jurisdiction's currency."""

    id: LocalIdentifier
    """Its name within the service."""
    name: Text | None = None
    """What people read."""
    amount: Money
    """Exact, in the jurisdiction's currency."""
    exempt_when: str | None = None
    """CEL; nothing is due where this is true."""
    legal: LegalReference | None = None
    """The law that permits the fee."""
    effective: Effective = Effective()
    """The days of submission for which it is due."""


class Signer(Frozen):
    """One who signs: the applicant, or a role with the answer that says who has it."""

    role: LocalIdentifier
    """`applicant`, or what it is called in the record."""
    name: Text | None = None
    """What people read."""
    source: DottedIdentifier | None = Field(
        default=None,
        alias="from",
        description="The question whose answer is their reference (`P-…`), or their name: they then come with a code.",
    )


class Signature(Frozen):
    """Who signs, how strongly (eIDAS levels) and by what means.

    `simple`: sending the application is its signature. `advanced`: each signs the document itself. `qualified`: each
    with a certificate of a trusted provider.
    """

    level: Literal["simple", "advanced", "qualified"] = "simple"
    """How strong the signature is."""
    order: Literal["parallel", "sequence"] = "parallel"
    """Whether all are asked at once, or one after the other in the order written."""
    signers: tuple[Signer, ...] = Field(default=(), max_length=20)
    """Who signs, in this order: `applicant`, and roles with the question that says who has each; else the applicant."""
    accepts: tuple[Literal["passkey", "upload"], ...] = ("passkey", "upload")
    """By what: a passkey here, or the document signed elsewhere and handed in."""
    deadline: IsoDuration = "P30D"
    """How long there is to sign, from when the document was made."""

    @model_validator(mode="before")
    @classmethod
    def _plain_roles(cls, value: Any) -> Any:
        """Accept `signers: [applicant]` as well as `[{role: applicant}]`."""
        if isinstance(value, dict) and isinstance(value.get("signers"), list | tuple):
            return {**value, "signers": [{"role": s} if isinstance(s, str) else s for s in value["signers"]]}
        return value

    @property
    def hands(self) -> tuple[Signer, ...]:
        """Everybody who signs; the applicant where nobody is named."""
        return self.signers or (Signer(role="applicant"),)


class Output(Frozen):
    """What the service issues, numbered without gaps. `number` may use {year}, {region} and {seq:06}."""

    id: Identifier
    """Its name within the service."""
    name: Text | None = None
    """What people read."""
    number: str | None = None
    """How it is numbered; numbers have no gaps."""
    valid: IsoDuration | None = None
    """For how long from the day of issue."""
    formats: tuple[Literal["pdf", "sd-jwt-vc", "html"], ...] = ("html",)
    """In which it can be had."""
    seal: Identifier | None = None
    """The organisation that seals it."""
    kept_by: tuple[PostIdentifier, ...] = Field(default=(), max_length=20)
    """The posts that may suspend, revoke and reissue it, each in its own branch."""
    four_eyes: Flag = False
    """Whether two of them have to want it."""


class PublicService(Declared):
    """One declaration from which the guide, form, API, steps, deadlines, fees and datasets derive."""

    kind: Literal["PublicService"] = "PublicService"
    id: Identifier
    summary: Text | None = None
    """One sentence for lists and search."""
    keywords: tuple[Text, ...] = Field(default=(), description="Words people search with.")
    authority: Identifier
    """The organisation that answers for it."""
    audience: tuple[Literal["citizen", "business"], ...] = ("citizen",)
    """Whom it is for."""
    event: Identifier | None = None
    """The life event it belongs to."""
    legal: tuple[LegalReference, ...] = ()
    """The law it stands on."""
    place: DottedIdentifier | None = Field(default=None, description="The region answer that routes the case.")
    requirements: tuple[Requirement, ...] = Field(default=(), max_length=200)
    """What has to be so."""
    form: tuple[FormField, ...] = Field(default=(), max_length=400)
    """What is asked, in this order."""
    steps: tuple[Step, ...] = Field(min_length=1, max_length=200)
    """What is done, by whom, after what."""
    deadline: TotalDeadline | None = None
    """What is promised."""
    cost: tuple[Cost, ...] = Field(default=(), max_length=200)
    """What it costs."""
    signature: Signature | None = None
    """How the application is signed."""
    assurance: Assurance = "low"
    """How sure it must be who applies (eIDAS): low is a password, substantial adds a code, high is a passkey."""
    outputs: tuple[Output, ...] = Field(default=(), max_length=50)
    """What is issued."""
    channels: tuple[ChannelName, ...] = ("web",)
    """Where it can be had."""
    retention: IsoDuration | None = None
    """How long a closed case is kept."""
    retention_legal: LegalReference | None = None
    """The law that says how long."""


class EventService(Frozen):
    """A service within a life event; with `when`, only for those whose answers make it true."""

    service: Identifier
    """The service."""
    when: str | None = None
    """CEL over the answers; left out of the event where this is false."""


class LifeEvent(Declared):
    """Services that belong together. With `bundle`, they are applied for once and worked side by side."""

    kind: Literal["LifeEvent"] = "LifeEvent"
    id: Identifier
    summary: Text | None = None
    """One sentence for lists and search."""
    keywords: tuple[Text, ...] = ()
    """Words people search with."""
    audience: tuple[Literal["citizen", "business"], ...] = ("citizen",)
    """Whom it is for."""
    services: tuple[EventService, ...] = ()
    """What belongs to it."""
    bundle: Flag = False
    """Whether its services are applied for in one form."""
    icon: Identifier | None = None
    """A picture of the look's set."""
