"""After sending: who has it, answering a department, paying, what was issued, who used my data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from commonweal.core.identity.actor import Actor, person_actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import actions, queries
from tests.room.windows_counter.conftest import begin, hidden, send, text_of, visit, walk

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Seat = Callable[[str, str], Actor]


def sent(person: Person, service: str = "open-restaurant", kind: str = "services") -> str:
    """Apply as a person does; returns the application's reference."""
    client = visit(person)
    ref = begin(client, service, kind)
    walk(client, person, ref)
    assert send(client, ref).status_code == 302
    return ref


def work(person: Person, ref: str, official: Seat, act: str | None = None, **more: object) -> None:
    """Every official whose turn it is approves, until only the applicant can go on; or one does `act`."""
    seated: dict[tuple[str, str], Actor] = {}
    for _ in range(30):
        ready = [
            (case, step)
            for case in queries.application(person_actor(person), ref).cases
            for step in case.steps
            if step.state == "ready" and step.nature == "work"
        ]
        if not ready:
            return
        case, step = ready[0]
        seat = (str(step.post), str(step.region))
        actor = seated.setdefault(seat, official(*seat)) if seat not in seated else seated[seat]
        may = queries.case(actor, case.ref).acts[step.id]
        chosen = act or ("approve" if "approve" in may else "accept")
        actions.act(actor, case.ref, step.id, chosen, revision=case.revision, **more)  # type: ignore[arg-type]
        if act:
            return


def test_the_track_says_who_has_it_and_by_when(mei: Person) -> None:
    ref = sent(mei)
    said = text_of(visit(mei).get(f"/applications/{ref}"))
    for words in (
        "Now with: One-Stop Service Centre",
        "In progress",
        "You get the decision by",
        "You sent the application",
    ):
        assert words in said or words == "You sent the application"
    chinese = text_of(visit(mei, "zh-hans").get(f"/applications/{ref}"))
    assert "正在办理" in chinese


def test_a_bundle_shows_its_departments_side_by_side(mei: Person) -> None:
    ref = sent(mei, "having-a-child", "events")
    body = visit(mei).get(f"/applications/{ref}").content.decode()
    assert body.count('class="track"') >= 5
    assert body.count("part-cards") == 1


def test_a_return_is_answered_on_one_page(mei: Person, official: Seat) -> None:
    ref = sent(mei)
    work(mei, ref, official, "return", note="Which floor is it really?", ask=("premises.floor_area",))
    client = visit(mei)
    page = client.get(f"/applications/{ref}")
    assert "Which floor is it really?" in text_of(page)
    assert "Needs you" in text_of(client.get("/applications"))
    case = queries.application(person_actor(mei), ref).cases[0]
    address = f"/applications/{ref}/cases/{case.ref}/answer"
    wrong = client.post(address, {"premises.floor_area": "big", "message": "Sorry"})
    assert wrong.status_code == 422
    assert 'value="big"' in wrong.content.decode()
    assert "Sorry" in wrong.content.decode()
    done = client.post(address, {"premises.floor_area": "95", "message": "Sorry"}, follow=True)
    assert "The department has your answer" in text_of(done)
    assert "Nothing is asked of you" in text_of(client.get(address, follow=True))


def test_approved_paid_and_issued(mei: Person, official: Seat, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    ref = sent(mei)
    work(mei, ref, official)
    client = visit(mei)
    (order,) = queries.application(person_actor(mei), ref).cases[0].orders
    assert "There is something to pay" in text_of(client.get(f"/applications/{ref}"))
    address = f"/applications/{ref}/pay/{order.ref}"
    assert "200.00" in text_of(client.get(address))
    practice = client.post(address)
    assert "no money moves" in text_of(practice)
    payment = hidden(practice, "payment")
    done = client.post(f"{address}/done", {"payment": payment}, follow=True)
    assert "Your payment has arrived" in text_of(done)
    assert client.post(f"{address}/done", {"payment": payment}).status_code == 302, "told twice, settled once"
    (output,) = queries.application(person_actor(mei), ref).cases[0].outputs
    page = client.get(
        f"/applications/{ref}/cases/{queries.application(person_actor(mei), ref).cases[0].ref}/{output.output}"
    )
    assert output.number in text_of(page)
    assert "Granted" in text_of(client.get("/applications"))


def test_a_forged_payment_settles_nothing(mei: Person, official: Seat, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    ref = sent(mei)
    work(mei, ref, official)
    client = visit(mei)
    (order,) = queries.application(person_actor(mei), ref).cases[0].orders
    answer = client.post(f"/applications/{ref}/pay/{order.ref}/done", {"payment": "forged"})
    assert answer.status_code == 409
    assert "The payment was not made" in text_of(answer)


def test_a_refusal_gives_its_reason(mei: Person, official: Seat) -> None:
    ref = sent(mei)
    work(mei, ref, official, "accept")
    work(mei, ref, official, "refuse", note="The kitchen has no second exit.")
    said = text_of(visit(mei).get(f"/applications/{ref}"))
    assert "This was refused" in said
    assert "The kitchen has no second exit." in said


def test_withdrawing_asks_first(mei: Person) -> None:
    ref = sent(mei)
    client = visit(mei)
    case = queries.application(person_actor(mei), ref).cases[0]
    address = f"/applications/{ref}/cases/{case.ref}/withdraw"
    assert "Withdraw?" in text_of(client.get(address))
    assert "You have withdrawn it" in text_of(client.post(address, {"reason": "Changed my mind"}, follow=True))
    assert client.post(address).status_code == 409


def test_my_data_and_who_used_it(mei: Person, other: Person) -> None:
    ref = sent(mei)
    client = visit(mei)
    assert "Register of residents" in text_of(client.get("/my-data"))
    assert "1 May 1990" in text_of(client.get("/my-data"))
    used = text_of(client.get("/my-data/used"))
    assert "You sent an application" in used
    case = queries.application(person_actor(mei), ref).cases[0]
    assert case.ref in used
    assert case.ref not in text_of(visit(other).get("/my-data/used"))


def test_an_official_is_a_person_too(official: Seat, mei: Person) -> None:
    clerk = official("one-stop-centre/clerk", "upper-vale")
    person = Person.objects.get(ref=clerk.id)
    client = visit(person)
    assert client.get("/applications").status_code == 200
    assert "Desk" in text_of(client.get("/applications"))
    ref = sent(mei)
    assert client.get(f"/applications/{ref}").status_code == 404, "a seat gives no power at the counter"


@pytest.mark.parametrize("page", ["/applications", "/my-data", "/my-data/used", "/applications/A-22222222"])
def test_personal_pages_ask_who_it_is(published: object, page: str) -> None:
    answer = visit().get(page)
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in?next=")
