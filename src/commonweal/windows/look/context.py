"""What every page's shell needs: the jurisdiction, the languages, the register's version and who is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from commonweal.core.identity.actor import staff_actor
from commonweal.windows.look import jurisdiction
from commonweal.windows.look.http import HAT, signed_in

STATIC = {"here": "", "jurisdiction": None, "register_version": "", "languages": [("en", "English")], "demo": False}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of `look/page.html` and `look/desk.html`."""
    register = jurisdiction.register_in_force()
    person = signed_in(request)
    return {
        "jurisdiction": register.jurisdiction if register else None,
        "register_version": register.hash[:12] if register else "",
        "languages": jurisdiction.languages(),
        "language": get_language() or "en",
        "here": request.get_full_path() if request.method in {"GET", "HEAD"} else request.path,
        "person": person,
        "has_seats": bool(person and staff_actor(person).posts),
        "hat": request.session.get(HAT, "person") if hasattr(request, "session") else "person",
        "demo": settings.DEMO,
    }
