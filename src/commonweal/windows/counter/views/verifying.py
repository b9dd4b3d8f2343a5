"""Checking a certificate somebody was handed. Nothing of it is kept: no row, no file, no line of log."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commonweal.core.errors import NotAllowed, Refused
from commonweal.office.certificates import credentials, sealing, verifying
from commonweal.office.certificates.looking import LIMIT
from commonweal.office.certificates.statuslist import LIVES
from commonweal.office.certificates.views import Verdict
from commonweal.windows.counter import verdicts

TEXT_LIMIT = 250_000


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a file, a text or a number, and say what it is worth."""
    if request.method == "GET":
        return _page(request)
    typed = {name: request.POST.get(name, "")[:200] for name in ("number", "fact")}
    upload, text = request.FILES.get("file"), request.POST.get("text", "").strip()
    if upload is not None and upload.size is not None and upload.size > LIMIT:
        return _page(request, wrong=_("This file is too large: up to 10 MB can be checked."), status=422, typed=typed)
    if upload is not None and upload.size:
        return _page(request, verifying.judge(upload.read(LIMIT), number=typed["number"]), typed=typed)
    if text:
        return _page(request, verifying.judge(text[:TEXT_LIMIT].encode(), number=typed["number"]), typed=typed)
    if typed["number"].strip() and typed["fact"].strip():
        try:
            return _page(request, verifying.by_number(typed["number"], typed["fact"]), typed=typed)
        except Refused:
            tried = _(
                "This number was tried too often. Try again in a quarter of an hour, or check the file or the code."
            )
            return _page(request, wrong=tried, status=429, typed=typed)
    if typed["number"].strip():
        wrong = _("Type the holder's name or the day of issue as well, so that nobody can try out numbers.")
        return _page(request, wrong=wrong, status=422, typed=typed)
    return _page(request, wrong=_("Choose a file, paste a text, or type a number."), status=422)


@never_cache
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """The page a phone's camera opens from the code on the paper."""
    return _page(request, verifying.judge(f"/V/{code}".encode()[:TEXT_LIMIT]))


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """The keys credentials are checked with, where wallets look for them (draft-ietf-oauth-sd-jwt-vc, section 5)."""
    response = JsonResponse({"issuer": sealing.issuer(), "jwks": sealing.jwks()})
    return _public(response)


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """One published status list (draft-ietf-oauth-status-list, section 8)."""
    token = credentials.status_token(number)
    if token is None:
        raise NotAllowed("not-found", "There is no such list")
    return _public(HttpResponse(token, content_type="application/statuslist+jwt"))


def _public(response: HttpResponse) -> HttpResponse:
    """To be read by programs of other sites and kept by caches for a while."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={LIVES // 12}"
    return response


def _page(
    request: HttpRequest,
    verdict: Verdict | None = None,
    *,
    wrong: str = "",
    status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    said = None
    if verdict is not None:
        said = {
            "kind": verdicts.kind(verdict), "title": verdicts.title(verdict), "sentence": verdicts.sentence(verdict),
            "reasons": verdicts.reasons(verdict), "verdict": verdict,
        }  # fmt: skip
    context = {"said": said, "wrong": wrong, "typed": typed or {}, "limit": LIMIT}
    return render(request, "counter/verify.html", context, status=status)
