"""Pages that belong to the look itself: the style page, the accent's stylesheet, the language switch."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from commonweal.windows.look import jurisdiction
from commonweal.windows.look.colour import readable
from commonweal.windows.look.http import local_path
from commonweal.windows.look.samples import samples

DEFAULT_ACCENT = "#0b4f8a"
DARK_PAPER = "#12181f"


@require_GET
@cache_control(public=True, max_age=300)
def accent(request: HttpRequest) -> HttpResponse:
    """The jurisdiction's accent as a stylesheet; lightened in the dark until it reads at 4.5:1."""
    here = jurisdiction.jurisdiction()
    chosen = readable(here.accent if here else DEFAULT_ACCENT, "#ffffff")
    dark = readable(chosen, DARK_PAPER, 6.0)
    css = (
        f":root{{--accent:{chosen};--accent-ink:#ffffff;--band:{chosen}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--accent-ink:{DARK_PAPER};--band:#0b1016}}}}\n"
    )
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@require_GET
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and return to the same page of this site."""
    response = redirect(local_path(request, request.GET.get("next"), "/"))
    wanted = request.GET.get("to", "")
    if wanted in {code for code, _ in jurisdiction.languages()}:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax")
    return response


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every part on one page, as it really is."""
    return render(request, "look/style.html", samples())
