"""What became of findings, as pages show it: later rows, history, tasks. Each read fetches and authorises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.queries import names
from commonweal.core.pages import Page
from commonweal.knowledge.insight import access, sentences
from commonweal.knowledge.insight.models import Assignment, Finding, Turn
from commonweal.knowledge.insight.views import AssignmentRow, Figures, LaterView, TurnRow
from commonweal.knowledge.lake import queries as lake
from commonweal.register.models import Text

_EPOCH = date(1970, 1, 1)
TURNS = 50
LIMIT = 50


def later_of(finding: Finding) -> LaterView | None:
    """What later rows say; None while none were looked at."""
    told = finding.later
    if not told:
        return None
    label, since = Text(sentences.VERDICTS[told["verdict"]]), _EPOCH + timedelta(days=told["since"])
    return LaterView(told["verdict"], label, since, figures(told))


def turns_of(finding: Finding) -> tuple[TurnRow, ...]:
    """A finding's history, newest first."""
    found = list(Turn.objects.filter(finding=finding).order_by("-id")[:TURNS])
    called, organisations = names([t.by for t in found if t.by]), declared.current().organisations
    return tuple(
        TurnRow(
            what=turn.what,
            label=Text(sentences.TURNS[turn.what]),
            at=turn.at,
            by=called.get(turn.by, ""),
            organisation=organisations[turn.organisation].name if turn.organisation in organisations else None,
            figures=figures(turn.figures),
            note=turn.note,
        )
        for turn in found
    )


def assignments_of(actor: Actor | None, finding: Finding) -> tuple[AssignmentRow, ...]:
    """The tasks made of a finding that the actor may see, newest first."""
    found = access.assignments(actor).filter(finding=finding).select_related("finding").order_by("-id")[:20]
    return _rows(actor, list(found))


def assignments(actor: Actor | None, cursor: str | None = None, *, limit: int = 20) -> Page[AssignmentRow]:
    """The tasks from findings that the actor may see, the newest first."""
    rows = access.assignments(actor).select_related("finding").order_by("-id")
    if cursor:
        rows = rows.filter(id__lt=lake.number(cursor))
    limit = max(1, min(limit, LIMIT))
    page = pages.page(list(rows[: limit + 1]), limit, lambda each: (each.pk,))
    return Page(_rows(actor, list(page.rows)), page.next)


def assignment(actor: Actor | None, ref: str) -> AssignmentRow:
    """One task. Raises NotAllowed."""
    return _rows(actor, [access.assignment(actor, ref)])[0]


def figures(told: Mapping[str, Any]) -> Figures | None:
    """As a page shows them: a value and its interval to two decimals."""
    if "value" not in told:
        return None
    value, low, high = (round(float(told[k]), 2) for k in ("value", "low", "high"))
    return Figures(value, low, high, int(told["n"]), int(told.get("entities", 0)))


def _rows(actor: Actor | None, found: Sequence[Assignment]) -> tuple[AssignmentRow, ...]:
    called = names([ref for each in found for ref in (each.by, each.answered_by) if ref])
    organisations = declared.current().organisations
    mine = {seat.organisation for seat in actor.posts} if actor is not None else set()
    today = clock.now().date()

    def row(each: Assignment) -> AssignmentRow:
        known = organisations.get(each.organisation)
        return AssignmentRow(
            ref=each.ref,
            finding=each.finding.ref,
            sentence=Text(each.finding.sentence),
            organisation=each.organisation,
            organisation_name=known.name if known else Text({"en": each.organisation}),
            task=each.task,
            due=each.due,
            overdue=each.status == Assignment.OPEN and each.due < today,
            status=each.status,
            status_label=Text(sentences.ASSIGNED[each.status]),
            by=called.get(each.by, ""),
            at=each.at,
            answer=each.answer,
            answered_by=called.get(each.answered_by, ""),
            answered_at=each.answered_at,
            before=figures(each.before),
            after=figures(each.after),
            may_answer=each.status == Assignment.OPEN and each.organisation in mine,
        )

    return tuple(row(each) for each in found)
