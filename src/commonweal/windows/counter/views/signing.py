"""Reading a document, signing it, saying no; who has signed and who is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity import passkeys
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions
from commonweal.office.signing import actions as signing
from commonweal.office.signing import queries
from commonweal.office.signing.uploads import LARGEST
from commonweal.office.signing.views import RoundView
from commonweal.windows.look import passkey_forms
from commonweal.windows.look.http import person_of, require, signed_in
from commonweal.windows.look.refusals import words

FRESH = timedelta(minutes=15)
"""How long ago somebody may have shown who they are when they sign."""
CODES, STATE = "signing-codes", "signing-state"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every document one signs or signed, and where to type a code one was given."""
    return _listing(request)


def _listing(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    page = queries.mine(person_of(request), request.GET.get("cursor"))
    return render(request, "counter/signings.html", {"page": page, "error": error}, status=status)


@require_POST
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the place one was invited to."""
    try:
        round = signing.take_invitation(person_of(request), request.POST.get("code", "")[:60])
    except Refused as refused:
        return _listing(request, error=words(refused)[1], status=422)
    return redirect("signing", round.ref)


@require_POST
def begin(request: HttpRequest, ref: str) -> HttpResponse:
    """Make the document of a complete draft; pressed twice, it is made once."""
    actor = person_of(request)
    try:
        opened = actions.begin_signing(actor, ref)
    except Invalid:
        messages.warning(
            request, _("Something is still missing: answer it, then make the document."), extra_tags="warn"
        )
        return redirect("check", ref)
    if opened.codes:
        request.session[CODES] = {opened.round.ref: {str(number): code for number, code in opened.codes.items()}}
    return redirect("signing", opened.round.ref)


@never_cache
@require_safe
def document(request: HttpRequest, ref: str) -> HttpResponse:
    """The document as a page: what is signed, by whom, and what to do now."""
    actor = person_of(request)
    view = queries.round_view(actor, ref)
    codes = (request.session.pop(CODES, None) or {}).get(ref, {})
    context = {
        "round": view, "content": view.content, "mine": view.mine,
        "codes": [(place, codes[str(place.number)]) for place in view.places if str(place.number) in codes],
        "has_passkey": bool(passkeys.of(signed_in(request))),  # type: ignore[arg-type]
    }  # fmt: skip
    return render(request, "counter/signing.html", context)


@require_safe
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    """The PDF to be signed."""
    return _pdf(queries.document(person_of(request), ref), f"{ref}.pdf")


@require_safe
def sealed(request: HttpRequest, ref: str) -> HttpResponse:
    """The sealed PDF with every signature."""
    return _pdf(queries.sealed(person_of(request), ref), f"{ref}-signed.pdf")


@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, ref: str) -> HttpResponse:
    """Sign with a passkey, having shown just now who one is."""

    def finish(actor: Actor) -> None:
        here = passkey_forms.origin(request)
        state = request.session.pop(STATE, None)
        used = passkeys.finish(here, state, passkey_forms.posted(request), signed_in(request))
        actions.sign_with_passkey(actor, ref, used, host=here.host, address=here.address)

    if _turn(request, ref, "passkey") is not None:
        require(request, "high", FRESH)
    return _put(request, ref, "passkey", "counter/sign.html", finish)


@never_cache
@require_safe
def options(request: HttpRequest, ref: str) -> HttpResponse:
    """What the browser needs to sign: the challenge is the hash of the document."""
    challenge = signing.challenge(person_of(request), ref)
    wanted, state = passkeys.begin(passkey_forms.origin(request), signed_in(request), challenge=challenge)
    request.session[STATE] = state
    return JsonResponse(wanted)


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand in what was signed elsewhere."""

    def finish(actor: Actor) -> None:
        file = request.FILES.get("document")
        if file is None:
            raise Refused("no-file", "Choose a file")
        actions.sign_with_upload(actor, ref, file.read(LARGEST + 1))

    return _put(request, ref, "upload", "counter/sign_elsewhere.html", finish)


def _turn(request: HttpRequest, ref: str, method: str) -> RoundView | None:
    """The document, where it is one's turn to sign it by this means."""
    view = queries.round_view(person_of(request), ref)
    return view if view.mine is not None and view.mine.turn and method in view.accepts else None


def _put(request: HttpRequest, ref: str, method: str, page: str, finish: Callable[[Actor], None]) -> HttpResponse:
    """The page of one way to sign, and what becomes of what is sent from it."""
    view = _turn(request, ref, method)
    if view is None:
        return redirect("signing", ref)
    context: dict[str, Any] = {"round": view, "limit": LARGEST}
    if request.method == "GET":
        return render(request, page, context)
    try:
        finish(person_of(request))
    except NotAllowed:
        raise
    except Refused as refused:
        title, sentence = words(refused)
        return render(request, page, {**context, "error_title": title, "error": sentence}, status=422)
    return _thanks(request, ref)


def _thanks(request: HttpRequest, ref: str) -> HttpResponse:
    messages.success(request, _("You have signed. The record names the moment and the document."), extra_tags="good")
    return redirect("signing", ref)


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, ref: str) -> HttpResponse:
    """Say no, and why."""
    actor = person_of(request)
    view = queries.round_view(actor, ref)
    if view.mine is None or view.mine.status != "waiting" or view.status != "open":
        return redirect("signing", ref)
    context: dict[str, Any] = {"round": view, "reason": request.POST.get("reason", "")[:1000]}
    if request.method == "POST":
        try:
            signing.decline(actor, ref, context["reason"])
        except Invalid:
            return render(
                request, "counter/decline.html", {**context, "error": _("Say why, in a few words")}, status=422
            )
        messages.info(request, _("You have declined. Whoever asked you reads why."), extra_tags="info")
        return redirect("signing", ref)
    return render(request, "counter/decline.html", context)


@require_POST
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Take the document back; the draft can be changed and signed anew."""
    actor = person_of(request)
    round = signing.withdraw(actor, ref)
    messages.info(request, _("The document was taken back. Everybody who signs sees that."), extra_tags="info")
    return redirect("check", round.subject.removeprefix("application:"))


@require_POST
def invite(request: HttpRequest, ref: str) -> HttpResponse:
    """A new code for somebody who lost theirs."""
    given = request.POST.get("number", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    code = signing.renew_invitation(person_of(request), ref, number)
    request.session[CODES] = {ref: {str(number): code}}
    return redirect(reverse("signing", args=[ref]))


def _pdf(content: bytes, name: str) -> HttpResponse:
    """A download, never shown inside the site."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
