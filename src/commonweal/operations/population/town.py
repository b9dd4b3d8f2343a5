"""The town at work: people apply and pay, officials decide, deadlines pass, each through the acts of the office.

Nothing here writes a row of the office: the same functions are called that windows call, at the moment at which it
is said to happen, so that what they record is what would have been recorded.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import actions as casework
from commonweal.office.casework.engine import CaseState
from commonweal.office.casework.models import Application, Case
from commonweal.operations.population import answers as answering
from commonweal.operations.population import words
from commonweal.operations.population.agenda import Agenda
from commonweal.operations.population.arrivals import Arrival
from commonweal.operations.population.offices import Offices
from commonweal.operations.population.papers import Paper
from commonweal.operations.population.paying import pay
from commonweal.operations.population.people import Residents, Staff, applicant
from commonweal.register import ServiceBundle

ABANDONED, WITHDRAWN, SILENT, UNPAID = 0.045, 0.018, 0.03, 0.015
"""Shares of drafts never sent, of cases withdrawn, of questions never answered, of fees never paid."""
LEFT, LEFT_TO_CLERKS = 0.8, 0.25
"""Of what reaches the desks of the demo's officials in the last days, so much is left for whoever signs in."""
LEFT_DAYS = 8


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that will happen to a case."""

    kind: Literal["decide", "supply", "pay", "withdraw"]
    case: str
    step: str = ""
    turn: int = 1


@dataclass
class Town:
    """Everybody, and what is known of the cases under way."""

    chance: random.Random
    until: datetime
    offices: Offices
    staff: Staff
    residents: Residents
    personas: Mapping[str, Person]
    agenda: Agenda[Todo] = field(default_factory=Agenda)
    applicants: dict[str, tuple[Actor, str]] = field(default_factory=dict)
    planned: set[tuple[str, str, str, int]] = field(default_factory=set)
    turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)

    def arrive(self, arrival: Arrival) -> None:
        """Somebody applies."""
        day = arrival.moment.date()
        person = self.personas.get(arrival.who or "") or self.residents.somebody(arrival.region, day)
        actor = applicant(person)
        which = {"event": arrival.target} if arrival.is_event else {"service": arrival.target}
        application = casework.start(actor, **which, language=person.language)
        bundles = [declared.version(each["hash"]).bundle for each in application.versions]
        draw = answering.Draw(self.chance, arrival.region, day, person.name)
        for bundle in bundles:
            answering.answer(bundle, draw)
        datasets = {name: None for bundle in bundles for name in bundle.datasets}
        if arrival.who is None:
            self.residents.register(person, datasets, draw)
        if arrival.draft or (arrival.who is None and self.chance.random() < ABANDONED):
            first = dict(list(draw.answers.items())[: len(draw.answers) // 2])
            casework.save(actor, application.ref, first, revision=application.revision)
            self._count("drafts", arrival.target, arrival.region)
            return
        application = casework.save(actor, application.ref, draw.answers, revision=application.revision)
        with clock.travel(arrival.moment + timedelta(minutes=self.chance.randint(6, 40))):
            self._submit(actor, person, application, bundles, arrival)

    def _submit(
        self, actor: Actor, person: Person, application: Application, bundles: list[ServiceBundle], arrival: Arrival
    ) -> None:
        for paper in Paper.always(bundles):
            casework.attach(actor, application.ref, paper.key, paper)
        token = f"simulated-{self.chance.getrandbits(64):016x}"
        for attempt in (1, 2):
            try:
                casework.submit(actor, application.ref, token=token)
                break
            except Invalid as missing:
                papers = Paper.wanted(bundles, missing.fields)
                if attempt == 2 or not papers:
                    self._count("turned away: invalid", arrival.target, " ".join(sorted(missing.fields)))
                    return
                for paper in papers:
                    casework.attach(actor, application.ref, paper.key, paper)
            except Refused as refusal:
                self._count(f"turned away: {refusal.code}", arrival.target, arrival.region)
                return
        self._count("submitted", arrival.target, arrival.region)
        for case in Case.objects.filter(application=application).order_by("id"):
            self.applicants[case.ref] = (actor, person.language)
            self.told["cases"] += 1
            if arrival.who is not None:
                self.shown.add(case.ref)
            if arrival.who is None and self.chance.random() < WITHDRAWN:
                self._plan(self.offices.soon(clock.now(), 3), Todo("withdraw", case.ref))
            self.follow(case)

    def do(self, todo: Todo) -> None:
        """Let one thing happen, unless what came before has made it pointless."""
        case = Case.objects.get(ref=todo.case)
        if case.status == Case.CLOSED:
            return
        state = CaseState.from_dict(case.state)
        actor, language = self.applicants[todo.case]
        if todo.kind == "decide":
            case = self._decide(case, state, todo, language) or case
        elif todo.kind == "withdraw":
            case = casework.withdraw(actor, case.ref, reason=words.applicant("withdraw", language, self.chance))
            self._count("withdrawn", case.service, case.region)
        elif todo.kind == "supply" and state.pauses:
            asked = {key: case.application.answers[key] for each in state.pauses for key in each.asked
                     if key in case.application.answers}  # fmt: skip
            message = words.applicant("supply", language, self.chance)
            case = casework.supply(actor, case.ref, answers=asked, message=message)
            self._count("supplied", case.service, case.region)
        elif todo.kind == "pay":
            cashier = self.staff.cashier(case.region) if case.region else None
            if pay(actor, cashier, case.ref, todo.step, self.chance):
                self._count("paid", case.service, case.region)
                case.refresh_from_db()
        self.follow(case)

    def _decide(self, case: Case, state: CaseState, todo: Todo, language: str) -> Case | None:
        step = self._step(case, todo.step)
        here = state.steps[todo.step]
        if here.status != "ready" or stopped(state, todo.step) or here.region is None:
            self.planned.discard(("decide", case.ref, todo.step, todo.turn))
            return None
        official = self.staff.somebody(step.by, here.region)
        if here.escalated and self.chance.random() < 0.5:
            official = self.staff.above(step.by.partition("/")[0], here.region) or official
        elif todo.case not in self.shown and self._left(step.by, here.region):
            return None
        turn = self.turns[(case.ref, todo.step)] + 1
        act = self.offices.decides(step, here.region, turn)
        ask = self._ask(case) if act in ("return", "request-information") else ()
        if act in ("return", "request-information"):
            self.turns[(case.ref, todo.step)] = turn
        note = words.official(act, language, self.chance)
        case = casework.act(official, case.ref, todo.step, act, note=note, revision=case.revision, ask=ask)
        self._count(act, case.service, f"{case.region} {todo.step}")
        return case

    def _left(self, post: str, region: str) -> bool:
        """Whether this stays on the desk of a demo official."""
        recent = clock.now() > self.until - timedelta(days=LEFT_DAYS)
        share = LEFT_TO_CLERKS if post.endswith("/clerk") else LEFT
        return recent and (post, region) in self.staff.personas and self.chance.random() < share

    def _ask(self, case: Case) -> tuple[str, ...]:
        """One answer to be given again: one in words, where there is one."""
        bundle = declared.version(case.version).bundle
        known = case.application.answers
        elements = (bundle.elements.get(field.element or "") for field in bundle.service.form)
        wordy = [
            each.id for each in elements
            if each is not None and each.id in known and each.type in ("string", "text", "phone")
        ]  # fmt: skip
        return (self.chance.choice(wordy),) if wordy else ()

    def follow(self, case: Case) -> None:
        """Plan what a case now waits for."""
        if case.status == Case.CLOSED:
            return
        state, now = CaseState.from_dict(case.state), clock.now()
        for name, here in state.steps.items():
            if here.status != "ready" or stopped(state, name):
                continue
            step = self._step(case, name)
            if step.by and here.region:
                todo = Todo("decide", case.ref, name, self.turns[(case.ref, name)] + 1)
                if self._new(todo):
                    self._plan(self.offices.decides_at(step, here.region, max(now, here.ready_at or now)), todo)
            elif step.pay and self._new(Todo("pay", case.ref, name)) and self.chance.random() >= UNPAID:
                late = 9.0 if self.chance.random() < 0.08 else 1.2
                self._plan(self.offices.soon(now, late), Todo("pay", case.ref, name))
        for pause in state.pauses:
            todo = Todo("supply", case.ref, pause.step, self.turns[(case.ref, pause.step)])
            if self._new(todo) and self.chance.random() >= SILENT:
                self._plan(self.offices.soon(now, 2.5), todo)

    def tick(self) -> int:
        """Let time do what it does by itself, and follow the cases it moved."""
        due = list(Case.objects.filter(next_tick_at__lte=clock.now()).order_by("id").values_list("id", flat=True))
        moved = casework.tick(clock.now()) if due else 0
        for case in Case.objects.filter(id__in=due).order_by("id"):
            if case.ref in self.applicants:
                self.follow(case)
        return moved

    def _step(self, case: Case, name: str) -> Any:
        steps = declared.version(case.version).bundle.service.steps
        return next(step for step in steps if step.id == name)

    def _new(self, todo: Todo) -> bool:
        key = (todo.kind, todo.case, todo.step, todo.turn)
        fresh = key not in self.planned
        self.planned.add(key)
        return fresh

    def _plan(self, moment: datetime, todo: Todo) -> None:
        self.agenda.put(moment, todo)

    def _count(self, what: str, target: str, where: str) -> None:
        self.told[what] += 1
        self.log.append(f"{clock.now():%Y-%m-%dT%H:%M:%S} {what} {target} {where}")


def stopped(state: CaseState, step: str) -> bool:
    """Whether the step waits for the applicant: it asked, or the whole case was returned."""
    return state.asking(step) is not None or any(pause.kind == "return" for pause in state.pauses)
