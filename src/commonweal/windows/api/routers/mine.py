"""What is about you: receipts with their proof, who used your data, what departments hold."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from commonweal.core.errors import NotAllowed
from commonweal.core.journal import queries as journal
from commonweal.core.journal.canonical import to_cloudevent
from commonweal.office.casework import queries as casework
from commonweal.office.exchange import queries as exchange
from commonweal.windows.api import paging
from commonweal.windows.api.access import person
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.schemas_mine import HeldPage, ReceiptOut, UsagePage

router = Router(tags=["mine"])


@router.get("/applications/{ref}/receipt", response=ReceiptOut, operation_id="getReceipt", summary="Receipt and proof")
def receipt(request: HttpRequest, ref: Annotated[str, Path(max_length=40)]) -> Any:
    """That your application is in the record, provable without trusting this server."""
    view = casework.application(person(request), ref)
    if view.event_id is None:
        raise NotAllowed("no-receipt", "This application has not been submitted")
    proof = journal.proof(view.event_id)
    return {
        "application": view.ref,
        "submitted": view.submitted,
        "event": to_cloudevent(journal.event(view.event_id)),
        "proof": proof.to_json() if proof else None,
    }


@router.get("/my-data/usage", response=UsagePage, operation_id="whoUsedMyData", summary="Who used your data")
def usage(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """Every use of your data: who, when, what for, under which article. Newest first."""
    actor = person(request)
    return paging.shown(exchange.usage(actor, actor.id, cursor, limit))


@router.get("/my-data/held", response=HeldPage, operation_id="heldAboutMe", summary="What is held about you")
def held(request: HttpRequest, cursor: Cursor = None, limit: Limit = 20) -> Any:
    """What departments hold about you and would answer instead of asking you."""
    actor = person(request)
    return paging.shown(exchange.held_for(actor, actor.id, cursor, limit))
