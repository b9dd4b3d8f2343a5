"""Passkeys over HTTP: options for the browser, and its answer in a form field. A state is used once, right or wrong."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from commonweal.core.errors import Refused
from commonweal.core.identity import passkeys
from commonweal.core.identity.models import Person
from commonweal.core.identity.passkeys import Origin, Used
from commonweal.windows.look import jurisdiction
from commonweal.windows.look.http import signed_in

STATE = "passkey-state"
LARGEST = 20_000
"""Characters of a browser's answer; an attestation has a few thousand."""


def origin(request: HttpRequest) -> Origin:
    """Where these pages are served; Django has checked the host against those this deployment answers to."""
    here = jurisdiction.jurisdiction()
    scheme = "https" if request.is_secure() else "http"
    name = here.name.say("en") if here else "Commonweal"
    return Origin(request.get_host().rsplit(":", 1)[0], f"{scheme}://{request.get_host()}", name)


@never_cache
@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for a passkey: for whoever is signed in, or half way in, or anybody."""
    from commonweal.windows.look.signing_in import PENDING

    person = signed_in(request)
    pending = (request.session.get(PENDING) or {}).get("person")
    if person is None and pending and "second" in request.GET:
        person = Person.objects.filter(ref=pending).first()
    wanted, state = passkeys.begin(origin(request), person, verify=True)
    request.session[STATE] = state
    return JsonResponse(wanted)


def answered(request: HttpRequest, person: Person | None = None) -> Used:
    """Check the answer posted as `credential`. Raises Refused `passkey-refused`."""
    return passkeys.finish(origin(request), request.session.pop(STATE, None), posted(request), person)


def posted(request: HttpRequest) -> dict[str, Any]:
    """The browser's answer. Raises Refused `passkey-refused` for what is no answer."""
    text = request.POST.get("credential", "")
    try:
        found = json.loads(text) if len(text) <= LARGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("passkey-refused", "This passkey could not be used; try again", reason="malformed")
    return found
