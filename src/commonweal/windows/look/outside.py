"""Signing in with another provider's account (OpenID Connect): allauth speaks the protocol, the session is ours."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from commonweal.core import ids
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity import actions as identity
from commonweal.core.identity import assurance
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.assurance import LEVELS
from commonweal.core.identity.models import Person
from commonweal.windows.look import refusals
from commonweal.windows.look.http import local_path, signed_in
from commonweal.windows.look.signing_in import enter


def providers() -> list[dict[str, Any]]:
    """The providers configured, for the sign-in page."""
    return list(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


@require_GET
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider. Only from our own pages, so that nobody is signed in as somebody else behind their back."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return redirect("sign-in")
    if provider_id not in {each["provider_id"] for each in providers()}:
        raise NotAllowed("not-found", "There is no such provider")
    from allauth.socialaccount.adapter import get_adapter

    provider = get_adapter(request).get_provider(request, provider_id)
    next_path = local_path(request, request.GET.get("next"), "")
    return provider.redirect(request, process="login", next_url=next_path or None)


class OutsideAdapter(DefaultSocialAccountAdapter):
    """Turns what a provider vouches for into a session of this house."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        """Sign in whom the provider names; link to whoever is signed in; else make an account."""
        account = sociallogin.account
        app = next(each for each in providers() if each["provider_id"] == account.provider)
        claims = account.extra_data.get("id_token") or account.extra_data
        vouched = {**account.extra_data.get("userinfo", {}), **claims}
        level = _level(app["settings"], str(vouched.get("acr", "")))
        try:
            person = _person(request, account.provider, account.uid, str(vouched.get("name") or ""))
        except Refused as refused:
            raise ImmediateHttpResponse(refusals.refusal(request, refused)) from refused
        next_path = local_path(request, sociallogin.state.get("next"), "")
        raise ImmediateHttpResponse(enter(request, person, [f"{assurance.OUTSIDE}{level}"], next_path))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> NoReturn:
        """The provider refused, or its answer did not fit: one plain page, without what it said."""
        refused = Refused("outside-failed", "The other provider did not sign you in")
        raise ImmediateHttpResponse(refusals.refusal(request, refused))


def _level(configured: dict[str, Any], acr: str) -> str:
    """The level at which a provider vouches: as its `acr` is mapped, low where it is not, never above `most`."""
    level = configured["levels"].get(acr, "low")
    return LEVELS[min(LEVELS.index(level), LEVELS.index(configured["most"]))]


@transaction.atomic
def _person(request: HttpRequest, provider: str, subject: str, name: str) -> Person:
    """Whom this identity belongs to. Raises Refused `linked-elsewhere`."""
    linked, here = identity.linked_person(provider, subject), signed_in(request)
    if linked is not None:
        if here is not None and here != linked:
            raise Refused("linked-elsewhere", "This sign-in belongs to another account")
        return linked
    person = here or identity.add_person(
        SYSTEM, f"{provider}-{ids.reference('X')[2:]}".lower(), name[:200] or provider, language=get_language() or "en"
    )
    try:
        identity.link(person, provider, subject)
    except IntegrityError as taken:
        raise Refused("linked-elsewhere", "This sign-in belongs to another account") from taken
    return person
