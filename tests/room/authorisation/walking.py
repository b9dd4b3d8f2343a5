"""Every address the site answers, and what stands where an address has a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

OWN_TABLE = "api/v1/"
"""The API has a table of its own, by operation: tests/room/windows_api/test_matrix.py."""
_GAP = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses() -> list[str]:
    """Every route as declared, such as `/applications/<slug:ref>/check`, once, without the API's."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            if not route.startswith(OWN_TABLE):
                yield from _walk(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield "/" + route


def filled(route: str, fillings: dict[str, dict[str, str]]) -> str:
    """The address with its gaps filled: `fillings` has values by the longest prefix of the route that names them."""

    def value(gap: re.Match[str]) -> str:
        named = [prefix for prefix in fillings if route.startswith(prefix) and gap[1] in fillings[prefix]]
        return fillings[max(named, key=len)][gap[1]] if named else "nothing"

    return _GAP.sub(value, route)
