"""The desk for programs: inbox, case, act, search. Needs a staff token; what your seats do not reach answers 404."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions, queries
from commonweal.windows.api import paging
from commonweal.windows.api.access import staff
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.routers.applications import download
from commonweal.windows.api.schemas_applications import ActIn
from commonweal.windows.api.schemas_cases import CaseOut, CasePage, HistoryPage, TaskPage

router = Router(tags=["staff"])
Ref = Annotated[str, Path(max_length=40)]
Step = Annotated[str, Path(max_length=80)]


@router.get("/staff/inbox", response=TaskPage, operation_id="inbox", summary="What waits for you")
def inbox(
    request: HttpRequest,
    view: Literal["due", "mine", "overdue", "waiting", "done"] = "due",
    service: Annotated[str | None, Query(max_length=80)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """The steps your posts may work, what is due first on top."""
    page = queries.inbox(staff(request), view=view, service=service, cursor=cursor, limit=limit)
    return paging.shown(page)


@router.get("/staff/cases", response=CasePage, operation_id="searchCases", summary="Find a case")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200, description="A reference, or the applicant's name.")],
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Any:
    """Cases your seats reach, by reference or applicant."""
    return paging.shown(queries.search_cases(staff(request), q, cursor, limit))


def _case(response: HttpResponse, actor: Actor, ref: str) -> Any:
    view = queries.case(actor, ref)
    response["ETag"] = f'"{view.revision}"'
    return view


@router.get("/staff/cases/{ref}", response=CaseOut, operation_id="getCase", summary="A case")
def case(request: HttpRequest, response: HttpResponse, ref: Ref) -> Any:
    """The facts, the evidence with its source, every step with who has it, and what you may do now."""
    return _case(response, staff(request), ref)


@router.get("/staff/cases/{ref}/history", response=HistoryPage, operation_id="staffCaseHistory", summary="Its history")
def history(request: HttpRequest, ref: Ref, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """Everything that happened to the case, newest first."""
    return paging.shown(queries.history(staff(request), ref, cursor, limit))


@router.get("/staff/cases/{ref}/files/{file}", operation_id="staffFile", summary="A file of a case", response=None)
def file(request: HttpRequest, ref: Ref, file: Annotated[str, Path(max_length=40)]) -> Any:
    """The bytes of a file handed in, for download only."""
    return download(queries.attachment(staff(request), file))


@router.post("/staff/cases/{ref}/acts", response=CaseOut, operation_id="act", summary="Act on a step")
def act(request: HttpRequest, response: HttpResponse, ref: Ref, wish: ActIn) -> Any:
    """Accept, approve, refuse, return or request information. If somebody acted first nothing is done: 412."""
    actor = staff(request)
    actions.act(actor, ref, wish.step, wish.act, note=wish.note, revision=wish.revision, ask=tuple(wish.ask))
    return _case(response, actor, ref)


@router.put("/staff/cases/{ref}/steps/{step}/mine", response=CaseOut, operation_id="takeStep", summary="Take a step")
def take(request: HttpRequest, response: HttpResponse, ref: Ref, step: Step) -> Any:
    """Mark a step as yours, so that colleagues see who has it."""
    actor = staff(request)
    actions.take(actor, ref, step)
    return _case(response, actor, ref)


@router.delete("/staff/cases/{ref}/steps/{step}/mine", response=CaseOut, operation_id="putBackStep", summary="Put back")
def put_back(request: HttpRequest, response: HttpResponse, ref: Ref, step: Step) -> Any:
    """Give a step back to the post."""
    actor = staff(request)
    actions.put_back(actor, ref, step)
    return _case(response, actor, ref)


@router.get("/staff/people/{ref}/cases", response=CasePage, operation_id="personCases", summary="A person's cases")
def person_cases(request: HttpRequest, ref: Ref, cursor: Cursor = None, limit: Limit = 20) -> Any:
    """The cases of one person that your seats reach."""
    return paging.shown(queries.person_cases(staff(request), ref, cursor, limit))
