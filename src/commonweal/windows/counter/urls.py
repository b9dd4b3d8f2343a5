"""Addresses of the counter."""

from __future__ import annotations

from django.urls import path

from commonweal.windows.counter.views import about, account, finding

urlpatterns = [
    path("", finding.home, name="home"),
    path("find", finding.find, name="find"),
    path("services", finding.all_services, name="all-services"),
    path("services/<slug:service_id>", finding.service, name="service"),
    path("events/<slug:event_id>", finding.event, name="event"),
    path("account", account.make_account, name="make-account"),
    path("accessibility", about.accessibility, name="accessibility"),
    path("privacy", about.privacy, name="privacy"),
    path("contact", about.contact, name="contact"),
]
