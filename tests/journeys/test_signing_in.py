"""Signing in as people do it, with Chromium's own virtual authenticator: make a passkey, use it, step up, replay it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def finger(page: Any) -> Any:
    """A device that checks its holder, in the browser (WebDriver BiDi's virtual authenticator over CDP)."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def make_account(page: Any, name: str = "Pia Passkey") -> str:
    username = f"pia-{secrets.token_hex(4)}"
    page.goto("/account")
    page.fill("input[name=name]", name)
    page.fill("input[name=username]", username)
    for part, value in (("day", "3"), ("month", "4"), ("year", "1986")):
        page.fill(f"input[name='birth_date.{part}']", value)
    page.click("button[name=how][value=passkey]")
    page.wait_for_url("**/account/passkey")
    return username


def press_passkey(page: Any) -> None:
    with page.expect_navigation():
        page.click("form[data-passkey] button[type=submit]")


def test_an_account_with_a_passkey_and_no_password(page: Any, finger: Any, accessible: Callable[[], None]) -> None:
    make_account(page)
    accessible()
    press_passkey(page)
    page.goto("/account/security")
    assert "Pia Passkey" in page.inner_text("header")
    assert page.locator("text=None: you sign in with a passkey").count() == 1
    accessible()
    page.click("header >> text=Sign out")
    page.goto("/sign-in")
    accessible()
    press_passkey(page)
    assert "/sign-in" not in page.url
    page.goto("/services/vehicle-registration")
    page.click("text=Start now")
    page.wait_for_load_state()
    assert "/applications/A-" in page.url, "a passkey is enough for a service that must be sure"


def test_an_answer_is_good_once(page: Any, finger: Any) -> None:
    make_account(page)
    press_passkey(page)
    page.click("header >> text=Sign out")
    page.goto("/sign-in")
    with page.expect_request(lambda each: each.url.endswith("/sign-in/passkey") and each.method == "POST") as sent:
        press_passkey(page)
    posted = sent.value.post_data
    page.context.clear_cookies()
    page.goto("/sign-in")
    token = page.input_value("form[data-passkey] input[name=csrfmiddlewaretoken]")
    credential = next(part for part in posted.split("&") if part.startswith("credential="))
    answer = page.request.post(
        "/sign-in/passkey", data=f"csrfmiddlewaretoken={token}&{credential}",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url},
    )  # fmt: skip
    assert answer.status == 422
    assert "The passkey did not work" in answer.text()
    assert json.loads(page.request.get("/sign-in/options").text())["publicKey"]["userVerification"] == "required"


def test_stepping_up_leads_back_to_where_one_was(
    page: Any, finger: Any, sign_in: Callable[..., None], accessible: Callable[[], None], fits: Callable[[], None]
) -> None:
    sign_in("he")
    page.goto("/language?to=en&next=/services/vehicle-registration")
    page.click("text=Start now")
    page.wait_for_url("**/step-up?**")
    accessible()
    fits()
    page.click("text=Set it up")
    page.click("main >> text=Add a passkey")
    page.fill("input[name=name]", "Test phone")
    press_passkey(page)
    assert page.locator(".codes li").count() == 10
    accessible()
    page.click("text=I have kept them")
    page.wait_for_load_state()
    if "/step-up" not in page.url:
        page.goto("/services/vehicle-registration")
        page.click("text=Start now")
        page.wait_for_url("**/step-up?**")
    press_passkey(page)
    page.goto("/services/vehicle-registration")
    page.click("text=Start now")
    page.wait_for_load_state()
    assert "/applications/A-" in page.url
    page.goto("/account/security")
    press = page.locator("form[action$='/remove'] button").first
    press.click()
    page.wait_for_load_state()
    assert "It is removed" in page.inner_text("main")


def test_another_persons_page_of_mandates(
    page: Any, sign_in: Callable[..., None], accessible: Callable[[], None]
) -> None:
    sign_in("rosa")
    page.goto("/account/acting")
    accessible()
    page.click("text=Look into the registers")
    assert "Mina Demo" in page.inner_text("main")
    page.goto("/account/acting/give")
    accessible()
    page.goto("/services/school-enrolment")
    page.click("text=Start now")
    page.locator("label.choice:has-text('Mina Demo')").click()
    page.click("text=Go on")
    page.wait_for_load_state()
    assert "You act for Mina Demo" in page.inner_text("main")
