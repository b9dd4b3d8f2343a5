"""A real server over a small lived-in demo office, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with how to mend it, where there is no browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs a browser: apt-get install chromium fonts-noto-cjk"))


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo office with a little history, made by the command an operator would use.

    COMMONWEAL_JOURNEY_HOME names a folder to keep it in between runs, for whoever writes these tests.
    """
    kept = os.environ.get("COMMONWEAL_JOURNEY_HOME")
    if kept and (Path(kept) / "commonweal.sqlite3").exists():
        return Path(kept)
    place = Path(kept) if kept else tmp_path_factory.mktemp("home")
    environment = {**os.environ, "COMMONWEAL_HOME": str(place), "COMMONWEAL_DEMO": "1"}
    environment.pop("DATABASE_URL", None)
    made = subprocess.run(
        [sys.executable, "-m", "commonweal.cli", "demo", "--no-serve", "--cases", "150", "--days", "400"],
        env=environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    return place


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of a running server over `home`."""
    port = free_port()
    environment = {**os.environ, "COMMONWEAL_HOME": str(home), "COMMONWEAL_DEMO": "1"}
    environment.pop("DATABASE_URL", None)
    log = (home / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "commonweal.cli", "serve", "--port", str(port)],
        env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        wait_until_up(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def wait_until_up(address: str, server: subprocess.Popen[Any]) -> None:
    """Poll the readiness page; fail with a reason when the server died or took a minute."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        assert server.poll() is None, "the server stopped by itself"
        try:
            with urllib.request.urlopen(address + "/ready", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            server.poll()
    raise AssertionError("the server was not ready within a minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Any]:
    """A fresh visitor at desk width; any script error or refused resource on a page fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-GB")
    visitor = context.new_page()
    complaints: list[str] = []
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield visitor
    context.close()
    assert not complaints, complaints


@pytest.fixture
def go_back(page: Any) -> Callable[[], None]:
    """Press the back button as a page's own history does.

    Playwright's `go_back` asks the browser for its history at a moment when the tab may just have changed process,
    which Chromium refuses; the page's own history has no such moment.
    """

    def back() -> None:
        with page.expect_navigation():
            page.evaluate("() => { history.back(); }")
        page.wait_for_load_state()

    return back


@pytest.fixture
def sign_in(page: Any) -> Callable[..., None]:
    """Sign a demo persona in through the page a person uses."""

    def enter(username: str, password: str = "riverland-demo") -> None:
        page.goto("/sign-in")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.locator("main form:has(#password) button[type=submit]").click()
        page.wait_for_load_state()
        assert "/sign-in" not in page.url, page.inner_text("main")

    return enter


@pytest.fixture
def accessible(page: Any) -> Callable[[], None]:
    """Assert that axe-core finds nothing against WCAG 2.2 AA on the page shown."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

    def check() -> None:
        found = axe.run(page, options=options).response["violations"]
        told = [f"{v['id']}: {v['help']} – {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]
        assert not told, page.url + "\n" + "\n".join(told)

    return check


@pytest.fixture
def fits(page: Any) -> Callable[[], None]:
    """Assert that nothing sticks out sideways at the width of a phone."""

    def check() -> None:
        page.set_viewport_size({"width": 390, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 391, f"{page.url} is {wide} px wide on a phone"
        page.set_viewport_size({"width": 1280, "height": 900})

    return check


def reference_in(text: str, prefix: str) -> str:
    """The first reference such as A-7KQ2M9XB in some text."""
    found = re.search(rf"\b{prefix}-[2-9A-Z]{{8}}\b", text)
    assert found, text[:500]
    return found.group()
