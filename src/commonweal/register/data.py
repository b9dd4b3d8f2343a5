"""The unified data standard: code lists, data elements, datasets and what proves a requirement."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from commonweal.register.base import (
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
    Sensitivity,
    Text,
)


class Code(Frozen):
    """One value of a code list."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    """The value as it is stored."""
    name: Text
    """The value as it is read."""
    broader: str | None = None
    """The code it is a part of."""
    effective: Effective = Effective()
    """The days on which it may be chosen."""


class CodeList(Declared):
    """A closed list of values that every department writes the same way."""

    kind: Literal["CodeList"] = "CodeList"
    id: Identifier
    codes: tuple[Code, ...] = Field(min_length=1)
    """Its values, in the order in which they are offered."""


class DataElement(Declared):
    """One fact, declared once: every form, dataset and exchange that needs it binds to this."""

    kind: Literal["DataElement"] = "DataElement"
    id: DottedIdentifier
    type: ElementType
    """What kind of value it is."""
    question: Text | None = Field(default=None, description="How a person is asked; the name where absent.")
    hint: Text | None = None
    """Help below the question."""
    example: str | None = None
    """A value as one would write it."""
    pattern: str | None = None
    """Regular expression that the whole answer fits."""
    unit: str | None = None
    """Unit of a number."""
    codelist: Identifier | None = None
    """The values to choose from, for the type `code`."""
    min: Decimal | Day | None = None
    """The least number or the first date allowed."""
    max: Decimal | Day | None = None
    """The greatest number or the last date allowed."""
    max_length: int | None = Field(default=None, ge=1)
    """Most characters allowed."""
    sensitivity: Sensitivity = "internal"
    """Who may see it at all."""
    concept: str | None = Field(default=None, description="IRI or term shared by elements of one meaning.")


class Column(Frozen):
    """A column of a dataset bound to the unified data standard."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    """Its heading."""
    element: DottedIdentifier
    """The fact it holds."""
    required: Flag = False
    """Whether every row has it."""


class Source(Frozen):
    """Where a dataset's rows come from.

    `journal` reads a built-in projection of the record; `file` a path beside the declarations; `package` a file
    that an installed Python distribution ships (`package`, `path`); `register` a table held by a department.
    """

    type: Literal["journal", "file", "package", "register"]
    """Which of the four it is."""
    path: str | None = None
    """The file, from the folder of declarations or of the package on."""
    package: str | None = None
    """The Python distribution that ships the file."""
    projection: str | None = None
    """Which projection of the record."""
    rename: dict[str, str] = Field(default_factory=dict, description="Published header -> column name.")
    recode: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Column -> published value -> the standard's value."
    )
    header: Flag = True
    """Whether the file begins with headings."""
    melt: dict[str, str] | None = Field(
        default=None, description="Turn columns into rows: `columns` (a pattern), `name` and `value` of the new ones."
    )
    aggregate: dict[str, str] | None = Field(default=None, description="Column -> sum, mean, min, max, count.")
    encoding: str | None = None
    """Of a text file; UTF-8 where absent."""


class Dataset(Declared):
    """A table somebody answers for: publisher, columns, keys, rhythm, access, licence and source."""

    kind: Literal["Dataset"] = "Dataset"
    id: Identifier
    publisher: Identifier
    """The organisation that answers for it."""
    columns: tuple[Column, ...] = Field(min_length=1)
    """What a row holds."""
    keys: tuple[str, ...] = Field(min_length=1)
    """The columns that tell rows apart."""
    region: str | None = Field(default=None, description="The column that says where.")
    period: str | None = Field(default=None, description="The column that says when.")
    grain: Literal["person", "business", "case", "region", "premises", "vehicle", "other"] = "other"
    """What a row is about."""
    subject: str | None = Field(default=None, description="Column holding the person a row is about.")
    rhythm: Literal["once", "daily", "weekly", "monthly", "yearly", "continuous"] = "yearly"
    """How often it is renewed."""
    access: Literal["open", "shared", "restricted"] = "open"
    """Who may read it."""
    licence: str | None = None
    """Under which it may be used."""
    attribution: str | None = None
    """Whom to name when using it."""
    source: Source | None = None
    """Where its rows come from."""
    legal: tuple[LegalReference, ...] = ()
    """The law under which it is kept and shared."""


class EvidenceType(Declared):
    """What proves a requirement, and which held dataset answers it so that nobody is asked for paper."""

    kind: Literal["EvidenceType"] = "EvidenceType"
    id: Identifier
    dataset: Identifier | None = None
    """The dataset that answers it, so that nobody is asked for paper."""
    upload: Flag = Field(default=True, description="A person may hand the paper in when no data answers.")
    max_age: IsoDuration | None = None
    """How old the evidence may be."""
    legal: LegalReference | None = None
    """The law under which it may be asked for."""
