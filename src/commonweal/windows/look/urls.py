"""Addresses of the look: sign-in, language, the accent's stylesheet and the living style page."""

from __future__ import annotations

from allauth.idp.oidc import views as oidc
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import include, path

from commonweal.windows.look import outside, passkey_forms, providing, signing_in, stepping_up, views

PROVIDER = [
    path(
        "",
        include(
            (
                [
                    path(".well-known/openid-configuration", oidc.configuration, name="configuration"),
                    path(".well-known/jwks.json", oidc.jwks, name="jwks"),
                    path("openid/authorize", providing.authorize, name="authorization"),
                    path("openid/token", providing.token, name="token"),
                    path("openid/revoke", oidc.revoke, name="revoke"),
                    path("openid/userinfo", oidc.user_info, name="userinfo"),
                    path("openid/device", oidc.device_code, name="device_code"),
                    path("openid/logout", oidc.logout, name="logout"),
                    path("tv", providing.device, name="device_authorization"),
                ],
                "oidc",
            ),
            namespace="oidc",
        ),
    )
]

urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in/second", signing_in.second, name="sign-in-second"),
    path("sign-in/passkey", signing_in.with_passkey, name="sign-in-passkey"),
    path("sign-in/options", passkey_forms.options, name="passkey-options"),
    path("sign-in/outside/<slug:provider_id>", outside.begin, name="sign-in-outside"),
    path("sign-in/outside/<slug:provider_id>/callback", openid.callback, name="openid_connect_callback"),
    path("account/again", providing.reauthenticate, name="account_reauthenticate"),
    path("", include((PROVIDER, "idp"), namespace="idp")),
    path("step-up", stepping_up.step_up, name="step-up"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("hat", signing_in.change_hat, name="hat"),
    path("language", views.language, name="language"),
    path("look/accent.css", views.accent, name="accent"),
    path("style", views.style, name="style"),
]
