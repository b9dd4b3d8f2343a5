"""Signing people in to departments' systems (OpenID Connect Core 1.0): whom we name to whom, and with which key.

A person has another subject at every system (pairwise, section 8.1), so that two systems cannot put their files side by
side by it. The key is made once, encrypted by the key store and kept in the database, where every web process finds it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import PrivateKey
from django.utils.translation import gettext_lazy as _

from commonweal.core import clock
from commonweal.core.identity.actor import staff_actor
from commonweal.core.identity.models import Consent, Person, ProviderKey
from commonweal.core.locks import hold
from commonweal.core.trust import keys

if TYPE_CHECKING:
    from allauth.idp.oidc.models import Client

PURPOSE = "openid-provider"
OVERLAP = timedelta(days=2)
"""How long a key that signs no more is still published."""
SCOPES = ("openid", "profile", "posts")


class ProviderAdapter(DefaultOIDCAdapter):
    """Subjects, claims and keys of this house as a provider."""

    scope_display = {
        "openid": _("that it is you, under a number made for this system alone"),
        "profile": _("your name, language and home region"),
        "posts": _("the posts you hold"),
    }

    def get_user_sub(self, client: Client, user: Any) -> str:
        """A subject that only this system sees: a keyed hash of the client and the person's reference."""
        code = keys.blind_index(PURPOSE, f"{client.id}\n{user.ref}")
        return base64.b32encode(code[:20]).decode().lower()

    def get_user_by_sub(self, client: Client, sub: str) -> Person | None:
        """The person among those who consented to this client; None for any other."""
        refs = Consent.objects.filter(client=client.id).select_related("person")
        return next((each.person for each in refs if self.get_user_sub(client, each.person) == sub), None)

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Any,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The subject; how sure the sign-in was; and what the scopes agreed to ask for."""
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        consent = Consent.objects.filter(person=user, client=client.id).first()
        if consent is not None and purpose == "id_token":
            claims |= {"acr": consent.acr, "amr": consent.amr, "auth_time": int(consent.shown_at.timestamp())}
        if "profile" in scopes:
            claims |= {"name": user.name, "locale": user.language, "region": user.home_region}
        if "posts" in scopes:
            held = staff_actor(user).posts
            claims["posts"] = sorted(f"{seat.post}@{seat.region}" for seat in held)
        return claims

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """What a discovery document must say of this house."""
        from commonweal.core.identity.assurance import ACR

        data |= {
            "scopes_supported": list(SCOPES),
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": list(ACR.values()),
            "claims_supported": ["sub", "acr", "amr", "auth_time", "name", "locale", "region", "posts"],
            "grant_types_supported": ["authorization_code", "refresh_token", DEVICE],
            "response_types_supported": ["code"],
        }

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        """The keys that sign or signed lately, the newest last; the first is made when there is none."""
        rows = list(ProviderKey.objects.order_by("id")) or [new_key()]
        now = clock.now()
        return [
            PrivateKey(
                pem=keys.decrypt(PURPOSE, bytes(row.box), PURPOSE).decode(),
                issued_at=row.made_at, not_before=row.made_at, expires_at=row.retires_at,
            )
            for row in rows
            if row.retires_at is None or row.retires_at > now
        ]  # fmt: skip


DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def new_key() -> ProviderKey:
    """A new RSA key (RS256, which every client must know) that signs from now on; the one before is published on."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.db import transaction

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with transaction.atomic():
        hold("openid-provider-key")
        ProviderKey.objects.filter(retires_at=None).update(retires_at=clock.now() + OVERLAP)
        return ProviderKey.objects.create(box=keys.encrypt(PURPOSE, made, PURPOSE))
