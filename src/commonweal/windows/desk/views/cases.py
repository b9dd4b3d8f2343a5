"""One case: facts left, decision right, history below."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonweal.core.errors import NotAllowed, Refused, Stale
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions
from commonweal.office.casework import queries as casework
from commonweal.office.signing.checking import check
from commonweal.windows.desk import casepage, words
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show
from commonweal.windows.look.refusals import words as refusal_words

NOTE_LIMIT = 4000


@require_GET
@staff_only
def case(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """The case as it stands."""
    return _page(request, actor, ref)


def _page(
    request: HttpRequest, actor: Actor, ref: str, *, status: int = 200, stale: Stale | None = None, **more: Any
) -> HttpResponse:
    view = casework.case(actor, ref)
    if stale is not None:
        more |= casepage.overtaken(view, stale, more["typed"]["step"])
    due = [order for order in view.orders if order.status == "due"]
    context = {
        "case": view,
        "tasks": casepage.tasks(view),
        "steps": casepage.steps(view),
        "facts": casepage.facts(view),
        "evidence": casepage.evidence(view),
        "files": casepage.other_files(view),
        "askable": casepage.askable(view),
        "timeline": casepage.timeline(view),
        "outcome": words.outcome(view.outcome),
        "signed": casework.case_signatures(actor, ref),
        "payable": bool(due),
        "note_limit": NOTE_LIMIT,
        **more,
    }
    return show(request, actor, "case", "inbox", status=status, **context)


@require_POST
@staff_only
def act(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Decide one step. What was typed is kept whenever nothing could be done."""
    step, chosen = request.POST.get("step", "")[:80], request.POST.get("act", "")[:40]
    note = request.POST.get("note", "").replace("\r\n", "\n")[:NOTE_LIMIT]
    typed = {"step": step, "act": chosen, "note": note, "ask": request.POST.getlist("ask")[:100]}
    if chosen not in words.ACTS:
        return _page(request, actor, ref, status=422, typed=typed, wrong=_("Choose what you decide"))
    if chosen in words.NEEDS_NOTE and not note.strip():
        return _page(request, actor, ref, status=422, typed=typed, wrong=_why_needed(chosen))
    try:
        actions.act(actor, ref, step, chosen, note=note, revision=_revision(request), ask=tuple(typed["ask"]))
    except NotAllowed:
        raise
    except Stale as stale:
        return _page(request, actor, ref, status=409, typed=typed, stale=stale)
    except Refused as refused:
        return _page(request, actor, ref, status=refused.status, typed=typed, wrong=refusal_words(refused)[1])
    messages.success(request, _("Recorded: %(done)s.") % {"done": words.done(chosen)})
    return redirect("desk:case", ref)


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _why_needed(chosen: str) -> str:
    if chosen == "refuse":
        return _("Write why you refuse; the applicant reads it")
    return _("Write what the applicant has to do; they read it")


@require_POST
@staff_only
def take(request: HttpRequest, actor: Actor, ref: str, step: str) -> HttpResponse:
    """Take a step on, or put it back for colleagues."""
    (actions.put_back if request.POST.get("back") else actions.take)(actor, ref, step)
    return redirect("desk:case", ref)


@require_GET
@staff_only
def signatures(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Every signature of a case's application checked again from the document alone."""
    checked = check(casework.signed_document(actor, ref))
    return show(request, actor, "signatures", "inbox", case=ref, checked=checked)


@require_GET
@staff_only
def signed(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """The sealed document, for download only."""
    answer = HttpResponse(casework.signed_document(actor, ref), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{ref}-signed.pdf"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_GET
@staff_only
def attachment(request: HttpRequest, actor: Actor, ref: str, file: str) -> FileResponse:
    """A file of the case, for download only."""
    found = casework.attachment(actor, file)
    answer = FileResponse(found.open(), content_type=found.content_type, as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
