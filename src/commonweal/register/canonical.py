"""Canonical JSON and the hash that names a version.

Like RFC 8785: keys sorted, no space, UTF-8; every number that must be exact is already a string. Defaults are
left out, so that a later release that adds an optional field does not rename every version in force.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from commonweal.register.base import Declared


def plain(declared: Declared) -> dict[str, Any]:
    """A declaration as JSON values, without the fields left at their defaults."""
    return {"kind": declared.kind, **declared.model_dump(mode="json", by_alias=True, exclude_defaults=True)}


def dumps(value: Any) -> str:
    """Canonical JSON text of plain JSON values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
