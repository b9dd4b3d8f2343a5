"""Links: which rows of two datasets are about the same person or thing, where no common key says so."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commonweal.register.base import Declared, Flag, Frozen, Identifier, LegalReference, PostIdentifier

ColumnName = Annotated[str, Field(min_length=1, max_length=120)]
Columns = Annotated[tuple[ColumnName, ...], Field(min_length=1, max_length=6)]
"""One column, or several that make the value up together (given and family name; the lines of an address)."""


class Compared(Frozen):
    """What two rows are compared by: the same fact as either dataset holds it."""

    by: Literal["name", "birth-date", "address", "phone", "code"]
    """What kind of fact it is, and so what counts as nearly the same."""
    left: Columns
    """The column of the left dataset, or the columns that make it up."""
    right: Columns | None = None
    """The same in the right dataset; as on the left where absent."""

    @property
    def on_the_right(self) -> tuple[str, ...]:
        """The right dataset's columns."""
        return self.right or self.left


class Link(Declared):
    """Rows of two datasets, or of one, that are about the same person: found by comparing, decided where in doubt.

    What is compared is read under the law named and for the purpose named only, and is given to nobody but the
    reviewers; what leaves is a table of pairs of the datasets' keys.
    """

    kind: Literal["Link"] = "Link"
    id: Identifier
    left: Identifier
    """The dataset whose rows are linked."""
    right: Identifier | None = None
    """The dataset they are linked to; absent to find the rows of one dataset that are about the same person."""
    purpose: Identifier
    """What the link is made for."""
    compare: tuple[Compared, ...] = Field(min_length=2, max_length=12)
    """The facts that are compared."""
    one_to_one: Flag = Field(default=False, description="Either dataset has one row about a person at most.")
    precision: float = Field(default=0.99, gt=0.5, lt=1, description="Wanted share of right ones among the links.")
    review: float = Field(
        default=0.05, gt=0, lt=1, description="Pairs at least as probable as this are shown to a reviewer."
    )
    reviewers: PostIdentifier
    """The post that decides about pairs in doubt."""
    four_eyes: Flag = Field(default=False, description="A pair is decided when two reviewers say the same.")
    most_pairs: int = Field(
        default=20_000_000, ge=1, le=1_000_000_000, description="More candidate pairs than this are refused."
    )
    legal: tuple[LegalReference, ...] = Field(min_length=1)
    """The law under which the datasets may be linked; one of the articles permits `link`."""
