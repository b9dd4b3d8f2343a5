"""Everything the case page shows, put in the shape the look's parts take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commonweal.office.casework.views import CaseView, EvidenceRow, Fact, StepView
from commonweal.windows.desk import words
from commonweal.windows.desk.templatetags.desk import due_words
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


def tasks(case: CaseView) -> list[Task]:
    """The steps this official may decide now, what is due first on top."""
    open_now = [step for step in case.steps if case.acts.get(step.id)]
    open_now.sort(key=lambda step: (step.due is None, step.due))
    return [
        Task(step, _choices(case.acts[step.id]), bool({"return", "request-information"} & set(case.acts[step.id])))
        for step in open_now
    ]


def _choices(acts: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(act, str(words.ACTS.get(act, act)), str(words.HINTS.get(act, ""))) for act in acts)


def steps(case: CaseView) -> list[dict[str, Any]]:
    """The steps across departments, each with who has it, since when and until when."""
    return [_step(step) for step in case.steps]


def _step(step: StepView) -> dict[str, Any]:
    label, tag, kind = words.STATES[step.state]
    who = " · ".join(part for part in (words.say(step.post_name), words.say(step.organisation_name)) if part)
    if step.state == "done":
        label = words.outcome(step.outcome).capitalize() or label
        tag, kind = ("bad", "stopped") if step.outcome in {"refuse", "refused"} else (tag, kind)
        when = f"{step.by} · {moment(step.at)}" if step.by else moment(step.at)
    elif step.state in {"ready", "waiting"}:
        when = _since(step)
        tag = "bad" if step.overdue else tag
    else:
        when = ""
    if step.nature == "pay" and step.state in {"ready", "waiting"}:
        label, tag, kind = _("Waiting for payment"), "warn", "waiting"
    return {"name": step.name, "state": label, "tag": tag, "kind": kind, "who": who, "when": when, "note": step.note}


def _since(step: StepView) -> str:
    said = [_("since %(day)s") % {"day": short_day(step.since)} if step.since else ""]
    said.append(due_words(step.due) if step.due and step.state == "ready" else "")
    said.append(_("escalated") if step.escalated else "")
    return " · ".join(part for part in said if part)


def facts(rows: tuple[Fact, ...]) -> list[dict[str, Any]]:
    """Answers as summary rows; what a department answered says so."""
    return [{"label": row.label, "shown": row.shown, "note": _source(row)} for row in rows]


def _source(row: Fact) -> str:
    if row.source is None:
        return ""
    said = {"source": words.say(row.source_name) or row.source, "day": short_day(row.verified_at)}
    return _("From %(source)s, %(day)s") % said if row.verified_at else _("From %(source)s") % said


def evidence(rows: tuple[EvidenceRow, ...]) -> list[tuple[EvidenceRow, list[dict[str, Any]]]]:
    """Each proof with the facts in it."""
    return [(row, facts(row.facts)) for row in rows]


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
