"""An application's way through the tiny government, by HTTP only."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

ANSWERS = {
    "stall.name": "Anna's Soups",
    "stall.place": "north",
    "stall.area": 12,
    "stall.goods": "food",
    "form.fire": True,
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """A JSON request to the API."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=named)


def draft(client: Client) -> dict[str, Any]:
    """A draft with every answer given."""
    started = send(client, "post", "/applications", {"service": "market-stall"})
    assert started.status_code == 201, started.content
    begun = started.json()
    saved = send(client, "patch", f"/applications/{begun['ref']}", {"answers": ANSWERS, "revision": begun["revision"]})
    assert saved.status_code == 200, saved.content
    return dict(saved.json())


def attach(client: Client, ref: str, content: bytes = PDF, name: str = "plan.pdf", key: str = "form.plan") -> Any:
    """Hand in a file."""
    file = SimpleUploadedFile(name, content, "application/pdf")
    return client.post(f"/api/v1/applications/{ref}/files", {"key": key, "file": file})


def submitted(client: Client) -> tuple[str, str]:
    """A submitted application: its reference and its case's."""
    ref = draft(client)["ref"]
    answer = send(client, "post", f"/applications/{ref}/submit", Idempotency_Key="one-and-only")
    assert answer.status_code == 200, answer.content
    return ref, answer.json()["cases"][0]["ref"]


def act(client: Client, case: str, step: str, what: str, **more: Any) -> Any:
    """One act on the revision the case has now."""
    revision = client.get(f"/api/v1/staff/cases/{case}").json()["revision"]
    body = {"step": step, "act": what, "revision": revision, **more}
    return send(client, "post", f"/staff/cases/{case}/acts", body)
