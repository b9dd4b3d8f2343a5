"""What could not be done, as a page in the reader's language: what happened, what was kept, what to do next."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.windows.look import keeping
from commonweal.windows.look import words as said
from commonweal.windows.look.context import STATIC
from commonweal.windows.look.sentences import SENTENCES

log = logging.getLogger(__name__)


def words(refused: Refused) -> tuple[str, str]:
    """The title and the sentence of a refusal in the reader's language; the room's own message where none is known."""
    fallback = (
        "not-found" if isinstance(refused, NotAllowed)
        else "invalid" if isinstance(refused, Invalid)
        else "stale" if isinstance(refused, Stale)
        else "refused"
    )  # fmt: skip
    code = "not-found" if isinstance(refused, NotAllowed) else refused.code
    known = code in SENTENCES
    title, sentence = SENTENCES[code if known else fallback]
    try:
        return _(title), _(sentence) % _shown(refused.params)
    except (KeyError, ValueError, TypeError):
        return _(title), refused.message


def _shown(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters as a reader reads them: moments and days in their language."""
    return {key: said.moment(value) if hasattr(value, "year") else value for key, value in params.items()}


def wants_json(request: HttpRequest) -> bool:
    """Whether a program is asking."""
    return request.path.startswith("/api/")


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page (or, under /api, the JSON) of a refusal, with its status."""
    title, sentence = words(refused)
    if wants_json(request):
        fields = refused.fields if isinstance(refused, Invalid) else {}
        body = {"code": refused.code, "title": title, "detail": sentence, "fields": fields}
        return JsonResponse(body, status=refused.status)
    return sorry(
        request, title, sentence, status=refused.status,
        fields=refused.fields if isinstance(refused, Invalid) else {},
        again=_again(request, refused),
    )  # fmt: skip


def _again(request: HttpRequest, refused: Refused) -> str:
    """The address at which to look at things as they are now, or nothing."""
    if isinstance(refused, Stale):
        return request.path
    found = re.match(r"/applications/[^/]+", request.path)
    return found.group() if found and not isinstance(refused, NotAllowed) else ""


def sorry(request: HttpRequest, title: str, sentence: str, *, status: int, **more: Any) -> HttpResponse:
    """A plain page that says what happened and what to do. `again`: address to look at it afresh."""
    return render(request, "look/sorry.html", {"title": title, "sentence": sentence, **more}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing at this address."""
    return refusal(request, NotAllowed("not-found", "There is nothing at this address"))


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Needs neither database nor session, and shows no trace."""
    if wants_json(request):
        return JsonResponse({"code": "broken", "title": _("Something broke on our side")}, status=500)
    context = {**STATIC, "language": get_language() or "en"}
    return HttpResponse(render_to_string("look/broken.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits (signed in again elsewhere). What was typed on our own page is kept."""
    log.info("form token refused at %s: %s", request.path, reason)
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and keeping.keep_in_session(request):
        return sorry(
            request, _("This page had been open too long"),
            _("Nothing was sent. We kept what you typed: open the page again, check it, and send it."),
            status=403, again=request.path,
        )  # fmt: skip
    sentence = _("Nothing was sent. Open the page again and repeat what you did.")
    return sorry(request, _("This page had been open too long"), sentence, status=403, again=request.path)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """A body larger than any file taken here."""
    title = _("This file is too large")
    sentence = _("A file may have up to %(limit)s. Choose a smaller one. Your answers so far are saved.") % {
        "limit": said.size(limit)
    }
    if wants_json(request):
        return JsonResponse({"code": "too-large", "title": title, "detail": sentence}, status=413)
    return sorry(request, title, sentence, status=413, again=request.path)
