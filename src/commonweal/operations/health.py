"""Whether this process lives, whether it can do its work, and how much of it there is."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commonweal.core.declared import queries as declared
from commonweal.operations import metrics

log = logging.getLogger("commonweal.operations")


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Touches nothing else, so that a slow database does not get it restarted."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Ready for requests: 200, or 503 with the parts that are not. Says no more than their names."""
    parts = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse({"ready": all(parts.values()), "parts": parts}, status=200 if all(parts.values()) else 503)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for a monitor: counts only, about nobody."""
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _holds(check: Callable[[], object]) -> bool:
    """Whether a check passes; what is wrong goes to the log of whoever looks after it, not to the caller."""
    try:
        check()
    except Exception:
        log.warning("not ready", exc_info=True)
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _register() -> None:
    declared.current()


def _lake() -> None:
    """The lake's folder can be written to."""
    root = Path(settings.LAKE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root, prefix=".ready-")
    os.close(handle)
    os.unlink(name)


CHECKS: dict[str, Callable[[], object]] = {"database": _database, "register": _register, "lake": _lake}
