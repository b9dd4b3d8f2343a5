"""What a government declares, as frozen types.

Field names follow CPSV-AP 3.2 and DCAT-AP 3 where those have one (PublicService, Requirement, EvidenceType,
Channel, Cost, Output, LegalResource, PublicOrganisation, Dataset). Every model refuses unknown keys, so a
misspelt key is a fault with a place rather than a silent nothing. Nothing here knows about files, databases
or time: reading is `loader`, judging is `check`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
"""A lower-case name with hyphens, unique among objects of one kind."""
DottedIdentifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=120)]
"""A data element's name: entity, dot, attribute (`premises.floor_area`)."""
LocalIdentifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
"""A question that belongs to one form only; rules read it as `form.<id>`."""
PostIdentifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$")]
"""`organisation/post`."""
LegalReference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*(/[A-Za-z0-9.-]+)?$")]
"""`act` or `act/article`."""
IsoDuration = Annotated[str, StringConstraints(pattern=r"^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?)?$")]
"""ISO 8601 duration, for example `P3D`; days are working days where a service says so."""

ElementType = Literal[
    "string", "text", "integer", "decimal", "money", "boolean", "date", "year",
    "code", "region", "email", "phone", "file",
]  # fmt: skip
Level = Literal["province", "city", "county"]
Sensitivity = Literal["public", "internal", "personal", "sensitive"]
ChannelName = Literal["web", "mobile", "phone", "tv", "counter", "api"]
StepAct = Literal["accept", "approve", "refuse", "return", "request-information"]


class Frozen(BaseModel):
    """Base of every declared thing: immutable, strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(RootModel[dict[str, str]]):
    """The same words in each of the jurisdiction's languages, keyed by language code (`en`, `zh-hans`)."""

    model_config = ConfigDict(frozen=True)

    def say(self, language: str) -> str:
        """Return the words in `language`, else in its base language, else in the first one declared."""
        words = self.root
        if language in words:
            return words[language]
        base = language.split("-")[0]
        for code, value in words.items():
            if code.split("-")[0] == base:
                return value
        return next(iter(words.values()), "")


class Effective(Frozen):
    """Dates between which a declaration holds; `to` is the last day, and either may be open."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` lies within the period."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Declared(Frozen):
    """What every declaration has besides its own fields."""

    kind: str
    id: str
    name: Text
    description: Text | None = None
    effective: Effective = Effective()


class Jurisdiction(Declared):
    """The government as a whole: its languages, money, calendar and look."""

    kind: Literal["Jurisdiction"] = "Jurisdiction"
    id: Identifier
    languages: tuple[str, ...] = Field(min_length=1)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    timezone: str = "UTC"
    country_calendar: str | None = Field(default=None, description="ISO 3166 code understood by `holidays`.")
    closed_days: tuple[date, ...] = ()
    working_days: tuple[date, ...] = Field(default=(), description="Weekend days declared as worked.")
    weekend: tuple[int, ...] = Field(default=(5, 6), description="Weekdays off, Monday is 0.")
    crypto_suite: Literal["international", "sm"] = "international"
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#0b4f8a"
    contact: Text | None = None
    privacy: Text | None = None
    fictional: bool = False


class Region(Declared):
    """A place with a government of its own; regions form one tree."""

    kind: Literal["Region"] = "Region"
    id: Identifier
    level: Level
    parent: Identifier | None = None
    population: int | None = Field(default=None, ge=0)
    group: Identifier | None = Field(default=None, description="Regions compared together, e.g. `highlands`.")


class PublicOrganisation(Declared):
    """A department. Without `region` it has a branch in every region of its level."""

    kind: Literal["PublicOrganisation"] = "PublicOrganisation"
    id: Identifier
    level: Level
    region: Identifier | None = None
    parent: Identifier | None = None
    contact: Text | None = None
    functions: tuple[Identifier, ...] = ()


class Post(Declared):
    """A staff role in an organisation (`organisation/role`), with its established seats in each branch."""

    kind: Literal["Post"] = "Post"
    id: PostIdentifier
    organisation: Identifier
    competences: tuple[Identifier, ...] = ()
    seats: int = Field(default=1, ge=0)
    supervises: bool = Field(default=False, description="Receives what is escalated in its organisation.")


class Article(Frozen):
    """One article of an act, and what it permits."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")]
    text: Text | None = None
    permits: tuple[Literal["collect", "share", "fee", "decide", "publish"], ...] = ()
    effective: Effective = Effective()


class LegalResource(Declared):
    """An act in force between two dates."""

    kind: Literal["LegalResource"] = "LegalResource"
    id: Identifier
    articles: tuple[Article, ...] = ()
    source: str | None = None

    def article(self, article_id: str) -> Article | None:
        """The article of that number, or None."""
        return next((a for a in self.articles if a.id == article_id), None)


class Code(Frozen):
    """One value of a code list."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    name: Text
    broader: str | None = None
    effective: Effective = Effective()


class CodeList(Declared):
    """A closed list of values that every department writes the same way."""

    kind: Literal["CodeList"] = "CodeList"
    id: Identifier
    codes: tuple[Code, ...] = Field(min_length=1)


class DataElement(Declared):
    """One fact, declared once: every form, dataset and exchange that needs it binds to this."""

    kind: Literal["DataElement"] = "DataElement"
    id: DottedIdentifier
    type: ElementType
    question: Text | None = Field(default=None, description="How a person is asked; the name where absent.")
    hint: Text | None = None
    example: str | None = None
    pattern: str | None = None
    unit: str | None = None
    codelist: Identifier | None = None
    min: Decimal | date | None = None
    max: Decimal | date | None = None
    max_length: int | None = Field(default=None, ge=1)
    sensitivity: Sensitivity = "internal"
    concept: str | None = Field(default=None, description="IRI or term shared by elements of one meaning.")


class Column(Frozen):
    """A column of a dataset bound to the unified data standard."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    element: DottedIdentifier
    required: bool = False


class Source(Frozen):
    """Where a dataset's rows come from.

    `journal` reads a built-in projection of the record; `file` a path beside the declarations; `package` a file
    that an installed Python distribution ships (`package`, `path`); `register` a table held by a department.
    """

    type: Literal["journal", "file", "package", "register"]
    path: str | None = None
    package: str | None = None
    projection: str | None = None
    rename: dict[str, str] = Field(default_factory=dict, description="Published header -> column name.")
    header: bool = True
    melt: dict[str, Any] | None = Field(default=None, description="Turn year columns into rows.")
    aggregate: dict[str, str] | None = Field(default=None, description="Column -> sum, mean, min, max, count.")
    encoding: str | None = None


class Dataset(Declared):
    """A table somebody answers for: publisher, columns, keys, rhythm, access, licence and source."""

    kind: Literal["Dataset"] = "Dataset"
    id: Identifier
    publisher: Identifier
    columns: tuple[Column, ...] = Field(min_length=1)
    keys: tuple[str, ...] = Field(min_length=1)
    region: str | None = Field(default=None, description="The column that says where.")
    period: str | None = Field(default=None, description="The column that says when.")
    grain: Literal["person", "business", "case", "region", "premises", "vehicle", "other"] = "other"
    subject: str | None = Field(default=None, description="Column holding the person a row is about.")
    rhythm: Literal["once", "daily", "weekly", "monthly", "yearly", "continuous"] = "yearly"
    access: Literal["open", "shared", "restricted"] = "open"
    licence: str | None = None
    attribution: str | None = None
    source: Source | None = None
    legal: tuple[LegalReference, ...] = ()


class EvidenceType(Declared):
    """What proves a requirement, and which held dataset answers it so that nobody is asked for paper."""

    kind: Literal["EvidenceType"] = "EvidenceType"
    id: Identifier
    dataset: Identifier | None = None
    upload: bool = Field(default=True, description="A person may hand the paper in when no data answers.")
    max_age: IsoDuration | None = None
    legal: LegalReference | None = None


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
    required: bool = True
    when: str | None = None
    min: Decimal | date | None = None
    max: Decimal | date | None = None

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
    amount: Decimal = Field(ge=0, decimal_places=2, max_digits=14)
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
    requirements: tuple[Requirement, ...] = ()
    form: tuple[FormField, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    deadline: TotalDeadline | None = None
    cost: tuple[Cost, ...] = ()
    signature: Signature | None = None
    outputs: tuple[Output, ...] = ()
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
    bundle: bool = False
    icon: Identifier | None = None


AnyDeclared = Annotated[
    Jurisdiction | Region | PublicOrganisation | Post | LegalResource | CodeList | DataElement
    | EvidenceType | Dataset | PublicService | LifeEvent,
    Field(discriminator="kind"),
]  # fmt: skip

KINDS: dict[str, type[Declared]] = {
    model.__name__: model
    for model in (
        Jurisdiction, Region, PublicOrganisation, Post, LegalResource, CodeList, DataElement,
        EvidenceType, Dataset, PublicService, LifeEvent,
    )
}  # fmt: skip
