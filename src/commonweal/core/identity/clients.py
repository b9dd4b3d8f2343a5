"""Departments' systems that may ask people to sign in here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity import events
from commonweal.core.identity.actor import Actor, person_actor
from commonweal.core.identity.assurance import ACR, Standing
from commonweal.core.identity.models import Consent, Person
from commonweal.core.journal.actions import record


@transaction.atomic
def register(
    actor: Actor, id: str, name: str, *, redirects: Sequence[str] = (), scopes: Sequence[str] = ("openid",),
    device: bool = False, public: bool = False,
) -> str:  # fmt: skip
    """Register a system, or give a known one a new secret and these settings. Returns its secret, told only now.

    Addresses to come back to are compared letter by letter, so each is https (http for this machine alone) and has no
    wildcard. Raises Invalid, NotAllowed for anybody but the system.
    """
    from allauth.idp.oidc.models import Client

    if actor.kind != "system":
        raise NotAllowed("not-found", "Systems are registered by an operator")
    wrong = _wrong(id, name, redirects, scopes, device)
    if wrong:
        raise Invalid(wrong)
    secret = Client._meta.get_field("secret").get_default()
    client = Client.objects.filter(id=id).first() or Client(id=id)
    client.name, client.type = name, Client.Type.PUBLIC if public else Client.Type.CONFIDENTIAL
    client.set_secret(secret)
    client.set_scopes(list(scopes))
    client.set_default_scopes(["openid"])
    client.set_redirect_uris(list(redirects))
    grants = [Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN] if redirects else []
    client.set_grant_types([*grants, *([Client.GrantType.DEVICE_CODE] if device else [])])
    client.set_response_types(["code"])
    client.save()
    data = {"client": id, "scopes": list(scopes), "grants": client.get_grant_types()}
    record(actor, events.CLIENT_REGISTERED, f"client:{id}", data)
    return "" if public else secret


@transaction.atomic
def consent(person: Person, client: str, scopes: Sequence[str], standing: Standing) -> None:
    """Keep how somebody had signed in when they let a system know who they are, and record it."""
    level = standing.level() or "low"
    told: dict[str, Any] = {"acr": ACR[level], "amr": list(standing.amr), "given_at": clock.now()}
    told["shown_at"] = standing.at or clock.now()
    Consent.objects.update_or_create(person=person, client=client, defaults=told)
    data = {"client": client, "scopes": list(scopes), "level": level}
    record(person_actor(person), events.SIGNED_IN_ELSEWHERE, f"person:{person.ref}", data, about=[person.ref])


def _wrong(id: str, name: str, redirects: Sequence[str], scopes: Sequence[str], device: bool) -> dict[str, str]:
    from commonweal.core.identity.adapters.provider import SCOPES

    wrong = {}
    if not (id.isascii() and 2 <= len(id) <= 60 and id.replace("-", "").isalnum()):
        wrong["id"] = "An id has 2 to 60 letters, digits and hyphens"
    if not 1 <= len(name.strip()) <= 80:
        wrong["name"] = "Give a name that people read when they are asked"
    if not set(scopes) <= set(SCOPES) or "openid" not in scopes:
        wrong["scopes"] = f"Scopes are openid and any of {', '.join(SCOPES[1:])}"
    for each in redirects:
        parts = urlsplit(each)
        local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
        if not (parts.scheme == "https" or local) or not parts.hostname or "*" in each or parts.fragment:
            wrong["redirects"] = f"{each} is no https address without wildcard and fragment"
    if not redirects and not device:
        wrong["redirects"] = "Give an address to come back to, or allow devices"
    return wrong
