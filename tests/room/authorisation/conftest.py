"""Six visitors, and one thing of the owner's behind every gap of an address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from commonweal.core import clock
from commonweal.core.identity import mandates
from commonweal.core.identity.actor import SYSTEM, Actor, person_actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import actions
from commonweal.office.certificates import actions as certificates
from commonweal.office.certificates.content import New
from commonweal.office.certificates.models import Certificate
from commonweal.office.signing.models import Round
from commonweal.register.base import Text
from commonweal.register.government import MandateType
from tests.room.windows_api import world as testland
from tests.room.windows_api.flow import ANSWERS, PDF

ROLES = ("visitor", "stranger", "owner", "clerk elsewhere", "clerk", "auditor")
"""Those who may do least come first."""
Ask = Callable[[str, str, str], int]


@pytest.fixture
def world(db: Any) -> testland.World:
    return testland.build()


@pytest.fixture
def fillings(world: testland.World) -> dict[str, dict[str, str]]:
    """A submitted application of the owner's with its case, file and mandate, by the addresses that speak of them."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from commonweal.office.casework.queries import application

    owner = person_actor(world.owner)
    draft = actions.start(owner, service="market-stall")
    saved = actions.save(owner, draft.ref, ANSWERS, revision=draft.revision)
    file = actions.attach(owner, saved.ref, "form.plan", SimpleUploadedFile("plan.pdf", PDF, "application/pdf"))
    actions.submit(owner, saved.ref, token="one-and-only")
    case = application(owner, saved.ref).cases[0].ref
    begun = actions.start(owner, service="market-stall")
    helper = MandateType(id="helper", name=Text(en="Helper"))
    until = clock.now().date() + timedelta(days=30)
    round = to_sign(owner, begun.ref, world.clerk.ref)
    mandate = mandates.offer(owner, helper, world.clerk.ref, services=(), until=until)
    certificate = _certificate(world, case)
    return {
        "/certificates/": {"ref": certificate.ref},
        "/desk/certificates/": {"ref": certificate.ref},
        "/V/": {"code": "A" * 80},
        "/status-lists/": {"number": str(certificate.status_list_id)},
        "/applications/": {"ref": saved.ref, "case_ref": case, "file": file.ref, "output": "permit"},
        "/applications/<slug:ref>/q/": {"ref": begun.ref, "key": "stall.name"},
        "/signing/": {"ref": round.ref},
        "/account/acting/": {"ref": mandate.ref},
        "/account/security/": {"factor": "1"},
        "/services/": {"service_id": "market-stall"},
        "/events/": {"event_id": "starting-out"},
        "/desk/cases/": {"ref": case, "file": file.ref, "step": "accept"},
        "/desk/people/": {"ref": world.owner.ref},
        "/desk/register/": {"service": "market-stall"},
        "/desk/sandbox/": {"service": "market-stall"},
        "/log/": {"level": "0", "number": "000"},
        "/api/": {"action": "package_list"},
    }


def _certificate(world: testland.World, case: str) -> Certificate:
    """A permit of the owner's, of the clerk's branch."""
    name, now = Text(en="Stall permit"), clock.now()
    with transaction.atomic():
        return certificates.issue(
            SYSTEM,
            New(
                case=case, service="market-stall", output="permit", number="S2026-0001", region="north",
                name=name, issuer="markets", issuer_name=name, holder=world.owner.ref, holder_name="Owner", facts=(),
                issued_at=now, valid_until=None,
            ),
        )  # fmt: skip


def to_sign(owner: Actor, ref: str, other: str) -> Round:
    """A document that the owner has made and the clerk is to sign too."""
    from commonweal.office.signing import actions as signing
    from commonweal.office.signing.views import Asked, Wanted

    name, due = Text(en="Signer"), clock.now() + timedelta(days=3)
    words = {"title": "Stall", "jurisdiction": "Testland", "application": ref, "made": "today"}
    asked = Asked(
        subject=f"application:{ref}", principal=owner.id, services=("market-stall",), title=Text(en="Stall"),
        language="en", content={**words, "sections": [], "files": [], "signers": []},
        signers=(Wanted("applicant", name, owner.id), Wanted("other", name, other)), level="advanced",
        order="parallel", accepts=("passkey", "upload"), due=due,
    )  # fmt: skip
    return signing.open_round(owner, signing.prepare(asked)).round


@pytest.fixture
def ask(world: testland.World) -> Ask:
    """Ask an address as one of the roles and take back whatever it did: the status alone is looked at."""
    people: dict[str, Person | None] = dict(
        zip(
            ROLES,
            (None, world.stranger, world.owner, world.elsewhere, world.clerk, world.auditor),
            strict=True,
        )
    )
    cookies = {role: _signed_in(person) for role, person in people.items()}

    def asked(role: str, method: str, address: str) -> int:
        browser = Client(raise_request_exception=False)
        browser.cookies.update(cookies[role])
        with transaction.atomic():
            before = transaction.savepoint()
            status = int(getattr(browser, method)(address).status_code)
            transaction.savepoint_rollback(before)
        return status

    return asked


def _signed_in(person: Person | None) -> Any:
    browser = Client()
    if person is not None:
        browser.force_login(person)
    return browser.cookies
