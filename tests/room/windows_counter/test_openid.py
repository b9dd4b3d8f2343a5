"""Our provider as departments' systems use it: authlib signs in by code with PKCE and by device, and checks it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebToken
from django.test import Client

from commonweal.core.declared import actions as publishing
from commonweal.core.errors import Invalid
from commonweal.core.identity import actions as identity
from commonweal.core.identity import clients
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import Person
from commonweal.core.journal import queries as journal

REGISTER = Path(__file__).resolve().parents[2] / "fixtures" / "office"
pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]
BACK = "https://parks.example/back"


@pytest.fixture
def server(live_server: Any) -> str:
    publishing.publish(SYSTEM, REGISTER)
    return str(live_server.url)


@pytest.fixture
def ana(server: str) -> Person:
    return identity.add_person(SYSTEM, "ana", "Ana Reed", password="three quiet rivers")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def session(
    server: str, id: str, secret: str | None, scope: str = "openid profile"
) -> tuple[OAuth2Session, dict[str, Any]]:
    import requests

    told = requests.get(f"{server}/.well-known/openid-configuration", timeout=10).json()
    made = OAuth2Session(id, secret, scope=scope, redirect_uri=BACK, code_challenge_method="S256")
    return made, told


def agree(client: Client, address: str, back: str = BACK) -> dict[str, list[str]]:
    """Say yes on the consent page. Returns the parameters that go back to the system."""
    parts = urlsplit(address)
    page = client.get(f"{parts.path}?{parts.query}")
    assert page.status_code == 200, page.content
    assert "/".join(back.split("/")[:3]) in page.headers["Content-Security-Policy"]
    form = page.context["form"]
    answer = client.post(
        parts.path,
        {"request": form["request"].value(), "scopes": [value for value, _ in form.fields["scopes"].choices],
         "action": "grant"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content
    assert answer.headers["Location"].startswith(back)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def checked(server: str, told: dict[str, Any], token: str, audience: str) -> Any:
    import requests

    keys = requests.get(told["jwks_uri"], timeout=10).json()
    wanted = {"iss": {"value": told["issuer"]}, "aud": {"value": audience}, "nonce": {"essential": True}}
    claims = JsonWebToken(["RS256"]).decode(token, keys, claims_options=wanted)
    claims.validate()
    return claims


def signed_in_to(server: str, person: Person, id: str, name: str) -> Any:
    secret = clients.register(SYSTEM, id, name, redirects=[BACK], scopes=["openid", "profile"])
    client, told = session(server, id, secret)
    verifier, nonce = generate_token(48), generate_token(20)
    address, state = client.create_authorization_url(
        told["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    back = agree(browser(person), address)
    assert back["state"] == [state]
    token = client.fetch_token(told["token_endpoint"], code=back["code"][0], code_verifier=verifier)
    claims = checked(server, told, token["id_token"], id)
    assert claims["nonce"] == nonce
    userinfo = client.get(told["userinfo_endpoint"]).json()
    assert (userinfo["sub"], userinfo["name"]) == (claims["sub"], person.name)
    with pytest.raises(Exception, match="invalid_grant"):
        client.fetch_token(told["token_endpoint"], code=back["code"][0], code_verifier=verifier)
    return claims


def test_a_department_signs_people_in_with_a_subject_of_its_own(server: str, ana: Person) -> None:
    first = signed_in_to(server, ana, "parks", "Parks booking")
    second = signed_in_to(server, ana, "museum", "Museum pass")
    assert first["sub"] != second["sub"], "two systems cannot put their files side by side"
    assert ana.ref not in str(dict(first))
    assert (first["acr"], first["amr"]) == ("http://eidas.europa.eu/LoA/low", ["pwd"])
    events = journal.events(None, type_prefix="identity.signed-in-elsewhere").rows
    assert [event.data["client"] for event in events] == ["museum", "parks"]


def test_a_code_without_its_verifier_is_worth_nothing(server: str, ana: Person) -> None:
    clients.register(SYSTEM, "parks", "Parks booking", redirects=[BACK], public=True)
    client, told = session(server, "parks", None, "openid")
    client.token_endpoint_auth_method = "none"
    address, _ = client.create_authorization_url(told["authorization_endpoint"], code_verifier=generate_token(48))
    back = agree(browser(ana), address)
    with pytest.raises(Exception, match="invalid_grant"):
        client.fetch_token(told["token_endpoint"], code=back["code"][0], code_verifier=generate_token(48))


def test_nobody_is_sent_to_an_address_that_was_not_registered(server: str, ana: Person) -> None:
    clients.register(SYSTEM, "parks", "Parks booking", redirects=[BACK])
    asked = {"client_id": "parks", "response_type": "code", "scope": "openid", "redirect_uri": "https://evil.example/"}
    answer = browser(ana).get("/openid/authorize", asked)
    assert "Location" not in answer.headers
    assert b'href="https://evil' not in answer.content
    assert b'action="https://evil' not in answer.content


def test_a_system_that_wants_to_be_surer_has_people_step_up_first(server: str, ana: Person) -> None:
    clients.register(SYSTEM, "parks", "Parks booking", redirects=[BACK])
    asked = {
        "client_id": "parks", "response_type": "code", "scope": "openid", "redirect_uri": BACK,
        "acr_values": "http://eidas.europa.eu/LoA/high",
    }  # fmt: skip
    answer = browser(ana).get("/openid/authorize", asked)
    assert answer.headers["Location"].startswith("/step-up?level=high")


def test_a_television_is_signed_in_from_a_phone(server: str, ana: Person, settings: Any) -> None:
    import requests

    settings.IDP_OIDC_DEVICE_CODE_INTERVAL = 0  # the test asks again at once; a television waits five seconds

    clients.register(SYSTEM, "tv", "Living-room TV", device=True, public=True)
    _, told = session(server, "tv", None)
    begun = requests.post(
        told["device_authorization_endpoint"], {"client_id": "tv", "scope": "openid"}, timeout=10
    ).json()
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "tv",
        "device_code": begun["device_code"],
    }  # fmt: skip
    assert requests.post(told["token_endpoint"], asked, timeout=10).json()["error"] == "authorization_pending"
    phone = browser(ana)
    page = phone.get("/tv", {"code": begun["user_code"]})
    assert b"Living-room TV" in page.content
    assert phone.post(f"/tv?code={begun['user_code']}", {"action": "confirm"}).status_code == 200
    token = requests.post(told["token_endpoint"], asked, timeout=10).json()
    assert "access_token" in token, token
    again = phone.get("/tv", {"code": "WRONG-CODE"})
    assert again.status_code == 200
    assert b"Living-room TV" not in again.content


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"redirects": ["http://parks.example/"]}, "redirects"),
        ({"redirects": ["https://*.example/"]}, "redirects"),
        ({"redirects": []}, "redirects"),
        ({"scopes": ["openid", "everything"]}, "scopes"),
        ({"id": "<b>"}, "id"),
        ({"name": ""}, "name"),
    ],
)
def test_a_system_that_cannot_be_right_is_refused(server: str, more: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"id": "parks", "name": "Parks", "redirects": [BACK], **more}
    with pytest.raises(Invalid) as refused:
        clients.register(SYSTEM, given.pop("id"), given.pop("name"), **given)
    assert field in refused.value.fields


@pytest.fixture
def national(server: str, settings: Any) -> str:
    """Another provider, which is this server under another name: it is asked over HTTP like any other."""
    back = "http://localhost/sign-in/outside/national/callback"
    secret = clients.register(SYSTEM, "here", "Riverland", redirects=[back], scopes=["openid", "profile"])
    told = {
        "provider_id": "national", "name": "National ID", "client_id": "here", "secret": secret,
        "settings": {
            "server_url": f"{server}/.well-known/openid-configuration", "oauth_pkce_enabled": True,
            "scope": ["openid", "profile"],
            "levels": {"http://eidas.europa.eu/LoA/low": "high"}, "most": "substantial",
        },
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [told]}}
    return back


def come_from_outside(there: Person, back: str, here: Client) -> Any:
    begun = here.get("/sign-in/outside/national", {"next": "/account/acting"})
    parameters = agree(browser(there), begun.headers["Location"], back)
    return here.get("/sign-in/outside/national/callback", {key: value[0] for key, value in parameters.items()})


def test_another_providers_sign_in_is_believed_as_far_as_configured(national: str, ana: Person) -> None:
    here = Client(SERVER_NAME="localhost")
    answer = come_from_outside(ana, national, here)
    assert answer.headers["Location"] == "/account/acting"
    made = Person.objects.get(links__provider="national")
    assert (made.name, made == ana) == ("Ana Reed", False)
    (event,) = journal.events(None, subject=f"person:{made.ref}", type_prefix="identity.signed-in.").rows
    assert event.data == {"level": "substantial", "methods": ["outside-substantial"]}
    come_from_outside(ana, national, Client(SERVER_NAME="localhost"))
    assert Person.objects.filter(links__provider="national").count() == 1, "the second time it is the same account"


def test_an_answer_that_was_not_asked_for_signs_nobody_in(national: str, ana: Person) -> None:
    here = Client(SERVER_NAME="localhost")
    begun = here.get("/sign-in/outside/national")
    parameters = {key: value[0] for key, value in agree(browser(ana), begun.headers["Location"], national).items()}
    stranger = Client(SERVER_NAME="localhost")
    assert stranger.get("/sign-in/outside/national/callback", parameters).status_code == 409
    assert here.get("/sign-in/outside/national/callback", {**parameters, "state": "made-up"}).status_code == 409
    assert "_auth_user_id" not in {**here.session, **stranger.session}
    assert not Person.objects.filter(links__provider="national").exists()


def test_a_provider_nobody_configured_is_not_there(national: str) -> None:
    assert Client().get("/sign-in/outside/other").status_code == 404
