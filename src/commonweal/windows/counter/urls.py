"""Addresses of the counter."""

from __future__ import annotations

from django.urls import path

from commonweal.windows.counter.views import (
    about,
    account,
    answering,
    asking,
    finding,
    mine,
    paying,
    sending,
    starting,
    tracking,
)

urlpatterns = [
    path("", finding.home, name="home"),
    path("find", finding.find, name="find"),
    path("services", finding.all_services, name="all-services"),
    path("services/<slug:service_id>", finding.service, name="service"),
    path("services/<slug:service_id>/start", starting.start_service, name="start-service"),
    path("events/<slug:event_id>", finding.event, name="event"),
    path("events/<slug:event_id>/start", starting.start_event, name="start-event"),
    path("account", account.make_account, name="make-account"),
    path("applications", tracking.my_applications, name="applications"),
    path("applications/<slug:ref>", tracking.application, name="application"),
    path("applications/<slug:ref>/q/<str:key>", asking.question, name="question"),
    path("applications/<slug:ref>/paper/<str:requirement>", asking.paper, name="paper"),
    path("applications/<slug:ref>/check", sending.check, name="check"),
    path("applications/<slug:ref>/submit", sending.submit, name="submit"),
    path("applications/<slug:ref>/receipt", sending.receipt, name="receipt"),
    path("applications/<slug:ref>/proof.json", sending.proof, name="proof"),
    path("applications/<slug:ref>/refresh", sending.refresh, name="refresh"),
    path("applications/<slug:ref>/discard", sending.discard, name="discard"),
    path("applications/<slug:ref>/files/<slug:file>", tracking.file, name="file"),
    path("applications/<slug:ref>/files/<slug:file>/remove", asking.remove_file, name="remove-file"),
    path("applications/<slug:ref>/cases/<slug:case_ref>/answer", answering.answer, name="answer"),
    path("applications/<slug:ref>/cases/<slug:case_ref>/withdraw", tracking.withdraw, name="withdraw"),
    path("applications/<slug:ref>/cases/<slug:case_ref>/<slug:output>", tracking.certificate, name="certificate"),
    path("applications/<slug:ref>/pay/<slug:order_ref>", paying.pay, name="pay"),
    path("applications/<slug:ref>/pay/<slug:order_ref>/done", paying.paid, name="paid"),
    path("my-data", mine.my_data, name="my-data"),
    path("my-data/used", mine.used, name="used"),
    path("accessibility", about.accessibility, name="accessibility"),
    path("privacy", about.privacy, name="privacy"),
    path("contact", about.contact, name="contact"),
]
