"""The pages every footer leads to: accessibility, privacy, contact."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonweal.windows.look import jurisdiction


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and whom to tell when it does not."""
    return render(request, "counter/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who reads it, and how to see who did."""
    return render(request, "counter/privacy.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the government, and the departments one by one."""
    register = jurisdiction.register_in_force()
    offices = [each for each in register.organisations.values() if each.contact] if register else []
    return render(request, "counter/contact.html", {"offices": offices})
