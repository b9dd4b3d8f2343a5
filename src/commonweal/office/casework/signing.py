"""Applications that are signed as a document: made of the answers, signed by all, then sealed and submitted.

What is signed never changes: whoever changes an answer overtakes the document, and everybody signs anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from commonweal.core import clock
from commonweal.core.errors import Refused, Stale
from commonweal.core.identity import mandates
from commonweal.core.identity.actor import SYSTEM, Actor, person_actor
from commonweal.core.identity.models import Person
from commonweal.core.identity.passkeys import Used
from commonweal.office.casework import access, representing, saying, showing, submitting
from commonweal.office.casework.drafting import day_of, refuse_unless_draft, subject
from commonweal.office.casework.form import questions
from commonweal.office.casework.models import Application
from commonweal.office.casework.versions import Applied, applied, applying, target_name
from commonweal.office.signing import actions as signing
from commonweal.office.signing import queries as rounds
from commonweal.office.signing.opening import is_reference
from commonweal.office.signing.views import Asked, Wanted
from commonweal.register import ServiceBundle, durations
from commonweal.register.models import Signature, Signer, Text

LEVELS = ("simple", "advanced", "qualified")
APPLICANT = Text({"en": "Applicant", "zh-hans": "申请人"})


def wanted(services: Sequence[Applied]) -> Signature | None:
    """The signature all these services want together; None where sending is enough.

    The strongest level; everybody any of them names, once; the means that all accept; the shortest time.
    """
    return _together([each.bundle.service.signature for each in services])


def _together(found: Sequence[Signature | None]) -> Signature | None:
    strong = [each for each in found if each is not None and each.level != "simple"]
    if not strong:
        return None
    signers = {signer.role: signer for each in strong for signer in each.hands}
    accepts = tuple(way for way in strong[0].accepts if all(way in each.accepts for each in strong))
    return Signature(
        level=max((each.level for each in strong), key=LEVELS.index),
        order="sequence" if any(each.order == "sequence" for each in strong) else "parallel",
        signers=tuple(signers.values()),
        accepts=accepts or ("upload",),
        deadline=min((each.deadline for each in strong), key=lambda text: durations.parse(text).days or 365),
    )


def wanted_by_services(bundles: Sequence[ServiceBundle]) -> Signature | None:
    """The signature that services want together; for a window, which has the bundles and not the rows."""
    return _together([each.service.signature for each in bundles])


def begin_signing(actor: Actor, ref: str) -> signing.Opened:
    """Make the document of a complete draft and ask everybody to sign it. Pressed twice, it is made once.

    Raises Invalid, Refused as `submit` does for what is missing, `nothing-to-sign`, `no-mandate` (somebody who acts
    for another needs one that lets them sign), `no-such-signer`, `same-signer`, Stale, NotAllowed.
    """
    application = access.application_for(actor, ref)
    refuse_unless_draft(application)
    standing = rounds.standing(subject(application))
    if standing is not None:
        return signing.Opened(standing, {})
    services = applied(application)
    representing.refuse_unless_sure(actor, services)
    signature = wanted(applying(services, application.answers, day_of(services)))
    if signature is None:
        raise Refused("nothing-to-sign", "This application is sent without a document to sign", ref=ref)
    submitting.ready(application, services)
    acting = _acting(actor, application)
    prepared = signing.prepare(_asked(acting, application, services, signature))
    with transaction.atomic():
        now = access.application_for(actor, ref, write=True)
        if now.revision != application.revision or now.status != application.status:
            raise Stale(
                "stale", "This draft was changed in another window", by=actor.name, act="save", step=None,
                at=now.changed_at, revision=now.revision,
            )  # fmt: skip
        return signing.open_round(acting, prepared)


def sign_with_passkey(actor: Actor, round_ref: str, used: Used, *, host: str, address: str) -> None:
    """Sign, and when everybody has, seal and submit. Raises as signing does; what cannot be sent is kept and told."""
    signing.sign_with_passkey(actor, round_ref, used, host=host, address=address)
    conclude(round_ref)


def sign_with_upload(actor: Actor, round_ref: str, handed_in: bytes) -> None:
    """Sign with a document signed elsewhere, and when everybody has, seal and submit. Raises as signing does."""
    signing.sign_with_upload(actor, round_ref, handed_in)
    conclude(round_ref)


def conclude(round_ref: str) -> bool:
    """Seal a document that everybody has signed, and submit its application: both or neither, once however often.

    A process may die at any point: the worker calls this again. Returns whether this call did it.
    """
    round = rounds.signed_by_all(round_ref)
    if round is None:
        return False
    try:
        sealed = signing.seal_document(round)
        with transaction.atomic():
            if not signing.mark_sealed(SYSTEM, round_ref, sealed):
                return False
            opener = person_actor(Person.objects.get(ref=round.opener_id), round.assurance)  # type: ignore[arg-type]
            submitting.enter(opener, round.subject.removeprefix("application:"), round.ref, signed=True)
    except Refused as refused:
        signing.note_trouble(round_ref, refused.code)
        return False
    return True


def conclude_waiting() -> int:
    """Whatever is signed by all and not yet submitted, and what has fallen due. Returns how many moved."""
    return signing.due() + sum(conclude(ref) for ref in rounds.to_conclude())


def _acting(actor: Actor, application: Application) -> Actor:
    if application.person_id == actor.id:
        return actor
    services = [each["service"] for each in application.versions]
    mandate = mandates.may_act(actor, application.person_id, services, "sign")
    if mandate is None:
        raise Refused("no-mandate", "You may apply for them, but not sign for them")
    return actor.acting_for(application.person_id, mandate.ref)


def _asked(actor: Actor, application: Application, services: tuple[Applied, ...], signature: Signature) -> Asked:
    signers = _signers(actor, application, signature)
    title = target_name(application, services)
    now = clock.now()
    span = durations.parse(signature.deadline)
    due = now + timedelta(days=span.days + 7 * span.weeks + 30 * span.all_months, minutes=span.clock_minutes)
    with translation.override(application.language):
        content = _content(application, services, signers, title)
    return Asked(
        subject=subject(application), principal=application.person_id,
        services=tuple(each["service"] for each in application.versions), title=title, language=application.language,
        content=content, signers=signers, level=signature.level, order=signature.order, accepts=signature.accepts,
        due=due,
    )  # fmt: skip


def _signers(actor: Actor, application: Application, signature: Signature) -> tuple[Wanted, ...]:
    """Everybody who signs; a role whose question has no answer has nobody and is left out."""
    found = []
    for each in signature.hands:
        if each.source is None:
            found.append(Wanted(each.role, each.name or APPLICANT, actor.id))
        elif said := str(application.answers.get(each.source) or "").strip():
            found.append(_other(each, said))
    return tuple(found)


def _other(signer: Signer, said: str) -> Wanted:
    name = signer.name or Text({"en": signer.role})
    if is_reference(said):
        return Wanted(signer.role, name, said.upper())
    return Wanted(signer.role, name, None, said)


def _content(
    application: Application, services: tuple[Applied, ...], signers: Sequence[Wanted], title: Text
) -> dict[str, Any]:
    """What the document says, in the application's language."""
    language, day = application.language, day_of(services)
    files = list(application.attachments.order_by("id"))
    names = {each.ref: each.name for each in files}
    sections, told = [], set()
    for each in applying(services, application.answers, day):
        bundle = each.bundle
        asked = [q for q in questions([bundle], application.answers, day) if q.key in application.answers]
        rows = [
            {"label": q.label.say(language), "shown": saying.shown(bundle, q.key, application.answers[q.key], names)}
            for q in asked
            if q.key not in told
        ]
        told |= {q.key for q in asked}
        authority = showing.organisation_name(bundle, bundle.service.authority).say(language)
        sections.append({"title": f"{bundle.service.name.say(language)} ({authority})", "rows": rows})
    people = dict(Person.objects.filter(ref__in=[s.person for s in signers if s.person]).values_list("ref", "name"))
    people |= {application.person_id: application.person.name}
    return {
        "title": title.say(language),
        "jurisdiction": services[0].bundle.jurisdiction.name.say(language),
        "application": application.ref,
        "made": clock.now().strftime("%Y-%m-%d %H:%M UTC"),
        "sections": sections,
        "files": [{"name": each.name, "sha256": each.sha256} for each in files],
        "signers": [
            {"role": s.role_name.say(language), "who": _who(application, s, people)} for s in signers
        ],
    }  # fmt: skip


def _who(application: Application, signer: Wanted, people: dict[str, str]) -> str:
    name = people.get(signer.person or "", signer.person or signer.invited)
    if signer.role == "applicant" and signer.person != application.person_id:
        return f"{name} ({people[application.person_id]})"
    return name
