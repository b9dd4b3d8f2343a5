"""Setting the demo up: everybody is there once, can sign in, and sits where something comes by."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.declared.models import Publication
from commonweal.core.identity.models import Holding, Person
from commonweal.core.journal.models import Event
from commonweal.operations import demo
from commonweal.operations.cast import PERSONAS
from commonweal.windows.look.personas import DEMO_PASSWORD

from .conftest import TODAY

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]


def test_everybody_can_sign_in_with_the_password_shown(prepared: None) -> None:
    for persona in demo.personas():
        person = authenticate(None, username=persona.username, password=demo.PASSWORD)
        assert isinstance(person, Person), persona.username
        assert person.is_demo
        assert person.name == persona.name
    assert demo.PASSWORD == DEMO_PASSWORD


def test_preparing_twice_changes_nothing(prepared: None) -> None:
    before = Person.objects.count(), Holding.objects.count(), Event.objects.count(), Publication.objects.count()
    with clock.travel(TODAY):
        demo.prepare()
    assert before == (
        Person.objects.count(), Holding.objects.count(), Event.objects.count(), Publication.objects.count(),
    )  # fmt: skip


def test_seats_are_of_declared_posts_in_the_branches_they_have(prepared: None) -> None:
    register = declared.current()
    for holding in Holding.objects.all():
        organisation = register.organisations[register.posts[holding.post].organisation]
        assert register.regions[holding.region].level == organisation.level


def test_every_post_that_works_a_case_of_the_demo_county_has_a_persona(prepared: None) -> None:
    needed = {step.by for service in declared.current().services.values() for step in service.steps if step.by}
    assert needed <= {post for persona in PERSONAS for post, _ in persona.seats}


def test_somebody_new_is_added_where_others_are_already(prepared: None) -> None:
    Holding.objects.filter(person__username="parks").delete()
    assert Person.objects.filter(username="parks").delete()[0]
    with clock.travel(TODAY):
        demo.prepare()
    assert Person.objects.filter(username="parks").count() == 1


def test_the_terminal_is_told_where_and_as_whom(prepared: None) -> None:
    told = demo.welcome("http://localhost:8123")
    assert "http://localhost:8123/desk/" in told
    assert demo.PASSWORD in told
    assert "Demo Applicant Lin" in told
