"""What applicants do after they submitted: answer what is asked, withdraw, pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import access, answering, engine, events
from commonweal.office.casework.answering import PAPER
from commonweal.office.casework.form import questions
from commonweal.office.casework.models import Application, Case
from commonweal.office.casework.moving import Moving, own_case, refuse_stale, taken_up
from commonweal.office.casework.saying import reader_language
from commonweal.office.casework.versions import today
from commonweal.office.casework.words import clean
from commonweal.office.payments import access as payments_access
from commonweal.office.payments import actions as payments
from commonweal.office.payments import queries as orders
from commonweal.office.payments.ports import Begun
from commonweal.office.payments.views import OrderRow

MESSAGE_LENGTH = 4000
_SAY = {
    "en": "Answer what is asked, add a file, or write a message",
    "zh-hans": "请回答所问的问题、提交文件或者留言",
}


@transaction.atomic
def withdraw(actor: Actor, case_ref: str, *, reason: str = "") -> Case:
    """End one's own case before it is decided. Raises Refused `closed`, NotAllowed."""
    case = own_case(actor, case_ref)
    actor = access.acting(actor, case.application)
    move = taken_up(actor, case)
    move.do(engine.Act(kind="withdraw", actor=actor.label))
    move.closing(clean(reason, MESSAGE_LENGTH))
    return move.finish("withdraw")


@transaction.atomic
def supply(
    actor: Actor,
    case_ref: str,
    *,
    answers: Mapping[str, Any] | None = None,
    message: str = "",
    revision: int | None = None,
) -> Case:
    """Answer everything that officials ask back: answers, files attached since, or a message at least.

    Only what was asked may change (all of the form where a return names nothing), and what the new answers open.
    Raises Invalid, Refused `nothing-asked` or `closed`, Stale when `revision` is given and has moved, NotAllowed.
    """
    case = own_case(actor, case_ref)
    if revision is not None:
        refuse_stale(case, revision)
    actor = access.acting(actor, case.application)
    move = taken_up(actor, case)
    if not move.state.pauses:
        raise Refused(*_nothing(case))
    application = Application.objects.select_for_update().get(pk=case.application_id)
    case.application = application
    since = min(pause.since for pause in move.state.pauses)
    given = dict(answers or {}) | _files_since(application, move.bundle, since)
    papers = application.attachments.filter(key__startswith=PAPER, added_at__gte=since).exists()
    message = clean(message, MESSAGE_LENGTH)
    if not (given or papers or message):
        raise Invalid({"message": answering.say(_SAY, reader_language())})
    changed = _take_answers(move, application, given)
    steps = [pause.step for pause in move.state.pauses]
    move.answers = application.answers
    move.do(engine.Act(kind="supply", actor=actor.label))
    told = move.case_data() | {"keys": sorted(changed), "steps": steps, "opened": list(move.opened)}
    supplied = {"answers": {key: application.answers.get(key) for key in changed}, "message": message}
    move.tell(events.ANSWER_SUPPLIED, told, supplied, first=True)
    move.closing()
    return move.finish("supply")


def _nothing(case: Case) -> tuple[str, str]:
    """Why nothing can be supplied."""
    if case.status == Case.CLOSED:
        return "closed", "The case is closed"
    return "nothing-asked", "Nothing is asked of you at the moment"


def asked_keys(move_state: engine.CaseState) -> tuple[frozenset[str], bool]:
    """The keys asked back, and whether somebody asked without naming any, which opens the whole form."""
    keys = frozenset(key for pause in move_state.pauses for key in pause.asked)
    return keys, any(not pause.asked for pause in move_state.pauses)


def _files_since(application: Application, bundle: Any, since: datetime) -> dict[str, str]:
    """The newest file of each file question, where one was added since it was asked for."""
    wanted = answering.file_questions([bundle])
    rows = application.attachments.filter(key__in=wanted, added_at__gte=since).order_by("id")
    return {row.key: row.ref for row in rows}


def _take_answers(move: Moving, application: Application, given: dict[str, Any]) -> set[str]:
    """Put the new answers on the application. Returns the keys that changed. Raises Invalid."""
    day = today(move.bundle.jurisdiction.timezone, move.now)
    language = reader_language()
    before = {question.key for question in questions([move.bundle], application.answers, day)}
    keys, everything = asked_keys(move.state)
    taken = answering.take([move.bundle], application.answers, given, day, language)
    wrong = dict(taken.wrong)
    if not everything:
        shut = [key for key in given if key in before and key not in keys and key not in taken.wrong]
        wrong |= dict.fromkeys(shut, answering.say(answering.NOT_ASKED, language))
    _, missing = answering.complete([move.bundle], taken.answers, day, language)
    wrong |= {key: sentence for key, sentence in missing.items() if key not in wrong}
    if wrong:
        raise Invalid(wrong)
    if taken.changed:
        application.answers, application.changed_at = taken.answers, move.now
        application.revision += 1
        application.save(update_fields=["answers", "changed_at", "revision"])
    return taken.changed


@transaction.atomic
def pay(actor: Actor, case_ref: str, step: str, *, order_ref: str) -> Case:
    """Move a case on whose step has been paid. Called with the settlement of its order, in one transaction."""
    case = Case.objects.select_related("application").select_for_update(of=("self",)).get(ref=case_ref)
    move = taken_up(actor, case)
    move.do(engine.Act(kind="pay", step=step, actor=actor.label))
    told = move.case_data() | {"step": step, "order": order_ref, "opened": list(move.opened)}
    move.tell(events.PAYMENT_RECEIVED, told, first=True)
    move.closing()
    return move.finish("pay", step)


def begin_payment(actor: Actor, order_ref: str, *, provider: str, return_url: str) -> Begun:
    """Start paying an order; see `payments.actions.begin`. Changes nothing here."""
    return payments.begin(_payer(actor, order_ref), order_ref, provider=provider, return_url=return_url)


def settle_payment(actor: Actor, order_ref: str, *, provider: str, payload: Mapping[str, str]) -> OrderRow:
    """Ask the provider what it took, settle the order and move the case on, in one transaction.

    Told twice, it does nothing the second time. Raises NotAllowed, and Refused as `payments.actions` does.
    """
    actor = _payer(actor, order_ref)
    paid = payments.confirm(actor, order_ref, provider=provider, payload=payload)
    with transaction.atomic():
        case_ref = payments_access.order_for(actor, order_ref).case
        access.lock_case(case_ref)  # a case is always locked before its orders
        order, fresh = payments.settle(actor, order_ref, paid, provider=provider)
        if fresh:
            pay(actor, order.case, order.step, order_ref=order.ref)
    return orders.row(order)


def _payer(actor: Actor, order_ref: str) -> Actor:
    """The actor as the one who pays: for whom the order is, where a mandate lets them pay for another."""
    if actor.kind != "person":
        return actor
    case_ref = orders.case_of(order_ref)
    if case_ref is None:
        return actor
    case = access.case_for(actor, case_ref)
    return access.acting(actor, case.application, "pay")
