"""Pages over what the register holds in memory; rooms page their own rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from ninja import Query

from commonweal.core import pages
from commonweal.core.errors import Invalid
from commonweal.core.pages import Page

T = TypeVar("T")
Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before; absent for the first.")]
Limit = Annotated[int, Query(ge=1, le=100, description="Rows on a page.")]


def over(rows: Sequence[T], cursor: str | None, limit: int) -> Page[T]:
    """The page of `rows` (each with an `id`) that follows `cursor`. Raises Invalid for a cursor of another list."""
    ids = [row.id for row in rows]  # type: ignore[attr-defined]
    begin = 0
    if cursor:
        (last,) = pages.decode(cursor, 1)
        if last not in ids:
            raise Invalid({"cursor": "Start again from the first page"})
        begin = ids.index(last) + 1
    return pages.page(rows[begin : begin + limit + 1], limit, lambda row: (row.id,))  # type: ignore[attr-defined]


def shown(page: Page[Any]) -> dict[str, Any]:
    """A page as the API answers it."""
    return {"rows": list(page.rows), "next": page.next}
