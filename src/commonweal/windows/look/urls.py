"""Addresses of the look: sign-in, language, the accent's stylesheet and the living style page."""

from __future__ import annotations

from django.urls import path

from commonweal.windows.look import signing_in, views

urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("hat", signing_in.change_hat, name="hat"),
    path("language", views.language, name="language"),
    path("look/accent.css", views.accent, name="accent"),
    path("style", views.style, name="style"),
]
