"""Checking the answers, sending them once, and the receipt with its proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.journal import queries as journal
from commonweal.office.casework import actions, queries
from commonweal.office.casework.views import ApplicationView
from commonweal.windows.counter.proofs import proof_of
from commonweal.windows.counter.views.asking import CHECK, address
from commonweal.windows.counter.walk import Stop, Walk
from commonweal.windows.look.http import person_of


@require_safe
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """Every answer with a link to change it; what will be fetched and from whom; what it will cost."""
    view = queries.application(person_of(request), ref)
    if view.status != "draft":
        return redirect("application", ref)
    return _show(request, view)


def _show(request: HttpRequest, view: ApplicationView, *, status: int = 200, **more: Any) -> HttpResponse:
    walk = Walk.of(view)
    fees = [fee for fee in view.fees if fee.applies is not False]
    context = {
        "application": view,
        "rows": [_row(view, fact) for fact in view.check if fact.type != "file"] + _files(view),
        "open": walk.open,
        "first_open": address(view.ref, walk.open[0], CHECK) if walk.open else "",
        "back": address(view.ref, walk.stops[-1]) if walk.stops else "",
        "fees": fees,
        "total": sum(fee.amount for fee in fees if fee.applies),
        "signature": queries.signature_wanted(view),
        "signing": queries.signatures(person_of(request), view.ref),
        "failed": [state.requirement for state in view.eligibility if state.holds is False],
        **more,
    }
    return render(request, "counter/check.html", context, status=status)


def _row(view: ApplicationView, fact: Any) -> dict[str, Any]:
    href = "" if fact.source else address(view.ref, Stop("question", fact.key), CHECK)
    note = fact.source_name
    return {"label": fact.label, "shown": fact.shown, "href": href, "note": note}


def _files(view: ApplicationView) -> list[dict[str, Any]]:
    rows = [
        {
            "label": question.label,
            "shown": ", ".join(each.name for each in view.attachments if each.key == question.key),
            "href": address(view.ref, Stop("question", question.key), CHECK),
        }
        for question in view.questions
        if question.type == "file"
    ]
    return rows + [
        {
            "label": paper.name,
            "shown": ", ".join(each.name for each in paper.given),
            "href": address(view.ref, Stop("paper", paper.requirement), CHECK),
        }
        for paper in view.papers
    ]


@require_POST
def submit(request: HttpRequest, ref: str) -> HttpResponse:
    """Send it. Pressed twice, it is sent once; what is missing is named with a link to it."""
    actor = person_of(request)
    try:
        actions.submit(actor, ref, token=request.POST.get("token", "")[:100])
    except NotAllowed:
        raise
    except Invalid as invalid:
        view = queries.application(actor, ref)
        return _show(request, view, status=422, errors=_missing(view, invalid))
    except Refused as refused:
        view = queries.application(actor, ref)
        if view.status != "draft" or refused.code != "not-eligible":
            raise
        return _show(request, view, status=409)
    return redirect("receipt", ref)


def _missing(view: ApplicationView, invalid: Invalid) -> list[tuple[str, Any, str]]:
    """What keeps it from being sent: where to mend that (empty where one cannot), its name, the sentence."""
    walk = Walk.of(view)
    names: dict[str, Any] = {question.key: question.label for question in view.questions}
    names |= {
        f"evidence.{requirement.id}": requirement.name
        for bundle in view.bundles
        for requirement in bundle.service.requirements
        if requirement.evidence_any
    }
    found = []
    for key, sentence in invalid.fields.items():
        paper = key.removeprefix("evidence.")
        stop = Stop("paper", paper) if key.startswith("evidence.") else Stop("question", key)
        href = address(view.ref, stop, CHECK) if walk.place(stop) else ""
        found.append((href, names.get(key) or key, sentence))
    return found


@require_safe
def receipt(request: HttpRequest, ref: str) -> HttpResponse:
    """The reference, what happens next and by when, and the proof that it stands in the record."""
    view = queries.application(person_of(request), ref)
    if view.status != "submitted":
        return redirect("application", ref)
    proof = proof_of(view.event_id)
    return render(request, "counter/receipt.html", {"application": view, "proof": proof})


@require_safe
def proof(request: HttpRequest, ref: str) -> HttpResponse:
    """The proof as JSON, for anybody who wants to recompute it."""
    view = queries.application(person_of(request), ref)
    body = journal.receipt(view.event_id) if view.event_id else None
    if body is None:
        raise Refused("not-sequenced", "The record has not placed this event yet")
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{ref}-proof.json"'
    return response


@require_POST
def refresh(request: HttpRequest, ref: str) -> HttpResponse:
    """Move a draft to the rules now in force; say which answers no longer fit."""
    actor = person_of(request)
    refreshed = actions.refresh(actor, ref)
    if refreshed.dropped:
        messages.warning(
            request,
            _("You are now on the new version. Some questions have changed: please answer them again."),
            extra_tags="warn",
        )
    else:
        messages.success(request, _("You are now on the new version. All your answers were kept."), extra_tags="good")
    return redirect("application", ref)


def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    actor = person_of(request)
    view = queries.application(actor, ref)
    if view.status != "draft":
        return redirect("application", ref)
    if request.method == "POST":
        actions.discard(actor, ref)
        messages.success(request, _("The draft %(ref)s was thrown away.") % {"ref": ref}, extra_tags="good")
        return redirect("applications")
    return render(request, "counter/discard.html", {"application": view, "back": reverse("application", args=[ref])})
