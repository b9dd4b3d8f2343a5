"""Addresses of the desk."""

from __future__ import annotations

from django.urls import include, path

from commonweal.windows.desk.views import (
    acting_on,
    cases,
    cashier,
    certificates,
    cockpit,
    datasets,
    findings,
    inbox,
    keys,
    links,
    people,
    record,
    register,
    sandbox,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("search", inbox.search, name="search"),
    path("cases/<slug:ref>", cases.case, name="case"),
    path("cases/<slug:ref>/act", cases.act, name="act"),
    path("cases/<slug:ref>/steps/<slug:step>/take", cases.take, name="take"),
    path("cases/<slug:ref>/files/<slug:file>", cases.attachment, name="attachment"),
    path("cases/<slug:ref>/payment", cashier.payment, name="payment"),
    path("till", cashier.till, name="till"),
    path("certificates", certificates.listing, name="certificates"),
    path("certificates/<slug:ref>", certificates.certificate, name="certificate"),
    path("people/<slug:ref>", people.person, name="person"),
    path("sandbox", sandbox.choose, name="sandbox"),
    path("sandbox/<slug:service>", sandbox.practise, name="practise"),
    path("cockpit", cockpit.cockpit, name="cockpit"),
    path("findings", findings.listing, name="findings"),
    path("findings/tasks", acting_on.listing, name="finding-tasks"),
    path("findings/tasks/<slug:ref>", acting_on.task, name="finding-task"),
    path("findings/<slug:ref>/assign", acting_on.assign, name="finding-assign"),
    path("findings/<slug:ref>", findings.finding, name="finding"),
    path("findings/<slug:ref>/chart.svg", findings.chart, name="finding-chart"),
    path("datasets", datasets.catalogue, name="datasets"),
    path("mend", datasets.to_mend, name="mend"),
    path("datasets/<slug:id>", datasets.dataset, name="dataset"),
    path("datasets/<slug:id>/mend", datasets.bad_rows, name="dataset-mend"),
    path("datasets/<slug:id>/mend.csv", datasets.bad_rows_file, name="dataset-mend-file"),
    path("datasets/<slug:id>/download", datasets.download, name="dataset-download"),
    path("keys", keys.listing, name="keys"),
    path("keys/<slug:ref>", keys.decide, name="key-decide"),
    path("links", links.listing, name="links"),
    path("links/<slug:link>", links.queue, name="link-queue"),
    path("links/<slug:link>/quality", links.quality, name="link-quality"),
    path("links/<slug:link>/<slug:ref>", links.pair, name="link-pair"),
    path("links/<slug:link>/<slug:ref>/decide", links.decide, name="link-decide"),
    path("", include("commonweal.windows.desk.explore_urls")),
    path("journal", record.journal, name="journal"),
    path("register", register.register, name="register"),
    path("register/services/<slug:service>", register.service, name="register-service"),
]
