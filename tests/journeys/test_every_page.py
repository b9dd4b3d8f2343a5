"""Every page: reachable, accessible (axe-core, WCAG 2.2 AA), no wider than a phone, light, and in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey

OPEN = [
    "/", "/find?q=restaurant", "/find?q=zzzz", "/services", "/services/open-restaurant", "/services/roadworks-permit",
    "/events/having-a-child", "/sign-in", "/account", "/accessibility", "/privacy", "/contact", "/style", "/nowhere",
]  # fmt: skip
PERSON = ["/applications", "/my-data", "/my-data/used"]
STAFF = {
    "clerk": ["/desk/", "/desk/?view=overdue", "/desk/?view=done", "/desk/?view=waiting", "/desk/search?q=Demo"],
    "leader": [
        "/desk/cockpit",
        "/desk/explore",
        "/desk/explore/goes-with?column=regional-means.residents",
        "/desk/explore/matrix",
        "/desk/explore/matrix?c=regional-means.residents&c=regional-means.staff_per_10000&c=regional-means.rainfall",
        "/desk/explore/pair?left=regional-means.residents&right=regional-means.staff_per_10000",
        "/desk/explore/map?column=regional-means.budget_per_head",
        "/desk/explore/map?column=country-population.fertility",
        "/desk/findings",
        "/desk/datasets",
        "/desk/datasets/regional-means",
        "/desk/mend",
        "/desk/datasets/regional-means/mend",
        "/desk/register",
    ],
    "treasurer": ["/desk/till"],
    "auditor": ["/desk/journal"],
    "data": [
        "/desk/links",
        "/desk/links/vaccinated-pupils",
        "/desk/links/vaccinated-pupils/quality",
        "/desk/links/vaccinated-pupils/together",
    ],
    "keeper": ["/desk/keys"],
}
HEAVIEST = 100_000


def look_at(page: Any, address: str, accessible: Callable[[], None], fits: Callable[[], None]) -> None:
    """Open a page and hold it to what every page promises."""
    answer = page.goto(address)
    assert answer.status == (404 if address == "/nowhere" else 200), address
    assert len(answer.body()) < HEAVIEST, address
    assert page.locator("h1").count() == 1, f"{address} has {page.locator('h1').count()} main headings"
    assert page.title().strip()
    accessible()
    fits()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_anybody_sees(page: Any, accessible: Callable[[], None], fits: Callable[[], None], language: str) -> None:
    page.goto(f"/language?to={language}&next=/")
    assert page.get_attribute("html", "lang") == {"en": "en", "zh-hans": "zh-Hans"}[language]
    for address in OPEN:
        look_at(page, address, accessible, fits)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_of_a_person(
    page: Any, sign_in: Callable[..., None], accessible: Callable[[], None], fits: Callable[[], None], language: str
) -> None:
    sign_in("lin")
    page.goto(f"/language?to={language}&next=/")
    for address in PERSON:
        look_at(page, address, accessible, fits)


@pytest.mark.parametrize("username", sorted(STAFF))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_of_officials(
    page: Any,
    sign_in: Callable[..., None],
    accessible: Callable[[], None],
    fits: Callable[[], None],
    username: str,
    language: str,
) -> None:
    sign_in(username)
    page.goto(f"/language?to={language}&next=/desk/")
    for address in STAFF[username]:
        look_at(page, address, accessible, fits)
    if username == "clerk":
        page.goto("/desk/")
        page.locator("main tr[data-row] a").first.click()
        look_at(page, page.url, accessible, fits)


def test_the_inbox_works_from_the_keyboard(page: Any, sign_in: Callable[..., None]) -> None:
    sign_in("clerk")
    page.goto("/desk/")
    assert page.locator("tr[data-row]").count() >= 2, "the demo office has work waiting"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/C-*")


def test_a_form_is_answered_with_the_keyboard_and_without_scripts(browser: Any, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=username]", "wen")
    page.fill("input[name=password]", "riverland-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto("/services/open-restaurant")
    page.locator("main form button[type=submit], main a.button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/business.trade_name")
    page.locator("[name=answer]").first.focus()
    page.keyboard.type("Keyboard Kitchen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/premises.region")
    context.close()
