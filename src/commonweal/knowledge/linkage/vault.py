"""What two records say in clear, kept only for pairs a person has to judge: encrypted, and gone when it is settled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from commonweal.core.errors import Refused
from commonweal.core.trust import keys, suites

Fields = Sequence[tuple[str, str, str]]
"""For each fact: the kind, and what the left and the right record say."""


def locked(link_id: str, pair_ref: str, fields: Fields) -> bytes:
    """The fields under the secret of this link, bound to this pair."""
    return keys.encrypt(_secret(link_id), json.dumps(list(fields), ensure_ascii=False).encode(), f"pair:{pair_ref}")


def opened(link_id: str, pair_ref: str, box: bytes) -> list[tuple[str, str, str]]:
    """What `locked` was given. Raises Refused where it cannot be opened."""
    try:
        told = json.loads(keys.decrypt(_secret(link_id), bytes(box), f"pair:{pair_ref}"))
    except suites.Broken as problem:
        raise Refused("link-sealed", "The records of this pair cannot be opened with the keys at hand") from problem
    return [(by, left, right) for by, left, right in told]


def in_clear(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    """What a record says in the declared columns, as people read it."""
    return " ".join(str(row[name]) for name in columns if row.get(name) not in (None, ""))


def _secret(link_id: str) -> str:
    return f"linkage-{link_id}"
