"""What changes behind HTTPS, asked of a process that starts as a server would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASK = """
import json, django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client
told = [each.id for each in run_checks(include_deployment_checks=True) if not each.is_silenced()]
over_http = Client().get("/privacy")
answer = Client().get("/privacy", secure=True)
print(json.dumps({
    "checks": told, "status": over_http.status_code, "moved": over_http.headers.get("Location", ""),
    "hsts": answer.headers.get("Strict-Transport-Security", ""), "probe": Client().get("/health").status_code,
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "only_http": settings.SESSION_COOKIE_HTTPONLY,
}))
"""


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    environment = {
        "PATH": os.environ["PATH"], "COMMONWEAL_HOME": str(home), "COMMONWEAL_HTTPS": "1",
        "DJANGO_SETTINGS_MODULE": "commonweal.config.settings", "PYTHONPATH": str(Path(__file__).parents[3] / "src"),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "commonweal.cli", "setup"], env=environment, check=True, capture_output=True, timeout=120
    )
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return dict(json.loads(asked.stdout.splitlines()[-1]))


def test_django_has_nothing_to_say_against_the_deployment(behind_https: dict[str, Any]) -> None:
    assert behind_https["checks"] == []


def test_everything_but_a_probe_moves_to_https_and_stays(behind_https: dict[str, Any]) -> None:
    assert (behind_https["status"], behind_https["moved"]) == (301, "https://testserver/privacy")
    assert behind_https["hsts"] == "max-age=31536000; includeSubDomains"
    assert behind_https["probe"] == 200


def test_cookies_belong_to_this_host_over_https_alone(behind_https: dict[str, Any]) -> None:
    assert all(name.startswith("__Host-") for name in behind_https["cookies"])
    assert behind_https["secure"] == [True, True]
    assert behind_https["only_http"] is True
