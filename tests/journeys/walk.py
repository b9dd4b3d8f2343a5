"""Walking through the pages as a person or an official does, by what they read and press."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote, urlparse

RESTAURANT: dict[str, Any] = {
    "business.trade_name": "The Little Bowl",
    "premises.region": "upper-vale",
    "premises.address": "3 Mill Lane, Upper Vale",
    "premises.floor_area": "85",
    "premises.storey": 0,
    "premises.seats": "24",
    "food.activity": "hot",
    "food.uses_gas": "false",
    "sign.wanted": "true",
    "sign.area": "3",
    "sign.design": "",
    "terrace.wanted": "false",
    "business.planned_staff": "14",
    "food.manager": "Demo Manager",
    "business.opens_on": ("1", "3", "2027"),
    "premises.plan": "",
    "contact.phone": "+44 20 7946 0000",
    "contact.email": "",
}
"""Answers by question; a number picks the option at that place, a triple is a date, an empty text leaves it open."""

NEWBORN: dict[str, Any] = {
    "child.birth_date": tuple(str(part) for part in (lambda d: (d.day, d.month, d.year))(date.today() - timedelta(20))),
    "applicant.home_region": "upper-vale",
    "contact.phone": "0900 000 000",
    "child.insurance_year": str(date.today().year),
}

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)


def key_of(url: str) -> str:
    """The question a page asks."""
    return unquote(urlparse(url).path).rsplit("/", 1)[-1]


def answer_one(page: Any, answers: Mapping[str, Any]) -> str:
    """Answer the question shown and go on. Returns its key."""
    key = key_of(page.url)
    given = answers.get(key, 0)
    if page.locator("input[name='answer.day']").count():
        for part, value in zip(("day", "month", "year"), given or ("1", "2", "1990"), strict=True):
            page.fill(f"input[name='answer.{part}']", value)
    elif page.locator("input[type=file]").count():
        if given != "":
            files = {"name": "paper.png", "mimeType": "image/png", "buffer": PNG}
            page.locator("input[type=file]").first.set_input_files(files)
    elif page.locator("input[type=radio][name=answer]").count():
        choice = f"[value='{given}']" if isinstance(given, str) and given else ""
        page.locator(f"input[type=radio][name=answer]{choice}").first.check()
    elif page.locator("select[name=answer]").count():
        page.locator("select[name=answer]").select_option(
            **({"value": given} if isinstance(given, str) and given else {"index": 1})
        )
    else:
        page.locator("[name=answer]").fill("1" if given == 0 else str(given))
    page.click("main form button[type=submit]:not([name=later])")
    page.wait_for_load_state()
    return key


def answer_all(page: Any, answers: Mapping[str, Any], most: int = 60) -> list[str]:
    """Answer one question after the other until the answers are to be checked. Returns the keys asked."""
    asked: list[str] = []
    for _ in range(most):
        if page.url.rstrip("/").endswith("/check"):
            return asked
        before = page.url
        asked.append(answer_one(page, answers))
        assert page.url != before, f"stuck at {before}: {page.inner_text('main')[:600]}"
    raise AssertionError(f"no end after {most} questions: {asked}")


def apply_for(page: Any, service: str, answers: Mapping[str, Any]) -> str:
    """From the guide page to the receipt. Returns the application's reference."""
    page.goto(f"/{service}")
    page.click(
        "main form button[type=submit]" if page.locator("main form button[type=submit]").count() else "main a.button"
    )
    page.wait_for_load_state()
    answer_all(page, answers)
    page.click("text=Send the application")
    assert page.url.endswith("/receipt"), page.inner_text("main")[:800]
    return re.search(r"/applications/(A-[^/]+)/", page.url).group(1)  # type: ignore[union-attr]


def case_refs(page: Any, application: str) -> dict[str, str]:
    """The references of an application's cases by what they are called, from the page that tracks it."""
    page.goto(f"/applications/{application}/receipt")
    return dict(re.findall(r"([^\n]+)\n[^\n]*\n(C-[2-9A-Z]{8})", page.inner_text("main")))


def decide(page: Any, case: str, act: str, note: str = "") -> None:
    """Record a decision as the official who is signed in."""
    page.goto(f"/desk/cases/{case}")
    page.locator(f"input[type=radio][name=act][value='{act}']").first.check()
    if note:
        page.locator("textarea[name=note]").first.fill(note)
    page.click("text=Record the decision")
