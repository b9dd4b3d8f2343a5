"""Filters and parts for every template: `{% load look %}`."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from commonweal.register.models import Text
from commonweal.windows.look import figures, words

register = template.Library()

for _name in ("day", "short_day", "moment", "number", "percent", "size"):
    register.filter(_name, getattr(words, _name))


@register.filter
def say(text: Any) -> str:
    """A declared Text in the reader's language; a plain string as it is; nothing for None."""
    if isinstance(text, Text):
        return text.say(get_language() or "en")
    return "" if text is None else str(text)


@register.filter
def together(texts: Any) -> str:
    """Several texts as one, separated as the language separates: `Fire service, Tax office`, `消防局、税务局`."""
    return gettext(", ").join(say(text) for text in texts)


@register.filter
def money(value: Any, currency: str = "") -> str:
    """An amount in the jurisdiction's currency, or in the one named."""
    return words.money(value, currency)


@register.filter
def cents(amount: int, currency: str) -> str:
    """Money kept in minor units: `20000` of `EUR` is `€200.00`."""
    return words.cents(amount, currency)


@register.filter
def duration(value: Any, calendar: str = "working-days") -> str:
    """An ISO 8601 duration in words; days are working days unless `calendar-days` is said."""
    return words.duration(value, calendar == "working-days")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or None: for keys that are not words a template can write."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@lru_cache(maxsize=64)
def _digest(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        return ""
    with open(found, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:10]


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, with a mark of its content so that a new version is fetched at once."""
    return f"{static(path)}?v={_digest(path)}"


@register.simple_tag
def tag(label: Any, kind: str = "plain") -> SafeString:
    """A status tag. `kind`: plain, info, good, warn or bad; the words carry the meaning, not the colour."""
    return format_html('<strong class="tag tag-{}">{}</strong>', kind, say(label))


@register.simple_tag
def sparkline(values: Any, label: str = "") -> SafeString:
    """A trend as a small drawing; gaps (None) stay gaps. Made of attributes only, as the security policy wants."""
    return mark_safe(figures.sparkline(tuple(values), label))  # noqa: S308


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: Any = "") -> SafeString:
    """A notice around its content. `kind`: info, good, warn or bad."""
    head = format_html('<p class="notice-title">{}</p>', say(title)) if title else ""
    return format_html('<div class="notice notice-{}">{}{}</div>', kind, head, content)


@register.simple_block_tag
def panel(content: SafeString, title: Any = "", level: int = 1) -> SafeString:
    """The confirmation panel: one thing is done, and its reference. Its title is the page's, at `level` 1."""
    head = format_html('<h{0} class="panel-title">{1}</h{0}>', level, say(title))
    return format_html('<div class="panel">{}{}</div>', head, content)
