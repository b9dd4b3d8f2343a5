"""Mandates: given, bounded, seen by both, ended; and applying under one, with both names in the record."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from commonweal.core import clock
from commonweal.core.declared import actions as publishing
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity import mandates
from commonweal.core.identity.actions import add_company, add_person
from commonweal.core.identity.actor import SYSTEM, Actor, Seat, person_actor
from commonweal.core.identity.assurance import StepUpNeeded
from commonweal.core.identity.models import Mandate, Person
from commonweal.core.journal import queries as journal
from commonweal.office.casework import actions, queries, representing
from commonweal.office.exchange.actions import hold
from commonweal.register import Register
from commonweal.register.government import MandateType

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture
def register() -> Register:
    publishing.publish(SYSTEM, Path(__file__).parents[3] / "examples" / "riverland")
    return _current()


def _current() -> Register:
    from commonweal.core.declared import queries as declared

    return declared.current()


@pytest.fixture
def services(register: Register) -> list[str]:
    return sorted(each.id for each in register.services_in_force(clock.now().date()))


def someone(username: str, name: str, **more: Any) -> tuple[Person, Actor]:
    person = add_person(SYSTEM, username, name, home_region="upper-vale", **more)
    return person, person_actor(person, "high")


def carer(register: Register) -> MandateType:
    return representing.types()["carer"]


def tomorrow(days: int = 30) -> date:
    return clock.now().date() + timedelta(days=days)


def test_what_one_gives_holds_once_accepted_and_only_for_what_it_says(register: Register, services: list[str]) -> None:
    _, old = someone("old", "Olga Reed")
    _, helper = someone("helper", "Hanna Hill")
    first, second = services[:2]
    mandate = mandates.offer(old, carer(register), helper.id, services=[first], until=tomorrow())
    with pytest.raises(Refused, match="may not do this"):
        actions.start(helper, service=first, on_behalf_of=old.id)
    mandates.answer(helper, mandate.ref, accept=True)
    application = actions.start(helper, service=first, on_behalf_of=old.id)
    assert (application.person_id, application.filed_by_id) == (old.id, helper.id)
    with pytest.raises(Refused, match="may not do this"):
        actions.start(helper, service=second, on_behalf_of=old.id)
    assert queries.application(old, application.ref).filed_by == "Hanna Hill"
    assert [row.on_behalf_of for row in queries.my_applications(helper).rows] == ["Olga Reed"]
    (event,) = journal.events(None, subject=f"application:{application.ref}").rows
    assert event.actor == f"person:{helper.id}"
    assert event.data["on_behalf_of"] == {"person": old.id, "mandate": mandate.ref}


def test_when_it_ends_nothing_of_it_is_left(register: Register, services: list[str]) -> None:
    _, old = someone("old", "Olga Reed")
    _, helper = someone("helper", "Hanna Hill")
    mandate = mandates.offer(old, carer(register), helper.id, services=[], until=tomorrow(3))
    mandates.answer(helper, mandate.ref, accept=True)
    ref = actions.start(helper, service=services[0], on_behalf_of=old.id).ref
    with clock.travel(clock.now() + timedelta(days=5)), pytest.raises(NotAllowed):
        queries.application(helper, ref)
    mandates.end(old, mandate.ref)
    for attempt in (
        lambda: queries.application(helper, ref),
        lambda: actions.save(helper, ref, {}, revision=0),
        lambda: actions.discard(helper, ref),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert queries.my_applications(helper).rows == ()
    assert queries.application(old, ref).ref == ref
    assert {row.status for row in mandates.of(helper).rows} == {Mandate.ENDED}


def test_strangers_neither_see_nor_answer_nor_end_a_mandate(register: Register) -> None:
    _, old = someone("old", "Olga Reed")
    _, helper = someone("helper", "Hanna Hill")
    _, other = someone("other", "Otto Brook")
    ref = mandates.offer(old, carer(register), helper.id, services=[], until=tomorrow()).ref
    assert mandates.of(other).rows == ()
    for attempt in (
        lambda: mandates.answer(other, ref, accept=True),
        lambda: mandates.answer(old, ref, accept=True),
        lambda: mandates.end(other, ref),
        lambda: mandates.end(other, "M-22222222"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    mandates.answer(helper, ref, accept=False)
    with pytest.raises(Refused, match="answered already"):
        mandates.answer(helper, ref, accept=True)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"representative": "P-22222222"}, "representative"),
        ({"representative": "' OR 1=1"}, "representative"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"until": date(2999, 1, 1)}, "until"),
    ],
)
def test_what_cannot_be_given_is_named(register: Register, more: dict[str, Any], field: str) -> None:
    _, old = someone("old", "Olga Reed")
    _, helper = someone("helper", "Hanna Hill")
    given: dict[str, Any] = {"representative": helper.id, "services": [], "until": tomorrow(), **more}
    with pytest.raises(Invalid) as refused:
        mandates.offer(old, carer(register), given.pop("representative"), **given)
    assert field in refused.value.fields


def test_a_child_is_acted_for_as_long_as_the_register_says_so(register: Register, services: list[str]) -> None:
    child, _ = someone("kid", "Kim Reed", birth_date=date(clock.now().year - 8, 1, 2))
    grown, _ = someone("son", "Sol Reed", birth_date=date(clock.now().year - 20, 1, 2))
    parent, actor = someone("parent", "Pia Reed")
    for each in (child, grown):
        hold(SYSTEM, "family-register", parent.ref, {"person": parent.ref, "child": each.ref}, region="upper-vale")
    (mandate,) = representing.ask_registers(actor)
    assert mandate.principal_id == child.ref
    assert (mandate.until.year, mandate.ground) == (clock.now().year + 10, "registry")
    assert representing.ask_registers(actor) == [mandate], "asking twice gives nothing twice"
    actions.start(actor, service=services[0], on_behalf_of=child.ref)
    with pytest.raises(Refused):
        mandates.end(actor, mandate.ref)
    mandates.confirm(SYSTEM, representing.types()["parent"], parent.ref, [])
    assert mandates.held(actor) == []


def test_a_company_acts_through_its_director(register: Register, services: list[str]) -> None:
    company = add_company(SYSTEM, "River Foods Ltd", "rf-100", "upper-vale")
    assert add_company(SYSTEM, "Another name", "RF-100") == company
    director, actor = someone("dora", "Dora Dane")
    hold(
        SYSTEM, "company-officers", director.ref, {"person": director.ref, "company": company.ref}, region="upper-vale"
    )
    representing.ask_registers(actor)
    application = actions.start(actor, service=services[0], on_behalf_of=company.ref)
    view = queries.application(actor, application.ref)
    assert (view.on_behalf_of, view.filed_by) == ("River Foods Ltd", "Dora Dane")


def test_an_official_enters_one_with_a_reason_and_only_from_the_post_that_may(register: Register) -> None:
    ward, _ = someone("ward", "Wim Reed")
    helper, _ = someone("helper", "Hanna Hill")
    type = carer(register)
    clerk = Actor("staff", "P-CLERK222", "Clerk", frozenset({Seat(type.post or "", "upper-vale")}))
    other = Actor("staff", "P-CLERK222", "Clerk", frozenset({Seat("tax/officer", "upper-vale")}))
    given: dict[str, Any] = {"services": [], "until": tomorrow(), "reason": "Court order 12/2026"}
    with pytest.raises(NotAllowed):
        mandates.enter(other, type, ward.ref, helper.ref, **given)
    with pytest.raises(Invalid):
        mandates.enter(clerk, type, ward.ref, helper.ref, **{**given, "reason": ""})
    mandate = mandates.enter(clerk, type, ward.ref, helper.ref, **given)
    assert (mandate.status, mandate.evidence) == (Mandate.GIVEN, type.post)
    (row,) = journal.history(f"mandate:{mandate.ref}").rows
    assert row.personal == {"reason": "Court order 12/2026"}


def test_a_service_that_must_be_sure_refuses_a_weaker_sign_in(register: Register) -> None:
    sure = [each.id for each in register.services.values() if each.assurance != "low"]
    assert sure, "the demo shows one"
    person, strong = someone("ana", "Ana Reed")
    weak = person_actor(person)
    ref = actions.start(strong, service=sure[0]).ref
    with pytest.raises(StepUpNeeded):
        actions.submit(weak, ref, token="t1")
