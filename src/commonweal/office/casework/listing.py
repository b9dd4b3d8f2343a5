"""Lists for windows: an official's inbox, searches, a person's applications. All are read from a cursor.

The inbox asks one indexed question for each seat and merges the answers, so that a page costs the same whether the
house holds a thousand cases or a million.
"""

from __future__ import annotations

import heapq
import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

from django.db.models import Q, QuerySet

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid
from commonweal.core.identity import numbers
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Person
from commonweal.core.ids import is_reference
from commonweal.core.pages import Page
from commonweal.office.casework import access
from commonweal.office.casework.models import NEVER, Application, Case, Output, Task
from commonweal.office.casework.versions import applied, target_name
from commonweal.office.casework.views import ApplicationRow, CaseLine, CaseRow, TaskRow
from commonweal.office.casework.words import one_line
from commonweal.register import ServiceBundle
from commonweal.register.calendars import WorkingCalendar
from commonweal.register.models import Text

InboxView = Literal["due", "mine", "overdue", "waiting", "done"]
NAMESAKES = 300
LIMIT = 200
"""The most rows of one page."""


def inbox(
    actor: Actor, *, view: str = "due", service: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[TaskRow]:
    """The tasks before the actor's seats: by deadline, or for `done` the newest first.

    `due` are ready; `mine` those of them the actor took; `overdue` those past their deadline; `waiting` wait for the
    applicant. Empty for somebody without a seat. Raises Invalid for another view or a foreign cursor.
    """
    if view not in ("due", "mine", "overdue", "waiting", "done"):
        raise Invalid({"view": "Choose due, mine, overdue, waiting or done"})
    limit = max(1, min(limit, LIMIT))
    newest_first = view == "done"
    column = "decided_at" if newest_first else "due_at"
    position = _moment_and_id(cursor) if cursor is not None else None
    asked = _asked(actor, view, service, column, position, newest_first)
    found = [list(rows.values_list(column, "id")[: limit + 1]) for rows in asked]
    places = list(dict.fromkeys(heapq.merge(*found, reverse=newest_first)))
    page = pages.page(places[: limit + 1], limit, _written)
    tasks = {task.pk: task for task in _shown().filter(pk__in=[number for _, number in page.rows])}
    now = clock.now()
    return Page(tuple(task_row(tasks[number], now) for _, number in page.rows if number in tasks), page.next)


def _shown() -> QuerySet[Task]:
    """Tasks with what a row shows of their cases and people, and none of the documents these carry."""
    names = ("ref", "version", "revision", "application__ref", "application__person__ref", "application__person__name")
    task = (
        "service", "step", "organisation", "post", "region", "status", "ready_at", "due_at", "outcome", "escalated",
        "assignee__ref", "assignee__name",
    )  # fmt: skip
    rows = Task.objects.select_related("case__application__person", "assignee")
    return rows.only(*task, *(f"case__{name}" for name in names))


def _asked(
    actor: Actor, view: str, service: str | None, column: str, position: tuple[datetime, int] | None, newest: bool
) -> list[QuerySet[Task]]:
    """One query for each seat (one in all for what the actor took)."""
    statuses = {"waiting": Task.WAITING, "done": Task.DONE}
    rows = Task.objects.filter(status=statuses.get(view, Task.READY))
    if service is not None:
        rows = rows.filter(service=one_line(service, 80))
    if view == "overdue":
        rows = rows.filter(due_at__lt=clock.now())
    if position is not None:
        moment, number = position
        rows = rows.filter(**{f"{column}__{'lte' if newest else 'gte'}": moment})
        rows = rows.exclude(**{column: moment, f"id__{'gte' if newest else 'lte'}": number})
    rows = rows.order_by(*(f"-{name}" if newest else name for name in (column, "id")))
    seats = sorted(actor.posts, key=lambda seat: (seat.post, seat.region)) if actor.is_staff else []
    if view == "mine":
        return [rows.filter(access.seats_filter(actor), assignee__ref=actor.id)] if seats else []
    return [rows.filter(post=seat.post, region=seat.region) for seat in seats]


def task_row(task: Task, now: datetime) -> TaskRow:
    """A task as the inbox shows it. Its case, application and person have been read with it."""
    bundle = declared.version(task.case.version).bundle
    due = None if task.due_at == NEVER else task.due_at
    open_ = task.status in (Task.READY, Task.WAITING)
    zone = _calendar(bundle).zone
    left = _days_left(bundle, now.astimezone(zone).date(), due) if due is not None and open_ else None
    return TaskRow(
        id=task.pk,
        case=task.case.ref,
        application=task.case.application.ref,
        step=task.step,
        service=task.service,
        service_name=bundle.service.name,
        step_name=step_name(bundle, task.step),
        organisation=task.organisation,
        post=task.post,
        region=task.region,
        region_name=region_name(bundle, task.region),
        applicant=task.case.application.person.name,
        since=task.ready_at,
        due=due,
        overdue=open_ and due is not None and due < now,
        days_left=left,
        escalated=task.escalated,
        state=task.status,  # type: ignore[arg-type]
        outcome=task.outcome or None,
        assignee=task.assignee.name if task.assignee else None,
        revision=task.case.revision,
    )


@lru_cache(maxsize=8192)
def _days_left(bundle: ServiceBundle, today: date, due: datetime) -> int:
    """Working days from `today` until a deadline. Counted day by day, so what is long overdue is counted once."""
    calendar = _calendar(bundle)
    return calendar.working_days_between(datetime.combine(today, time(), calendar.zone), due)


def search_cases(actor: Actor, text: str, cursor: str | None = None, limit: int = 20) -> Page[CaseRow]:
    """Cases the actor may see, by reference (case or application), number issued, the applicant's national identifier
    written in full, or a part of their name.

    The newest first; empty for fewer than two characters.
    """
    wanted = one_line(text, 200)
    if len(wanted) < 2:
        return Page(())
    rows, reference = access.visible_cases(actor), wanted.upper()
    if is_reference(reference, "C"):
        rows = rows.filter(ref=reference)
    elif is_reference(reference, "A"):
        rows = rows.filter(application__ref=reference)
    else:
        rows = rows.filter(_by_number_or_name(wanted))
    return _cases(rows, cursor, limit)


def _by_number_or_name(wanted: str) -> Q:
    """Cases that issued this number, or whose applicant is called so.

    A name that few people share is looked up from the people; one that very many share is met soon anyway when the
    cases are read from the newest on.
    """
    identified = _identified(wanted)
    if identified:
        return Q(application__person_id__in=identified)
    numbered = list(Output.objects.filter(number=wanted).values_list("case_id", flat=True)[:50])
    named = list(Person.objects.filter(name__icontains=wanted).values_list("ref", flat=True)[: NAMESAKES + 1])
    if len(named) > NAMESAKES:
        return Q(id__in=numbered) | Q(application__person__name__icontains=wanted)
    applied = Application.objects.filter(person__ref__in=named, status=Application.SUBMITTED).values("id")
    return Q(id__in=numbered) | Q(application_id__in=applied)


def _identified(wanted: str) -> tuple[str, ...]:
    """People whose national identifier this is. It is encrypted, so that only the whole of it finds anybody."""
    value = "".join(wanted.split()).upper()
    elements = (each for each in declared.current().elements.values() if each.identifies is not None)
    fitting = (each.id for each in elements if re.fullmatch(each.pattern or ".{4,}", value))
    return tuple(ref for element in fitting for ref in numbers.people_with(element, value))


def person_cases(actor: Actor, person_ref: str, cursor: str | None = None, limit: int = 20) -> Page[CaseRow]:
    """A person's cases, as far as the actor may see them, the newest first."""
    if not is_reference(person_ref, "P"):
        return Page(())
    return _cases(access.visible_cases(actor).filter(application__person_id=person_ref), cursor, limit)


def _cases(rows: QuerySet[Case], cursor: str | None, limit: int) -> Page[CaseRow]:
    limit = max(1, min(limit, LIMIT))
    if cursor is not None:
        rows = rows.filter(id__lt=_number(cursor))
    found = list(rows.select_related("application__person").order_by("-id")[: limit + 1])
    return pages.page(found, limit, lambda case: (case.pk,)).map(_case_row)


def _case_row(case: Case) -> CaseRow:
    bundle = declared.version(case.version).bundle
    return CaseRow(
        case=case.ref,
        application=case.application.ref,
        service=case.service,
        service_name=bundle.service.name,
        applicant=case.application.person.name,
        applicant_ref=case.application.person_id,
        region=case.region or None,
        region_name=region_name(bundle, case.region) if case.region else None,
        status=case.status,  # type: ignore[arg-type]
        outcome=case.outcome or None,
        opened=case.opened_at,
        promised=case.due_at,
    )


def my_applications(actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[ApplicationRow]:
    """The actor's own applications and those of whom they act for, the newest first; discarded ones are left out."""
    limit = max(1, min(limit, LIMIT))
    rows = Application.objects.filter(access.mine(actor)).exclude(status=Application.DISCARDED)
    if cursor is not None:
        rows = rows.filter(id__lt=_number(cursor))
    found = list(rows.select_related("person").prefetch_related("cases").order_by("-id")[: limit + 1])
    return pages.page(found, limit, lambda each: (each.pk,)).map(lambda each: _application_row(each, actor))


def _application_row(application: Application, actor: Actor) -> ApplicationRow:
    cases = tuple(case_line(case) for case in sorted(application.cases.all(), key=lambda case: case.pk))
    return ApplicationRow(
        ref=application.ref,
        name=target_name(application, applied(application)),
        services=tuple(each["service"] for each in application.versions),
        event=application.target if application.target_kind == "event" else None,
        status=application.status,  # type: ignore[arg-type]
        started=application.started_at,
        changed=application.changed_at,
        submitted=application.submitted_at,
        cases=cases,
        needs_you=any(case.status == Case.WAITING for case in cases),
        on_behalf_of=application.person.name if application.person_id != actor.id else "",
    )


def case_line(case: Case) -> CaseLine:
    """A case in one line."""
    name = declared.version(case.version).bundle.service.name
    return CaseLine(case.ref, case.service, name, case.status, case.outcome or None, case.due_at)  # type: ignore[arg-type]


def step_name(bundle: ServiceBundle, step_id: str) -> Text:
    """What a step is called; its id where it has no name."""
    step = next((each for each in bundle.service.steps if each.id == step_id), None)
    fallback = Text(dict.fromkeys(bundle.jurisdiction.languages, step_id))
    return step.name if step is not None and step.name is not None else fallback


def region_name(bundle: ServiceBundle, region: str) -> Text:
    """What a region is called; its id where it is not declared."""
    if region in bundle.regions:
        return bundle.regions[region].name
    return Text({bundle.jurisdiction.languages[0]: region})


def _calendar(bundle: ServiceBundle) -> WorkingCalendar:
    return WorkingCalendar.of(bundle.jurisdiction)


def _written(place: tuple[datetime, int]) -> tuple[str, int]:
    return (place[0].isoformat(), place[1])


def _moment_and_id(cursor: str) -> tuple[datetime, int]:
    moment, number = pages.decode(cursor, 2)
    try:
        found = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None or not isinstance(number, int):
        raise Invalid({"cursor": "Start again from the first page"})
    return found, number


def _number(cursor: str) -> int:
    (position,) = pages.decode(cursor, 1)
    if not isinstance(position, int) or isinstance(position, bool) or abs(position) > 2**62:
        raise Invalid({"cursor": "Start again from the first page"})
    return position
