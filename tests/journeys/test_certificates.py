"""A certificate taken home by its holder and handed to a stranger, before and after an official changes its status."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.journey
WORDS = {
    "en": ("Genuine and in force", "Genuine, but suspended", "Replaced by a newer one", "Altered: do not rely on it"),
    "zh-hans": ("真实有效", "真实，但已暂停使用", "已被新版证照取代", "已被篡改，请勿采信"),
}
"""What the four answers begin with."""


def device(browser: Any, site: str) -> Iterator[Any]:
    """Somebody else's browser."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


holder, official = pytest.fixture(name="holder")(device), pytest.fixture(name="official")(device)


def enter(page: Any, username: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", "riverland-demo")
    page.locator("main form:has(#password) button[type=submit]").click()
    page.wait_for_load_state()
    assert "/sign-in" not in page.url


def take(page: Any, button: str, file: Path) -> bytes:
    """Open the newest certificate and download its PDF."""
    page.goto("/certificates")
    page.locator("main a[href^='/certificates/K-']").first.click()
    page.wait_for_load_state()
    with page.expect_download() as taken:
        page.click(f"main a:has-text('{button}')")
    taken.value.save_as(file)
    return file.read_bytes()


def answer(page: Any, file: Path, language: str) -> str:
    """Hand a file in at the page for everybody, in a language; what it says."""
    page.goto(f"/language?to={language}&next=/verify")
    page.set_input_files("input[name=file]", file)
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    return str(page.inner_text("main"))


def change(page: Any, number: str, act: str, reason: str) -> None:
    """Find a certificate by its number at the desk and change its status."""
    page.goto(f"/desk/certificates?q={number}")
    page.locator("main tbody a", has_text=re.compile(rf"^{number}$")).first.click()
    page.locator(f"input[name=act][value={act}]").check()
    page.fill("textarea[name=reason]", reason)
    page.get_by_role("button", name="Record it").click()
    page.wait_for_load_state()
    assert "Recorded" in page.inner_text("main"), page.inner_text("main")[:600]


def test_the_same_paper_before_and_after(
    page: Any, holder: Any, official: Any, accessible: Callable[[], None], fits: Callable[[], None], tmp_path: Path
) -> None:
    genuine, suspended, replaced, _ = zip(*WORDS.values(), strict=True)
    enter(holder, "lin")
    enter(official, "registrar")
    file = tmp_path / "certificate.pdf"
    take(holder, "Sealed document (PDF)", file)
    number = re.search(r"BC\d{4}-upper-vale-\d{6}", holder.inner_text("main")).group()  # type: ignore[union-attr]

    def reads(titles: tuple[str, ...]) -> None:
        for language, title in zip(WORDS, titles, strict=True):
            said = answer(page, file, language)
            assert said.startswith(title), said[:400]
            assert number in said
            assert "Demo Applicant Lin" in said
            accessible()
            fits()

    reads(genuine)
    change(official, number, "suspend", "An entry is being looked into")
    reads(suspended)
    assert "looked into" not in page.inner_text("main"), "the reason is the holder's business"
    holder.reload()
    assert "An entry is being looked into" in holder.inner_text("main")
    change(official, number, "lift", "The entry is right")
    reads(genuine)
    change(official, number, "reissue", "Printed anew")
    reads(replaced)


def test_an_altered_paper_says_so_in_both_languages(
    page: Any, holder: Any, accessible: Callable[[], None], fits: Callable[[], None], tmp_path: Path
) -> None:
    """Taken in Chinese, changed by one letter that nobody sees, handed in."""
    enter(holder, "lin")
    holder.goto("/language?to=zh-hans&next=/certificates")
    pdf = take(holder, "带电子签章的证照（PDF）", tmp_path / "certificate.pdf")
    assert answer(page, tmp_path / "certificate.pdf", "zh-hans").startswith("真实有效")
    file = tmp_path / "changed.pdf"
    file.write_bytes(pdf.replace(b"(Typst", b"(Sypst", 1))
    assert file.read_bytes() != pdf
    for language, titles in WORDS.items():
        said = answer(page, file, language)
        assert said.startswith(titles[3]), said[:400]
        accessible()
        fits()
