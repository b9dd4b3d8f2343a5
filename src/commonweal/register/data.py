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
    min: Decimal | Day | None = None
    max: Decimal | Day | None = None
    max_length: int | None = Field(default=None, ge=1)
    sensitivity: Sensitivity = "internal"
    concept: str | None = Field(default=None, description="IRI or term shared by elements of one meaning.")


class Column(Frozen):
    """A column of a dataset bound to the unified data standard."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    element: DottedIdentifier
    required: Flag = False


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
    recode: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Column -> published value -> the standard's value."
    )
    header: Flag = True
    melt: dict[str, str] | None = Field(
        default=None, description="Turn columns into rows: `columns` (a pattern), `name` and `value` of the new ones."
    )
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
    upload: Flag = Field(default=True, description="A person may hand the paper in when no data answers.")
    max_age: IsoDuration | None = None
    legal: LegalReference | None = None
