"""What somebody typed, kept over an expired session or token: sealed, short-lived, and only ever shown back to them.

A kept form is never sent again by itself: it fills the page in, and the person sends it.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest

SESSION = "kept"
SALT = "commonweal.look.keeping"
LIFETIME = 2 * 60 * 60
"""Seconds a sealed form can be handed back."""
LARGEST = 20_000
"""Characters of typed text that are kept; longer than any question takes."""
_SKIPPED = {"csrfmiddlewaretoken", "password", "revision", "token", "kept"}


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {key: values for key, values in request.POST.lists() if key not in _SKIPPED}


def seal(request: HttpRequest) -> str:
    """The posted fields and their address as one signed text; empty when there is nothing to keep."""
    typed = _typed(request)
    if not typed or sum(len(value) for values in typed.values() for value in values) > LARGEST:
        return ""
    return signing.dumps({"path": request.path, "typed": typed}, salt=SALT, compress=True)


def open_sealed(text: str) -> dict[str, Any] | None:
    """What `seal` made, or None when it is absent, changed or too old."""
    try:
        return signing.loads(text, salt=SALT, max_age=LIFETIME) if text else None
    except signing.BadSignature:
        return None


def keep_in_session(request: HttpRequest, sealed: str = "") -> bool:
    """Keep a sealed form, or what this request posted, for the next look at its page. False when nothing was kept."""
    kept = open_sealed(sealed) if sealed else open_sealed(seal(request))
    if kept is None:
        return False
    request.session[SESSION] = kept
    return True


def take_back(request: HttpRequest) -> dict[str, list[str]]:
    """The fields kept for this address, once; empty when there are none."""
    kept = request.session.get(SESSION)
    if not kept or kept.get("path") != request.path:
        return {}
    del request.session[SESSION]
    return dict(kept["typed"])
