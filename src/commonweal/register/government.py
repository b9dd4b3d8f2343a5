"""Who governs where, and under which law: jurisdiction, regions, organisations, posts, acts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from commonweal.register.base import (
    Day,
    Declared,
    Effective,
    Flag,
    Frozen,
    Identifier,
    LanguageCode,
    Level,
    PostIdentifier,
    Text,
)


class Jurisdiction(Declared):
    """The government as a whole: its languages, money, calendar and look."""

    kind: Literal["Jurisdiction"] = "Jurisdiction"
    id: Identifier
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    timezone: str = "UTC"
    country_calendar: str | None = Field(default=None, description="ISO 3166 code understood by `holidays`.")
    closed_days: tuple[Day, ...] = ()
    working_days: tuple[Day, ...] = Field(default=(), description="Weekend days declared as worked.")
    weekend: tuple[int, ...] = Field(default=(5, 6), description="Weekdays off, Monday is 0.")
    crypto_suite: Literal["international", "sm"] = "international"
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#0b4f8a"
    contact: Text | None = None
    privacy: Text | None = None
    fictional: Flag = False


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
    supervises: Flag = Field(default=False, description="Receives what is escalated in its organisation.")


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
