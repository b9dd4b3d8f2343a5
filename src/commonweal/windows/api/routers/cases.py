"""After submitting: follow a case, answer what is asked, withdraw, pay. What is not yours answers 404."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from commonweal.office.casework import actions, queries
from commonweal.office.payments import queries as payments
from commonweal.windows.api import paging
from commonweal.windows.api.access import person
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.routers.applications import IfMatch, revision_of
from commonweal.windows.api.schemas_applications import BeginIn, Begun, ConfirmIn, SupplyIn, WithdrawIn
from commonweal.windows.api.schemas_cases import ApplicantCaseOut, HistoryPage, OrderOut, OutputOut

router = Router(tags=["cases"])
Ref = Annotated[str, Path(max_length=40)]


@router.get("/cases/{ref}", response=ApplicantCaseOut, operation_id="trackCase", summary="Track a case")
def track(request: HttpRequest, ref: Ref) -> Any:
    """Who has it, since when and until when; what is asked of you; what you pay and what was issued."""
    return queries.applicant_case(person(request), ref)


@router.get("/cases/{ref}/history", response=HistoryPage, operation_id="caseHistory", summary="Its history")
def history(request: HttpRequest, ref: Ref, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """Everything that happened to the case, newest first."""
    return paging.shown(queries.history(person(request), ref, cursor, limit))


@router.post("/cases/{ref}/supply", response=ApplicantCaseOut, operation_id="supplyCase", summary="Answer a request")
def supply(request: HttpRequest, ref: Ref, wish: SupplyIn, if_match: IfMatch = None) -> Any:
    """Give the answers that were asked for. The clock starts again."""
    revision = revision_of(wish.revision, if_match) if wish.revision is not None or if_match else None
    actor = person(request)
    actions.supply(actor, ref, answers=wish.answers, message=wish.message, revision=revision)
    return queries.applicant_case(actor, ref)


@router.post("/cases/{ref}/withdraw", response=ApplicantCaseOut, operation_id="withdrawCase", summary="Withdraw")
def withdraw(request: HttpRequest, ref: Ref, wish: WithdrawIn) -> Any:
    """End the case at your own wish."""
    actor = person(request)
    actions.withdraw(actor, ref, reason=wish.reason)
    return queries.applicant_case(actor, ref)


@router.get("/cases/{ref}/outputs/{output}", response=OutputOut, operation_id="getOutput", summary="What was issued")
def output(request: HttpRequest, ref: Ref, output: Annotated[str, Path(max_length=80)]) -> Any:
    """A licence or certificate with its number."""
    return queries.output(person(request), ref, output)


@router.get("/orders/{ref}", response=OrderOut, operation_id="getOrder", summary="Something to pay")
def order(request: HttpRequest, ref: Ref) -> Any:
    """An order with its lines."""
    return payments.order(person(request), ref)


@router.post("/orders/{ref}/payment", response=Begun, operation_id="beginPayment", summary="Begin to pay")
def begin(request: HttpRequest, ref: Ref, wish: BeginIn) -> Any:
    """Begin a payment: where to send the payer. On a demonstration the provider is `sandbox`."""
    return actions.begin_payment(person(request), ref, provider=wish.provider, return_url=wish.return_url)


@router.post("/orders/{ref}/payment/confirm", response=OrderOut, operation_id="confirmPayment", summary="Confirm it")
def confirm(request: HttpRequest, ref: Ref, wish: ConfirmIn) -> Any:
    """Hand over what the provider sent back. Twice is the same as once; the case moves on when it is paid."""
    return actions.settle_payment(person(request), ref, provider=wish.provider, payload=wish.payload)
