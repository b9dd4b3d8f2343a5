"""What became of it: my applications, who has it now, answering what is asked, withdrawing, what was issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonweal.core import clock
from commonweal.core.errors import NotAllowed
from commonweal.office.casework import actions, queries
from commonweal.office.casework.views import ApplicantCase, ApplicationView
from commonweal.office.signing import queries as signing
from commonweal.windows.counter import story
from commonweal.windows.counter.views.asking import address
from commonweal.windows.counter.walk import Walk
from commonweal.windows.look.http import person_of


@require_safe
def my_applications(request: HttpRequest) -> HttpResponse:
    """Everything this person has begun or sent, what needs them first said plainly."""
    actor = person_of(request)
    page = queries.my_applications(actor, request.GET.get("cursor"))
    return render(request, "counter/my_applications.html", {"page": page, "to_sign": signing.waiting(actor)})


@require_safe
def application(request: HttpRequest, ref: str) -> HttpResponse:
    """A draft goes on where it was left; a sent application shows who has it now."""
    actor = person_of(request)
    view = queries.application(actor, ref)
    signed = queries.signatures(actor, ref)
    if view.status == "draft":
        if signed is not None and signed.status in {"open", "signed"}:
            return redirect("signing", signed.ref)
        return _resume(request, view)
    if view.status == "discarded":
        return render(request, "counter/discarded.html", {"application": view})
    tracks = [
        {
            "case": case,
            "status": story.status(case),
            "steps": story.steps(case, view.answers, clock.now().date()),
            "timeline": story.timeline(case),
        }
        for case in view.cases
    ]
    context = {"application": view, "tracks": tracks, "now_with": story.now_with(view.cases), "signed": signed}
    return render(request, "counter/track.html", context)


def _resume(request: HttpRequest, view: ApplicationView) -> HttpResponse:
    walk = Walk.of(view)
    if view.newer_version:
        first = address(view.ref, walk.open[0] if walk.open else None)
        return render(request, "counter/newer_version.html", {"application": view, "go_on": first})
    return redirect(address(view.ref, walk.open[0] if walk.open else None))


def _case(view: ApplicationView, case_ref: str) -> ApplicantCase:
    case = next((each for each in view.cases if each.ref == case_ref), None)
    if case is None:
        raise NotAllowed("not-found", "There is no such case in this application")
    return case


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, ref: str, case_ref: str) -> HttpResponse:
    """Take a case back, after asking."""
    actor = person_of(request)
    case = _case(queries.application(actor, ref), case_ref)
    back = reverse("application", args=[ref])
    if request.method == "POST":
        actions.withdraw(actor, case_ref, reason=request.POST.get("reason", "")[:2000])
        messages.success(request, _("You have withdrawn it. The departments stop working on it."), extra_tags="good")
        return redirect(back)
    return render(request, "counter/withdraw.html", {"case": case, "back": back})


@require_safe
def certificate(request: HttpRequest, ref: str, case_ref: str, output: str) -> HttpResponse:
    """What was issued, to print."""
    actor = person_of(request)
    case = _case(queries.application(actor, ref), case_ref)
    found = next((each for each in case.outputs if each.output == output), None)
    if found is None:
        raise NotAllowed("not-found", "Nothing of that name was issued here")
    context = {"output": found, "case": case, "back": reverse("application", args=[ref])}
    return render(request, "counter/certificate.html", context)


@require_safe
def file(request: HttpRequest, ref: str, file: str) -> HttpResponseBase:
    """A file handed in: always a download, never shown inside the site."""
    actor = person_of(request)
    found = queries.attachment(actor, file)
    response = FileResponse(found.open(), as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
