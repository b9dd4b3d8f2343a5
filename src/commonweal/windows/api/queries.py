"""Reads of tokens."""

from __future__ import annotations

from commonweal.core import clock, pages
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.windows.api.models import ApiToken


def my_tokens(actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[ApiToken]:
    """The actor's live tokens, newest first. Raises Invalid for a cursor that is not one."""
    rows = ApiToken.objects.filter(person__ref=actor.id, revoked_at=None, expires_at__gt=clock.now()).order_by("-id")
    if cursor:
        (last,) = pages.decode(cursor, 1)
        if not isinstance(last, int) or isinstance(last, bool) or abs(last) >= 2**63:
            raise Invalid({"cursor": "Start again from the first page"})
        rows = rows.filter(id__lt=last)
    return pages.page(list(rows[: limit + 1]), limit, lambda token: (token.id,))
