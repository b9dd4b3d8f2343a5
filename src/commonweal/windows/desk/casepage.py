"""Everything the case page shows, put in the shape the look's parts take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from commonweal.core import clock
from commonweal.core.errors import Stale
from commonweal.office.casework.views import CaseView, EvidenceRow, Fact, FileRow, StepView
from commonweal.register.calendars import WorkingCalendar
from commonweal.windows.desk import words
from commonweal.windows.desk.templatetags.desk import due_words, outcome_words, overdue_by
from commonweal.windows.look.words import moment, short_day


@dataclass(frozen=True, slots=True)
class Choice:
    """One act that may be done now, as a radio."""

    act: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Task:
    """One step this official may decide now."""

    step: StepView
    choices: tuple[Choice, ...]
    asks: bool
    due: str


def tasks(case: CaseView) -> list[Task]:
    """The steps this official may decide now, what is due first on top."""
    open_now = [step for step in case.steps if case.acts.get(step.id)]
    open_now.sort(key=lambda step: (step.due is None, step.due))
    return [
        Task(
            step,
            _choices(case.acts[step.id]),
            asks=bool({"return", "request-information"} & set(case.acts[step.id])),
            due=due(case, step),
        )
        for step in open_now
    ]


def due(case: CaseView, step: StepView) -> str:
    """A step's deadline in words, lateness in the days of its service's calendar."""
    now = clock.now()
    if not step.overdue or step.due is None or step.due >= now:
        return due_words(step.due)
    working = case.bundle.service.deadline is None or case.bundle.service.deadline.calendar == "working-days"
    if not working:
        return due_words(step.due)
    late = WorkingCalendar.of(case.bundle.jurisdiction).working_days_between(step.due, now)
    return overdue_by(late) if late else due_words(step.due)


def _choices(acts: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(act, str(words.ACTS.get(act, act)), str(words.HINTS.get(act, ""))) for act in acts)


def steps(case: CaseView) -> list[dict[str, Any]]:
    """The steps across departments, each with who has it, since when and until when."""
    return [_step(case, step) for step in case.steps]


def _step(case: CaseView, step: StepView) -> dict[str, Any]:
    label, tag, kind = str(words.STATES[step.state][0]), *words.STATES[step.state][1:]
    who = " · ".join(part for part in (words.say(step.post_name), words.say(step.organisation_name)) if part)
    note, when = step.note, ""
    if step.state == "done":
        label = outcome_words(step.outcome) or label
        tag, kind = ("bad", "stopped") if step.outcome == "refuse" else (tag, kind)
        when = f"{step.by} · {moment(step.at)}" if step.by else moment(step.at)
    elif step.state == "ready":
        label, tag = (_("Overdue"), "bad") if step.overdue else (label, tag)
        when = _since(case, step)
    elif step.state == "waiting":
        note, when = "", _since(case, step)
    if step.nature == "pay" and step.state in {"ready", "waiting"}:
        label, tag, kind = _("Waiting for payment"), "warn", "waiting"
    return {"name": step.name, "state": label, "tag": tag, "kind": kind, "who": who, "when": when, "note": note}


def _since(case: CaseView, step: StepView) -> str:
    said = [_("since %(day)s") % {"day": short_day(step.since)} if step.since else ""]
    said.append(due(case, step) if step.due and step.state == "ready" else "")
    said.append(_("with the supervisor too") if step.escalated else "")
    said.append(_("taken on by %(name)s") % {"name": step.assignee} if step.assignee else "")
    return " · ".join(part for part in said if part)


def facts(case: CaseView) -> list[dict[str, Any]]:
    """What the applicant answered; what departments answered stands under what proves it."""
    proven = {fact.key for row in case.evidence for fact in row.facts}
    return [
        {"label": fact.label, "shown": fact.shown, "note": _source(fact)}
        for fact in case.facts
        if fact.source is None or fact.key not in proven
    ]


def _source(row: Fact) -> str:
    if row.source is None:
        return ""
    said = {"source": words.say(row.source_name) or row.source, "day": short_day(row.verified_at)}
    return _("From %(source)s, %(day)s") % said if row.verified_at else _("From %(source)s") % said


def evidence(case: CaseView) -> list[dict[str, Any]]:
    """Each proof: what it says, who said it, when and under which article; or the papers handed in."""
    return [
        {
            "name": row.name,
            "facts": [(fact.label, fact.shown) for fact in row.facts],
            "source": _fetched(case, row),
            "files": row.files,
        }
        for row in case.evidence
    ]


def _fetched(case: CaseView, row: EvidenceRow) -> str:
    if row.fetched is None:
        return _("Handed in by the applicant") if row.files else _("Nothing yet")
    who, dataset = words.say(row.organisation_name), words.say(row.dataset_name)
    said = _("Fetched from %(who)s (%(dataset)s), %(at)s") % {"who": who, "dataset": dataset, "at": moment(row.fetched)}
    article = words.law(case.bundle, row.legal)
    return f"{said} · {article}" if article else said


def other_files(case: CaseView) -> list[FileRow]:
    """Files that prove nothing listed: answers of type file."""
    shown = {file.ref for row in case.evidence for file in row.files}
    return [file for file in case.attachments if file.ref not in shown]


def timeline(case: CaseView) -> list[dict[str, Any]]:
    """The history as timeline entries, newest first."""
    newest_first = sorted(case.history, key=lambda row: row.at, reverse=True)
    return [
        {
            "title": words.event_title(row),
            "at": row.at,
            "who": words.event_who(row),
            "text": row.note,
            "kind": words.event_kind(row),
        }
        for row in newest_first
    ]


def askable(case: CaseView) -> list[tuple[str, str, str]]:
    """The answers that can be asked for again: key, label, what was answered."""
    return [(row.key, words.say(row.label), row.shown) for row in case.facts if row.source is None]


def overtaken(case: CaseView, stale: Stale, step: str) -> dict[str, Any]:
    """Who acted first, in a sentence, and whether the official's own step is still theirs to decide.

    Steps run side by side, so what came first may be about another one: then what was typed stays in the form.
    """
    told, still_open = stale.params, step in case.acts
    by, at, other = told.get("by"), told.get("at"), told.get("step")
    if not by or not isinstance(at, datetime):
        sentence = _("Somebody acted on this case after you opened it.")
    elif other == step or other is None:
        sentence = words.already(str(by), told.get("act"), at)
    else:
        names = {each.id: words.say(each.name) for each in case.steps}
        said = {"step": names.get(str(other), str(other)), "done": words.done(told.get("act")), "by": by}
        sentence = _("While you were reading: %(step)s, %(done)s by %(by)s.") % said
    return {"overtaken": sentence, "still_open": still_open}
