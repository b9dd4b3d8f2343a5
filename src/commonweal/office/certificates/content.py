"""What a certificate states: built once, written in one way only, and never changed (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from commonweal.register.base import Text


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact: its key, what it is called, its value as JSON, and the value in words by language."""

    key: str
    label: Text
    value: Any
    shown: Text


@dataclass(frozen=True, slots=True)
class New:
    """What the room that decided a case says about the certificate it issues. `holder` is a person's reference."""

    case: str
    service: str
    output: str
    number: str
    region: str
    name: Text
    issuer: str
    issuer_name: Text
    holder: str
    holder_name: str
    facts: Sequence[Stated]
    issued_at: datetime
    valid_until: datetime | None


def content_of(new: New, version: int, list_: int, index: int) -> dict[str, Any]:
    """The content as it is kept: plain JSON, with the place at which its status is published."""
    return {
        "number": new.number,
        "version": version,
        "service": new.service,
        "output": new.output,
        "name": dict(new.name.root),
        "issuer": {"id": new.issuer, "name": dict(new.issuer_name.root)},
        "holder": {"ref": new.holder, "name": new.holder_name},
        "facts": {
            each.key: {"label": dict(each.label.root), "value": each.value, "shown": dict(each.shown.root)}
            for each in new.facts
        },
        "issued": new.issued_at.isoformat(),
        "valid_until": new.valid_until.isoformat() if new.valid_until else None,
        "status": {"list": list_, "index": index},
    }


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of the content as RFC 8785 writes it. The order of facts is part of no certificate."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def facts_of(content: Mapping[str, Any]) -> tuple[Stated, ...]:
    """The facts a content states, in the order they were written."""
    return tuple(
        Stated(key, Text(each["label"]), each["value"], Text(each["shown"])) for key, each in content["facts"].items()
    )
