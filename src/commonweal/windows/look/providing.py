"""Our own OpenID Connect provider: allauth's endpoints, with our consent, our levels and the pages of the look."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.idp.oidc import views as oidc
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from commonweal.core.identity import clients, sessions
from commonweal.core.identity.adapters import devices
from commonweal.core.identity.assurance import ACR, LEVELS
from commonweal.windows.look.http import SignInNeeded, require, signed_in


@csrf_exempt
def authorize(request: HttpRequest) -> HttpResponseBase:
    """Ask whether a system may know who is signed in; first for a level, where the system wants one.

    Exempt like the view it wraps, which checks the token itself once the question was put.
    """
    person = signed_in(request)
    if person is None and "none" not in request.GET.get("prompt", ""):
        raise SignInNeeded
    if request.method == "GET" and person is not None:
        asked = request.GET.get("acr_values", "").split()
        levels = [level for level in LEVELS if ACR[level] in asked]
        if levels:
            require(request, levels[0])
    answer = oidc.authorization(request)
    target = answer.headers.get("Location", "")
    if person is not None and answer.status_code == 302 and "code=" in target and request.method == "POST":
        _note(request)
    if answer.status_code == 200:
        _let_go_back(request, answer)
    return answer


def device(request: HttpRequest) -> HttpResponseBase:
    """Where a person lets a television sign in as them.

    The view it wraps takes forms from anywhere; being a plain view, this one is held to Django's token like any page.
    """
    return oidc.device_authorization(request)


@csrf_exempt
def token(request: HttpRequest) -> HttpResponseBase:
    """Where systems exchange a code; they show their own secret, not a person's session."""
    devices.bridge()
    return oidc.token(request)


def reauthenticate(request: HttpRequest) -> HttpResponse:
    """Where allauth sends somebody who has to show anew that it is them."""
    from urllib.parse import urlencode

    from django.urls import reverse

    asked = urlencode({"level": "low", "age": 60, "next": request.GET.get("next", "/")})
    return redirect(f"{reverse('step-up')}?{asked}")


def _note(request: HttpRequest) -> None:
    from django.core.signing import Signer

    scopes, info = Signer().unsign_object(request.POST["request"])
    person = signed_in(request)
    if person is not None:
        clients.consent(person, info["client_id"], scopes, sessions.standing_of(request.session))


def _let_go_back(request: HttpRequest, answer: HttpResponseBase) -> None:
    """A browser follows a redirect after a form only where the security policy names it: this system's address."""
    from allauth.idp.oidc.models import Client

    client = Client.objects.filter(id=request.GET.get("client_id", "")).first()
    wanted = request.GET.get("redirect_uri", "")
    if client is not None and wanted in client.get_redirect_uris():
        parts = urlsplit(wanted)
        answer._csp_update = {"form-action": ["'self'", f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
