"""Two people sign one application with Chromium's virtual authenticator; outside programs read the result."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonweal.office.signing.checking import check
from tests.journeys.test_signing_in import make_account, press_passkey

OPTIONS = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_finger(page: Any) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})


@pytest.fixture
def other(browser: Any, site: str) -> Any:
    """A second person at another device."""
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 800}, locale="en-GB")
    yield context.new_page()
    context.close()


def fill_in(page: Any) -> None:
    page.goto("/services/change-of-keeper")
    page.click("text=Start now")
    answers = {"vehicle.plate": "RVD0007", "transfer.keeper": "Nora Newkeeper", "contact.phone": "+99 555 0100"}
    for _ in range(12):
        page.wait_for_load_state()
        if page.url.endswith("/check"):
            return
        key = page.url.rpartition("/q/")[2].partition("?")[0]
        if page.locator("select").count():
            page.select_option("select", "upper-vale")
        elif key == "transfer.on":
            for part, value in (("day", "4"), ("month", "5"), ("year", "2026")):
                page.fill(f"input[name='answer.{part}']", value)
        elif key in answers:
            page.fill("input[name=answer]", answers[key])
        else:
            page.locator("label.choice:has-text('Upper Vale')").first.click()
        page.locator("main form button[type=submit]").first.click()
    raise AssertionError(page.url)


def test_two_people_sign_and_it_is_sealed_and_sent(
    page: Any, other: Any, accessible: Callable[[], None], fits: Callable[[], None], tmp_path: Path
) -> None:
    with_finger(page)
    with_finger(other)
    make_account(page, "Olga Oldkeeper")
    press_passkey(page)
    make_account(other, "Nora Newkeeper")
    press_passkey(other)
    fill_in(page)
    accessible()
    page.click("text=Make the document to sign")
    page.wait_for_load_state()
    accessible()
    fits()
    code = page.locator(".notice .reference").inner_text()
    mark = page.locator(".mark").inner_text()
    address = page.url
    page.click("text=Sign with a passkey")
    page.wait_for_load_state()
    accessible()
    fits()
    press_passkey(page)
    assert "You have signed" in page.inner_text("main")
    other.goto("/signing")
    other.fill("input[name=code]", code)
    other.click("text=Open the document")
    other.wait_for_load_state()
    assert other.locator(".mark").inner_text() == mark, "both see the same mark"
    assert "RVD0007" in other.inner_text("main")
    other.click("text=Sign with a passkey")
    other.wait_for_load_state()
    press_passkey(other)
    assert "Everybody has signed, and it is sent" in other.inner_text("main")
    page.goto(address)
    accessible()
    fits()
    with page.expect_download() as sent:
        page.click("text=The document with every signature")
    file = tmp_path / "signed.pdf"
    sent.value.save_as(file)
    assert len(check(file.read_bytes()).hands) == 2
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is absent: apt-get install poppler-utils")
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    page.click("text=Follow the application")
    page.wait_for_load_state()
    assert "/applications/A-" in page.url
