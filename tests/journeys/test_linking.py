"""A data steward decides about pairs of records in doubt: side by side, by key or by click, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
QUEUE = "/desk/links/vaccinated-pupils"


def test_pairs_are_decided_one_after_the_other(
    page: Any, sign_in: Callable[..., None], accessible: Callable[[], None], fits: Callable[[], None]
) -> None:
    sign_in("data")
    page.get_by_role("link", name="Links", exact=True).click()
    page.get_by_role("link", name="Vaccinated children and pupils").click()
    waiting = page.locator("main tbody tr").count()
    assert waiting >= 3
    page.get_by_role("link", name="Begin with the first").click()
    assert page.locator("h1").inner_text() == "Is this the same person?"
    accessible()
    fits()
    first = page.url
    page.keyboard.press("3")
    page.wait_for_url(lambda url: url != first)
    second = page.url
    assert QUEUE in second
    page.get_by_role("button", name="Same person").click()
    page.wait_for_url(lambda url: url != second)
    page.goto(second)
    assert page.get_by_role("button", name="Same person").count() == 0
    assert "settled" in page.inner_text("main")
    page.goto(f"/language?to=zh-hans&next={QUEUE}")
    assert page.locator("main tbody tr").count() == waiting - 2
    page.locator("main tbody a").first.click()
    assert page.locator("h1").inner_text() == "是同一个人吗？"
    accessible()
    fits()


def test_others_do_not_find_the_queue(page: Any, sign_in: Callable[..., None]) -> None:
    sign_in("clerk")
    assert page.get_by_role("link", name="Links", exact=True).count() == 0
    assert page.goto(QUEUE).status == 404
