"""Take a picture of every page at two widths and in two languages, into docs/screenshots.

    python -m tools.screenshots                          fills a small demo office of its own first
    python -m tools.screenshots --base http://localhost:8000 home service      only these, from a running demo

Needs Debian's chromium and fonts-noto-cjk. Pictures are named `page-width-language.png`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.small_png import shrink  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
WIDTHS = (1280, 390)
LANGUAGES = ("en", "zh-hans")
TALLEST = 2400
"""Pixels; a longer page is cut, since nobody reads a longer picture."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PASSWORD = "riverland-demo"  # shown on the sign-in page of every demo


@dataclass(frozen=True)
class Shot:
    """A page: where it is, or how one gets there, and as whom."""

    name: str
    go: str | Callable[[Any], None]
    user: str = ""


EXAMPLE = re.compile(r"(?:For example: |例如：)(.+)$", re.M)
SAID_NO = ("uses_gas", "wanted", "basement")
"""Questions answered with no, so that the walk is short."""


def _begin(page: Any, start: str = "/services/open-restaurant") -> str:
    """Press Start; returns the address of the draft."""
    page.goto(start)
    page.click("main form .button-big")
    found = re.search(r"/applications/A-[2-9A-Z]{8}", page.url)
    return found.group() if found else "/"


def _floor_area(page: Any) -> None:
    page.goto(_begin(page) + "/q/premises.floor_area")


def _wrong(page: Any) -> None:
    _floor_area(page)
    page.fill("#answer", "quite large")
    page.click("main .button")


def _check(page: Any) -> None:
    page.goto(_begin(page))
    for _ in range(60):
        if page.url.endswith("/check"):
            return
        _answer(page)
        page.click("main form[novalidate] .button")


def _answer(page: Any) -> None:
    """Answer the one question shown, as its example says."""
    if page.locator("main input[type=file]").count():
        if "/paper/" in page.url:
            paper = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
            page.locator("main input[type=file]").first.set_input_files(paper)
    elif page.locator("main input[type=radio]").count():
        page.locator("main input[type=radio]").nth(1 if any(word in page.url for word in SAID_NO) else 0).check()
    elif page.locator("main select").count():
        page.locator("main select").select_option(index=1)
    elif page.locator("main .date-row").count():
        for part, value in (("day", "3"), ("month", "5"), ("year", "2027")):
            page.fill(f"main input[name='answer.{part}']", value)
    else:
        found = EXAMPLE.search(page.inner_text("main .hint")) if page.locator("main .hint").count() else None
        page.fill("#answer", found.group(1) if found else "12")


def _receipt(page: Any) -> None:
    _check(page)
    page.click("main .button-big")
    page.wait_for_timeout(8000)  # the worker gives the event its place in the record
    page.reload()
    page.locator("main details summary").first.click()


def _sent(page: Any) -> None:
    """The newest application that was sent: the one with most departments where there is one."""
    page.goto("/applications")
    rows = page.locator("main .needs > li")
    for row in (rows.filter(has=page.locator(".sub-cases")), rows.filter(has=page.locator(".tag-info, .tag-good"))):
        if row.count():
            page.goto(row.first.locator("a").first.get_attribute("href"))
            return


def _first(listing: str, links: str) -> Callable[[Any], None]:
    """Follow the first link of a list whose address contains `links`."""

    def go(page: Any) -> None:
        page.goto(listing)
        link = page.locator(f"main a[href*='{links}']").first
        if link.count():
            page.goto(link.get_attribute("href"))

    return go


MATRIX = "/desk/explore/matrix?" + "&".join(
    f"c=regional-means.{name}"
    for name in ("residents", "staff_per_10000", "budget_per_head", "rainfall", "online_share")
)
SHOTS = (
    Shot("home", "/"),
    Shot("find", "/find?q=I want to start a noodle shop"),
    Shot("service", "/services/open-restaurant"),
    Shot("event", "/events/having-a-child"),
    Shot("sign-in", "/sign-in"),
    Shot("account", "/account"),
    Shot("style", "/style"),
    Shot("not-found", "/nowhere"),
    Shot("question", _floor_area, "lin"),
    Shot("question-error", _wrong, "lin"),
    Shot("check", _check, "wen"),
    Shot("applications", "/applications", "lin"),
    Shot("receipt", _receipt, "wen"),
    Shot("track", _sent, "wen"),
    Shot("bundle", _sent, "lin"),
    Shot("my-data", "/my-data", "lin"),
    Shot("used", "/my-data/used", "lin"),
    Shot("inbox", "/desk/", "clerk"),
    Shot("case", _first("/desk/", "/desk/cases/"), "clerk"),
    Shot("cockpit", "/desk/cockpit", "leader"),
    Shot("findings", "/desk/findings", "leader"),
    Shot("finding", _first("/desk/findings", "/desk/findings/"), "leader"),
    Shot("explore", "/desk/explore", "leader"),
    Shot("goes-with", "/desk/explore/goes-with?column=regional-means.staff_per_10000", "leader"),
    Shot("matrix", MATRIX, "leader"),
    Shot("pair", "/desk/explore/pair?left=regional-means.residents&right=regional-means.staff_per_10000", "leader"),
    Shot("map", "/desk/explore/map?column=regional-means.budget_per_head", "leader"),
    Shot("dataset", "/desk/datasets/regional-means", "leader"),
    Shot("mend", "/desk/mend", "data"),
    Shot("datasets", "/desk/datasets", "data"),
    Shot("link-quality", "/desk/links/vaccinated-pupils/quality", "data"),
    Shot("link-together", "/desk/links/vaccinated-pupils/together", "data"),
    Shot("links", "/desk/links/vaccinated-pupils", "data"),
    Shot("link", _first("/desk/links/vaccinated-pupils", "/desk/links/vaccinated-pupils/"), "data"),
    Shot("keys", "/desk/keys", "keeper"),
    Shot("journal", "/desk/journal", "auditor"),
    Shot("register", "/desk/register", "leader"),
)


@contextmanager
def demo() -> Iterator[str]:
    """The address of a small demo office of its own, gone afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "COMMONWEAL_HOME": home, "COMMONWEAL_DEMO": "1"}
        command = [sys.executable, "-m", "commonweal.cli"]
        subprocess.run([*command, "demo", "--no-serve", "--cases", "400"], env=environment, check=True)
        server = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment)
        try:
            _wait(f"http://localhost:{port}", server)
            yield f"http://localhost:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and server.poll() is None:
        try:
            urllib.request.urlopen(f"{base}/ready", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the demo did not start")


def take(base: str, shots: list[Shot], out: Path) -> list[str]:
    """Take the pictures; returns what is wrong: pages wider than the screen, scripts that failed."""
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        blank = browser.new_page()
        for language in LANGUAGES:
            for user in dict.fromkeys(shot.user for shot in shots):
                context = browser.new_context(base_url=base, viewport={"width": WIDTHS[0], "height": 800})
                context.add_cookies([{"name": "django_language", "value": language, "url": base}])
                page = context.new_page()
                page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
                if user:
                    page.goto("/sign-in")
                    page.fill("#username", user)
                    page.fill("#password", PASSWORD)
                    page.click("main form .button")
                for shot in shots:
                    if shot.user == user:
                        wrong += _both_widths(page, blank, shot, language, out)
                context.close()
        browser.close()
    return wrong


def _both_widths(page: Any, blank: Any, shot: Shot, language: str, out: Path) -> list[str]:
    wrong = []
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    if callable(shot.go):
        shot.go(page)
    else:
        page.goto(shot.go)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        if size[0] > width + 1:
            wrong.append(f"{shot.name} in {language} is {size[0]} px wide at {width}")
        clip = {"x": 0, "y": 0, "width": width, "height": min(size[1], TALLEST)}
        png = shrink(blank, page.screenshot(full_page=True, clip=clip))
        (out / f"{shot.name}-{width}-{language}.png").write_bytes(png)
    return wrong


def main() -> int:
    """Take all pictures, or those named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="names of pages; all where none is named")
    parser.add_argument("--base", help="address of a running demo")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    shots = [shot for shot in SHOTS if not arguments.pages or shot.name in arguments.pages]
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.base:
        wrong = take(arguments.base, shots, arguments.out)
    else:
        with demo() as base:
            wrong = take(base, shots, arguments.out)
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or f"{len(shots)} pages\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
