"""Who governs where, and under which law: jurisdiction, regions, organisations, posts, acts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from commonweal.register.base import (
    Assurance,
    Day,
    Declared,
    Effective,
    Flag,
    Frozen,
    Identifier,
    IsoDuration,
    LanguageCode,
    Level,
    PostIdentifier,
    Text,
)


class MandateType(Frozen):
    """One way of acting for another: a parent for a child, a director for a company, a carer for a person."""

    id: Identifier
    name: Text
    """What the one who acts is called."""
    principal: Literal["person", "company"] = "person"
    """Whom it is for."""
    acts: tuple[Literal["see", "apply", "pay", "sign"], ...] = ("see", "apply", "pay")
    """What it lets them do, at most."""
    services: tuple[Identifier, ...] = ()
    """For which services; all of them when empty."""
    granted_by: tuple[Literal["registry", "grant", "entry"], ...] = ("grant",)
    """Who may give it: a department's register, the person themself, an official."""
    dataset: Identifier | None = None
    """The register that says so, held about the one who acts."""
    field: Identifier | None = Field(default=None, description="Its fact with the references of those acted for.")
    post: PostIdentifier | None = None
    """The post that may enter it."""
    longest: IsoDuration = "P2Y"
    """The longest it is given for; a register's evidence lasts as long as the register says so."""
    until_age: int | None = Field(default=None, ge=0, le=130)
    """The age of the represented at which it ends by itself."""


class Jurisdiction(Declared):
    """The government as a whole: its languages, money, calendar and look."""

    kind: Literal["Jurisdiction"] = "Jurisdiction"
    id: Identifier
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    """Every text is given in each of these; the first is used where a person has chosen none."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    """ISO 4217 code of the money fees are in."""
    timezone: str = "UTC"
    """IANA name; days begin and end in it."""
    country_calendar: str | None = Field(default=None, description="ISO 3166 code understood by `holidays`.")
    closed_days: tuple[Day, ...] = ()
    """Days on which offices are closed besides weekends and public holidays."""
    working_days: tuple[Day, ...] = Field(default=(), description="Weekend days declared as worked.")
    weekend: tuple[int, ...] = Field(default=(5, 6), description="Weekdays off, Monday is 0.")
    """Weekdays off; Monday is 0."""
    crypto_suite: Literal["international", "sm"] = "international"
    """Which algorithms seal and sign: `sm` is SM2, SM3 and SM4."""
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#0b4f8a"
    """Colour of the pages; white words on it need a contrast of 4.5."""
    contact: Text | None = None
    """How to reach somebody, shown on every page."""
    privacy: Text | None = None
    """What is done with personal data, shown on every page."""
    staff_assurance: Assurance = "substantial"
    """How sure it must be that an official is who they say, before they see the desk."""
    mandates: tuple[MandateType, ...] = ()
    """The ways in which one person may act for another."""
    fictional: Flag = False
    """Says on every page that the place is made up."""


class Region(Declared):
    """A place with a government of its own; regions form one tree."""

    kind: Literal["Region"] = "Region"
    id: Identifier
    level: Level
    """Its level of government."""
    parent: Identifier | None = None
    """The region it lies in."""
    population: int | None = Field(default=None, ge=0)
    """How many people live there."""
    group: Identifier | None = Field(default=None, description="Regions compared together, e.g. `highlands`.")


class PublicOrganisation(Declared):
    """A department. Without `region` it has a branch in every region of its level."""

    kind: Literal["PublicOrganisation"] = "PublicOrganisation"
    id: Identifier
    level: Level
    """The level it works at."""
    region: Identifier | None = None
    """Where it is, when it is in one place only."""
    parent: Identifier | None = None
    """The organisation above it."""
    contact: Text | None = None
    """How to reach it."""
    functions: tuple[Identifier, ...] = ()
    """What it is for, in the words of its founding act."""


class Post(Declared):
    """A staff role in an organisation (`organisation/role`), with its established seats in each branch."""

    kind: Literal["Post"] = "Post"
    id: PostIdentifier
    organisation: Identifier
    """Whose post it is; its id begins with the same name."""
    competences: tuple[Identifier, ...] = ()
    """What the holder must know."""
    seats: int = Field(default=1, ge=0)
    """How many people hold it in each branch; 0 means that nobody does."""
    supervises: Flag = Field(default=False, description="Receives what is escalated in its organisation.")


class Article(Frozen):
    """One article of an act, and what it permits."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")]
    """Its number."""
    text: Text | None = None
    """What it says."""
    permits: tuple[Literal["collect", "share", "fee", "decide", "publish", "link"], ...] = ()
    """What may be done under it."""
    effective: Effective = Effective()
    """The days on which the article holds."""


class LegalResource(Declared):
    """An act in force between two dates."""

    kind: Literal["LegalResource"] = "LegalResource"
    id: Identifier
    articles: tuple[Article, ...] = ()
    """Its articles, as far as declarations refer to them."""
    source: str | None = None
    """Where the law is published."""

    def article(self, article_id: str) -> Article | None:
        """The article of that number, or None."""
        return next((a for a in self.articles if a.id == article_id), None)
