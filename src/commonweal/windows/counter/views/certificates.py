"""My certificates: what was issued to me, what it is worth now, and every form of it to take away or to show."""

from __future__ import annotations

import io
import json
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.office.certificates import actions, queries, sdjwt
from commonweal.office.certificates.jose import Malformed
from commonweal.windows.look.http import person_of

KEY_LIMIT = 2_000
_SCANNABLE = 1_800
"""Characters of a presentation that a phone still reads from the screen of another."""


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every certificate of this person, the newest first."""
    page = queries.mine(person_of(request), request.GET.get("cursor"))
    return render(request, "counter/certificates.html", {"page": page})


@require_safe
def certificate(request: HttpRequest, ref: str) -> HttpResponse:
    """One certificate: whether it is in force, what it states, and how to take it along."""
    return _page(request, ref)


@require_safe
def picture(request: HttpRequest, ref: str) -> HttpResponse:
    """Its QR code as a drawing, dark on light with the margin a reader needs, also in dark mode."""
    return HttpResponse(_drawn(queries.code(person_of(request), ref), "m"), content_type="image/svg+xml")


@require_safe
def document(request: HttpRequest, ref: str) -> HttpResponse:
    """The certificate as a sealed PDF, in the reader's language."""
    number, pdf = queries.document(person_of(request), ref, get_language() or "en")
    return _download(pdf, f"{number}.pdf", "application/pdf")


@require_POST
def credential(request: HttpRequest, ref: str) -> HttpResponse:
    """The credential for a wallet, bound to a key where one is given."""
    actor = person_of(request)
    typed = request.POST.get("key", "").strip()
    try:
        key = json.loads(typed[:KEY_LIMIT]) if typed else None
        text = actions.credential(actor, ref, key)
    except Malformed as wrong:
        return _page(request, ref, wrong=_("This key cannot be used: %(why)s") % {"why": wrong}, key=typed, status=422)
    except ValueError:
        wrong_key = _("This is no key: paste the JWK your wallet shows, from { to }.")
        return _page(request, ref, wrong=wrong_key, key=typed, status=422)
    return _download(text, f"{queries.own(actor, ref).number}.sdjwt", "application/dc+sd-jwt")


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose which facts to show; the rest stays hidden, and nobody can tell what it was."""
    actor = person_of(request)
    row = queries.own(actor, ref)
    context: dict[str, Any] = {"certificate": row, "chosen": ()}
    if request.method == "POST":
        known = {each.key for each in row.facts} | {"holder"}
        chosen = [each for each in request.POST.getlist("fact") if each in known]
        text = sdjwt.choose(actions.credential(actor, ref), chosen)
        if request.POST.get("as") == "file":
            return _download(text, f"{row.number}.sdjwt", "application/dc+sd-jwt")
        drawing = _drawn(text, "l", inline=True) if len(text) <= _SCANNABLE else ""
        context |= {"chosen": chosen, "text": text, "drawing": drawing}
    return render(request, "counter/share_certificate.html", context)


def _page(request: HttpRequest, ref: str, *, wrong: str = "", key: str = "", status: int = 200) -> HttpResponse:
    row = queries.own(person_of(request), ref)
    return render(
        request, "counter/my_certificate.html", {"certificate": row, "wrong": wrong, "key": key}, status=status
    )


def _download(text: str | bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _drawn(text: str, error: str, *, inline: bool = False) -> Any:
    code = segno.make(text, error=error, boost_error=False, micro=False)
    if inline:
        return code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", scale=4, border=4, dark="#000", light="#fff")
    return drawing.getvalue()
