"""What the style page shows: each part with the words it would carry in earnest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from commonweal.core import clock
from commonweal.core.pages import Page


def samples() -> dict[str, Any]:
    """Context of `look/style.html`."""
    now = clock.now()
    return {
        "options": [("yes", _("Yes")), ("no", _("No"), _("Choose this if you cook with electricity only"))],
        "rows": [
            {"label": _("Trading name"), "shown": "Willow Noodles", "href": "#summary"},
            {"label": _("Floor area"), "shown": "120 m²", "note": _("From the land registry"), "href": "#summary"},
            {"label": _("Opening day"), "shown": "", "href": "#summary"},
        ],
        "steps": [
            {"name": _("Accept the application"), "state": _("Done"), "tag": "good", "kind": "done"},
            {
                "name": _("Fire safety"),
                "state": _("In progress"),
                "tag": "info",
                "kind": "now",
                "who": _("Fire service"),
            },
            {"name": _("Fee"), "state": _("Not yet"), "kind": "todo"},
        ],
        "errors": [("sample-wrong", _("Enter the floor area, for example 120"))],
        "entries": [
            {"title": _("Fire safety approved"), "at": now, "kind": "good", "who": _("Fire service")},
            {"title": _("We received your application"), "at": now - timedelta(days=2)},
        ],
        "columns": [{"label": _("Region")}, {"label": _("Cases"), "numeric": True}],
        "table": [
            [{"label": _("Region"), "shown": "Upper Vale"}, {"label": _("Cases"), "shown": "1,204", "numeric": True}],
            [{"label": _("Region"), "shown": "Delta"}, {"label": _("Cases"), "shown": "389", "numeric": True}],
        ],
        "tabs": [{"label": _("Due first"), "href": "#tabs", "current": True}, {"label": _("Waiting"), "href": "#tabs"}],
        "filters": [{"label": _("Region"), "name": "region", "options": [("delta", "Delta")], "value": ""}],
        "page": Page((), "sample"),
        "trend": [4.0, 4.4, 3.9, 5.2, 6.1, None, 5.0, 4.2],
        "day_value": {"day": "31", "month": "3", "year": "2026"},
        "limit": 10_000_000,
        "held": [],
    }
