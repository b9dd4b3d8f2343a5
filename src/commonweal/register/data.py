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
    identifies: Literal["person"] | None = None
    """A national identifier: values are encrypted where they are kept, and found by their exact text alone."""
    concept: str | None = Field(default=None, description="IRI or term shared by elements of one meaning.")


class Column(Frozen):
    """A column of a dataset bound to the unified data standard."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    """Its heading."""
    element: DottedIdentifier
    """The fact it holds."""
    required: Flag = False
    """Whether every row has it."""
    held: Literal["lake", "linkage"] = "lake"
    """`linkage`: read while the dataset is linked to another, and never stored (names, addresses)."""


EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,79}$")]
"""The name of an environment variable; secrets stand there and never in a declaration."""


class Paging(Frozen):
    """How an HTTP interface cuts its rows into pages.

    `link`: each answer names the address of the next, at `path` or in its Link header. `number`: the query
    `parameter` counts from `first` until a page is empty. `cursor`: what stands at `path` is sent back as `parameter`.
    """

    by: Literal["link", "number", "cursor"]
    """Which of the three it is."""
    path: str | None = None
    """Where the answer says what comes next, with dots between keys (`meta.next`)."""
    parameter: str | None = None
    """The query parameter that asks for a page."""
    first: int = Field(default=1, ge=0, description="The number of the first page.")


class Source(Frozen):
    """Where a dataset's rows come from.

    `journal` reads a built-in projection of the record; `file` a path beside the declarations; `package` a file
    that an installed Python distribution ships (`package`, `path`); `register` a table held by a department; `sql`
    a `table` or `query` of the database whose address is in the environment variable `address`; `http` an interface
    that answers JSON or CSV.
    """

    type: Literal["journal", "file", "package", "register", "sql", "http"]
    """Which of the six it is."""
    path: str | None = None
    """The file, from the folder of declarations, of the package or of `folder` on."""
    folder: EnvironmentName | None = None
    """The environment variable that names the folder outside the declarations in which the file lies."""
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
        default=None,
        description="Turn columns into rows: `columns` (a pattern), `name` and `value` of the new ones. With groups "
        "`(?P<measure>…)` and `(?P<label>…)` in the pattern each measure stays a column and `value` is left out.",
    )
    without: dict[str, str] = Field(
        default_factory=dict,
        description="Column -> pattern: rows whose published value fits are none of this dataset's (totals, notes); "
        "they are counted and left out.",
    )
    strip: dict[str, str] = Field(
        default_factory=dict,
        description="Column -> pattern: text that is taken off published values (marks of footnotes).",
    )
    aggregate: dict[str, str] | None = Field(default=None, description="Column -> sum, mean, min, max, count.")
    encoding: str | None = None
    """Of a text file; UTF-8 where absent."""
    address: EnvironmentName | None = None
    """The environment variable that holds the database's address as SQLAlchemy writes it."""
    table: str | None = None
    """The table or view to read, with its schema before a dot where it has one."""
    query: str | None = None
    """A SELECT to read instead of a table."""
    url: str | None = None
    """The first address of an HTTP interface."""
    token: EnvironmentName | None = None
    """The environment variable that holds the bearer token for it."""
    format: Literal["json", "csv"] = "json"
    """What it answers."""
    rows: str | None = None
    """Where in a JSON answer the rows are, with dots between keys; found by itself where absent."""
    pages: Paging | None = None
    """How it cuts its rows into pages; one page where absent."""
    cursor: str | None = Field(
        default=None,
        description="Published column that only grows (a change time, a serial number): only rows from the last one "
        "on are fetched, and those with known keys replace the old.",
    )
    since: str | None = None
    """The query parameter by which an HTTP interface is asked for rows from a cursor on."""


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
    purpose: Identifier | None = Field(
        default=None,
        description="What persons' data is used for; pseudonyms are the same within a purpose and differ between two. "
        "The dataset's own where absent.",
    )
    noise: Decimal | None = Field(
        default=None,
        gt=0,
        le=20,
        description="Privacy budget (ε) for figures about single persons that are published with noise, for all of "
        "them together and for ever; none is published without it.",
    )
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
