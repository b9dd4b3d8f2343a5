"""One declared service all the way round: found, applied for, worked, paid, issued, recorded, learnt from."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import reference_in
from tests.journeys.walk import NEWBORN, RESTAURANT, apply_for, decide

pytestmark = pytest.mark.journey


def sign_out(page: Any) -> None:
    page.context.clear_cookies()


def test_a_restaurant_from_the_first_word_to_the_licence(
    page: Any, sign_in: Callable[..., None], accessible: Callable[[], None], home: Path
) -> None:
    sign_in("wen")
    page.goto("/")
    page.fill("input[name=q]", "I want to start a noodle shop")
    page.keyboard.press("Enter")
    page.click("main a[href='/services/open-restaurant']")
    guide = page.inner_text("main")
    assert "200.00" in guide
    assert "fetch" in guide
    application = apply_for(page, "services/open-restaurant", RESTAURANT)
    receipt = page.inner_text("main")
    assert application in receipt
    case = reference_in(receipt, "C")
    accessible()

    def as_official(username: str, act: str) -> None:
        sign_out(page)
        sign_in(username)
        page.goto("/desk/")
        assert case in page.inner_text("main"), f"{username} does not see {case}"
        decide(page, case, act)

    as_official("clerk", "accept")
    as_official("examiner", "approve")
    as_official("city", "approve")
    as_official("kitchen", "approve")

    sign_out(page)
    sign_in("wen")
    page.goto(f"/applications/{application}")
    page.click("main a.button:has-text('Pay')")
    while page.locator("main form button[type=submit]").count() and "/pay/" in page.url:
        page.locator("main form button[type=submit]").first.click()
    page.goto(f"/applications/{application}")
    page.click("text=Open and print")
    assert re.search(r"FB\d{4}-upper-vale-\d{6}", page.inner_text("main"))
    accessible()

    page.goto("/my-data/used")
    assert page.locator("main li, main tr").count() > 0

    environment = {**os.environ, "COMMONWEAL_HOME": str(home), "COMMONWEAL_DEMO": "1"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "commonweal.cli", "worker", "--once"], env=environment, check=True)
    page.goto(f"/applications/{application}/receipt")
    with page.expect_download() as waiting:
        page.click("a[href$='proof.json']")
    proof = waiting.value.path()
    for command in (["verify", str(proof)], ["journal", "verify"]):
        checked = subprocess.run(
            [sys.executable, "-m", "commonweal.cli", *command], env=environment, capture_output=True, text=True
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_official_returns_it_and_the_person_answers(page: Any, sign_in: Callable[..., None]) -> None:
    sign_in("wen")
    application = apply_for(page, "services/open-restaurant", RESTAURANT)
    case = reference_in(page.inner_text("main"), "C")
    sign_out(page)
    sign_in("clerk")
    page.goto(f"/desk/cases/{case}")
    page.locator("input[name=act][value=return]").first.check()
    page.locator("textarea[name=note]").first.fill("The floor area looks too small for 24 seats.")
    page.locator("details.ask summary").first.click()
    page.locator("input[name=ask][value='premises.floor_area']").first.check()
    page.click("text=Record the decision")
    sign_out(page)
    sign_in("wen")
    page.goto(f"/applications/{application}")
    assert "too small for 24 seats" in page.inner_text("main")
    page.click("main a.button:has-text('Answer')")
    page.locator("main input.input").first.fill("320")
    page.locator("main form button[type=submit]").last.click()
    page.goto(f"/applications/{application}")
    assert (
        "too small for 24 seats" not in page.inner_text("main .notice")
        if page.locator("main .notice").count()
        else True
    )
    sign_out(page)
    sign_in("clerk")
    decide(page, case, "accept")
    sign_out(page)
    sign_in("fire")
    page.goto(f"/desk/cases/{case}")
    assert page.locator("input[name=act][value=approve]").count() == 1, "320 m² calls the fire inspector"


def test_a_child_is_registered_with_five_departments_at_once(page: Any, sign_in: Callable[..., None]) -> None:
    sign_in("lin")
    page.goto("/find?q=I had a baby")
    page.click("main a[href='/events/having-a-child']")
    application = apply_for(page, "events/having-a-child", NEWBORN)
    page.goto(f"/applications/{application}")
    assert len(set(re.findall(r"C-[2-9A-Z]{8}", page.content()))) >= 5


def test_nobody_sees_what_is_another_persons(page: Any, sign_in: Callable[..., None]) -> None:
    sign_in("wen")
    application = apply_for(page, "services/open-restaurant", RESTAURANT)
    case = reference_in(page.inner_text("main"), "C")
    sign_out(page)
    sign_in("lin")
    for address in (f"/applications/{application}", f"/applications/{application}/receipt", f"/desk/cases/{case}"):
        assert page.goto(address).status in (403, 404), address
    sign_out(page)
    sign_in("school")
    assert page.goto(f"/desk/cases/{case}").status == 404


def test_going_back_after_sending_sends_nothing_twice(
    page: Any, sign_in: Callable[..., None], go_back: Callable[[], None]
) -> None:
    sign_in("wen")
    application = apply_for(page, "services/open-restaurant", RESTAURANT)
    go_back()
    if page.locator("text=Send the application").count():
        page.click("text=Send the application")
    assert application in page.content()
    page.goto("/applications")
    assert page.content().count(f'href="/applications/{application}"') == 1


def test_two_officials_at_once_and_the_second_is_told(
    page: Any, browser: Any, site: str, sign_in: Callable[..., None]
) -> None:
    sign_in("wen")
    apply_for(page, "services/open-restaurant", RESTAURANT)
    case = reference_in(page.inner_text("main"), "C")
    sign_out(page)
    sign_in("clerk")
    page.goto(f"/desk/cases/{case}")
    other = page.context.new_page()
    decide(other, case, "accept")
    page.locator("input[name=act][value=return]").first.check()
    page.locator("textarea[name=note]").first.fill("Something I wrote")
    page.click("text=Record the decision")
    told = page.inner_text("main") + page.inner_text("body")
    assert "Something I wrote" in told
    assert "Demo Clerk Aru" in told


def test_an_expired_session_keeps_the_answer_just_typed(
    page: Any, sign_in: Callable[..., None], go_back: Callable[[], None]
) -> None:
    sign_in("wen")
    page.goto("/services/open-restaurant")
    page.click(
        "main form button[type=submit]" if page.locator("main form button[type=submit]").count() else "main a.button"
    )
    page.wait_for_load_state()
    page.locator("[name=answer]").fill("The Kept Bowl")
    page.context.clear_cookies(name="sessionid")
    page.click("main form button[type=submit]:not([name=later])")
    page.fill("#username", "wen")
    page.fill("#password", "riverland-demo")
    page.locator("main form:has(#password) button[type=submit]").click()
    page.wait_for_load_state()
    if page.locator("[name=answer]").count() and "business.trade_name" in page.url:
        assert page.locator("[name=answer]").input_value() == "The Kept Bowl"
        page.click("main form button[type=submit]:not([name=later])")
    assert "/q/" in page.url
    go_back()
    page.goto(page.url.split("/q/")[0] + "/q/business.trade_name")
    assert page.locator("[name=answer]").input_value() == "The Kept Bowl"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_cockpit_tells_findings_with_caution(
    page: Any, sign_in: Callable[..., None], accessible: Callable[[], None], language: str
) -> None:
    sign_in("leader")
    page.goto(f"/language?to={language}&next=/desk/cockpit")
    accessible()
    page.goto("/desk/findings")
    accessible()
    page.locator("main a.finding-sentence").first.click()
    told = page.inner_text("main")
    assert ("association, not cause" if language == "en" else "不是因果") in told
    page.locator("main img, main svg").first.wait_for()
    assert page.locator("main table").count() >= 1
    accessible()
