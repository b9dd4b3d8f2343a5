"""What the desk calls acts, outcomes, states and events, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from commonweal.core import clock
from commonweal.register import ServiceBundle
from commonweal.register.models import Text
from commonweal.windows.look import jurisdiction
from commonweal.windows.look.words import day, moment

ACTS: dict[str, Promise] = {
    "accept": gettext_lazy("Accept"),
    "approve": gettext_lazy("Approve"),
    "refuse": gettext_lazy("Refuse"),
    "return": gettext_lazy("Return for correction"),
    "request-information": gettext_lazy("Ask for information"),
}
HINTS: dict[str, Promise] = {
    "accept": gettext_lazy("It is complete; the next offices start"),
    "refuse": gettext_lazy("Ends the case for every office"),
    "return": gettext_lazy("The applicant corrects answers; the clock stops"),
    "request-information": gettext_lazy("The applicant answers you; the clock stops"),
}
DONE: dict[str, Promise] = {
    "accept": pgettext_lazy("what an official did", "accepted"),
    "approve": pgettext_lazy("what an official did", "approved"),
    "refuse": pgettext_lazy("what an official did", "refused"),
    "return": pgettext_lazy("what an official did", "returned for correction"),
    "request-information": pgettext_lazy("what an official did", "asked for information"),
    "deemed-approved": pgettext_lazy("what an official did", "deemed approved"),
    "pay": pgettext_lazy("what an official did", "recorded as paid"),
    "withdraw": pgettext_lazy("what an official did", "withdrawn"),
    "accepted": pgettext_lazy("what an official did", "accepted"),
    "approved": pgettext_lazy("what an official did", "approved"),
    "refused": pgettext_lazy("what an official did", "refused"),
    "paid": pgettext_lazy("what an official did", "paid"),
    "issued": pgettext_lazy("what an official did", "issued"),
}
NEEDS_NOTE = frozenset({"refuse", "return", "request-information"})
OUTCOMES: dict[str, Promise] = {
    "granted": gettext_lazy("Granted"),
    "refused": gettext_lazy("Refused"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
STATES: dict[str, tuple[Promise, str, str]] = {
    "pending": (gettext_lazy("Not yet"), "plain", "todo"),
    "ready": (gettext_lazy("In progress"), "info", "now"),
    "waiting": (gettext_lazy("Waiting for the applicant"), "warn", "waiting"),
    "done": (gettext_lazy("Done"), "good", "done"),
    "passed": (gettext_lazy("Not needed"), "plain", "skipped"),
    "cancelled": (gettext_lazy("Cancelled"), "plain", "skipped"),
}
"""State of a step -> label, tag, kind in the step list."""
ENGINE_STATES = {
    "waiting": STATES["pending"],
    "ready": STATES["ready"],
    "done": STATES["done"],
    "skipped": STATES["passed"],
    "cancelled": STATES["cancelled"],
}
"""The engine's own names of a step's state, as the practice page shows them."""

_EVENTS: dict[str, Promise] = {
    "application-submitted": gettext_lazy("Application submitted"),
    "case-opened": gettext_lazy("Case opened"),
    "step-escalated": gettext_lazy("sent up to the supervisor"),
    "step-overdue": gettext_lazy("the deadline passed"),
    "answer-supplied": gettext_lazy("The applicant answered"),
    "payment-received": gettext_lazy("Fee paid"),
    "case-viewed": gettext_lazy("Case read"),
    "file-attached": gettext_lazy("File handed in"),
    "file-detached": gettext_lazy("File taken back"),
    "file-read": gettext_lazy("File opened"),
    "task-taken": gettext_lazy("Taken on"),
    "task-put-back": gettext_lazy("Put back for colleagues"),
}


def say(text: Text | None) -> str:
    """Declared words in the reader's language."""
    return text.say(get_language() or "en") if text is not None else ""


def law(bundle: ServiceBundle, reference: str | None) -> str:
    """An article as people cite it: `Food Safety Act, article 35`."""
    if not reference:
        return ""
    act_id, _bar, article = reference.partition("/")
    act = bundle.laws.get(act_id)
    name = say(act.name) if act else act_id
    return _("%(act)s, article %(article)s") % {"act": name, "article": article} if article else name


def done(act: str | None) -> str:
    """What was done, as it follows a name: `approved`."""
    return str(DONE.get(act or "", act or ""))


def already(by: str, act: str | None, at: datetime) -> str:
    """That somebody was faster, as a sentence: `Ms Lin already approved this at 10:42.`"""
    sentences = {
        "accept": _("%(by)s already accepted this at %(at)s."),
        "approve": _("%(by)s already approved this at %(at)s."),
        "refuse": _("%(by)s already refused this at %(at)s."),
        "return": _("%(by)s already returned this for correction at %(at)s."),
        "request-information": _("%(by)s already asked for information at %(at)s."),
    }
    said = {"by": by, "at": hour(at) if day(at) == day(clock.now()) else moment(at)}
    return sentences.get(act or "", _("%(by)s already acted on this at %(at)s.")) % said


def hour(at: datetime) -> str:
    """`10:42` in the jurisdiction's time zone."""
    return f"{at.astimezone(jurisdiction.zone()):%H:%M}"


def outcome(code: str | None) -> str:
    """How a case or step ended."""
    return str(OUTCOMES.get(code or "") or DONE.get(code or "") or code or "")


def event_title(row: Any) -> str:
    """One event of a case as the heading of its line."""
    if row.code == "step-decided":
        return _("%(step)s: %(done)s") % {"step": say(row.step_name) or row.step, "done": done(row.act)}
    if row.code == "case-closed":
        return _("Case closed: %(outcome)s") % {"outcome": outcome(str(row.params.get("outcome", "")))}
    if row.code == "evidence-fetched":
        source = say(row.organisation_name) or str(row.params.get("provider", ""))
        return _("Fetched from %(organisation)s") % {"organisation": source}
    if row.code == "output-issued":
        return _("Issued %(number)s") % {"number": row.params.get("number", "")}
    title = str(_EVENTS.get(row.code, row.code))
    return f"{say(row.step_name)}: {title}" if row.step_name is not None else title


def event_kind(row: Any) -> str:
    """The colour of an event's dot; the words say the same."""
    if row.act == "refuse" or row.params.get("outcome") == "refused":
        return "bad"
    if row.act in {"return", "request-information"} or row.code in {"step-escalated", "step-overdue"}:
        return "warn"
    return "good" if row.code in {"step-decided", "output-issued", "case-closed"} else ""


def event_who(row: Any) -> str:
    """Who did it: the official with their post, the applicant, or the platform."""
    if row.code == "evidence-fetched":
        return _("the platform")
    if row.by_kind == "person":
        return _("the applicant")
    if row.by_kind == "system":
        return _("the platform")
    place = " · ".join(part for part in (say(row.post_name), say(row.organisation_name)) if part)
    return " – ".join(part for part in (row.by, place) if part)


def practice_act(kind: str, step: str) -> str:
    """What may happen in a practice case besides decisions."""
    said = {
        "supply": _("The applicant answers"),
        "pay": _("The applicant pays"),
        "issue": _("The platform issues"),
        "day": _("A day passes"),
        "withdraw": _("The applicant withdraws"),
    }
    return f"{said[kind]}: {step}" if step and kind in {"pay", "issue"} else said[kind]


def happening(code: str, what: str, names: dict[str, str]) -> str:
    """One thing that happened in a practice case, in a sentence."""
    step, _bar, result = what.partition("|")
    name = names.get(step, step)
    said = {
        "StepReady": _("%(step)s can begin"),
        "StepSkipped": _("%(step)s is not needed"),
        "StepWaits": _("%(step)s waits again"),
        "StepCancelled": _("%(step)s is cancelled"),
        "Paused": _("%(step)s asks the applicant; the clock stands still"),
        "Overdue": _("%(step)s is overdue"),
        "Escalated": _("%(step)s goes to the supervisor"),
        "PaymentDue": _("%(step)s: a fee is due"),
        "IssueDue": _("%(step)s can be issued"),
    }
    if code == "StepDecided":
        return _("%(step)s: %(done)s") % {"step": name, "done": done(result)}
    if code == "CaseClosed":
        return _("Case closed: %(outcome)s") % {"outcome": outcome(result)}
    if code == "Resumed":
        return _("The applicant answered; the clock runs again")
    return said[code] % {"step": name} if code in said else code
