"""People I act for, and who acts for me."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid
from commonweal.core.identity import mandates
from commonweal.core.identity.models import Mandate
from commonweal.office.casework import representing
from commonweal.windows.look.http import person_of


@require_GET
def acting(request: HttpRequest) -> HttpResponse:
    """Both lists, what waits for an answer first."""
    actor = person_of(request)
    page = mandates.of(actor, request.GET.get("cursor"))
    rows = [_row(each) for each in page.rows]
    context = {
        "page": page,
        "for_others": [row for row in rows if row["mandate"].representative_id == actor.id],
        "for_me": [row for row in rows if row["mandate"].principal_id == actor.id],
        "may_ask": any("registry" in each.granted_by for each in representing.types().values()),
        "reference": actor.id,
    }
    return render(request, "counter/acting.html", context)


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Let somebody act for me: who, for what, until when."""
    actor = person_of(request)
    types = [each for each in representing.types().values() if "grant" in each.granted_by]
    services = sorted(declared.current().services_in_force(clock.now().date()), key=lambda each: each.id)
    context: dict[str, Any] = {
        "types": [(each.id, each.name) for each in types],
        "services": [(each.id, each.name) for each in services],
        "value": {"type": types[0].id if types else "", "services": []},
        "wrong": {},
    }
    if request.method == "GET":
        return render(request, "counter/give_mandate.html", context)
    typed = {part: request.POST.get(f"until.{part}", "").strip() for part in ("year", "month", "day")}
    chosen = request.POST.getlist("services")
    type = next((each for each in types if each.id == request.POST.get("type")), None)
    try:
        if type is None or not set(chosen) <= {each.id for each in services}:
            raise Invalid({"services": "Choose what this is for"})
        mandates.offer(
            actor, type, request.POST.get("representative", "").strip().upper(), services=chosen, until=_day(typed)
        )
    except Invalid as invalid:
        wrong = {name: _(sentence) for name, sentence in invalid.fields.items()}
        context |= {
            "wrong": wrong,
            "errors": [
                (f"{name}-first" if name in {"until", "services"} else name, told) for name, told in wrong.items()
            ],
            "value": {**request.POST.dict(), "services": chosen, "until": typed},
        }
        return render(request, "counter/give_mandate.html", context, status=422)
    messages.success(request, _("We asked them. It holds from when they accept."), "good")
    return redirect("acting")


@require_POST
def ask_registry(request: HttpRequest) -> HttpResponse:
    """Look into the departments' registers for whom I may act."""
    found = representing.ask_registers(person_of(request))
    if found:
        messages.success(request, _("The registers were asked. Those you may act for stand below."), "good")
    else:
        messages.info(request, _("The registers name nobody you act for. Ask the department to correct it."), "info")
    return redirect("acting")


@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Accept or decline to act for somebody."""
    mandates.answer(person_of(request), ref, accept=request.POST.get("answer") == "accept")
    return redirect("acting")


@require_POST
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """End a mandate, from either side."""
    mandates.end(person_of(request), ref)
    messages.success(request, _("It has ended. What was done until now stands."), "good")
    return redirect("acting")


def _row(mandate: Mandate) -> dict[str, Any]:
    """A mandate as both sides read it."""
    register = declared.current()
    type = representing.types().get(mandate.type)
    dataset = register.datasets.get(mandate.evidence)
    services = [register.services[each].name for each in mandate.services if each in register.services]
    return {
        "mandate": mandate,
        "name": type.name if type else mandate.type,
        "services": services,
        "source": dataset.name if dataset else "",
        "holds": mandates.in_force(mandate, clock.now()),
        "may_end": mandate.status in {Mandate.OFFERED, Mandate.GIVEN} and mandate.ground != "registry",
    }


def _target(name: str) -> str:
    return f"{name}-first" if name in {"until", "services"} else name


def _day(typed: dict[str, str]) -> date:
    """The day typed in three boxes. Raises Invalid."""
    try:
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    except ValueError:
        raise Invalid({"until": "Choose a day between tomorrow and the longest time allowed"}) from None
