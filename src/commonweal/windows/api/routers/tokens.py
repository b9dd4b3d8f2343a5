"""Tokens: made with username and password, listed, revoked."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router
from ninja.responses import Status

from commonweal.windows.api import paging, queries
from commonweal.windows.api.access import caller
from commonweal.windows.api.actions import issue_token, revoke_token
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.schemas_tokens import TokenIn, TokenOut, TokenPage

router = Router(tags=["tokens"])


@router.post("/tokens", response={201: TokenOut}, auth=None, operation_id="createToken", summary="Make a token")
def create_token(request: HttpRequest, wish: TokenIn) -> Any:
    """Exchange username and password for a token. Five wrong tries, and even the right password waits."""
    token, secret = issue_token(
        request.META,
        wish.username,
        wish.password,
        scope=wish.scope,
        days=wish.days,
        label=wish.label,
        code=wish.code,
    )
    row = {name: getattr(token, name) for name in ("ref", "scope", "label", "created_at", "expires_at")}
    return Status(201, {**row, "token": secret})


@router.get("/tokens", response=TokenPage, operation_id="listTokens", summary="Your live tokens")
def list_tokens(request: HttpRequest, cursor: Cursor = None, limit: Limit = 20) -> Any:
    """Newest first, without their secrets."""
    return paging.shown(queries.my_tokens(caller(request).identity(), cursor, limit))


@router.delete("/tokens/{ref}", response={204: None}, operation_id="revokeToken", summary="Revoke a token")
def delete_token(request: HttpRequest, ref: Annotated[str, Path(max_length=40)]) -> Any:
    """End a token at once. Doing it twice is the same as once."""
    revoke_token(caller(request).identity(), ref)
    return Status(204, None)
