"""A service's steps made ready for use: their order, rules, fees, calendar and who supervises. Kept by version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from commonweal.office.casework.engine import deadlines
from commonweal.register import ServiceBundle
from commonweal.register.calendars import Counting, WorkingCalendar
from commonweal.register.models import Step, TotalDeadline
from commonweal.register.naming import organisation_of
from commonweal.register.regions import branch_region
from commonweal.register.register import cost_in_force
from commonweal.register.rules import Rules


class Plan:
    """What the engine needs of one service version. Every method is a pure function of its arguments."""

    def __init__(self, bundle: ServiceBundle) -> None:
        service = bundle.service
        self.bundle = bundle
        self.rules = Rules.of(bundle)
        self.calendar = WorkingCalendar.of(bundle.jurisdiction)
        self.deadline = service.deadline
        self.paused_by = frozenset((service.deadline or TotalDeadline(total="P0D")).paused_by)
        self.counting: Counting = service.deadline.calendar if service.deadline else "working-days"
        self.steps: dict[str, Step] = {step.id: step for step in service.steps}
        self.order = tuple((step, step.id, frozenset(step.after)) for step in _ordered(self.steps))
        self.paying = tuple(step.id for step in service.steps if step.pay)
        self._branches: dict[str | None, dict[str, str | None]] = {}
        self._due_on = lru_cache(maxsize=4096)(self._end_of_days)
        self.day = lru_cache(maxsize=1024)(self._day)

    def _day(self, moment: datetime) -> date:
        """The day it is in the jurisdiction: law, fees and rules go by the day of submission."""
        return moment.astimezone(self.calendar.zone).date()

    def branches(self, region: str | None) -> Mapping[str, str | None]:
        """Which branch works each step of a case about `region`. Raises NoBranchError (a LookupError)."""
        found = self._branches.get(region)
        if found is None:
            found = {
                step.id: branch_region(self.bundle, organisation_of(step.by), region) if step.by else None
                for step in self.steps.values()
            }
            self._branches[region] = found
        return found

    def supervising(self, step: Step) -> tuple[str, ...]:
        """The posts of the step's organisation that receive what is escalated."""
        organisation = organisation_of(step.by or "")
        return tuple(p.id for p in self.bundle.posts.values() if p.supervises and p.organisation == organisation)

    def applies(self, when: str, answers: Mapping[str, Any], day: date) -> bool:
        """Whether a step takes place. It does where an answer is missing: nobody slips past a step unseen."""
        return self.rules.holds(when, answers, day) is not False

    def costs(self, step: Step, answers: Mapping[str, Any], day: date) -> tuple[tuple[str, ...], Decimal]:
        """The fees due in the step and their sum. An exemption that cannot be known is not given."""
        due = [
            cost
            for cost in cost_in_force(self.bundle.service, day)
            if cost.id in step.pay
            and cost.amount
            and (cost.exempt_when is None or self.rules.holds(cost.exempt_when, answers, day) is not True)
        ]
        return tuple(cost.id for cost in due), sum((cost.amount for cost in due), Decimal("0.00"))

    def due(self, duration: str | None, moment: datetime) -> datetime | None:
        """When something with this deadline that begins at `moment` falls due."""
        if duration is None:
            return None
        if "T" in duration:
            return self.calendar.add(moment, duration, self.counting)
        return self._due_on(self.day(moment), duration)

    def _end_of_days(self, day: date, duration: str) -> datetime:
        """A deadline in days depends on nothing but the day on which it starts."""
        return self.calendar.add(datetime.combine(day, time(12), self.calendar.zone), duration, self.counting)

    def later(self, due: datetime, duration: str, since: datetime, until: datetime) -> datetime:
        """A due moment after the clock stood still from `since` to `until`."""
        return deadlines.later(self.calendar, due, duration, since, until, self.counting)


def _ordered(steps: Mapping[str, Step]) -> tuple[Step, ...]:
    """The steps so that each comes after those it waits for. Raises ValueError for a circle or an unknown name."""
    placed: dict[str, Step] = {}
    waiting = list(steps.values())
    while waiting:
        turn = [step for step in waiting if all(name in placed for name in step.after)]
        if not turn:
            raise ValueError(f"these steps wait for each other or for nothing declared: {[s.id for s in waiting]}")
        placed |= {step.id: step for step in turn}
        waiting = [step for step in waiting if step.id not in placed]
    return tuple(placed.values())


@lru_cache(maxsize=512)
def plan_of(bundle: ServiceBundle) -> Plan:
    """The plan of a version, made once. Raises ValueError for steps that `check` would refuse."""
    return Plan(bundle)
