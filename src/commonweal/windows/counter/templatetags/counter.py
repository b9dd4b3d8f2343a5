"""`{% load counter %}`: what only the counter's templates need."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commonweal.office.casework.views import CaseLine
from commonweal.windows.counter.story import closed
from commonweal.windows.look.templatetags.look import tag

register = template.Library()


@register.simple_tag
def case_tag(case: CaseLine) -> SafeString:
    """The status of a case in a list."""
    if case.status == "closed":
        return tag(closed(case.outcome), {"granted": "good", "refused": "bad"}.get(case.outcome or "", "plain"))
    if case.status == "waiting":
        return tag(_("Waiting for you"), "warn")
    return tag(_("In progress"), "info")
