"""The history of a case as sentences its applicant understands. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonweal.office.casework.views import ApplicantCase, HistoryRow, StepView
from commonweal.register.rules import Rules

DECIDED = {"accept": "good", "approve": "good", "deemed-approved": "good", "refuse": "bad", "return": "warn",
           "request-information": "warn"}  # fmt: skip


def _decided(act: str | None, step: str) -> str:
    """The title of a decision."""
    sentences = {
        "accept": _("%(step)s: accepted"),
        "approve": _("%(step)s: approved"),
        "deemed-approved": _("%(step)s: approved, because the time allowed had run out"),
        "refuse": _("%(step)s: refused"),
        "return": _("%(step)s: sent back to you for correction"),
        "request-information": _("%(step)s: you are asked for more information"),
    }
    return sentences.get(act or "", _("%(step)s: decided")) % {"step": step}


def _told(case: ApplicantCase, row: HistoryRow, step: str) -> tuple[str, str]:
    """Title and kind of any other event; nothing for what only concerns the office."""
    if row.code == "case-closed":
        outcome = str(row.params.get("outcome", ""))
        return closed(outcome), {"granted": "good", "refused": "bad"}.get(outcome, "")
    if row.code == "evidence-fetched":
        return _("Fetched, so that you need no paper: %(what)s") % {"what": _proof(case, row)}, ""
    if row.code == "certificate-changed":
        return _worth(str(row.params.get("after", "")), str(row.params.get("number", "")))
    return {
        "application-submitted": (_("You sent the application"), ""),
        "case-opened": (_("We received it"), ""),
        "answer-supplied": (_("You answered what was asked"), ""),
        "file-attached": (_("You handed in a file"), ""),
        "payment-received": (_("Payment received"), "good"),
        "output-issued": (_("Issued: %(number)s") % {"number": row.params.get("number", "")}, "good"),
        "step-overdue": (_("%(step)s: the time allowed has run out") % {"step": step}, "warn"),
        "step-escalated": (_("%(step)s: passed to a supervisor, because it is late") % {"step": step}, "warn"),
    }.get(row.code, ("", ""))


def _worth(after: str, number: str) -> tuple[str, str]:
    """What a certificate is worth now, and the kind of the entry."""
    words = {
        "valid": (_("In force"), "good"), "suspended": (_("Suspended"), "warn"), "revoked": (_("Revoked"), "bad"),
        "replaced": (_("Replaced"), ""),
    }  # fmt: skip
    word, kind = words.get(after, ("", ""))
    return (f"{word} · {number}", kind) if word else ("", "")


def _proof(case: ApplicantCase, row: HistoryRow) -> str:
    """What was fetched, by the name of the evidence or of the dataset that holds it."""
    language = get_language() or "en"
    evidence = case.bundle.evidence.get(str(row.params.get("evidence")))
    dataset = case.bundle.datasets.get(str(row.params.get("dataset")))
    named = evidence or dataset
    return named.name.say(language) if named else str(row.params.get("dataset", ""))


def closed(outcome: str | None) -> str:
    """How a case ended, in words."""
    words = {
        "granted": _("Granted"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn by you"),
    }
    return words.get(outcome or "", _("Closed"))


def timeline(case: ApplicantCase) -> list[dict[str, Any]]:
    """The history, newest first, as the timeline part takes it."""
    language = get_language() or "en"
    entries = []
    for row in case.history:
        step = row.step_name.say(language) if row.step_name else ""
        if row.code == "step-decided":
            title, kind = _decided(row.act, step), DECIDED.get(row.act or "", "")
        else:
            title, kind = _told(case, row, step)
        if not title:
            continue
        entries.append({"title": title, "kind": kind, "at": row.at, "who": row.organisation_name, "text": row.note})
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def status(case: ApplicantCase) -> tuple[str, str]:
    """The status of a case in words, and the kind of its tag."""
    if case.status == "closed":
        return closed(case.outcome), {"granted": "good", "refused": "bad"}.get(case.outcome or "", "plain")
    if case.asked:
        return _("Waiting for your answer"), "warn"
    if any(order.status == "due" for order in case.orders):
        return _("Waiting for your payment"), "warn"
    return _("In progress"), "info"


_STATES = {"done": "done", "passed": "skipped", "cancelled": "skipped", "ready": "now", "waiting": "waiting"}


def steps(case: ApplicantCase, answers: Mapping[str, Any], today: date) -> list[dict[str, Any]]:
    """The steps of a case as the step list takes them: who has it, since when, by when.

    A step whose condition the answers already rule out is told as not needed before its turn comes.
    """
    rules = Rules.of(case.bundle)
    conditions = {step.id: step.when for step in case.bundle.service.steps}

    def ruled_out(step: StepView) -> bool:
        condition = conditions.get(step.id)
        return step.state == "pending" and condition is not None and rules.holds(condition, answers, today) is False

    return [_step(replace(step, state="passed") if ruled_out(step) else step) for step in case.steps]


def _step(step: StepView) -> dict[str, Any]:
    kind = _STATES.get(step.state, "todo")
    if step.outcome == "refuse":
        kind = "stopped"
    label, tag = _label(step)
    return {
        "name": step.name,
        "kind": kind,
        "state": label,
        "tag": tag,
        "who": step.organisation_name,
        "since": step.since if step.state in {"ready", "waiting"} else None,
        "due": step.due if step.state == "ready" else None,
        "at": step.at,
    }


def _label(step: StepView) -> tuple[str, str]:
    """The state of a step in words, and the kind of its tag."""
    if step.outcome == "refuse":
        return _("Refused"), "bad"
    if step.state == "ready" and step.overdue:
        return _("Late"), "bad"
    if step.state == "ready" and step.nature == "pay":
        return _("To pay"), "warn"
    return {
        "pending": (_("Not yet"), "plain"),
        "ready": (_("In progress"), "info"),
        "waiting": (_("Waiting for you"), "warn"),
        "done": (_("Done"), "good"),
        "passed": (_("Not needed"), "plain"),
        "cancelled": (_("Stopped"), "plain"),
    }[step.state]


def now_with(cases: Iterable[ApplicantCase]) -> list[Any]:
    """The departments that have something to do now, each once."""
    holders = (
        step.organisation_name
        for case in cases
        for step in case.steps
        if step.state == "ready" and step.nature == "work" and step.organisation_name
    )
    return list({holder.say("en"): holder for holder in holders}.values())
