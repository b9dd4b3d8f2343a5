"""The names, words and dates that every declaration is made of."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints

from commonweal.register import durations

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
IsoDuration = Annotated[str, StringConstraints(pattern=durations.PATTERN), AfterValidator(durations.check)]
"""ISO 8601 duration, for example `P3D`; days are working days where a service says so."""

ElementType = Literal[
    "string", "text", "integer", "decimal", "money", "boolean", "date", "year",
    "code", "region", "email", "phone", "file",
]  # fmt: skip
Level = Literal["province", "city", "county"]
Sensitivity = Literal["public", "internal", "personal", "sensitive"]
ChannelName = Literal["web", "mobile", "phone", "tv", "counter", "api"]
StepAct = Literal["accept", "approve", "refuse", "return", "request-information"]


def _iso_day(value: Any) -> Any:
    """Refuse what pydantic would otherwise read as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("a date is written 2025-01-31")
    if isinstance(value, int | float):
        raise ValueError("a date is written 2025-01-31")
    return value


Day = Annotated[date, BeforeValidator(_iso_day)]
"""A date in ISO 8601 extended form and no other."""
Flag = Annotated[bool, Field(strict=True)]
"""`true` or `false`; YAML 1.2 knows no `yes` and `no`."""
Assurance = Literal["low", "substantial", "high"]
"""How sure it must be who acts (Regulation (EU) 910/2014, article 8)."""
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")]
"""A language in lower case, as `en` or `zh-hans` (BCP 47)."""


class Frozen(BaseModel):
    """Base of every declared thing: immutable, strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


class Text(RootModel[dict[LanguageCode, str]]):
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

    from_: Day | None = Field(default=None, alias="from")
    """The first day."""
    to: Day | None = None
    """The last day."""

    def covers(self, day: date) -> bool:
        """Whether `day` lies within the period."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Declared(Frozen):
    """What every declaration has besides its own fields."""

    kind: str
    """Which of the kinds on this page it is."""
    id: str
    """Its name, unique within its kind; other declarations refer to it by this."""
    name: Text
    """What people call it."""
    description: Text | None = None
    """More words, where the name is not enough."""
    effective: Effective = Effective()
    """The days on which the declaration holds."""
