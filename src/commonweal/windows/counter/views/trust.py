"""The authority of this deployment at public addresses, for programs of others: certificates, revocations, time stamps.

Nothing here knows who asks, so the addresses need neither a session nor a token against forged forms.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from commonweal.core import clock
from commonweal.core.errors import NotAllowed
from commonweal.core.trust import authority, revocation, shelf, timestamps

MOST_BYTES = 8 * 1024
"""Bytes of a question; a real one has a few hundred."""
STAMPS_A_MINUTE = 60
"""Time stamps for one address in a minute."""


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The root certificate, to be trusted once, PEM."""
    return _pem(shelf.pem([authority.current().root]))


@require_safe
def issuing(request: HttpRequest) -> HttpResponse:
    """The certificate of the issuing authority, PEM."""
    return _pem(shelf.pem([authority.current().issuing]))


@require_safe
def revoked(request: HttpRequest, key: str = "") -> HttpResponse:
    """What an authority has revoked, DER (RFC 5280); the one now issuing, or the one whose key is named."""
    found = revocation.crl_named(key) if key else authority.current().crl()
    if found is None:
        raise NotAllowed("not-found", "No authority here has this key")
    answer = HttpResponse(found, content_type="application/pkix-crl")
    answer["Cache-Control"] = "public, max-age=600"
    return answer


@csrf_exempt
@require_POST
def status(request: HttpRequest) -> HttpResponse:
    """One question about one certificate, DER in and out (RFC 6960, appendix A)."""
    return _answered(request, authority.current().ocsp, "application/ocsp-response")


@require_safe
def status_of(request: HttpRequest, question: str) -> HttpResponse:
    """The same question in the address, base64 (RFC 6960, appendix A.1)."""
    try:
        asked = base64.b64decode(question[:MOST_BYTES], validate=True)
    except (binascii.Error, ValueError):
        asked = b""
    return HttpResponse(authority.current().ocsp(asked), content_type="application/ocsp-response")


@csrf_exempt
@require_POST
def stamp(request: HttpRequest) -> HttpResponse:
    """A time stamp, DER in and out (RFC 3161, section 3.4); sixty a minute for one address."""
    if _too_many(str(request.META.get("REMOTE_ADDR", ""))):
        answer = HttpResponse("Too many time stamps; wait a minute\n", status=429, content_type="text/plain")
        answer["Retry-After"] = "60"
        return answer
    return _answered(request, timestamps.respond, "application/timestamp-reply")


def _answered(request: HttpRequest, answer: Callable[[bytes], bytes], kind: str) -> HttpResponse:
    content = request.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return HttpResponse("A question has at most 8 KB\n", status=413, content_type="text/plain")
    return HttpResponse(answer(content), content_type=kind)


def _too_many(address: str) -> bool:
    key = f"tsa:{address}:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    try:
        return bool(cache.incr(key) > STAMPS_A_MINUTE)
    except ValueError:  # the cache was emptied in between
        return False


def _pem(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/x-pem-file")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
