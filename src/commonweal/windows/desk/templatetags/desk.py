"""Filters for the desk's templates: figures, changes and deadlines in words. `{% load desk %}`."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import numbers
from babel.numbers import get_currency_precision
from django import template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commonweal.core import clock
from commonweal.knowledge.insight.units import unit_in
from commonweal.register.models import Effective, Step, Text
from commonweal.windows.desk import words as desk_words
from commonweal.windows.look import words

register = template.Library()


@register.filter
def percent_fine(share: float) -> str:
    """A share as per cent with one decimal, as a precision of 99.5% needs it."""
    return str(numbers.format_percent(share, format="#,##0.0%", locale=words.locale()))


@register.filter
def unit_words(unit: str | None) -> str:
    """A declared unit as it is written in the reader's language."""
    return unit_in(unit, get_language() or "en") or ""


@register.filter
def figure(value: Any) -> str:
    """A measured number with three significant digits; tiny ones as `< 0.001`; a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, Text):
        return desk_words.say(value)
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return words.number(value)
    if 0 < abs(value) < 0.001:
        return "< " + words.number("0.001")
    digits = 0 if abs(value) >= 100 else (1 if abs(value) >= 10 else (2 if abs(value) >= 1 else 3))
    return words.number(round(value, digits))


@register.filter
def two_places(value: float | None) -> str:
    """A coefficient with two decimals, so that a column of them lines up."""
    if value is None:
        return "–"
    return numbers.format_decimal(round(float(value), 2) + 0.0, "0.00", locale=words.locale())


@register.filter
def p_value(value: float) -> str:
    """A probability as one writes it: `p < 0.001`, `p = 0.012`."""
    if value < 0.001:
        return f"p < {words.number('0.001')}"
    return f"p = {words.number(round(value, 3))}"


@register.filter
def observations(row: Any) -> str:
    """How much stands behind a finding: places, and observations where there are more than one of each."""
    places = ngettext("%(n)s place", "%(n)s places", row.entities) % {"n": words.number(row.entities)}
    if row.n == row.entities:
        return places
    return _("%(n)s observations in %(places)s") % {"n": words.number(row.n), "places": places}


@register.filter
def publishers(row: Any) -> str:
    """Who publishes the two columns of a finding, each named once."""
    return _(", ").join(dict.fromkeys(desk_words.say(side.publisher_name) for side in (row.left, row.right)))


@register.filter
def dataset_names(row: Any) -> str:
    """The datasets of a finding, each named once."""
    return _(", ").join(dict.fromkeys(desk_words.say(side.dataset_name) for side in (row.left, row.right)))


@register.filter
def finding_state(state: str) -> str:
    """The kind of tag that a finding's state is shown by."""
    return {"confirmed": "good", "refuted": "bad", "acted-on": "good"}.get(state, "info")


@register.filter
def tile_value(tile: Any) -> str:
    """The figure of a cockpit tile in its unit."""
    if tile.unit == "share":
        return f"{words.number(round(float(tile.value), 1))}%"
    return words.number(int(tile.value) if tile.unit == "cases" else round(float(tile.value), 1))


@register.filter
def tile_change(tile: Any) -> str:
    """How a tile moved since the period before, in words: better or worse where that is known."""
    if tile.value is None:
        return _("Fewer than 10 cases")
    if tile.previous is None:
        return _("No earlier figure to compare with")
    step = tile.value - tile.previous
    if tile.unit == "share":
        size = _("%(n)s points") % {"n": words.number(round(abs(float(step)), 1))}
    elif tile.unit == "days":
        size = _("%(n)s days") % {"n": words.number(round(abs(float(step)), 1))}
    else:
        size = words.number(abs(int(step)))
    if abs(step) < 1e-9:
        return _("Same as the month before")
    rising = step > 0
    if tile.better == "none":
        return (_("%(size)s more than the month before") if rising else _("%(size)s fewer than the month before")) % {
            "size": size
        }
    improved = rising == (tile.better == "up")
    direction = _("up %(size)s") if rising else _("down %(size)s")
    verdict = _("better than the month before") if improved else _("worse than the month before")
    return f"{direction % {'size': size}} · {verdict}"


@register.filter
def due_words(due: datetime | None) -> str:
    """A deadline as an official says it: overdue by days, due today, due tomorrow, or the day."""
    if due is None:
        return _("No deadline")
    days = (
        due.astimezone(words.jurisdiction.zone()).date() - clock.now().astimezone(words.jurisdiction.zone()).date()
    ).days
    if due < clock.now():
        if days == 0:
            return _("Overdue since %(hour)s today") % {"hour": desk_words.hour(due)}
        return ngettext("Overdue by %(n)d day", "Overdue by %(n)d days", -days) % {"n": -days}
    if days == 0:
        return _("Due today")
    if days == 1:
        return _("Due tomorrow")
    if days < 7:
        return ngettext("Due in %(n)d day", "Due in %(n)d days", days) % {"n": days}
    return _("Due %(day)s") % {"day": words.short_day(due)}


@register.filter
def due_kind(due: datetime | None) -> str:
    """The colour of a deadline's tag; the words carry the meaning."""
    if due is None:
        return "plain"
    left = due - clock.now()
    if left.total_seconds() < 0:
        return "bad"
    return "warn" if left.total_seconds() < 86_400 else "plain"


@register.filter
def task_due(row: Any) -> str:
    """A task's deadline in words: working days where it is late."""
    if row.overdue and row.days_left is not None and row.days_left < 0:
        return overdue_by(-row.days_left)
    return due_words(row.due)


def overdue_by(days: int) -> str:
    """Lateness in working days."""
    return ngettext("Overdue by %(n)d working day", "Overdue by %(n)d working days", days) % {"n": days}


@register.filter
def outcome_words(code: str | None) -> str:
    """What came of a step, with a capital letter."""
    said = desk_words.outcome(code)
    return said[:1].upper() + said[1:]


@register.filter
def outcome_kind(code: str | None) -> str:
    """The colour of an outcome's tag."""
    kinds = {"refuse": "bad", "refused": "bad", "return": "warn", "request-information": "warn", "withdrawn": "plain"}
    return kinds.get(code or "", "good")


@register.filter
def case_state(row: Any) -> str:
    """Where a case stands, in a word or two."""
    if row.status == "closed":
        return desk_words.outcome(row.outcome)
    return _("Waiting for the applicant") if row.status == "waiting" else _("Open")


@register.filter
def case_kind(row: Any) -> str:
    """The colour of `case_state`."""
    if row.status == "closed":
        return outcome_kind(row.outcome)
    return "warn" if row.status == "waiting" else "info"


@register.filter
def minor(amount: int, currency: str) -> str:
    """An amount in minor units of a currency (ISO 4217) as money in words."""
    return words.money(Decimal(amount).scaleb(-get_currency_precision(currency)), currency)


@register.filter
def access_words(access: str) -> str:
    """Who may use a dataset, in one word."""
    return {"open": _("Open"), "shared": _("Shared"), "restricted": _("Restricted")}.get(access, access)


@register.filter
def access_kind(access: str) -> str:
    """The colour of `access_words`."""
    return {"open": "good", "shared": "info", "restricted": "warn"}.get(access, "plain")


@register.filter
def access_sentence(access: str) -> str:
    """Who may use a dataset, in a sentence."""
    return {
        "open": _("Anybody, under its licence"),
        "shared": _("Every official in post"),
        "restricted": _("Only the office that answers for it"),
    }.get(access, "")


@register.filter
def rhythm_words(rhythm: str) -> str:
    """How often a dataset is renewed."""
    return {
        "once": _("published once"),
        "daily": _("renewed daily"),
        "weekly": _("renewed weekly"),
        "monthly": _("renewed monthly"),
        "yearly": _("renewed yearly"),
        "continuous": _("renewed continuously"),
    }.get(rhythm, rhythm)


@register.filter
def run_words(status: str) -> str:
    """How a collection ended."""
    return {
        "done": _("Done"),
        "unchanged": _("Unchanged"),
        "failed": _("Failed"),
        "running": _("Running"),
    }.get(status, status)


@register.filter
def overdue_words(overdue: str) -> str:
    """What happens when a step is late."""
    return {
        "flag": _("shown as late"),
        "escalate": _("goes to the supervisor"),
        "deem-approved": _("deemed approved"),
    }.get(overdue, overdue)


@register.filter
def effective_words(effective: Effective, day: date) -> str:
    """Since when and until when something holds."""
    if effective.from_ and effective.from_ > day:
        return _("from %(day)s") % {"day": words.day(effective.from_)}
    if effective.to:
        return _("until %(day)s") % {"day": words.day(effective.to)}
    return _("since %(day)s") % {"day": words.day(effective.from_)} if effective.from_ else _("always")


@register.filter
def step_name(step: Step) -> str:
    """A declared step's name, its id where it has none."""
    return desk_words.say(step.name) or step.id


@register.filter
def plan_lines(plan: dict[str, list[str]]) -> list[str]:
    """What a publication changed, one line each."""
    said = {
        "added": _("New: %(services)s"),
        "changed": _("Changed: %(services)s"),
        "removed": _("Gone: %(services)s"),
    }
    return [said[key] % {"services": ", ".join(plan[key])} for key in said if plan.get(key)]


@register.filter
def json_lines(data: Any) -> str:
    """Data of an event, readable."""
    return json.dumps(data, ensure_ascii=False, indent=1, default=str)


@register.filter
def one_place(value: float) -> str:
    """A number with one decimal, so that a column of them lines up."""
    return numbers.format_decimal(round(float(value), 1), "#,##0.0", locale=words.locale())
