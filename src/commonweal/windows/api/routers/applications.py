"""Applying: start, answer, attach, submit, discard. What is not yours answers 404."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Header, Path, Router, UploadedFile
from ninja.errors import HttpError
from ninja.responses import Status

from commonweal.office.casework import actions, queries
from commonweal.windows.api import paging
from commonweal.windows.api.access import person
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.said import language
from commonweal.windows.api.schemas_applications import (
    AnswersIn,
    ApplicationOut,
    ApplicationPage,
    RefreshedOut,
    StartIn,
)
from commonweal.windows.api.schemas_cases import FileOut

router = Router(tags=["applications"])
Ref = Annotated[str, Path(max_length=40)]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=40, description="The ETag you read.")]


def revision_of(stated: int | None, if_match: str | None) -> int:
    """The revision a writer read, from the body or from If-Match. HttpError 428 for neither, 400 for nonsense."""
    if stated is not None:
        return stated
    if if_match is None:
        raise HttpError(428, "revision")
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise HttpError(400, "If-Match")
    return int(digits)


def _view(request: HttpRequest, response: HttpResponse, ref: str) -> Any:
    view = queries.application(person(request), ref)
    response["ETag"] = f'"{view.revision}"'
    return view


@router.get("/applications", response=ApplicationPage, operation_id="listApplications", summary="Your applications")
def list_applications(request: HttpRequest, cursor: Cursor = None, limit: Limit = 20) -> Any:
    """Newest first, drafts included."""
    return paging.shown(queries.my_applications(person(request), cursor, limit))


@router.post("/applications", response={201: ApplicationOut}, operation_id="startApplication", summary="Start one")
def start(request: HttpRequest, response: HttpResponse, wish: StartIn) -> Any:
    """Start a draft for a service, or for a life event that is applied for as one."""
    if (wish.service is None) == (wish.event is None):
        raise HttpError(422, "service-or-event")
    draft = actions.start(
        person(request),
        service=wish.service,
        event=wish.event,
        language=wish.language or language(),
        channel="api",
    )
    response["Location"] = f"/api/v1/applications/{draft.ref}"
    return Status(201, _view(request, response, draft.ref))


@router.get("/applications/{ref}", response=ApplicationOut, operation_id="getApplication", summary="One application")
def get_application(request: HttpRequest, response: HttpResponse, ref: Ref) -> Any:
    """What is asked, what was answered, what will be fetched instead, and the cases once it is submitted."""
    return _view(request, response, ref)


@router.patch("/applications/{ref}", response=ApplicationOut, operation_id="saveAnswers", summary="Save answers")
def save(request: HttpRequest, response: HttpResponse, ref: Ref, wish: AnswersIn, if_match: IfMatch = None) -> Any:
    """Save some answers. Those that fit are kept; the others are named with what to do about each."""
    revision = revision_of(wish.revision, if_match)
    actions.save(person(request), ref, wish.answers, revision=revision)
    return _view(request, response, ref)


@router.delete(
    "/applications/{ref}", response={204: None}, operation_id="discardApplication", summary="Discard a draft"
)
def discard(request: HttpRequest, ref: Ref) -> Any:
    """Discard a draft. A submitted application is withdrawn case by case instead."""
    actions.discard(person(request), ref)
    return Status(204, None)


@router.post(
    "/applications/{ref}/files", response={201: FileOut}, operation_id="attachFile", summary="Attach", url_name="attach"
)
def attach(
    request: HttpRequest,
    ref: Ref,
    key: Annotated[str, Form(max_length=120, description="A question of type file, or `evidence.<id>`.")],
    file: Annotated[UploadedFile, File(description="A PDF or a picture, up to 10 MB.")],
) -> Any:
    """Hand in a file. Its type is told by its content, never by its name."""
    actor = person(request)
    held = actions.attach(actor, ref, key, file)
    view = queries.application(actor, ref)
    return Status(201, next(each for each in view.attachments if each.ref == held.ref))


@router.get("/applications/{ref}/files/{file}", operation_id="getFile", summary="A file you handed in", response=None)
def get_file(request: HttpRequest, ref: Ref, file: Annotated[str, Path(max_length=40)]) -> Any:
    """The bytes, for download only."""
    return download(queries.attachment(person(request), file))


@router.delete(
    "/applications/{ref}/files/{file}", response={204: None}, operation_id="removeFile", summary="Remove a file"
)
def detach(request: HttpRequest, ref: Ref, file: Annotated[str, Path(max_length=40)]) -> Any:
    """Take a file back, while the application is a draft or something is asked of you."""
    actions.detach(person(request), ref, file)
    return Status(204, None)


@router.post("/applications/{ref}/refresh", response=RefreshedOut, operation_id="refreshApplication", summary="Renew")
def refresh(request: HttpRequest, response: HttpResponse, ref: Ref) -> Any:
    """Move a draft to the versions of its services now in force; answers that still fit are kept."""
    renewed = actions.refresh(person(request), ref)
    return {"application": _view(request, response, ref), "dropped": list(renewed.dropped)}


@router.post("/applications/{ref}/submit", response=ApplicationOut, operation_id="submitApplication", summary="Submit")
def submit(
    request: HttpRequest,
    response: HttpResponse,
    ref: Ref,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=80, description="Any new text.")],
) -> Any:
    """Submit. The same Idempotency-Key again gives the same application and opens no second case."""
    actions.submit(person(request), ref, token=key)
    return _view(request, response, ref)


def download(found: Any) -> FileResponse:
    """A file as an answer a browser will only ever save."""
    answer = FileResponse(found.open(), content_type=found.content_type, as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
