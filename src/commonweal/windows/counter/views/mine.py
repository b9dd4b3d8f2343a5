"""My data: what departments hold about me, and who used it, from the record itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonweal.core.declared import queries as declared
from commonweal.office.exchange import queries as exchange
from commonweal.office.exchange.views import HeldRow, UsageRow
from commonweal.register import Register
from commonweal.windows.look import words
from commonweal.windows.look.http import person_of


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What departments hold about whoever is signed in."""
    actor = person_of(request)
    register = declared.current()
    page = exchange.held_for(actor, actor.id, request.GET.get("cursor"))
    return render(
        request, "counter/my_data.html", {"page": page, "records": [_record(register, row) for row in page.rows]}
    )


def _record(register: Register, row: HeldRow) -> dict[str, Any]:
    dataset = register.datasets.get(row.dataset)
    organisation = register.organisations.get(row.provider)
    return {
        "name": dataset.name if dataset else row.dataset,
        "holder": organisation.name if organisation else row.provider,
        "since": row.recorded_at,
        "until": row.valid_until,
        "rows": [
            {"label": _label(register, key), "shown": _value(register, key, value)} for key, value in row.facts.items()
        ],
    }


def _label(register: Register, key: str) -> Any:
    element = register.elements.get(key)
    return element.name if element else key


def _value(register: Register, key: str, value: Any) -> str:
    """A held value as its reader writes it: codes by name, days and money in the language."""
    language = get_language() or "en"
    element = register.elements.get(key)
    kind = element.type if element else "string"
    if value in (None, ""):
        return ""
    if kind == "region" and value in register.regions:
        return register.regions[value].name.say(language)
    if kind == "code" and element and element.codelist and element.codelist in register.codelists:
        names = {code.code: code.name for code in register.codelists[element.codelist].codes}
        return names[value].say(language) if value in names else str(value)
    if kind == "boolean":
        return _("Yes") if value in (True, "true") else _("No")
    if kind == "date":
        return words.day(value)
    if kind == "money":
        return words.money(value)
    unit = f" {element.unit}" if element and element.unit else ""
    return f"{words.number(value)}{unit}" if kind in {"integer", "decimal"} else str(value)


@require_safe
def used(request: HttpRequest) -> HttpResponse:
    """Who used my data: each line is one event of the record."""
    actor = person_of(request)
    register = declared.current()
    page = exchange.usage(actor, actor.id, request.GET.get("cursor"))
    return render(request, "counter/used.html", {"page": page, "uses": [_use(register, row) for row in page.rows]})


def _use(register: Register, row: UsageRow) -> dict[str, Any]:
    told_by = row.organisation or (row.provider if row.code == "record-held" else "")
    organisation = register.organisations.get(told_by)
    service = register.services.get(row.service)
    act, _slash, article = row.legal.partition("/")
    law = register.laws.get(act)
    return {
        "at": row.at,
        "who": organisation.name if organisation else _who(row),
        "what": _what(row),
        "dataset": register.datasets[row.dataset].name if row.dataset in register.datasets else None,
        "elements": [_label(register, key) for key in row.elements],
        "service": service.name if service else None,
        "case": row.case,
        "law": law.name if law else None,
        "article": article,
        "official": row.actor_kind == "staff",
    }


def _who(row: UsageRow) -> str:
    return {"person": _("You"), "staff": _("An official")}.get(row.actor_kind, _("The platform"))


def _what(row: UsageRow) -> str:
    """What happened, in a few words."""
    return {
        "evidence-fetched": _("asked for what is held about you"),
        "facts-fetched": _("asked for what is held about you"),
        "step-overdue": _("let the time for a step run out"),
        "order-made": _("asked for a fee"),
        "order-paid": _("received a payment"),
        "order-cancelled": _("cancelled a fee"),
        "case-viewed": _("read your case"),
        "file-read": _("opened a file of yours"),
        "step-decided": _("decided a step of your case"),
        "step-escalated": _("passed your case to a supervisor"),
        "application-started": _("began an application"),
        "draft-saved": _("saved answers"),
        "draft-refreshed": _("moved a draft to the new rules"),
        "draft-discarded": _("threw a draft away"),
        "file-attached": _("handed in a file"),
        "file-detached": _("took a file back"),
        "application-submitted": _("sent an application"),
        "case-opened": _("opened a case"),
        "answer-supplied": _("answered a department"),
        "payment-received": _("received a payment"),
        "output-issued": _("issued a certificate"),
        "case-closed": _("closed a case"),
        "person-added": _("made your account"),
        "signed-in": _("signed in"),
        "password-set": _("set a new password"),
        "appointed": _("gave you a post"),
        "appointment-ended": _("ended your post"),
        "token-made": _("made a key for a program"),
        "token-revoked": _("took back a key of a program"),
        "record-held": _("wrote down what it holds about you"),
        "task-taken": _("took your case in hand"),
        "task-put-back": _("put your case back"),
    }.get(row.code, row.code.replace("-", " "))
