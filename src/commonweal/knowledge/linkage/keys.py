"""The name of a row: its key as the lake holds it, as one text."""

from __future__ import annotations

import json
from collections.abc import Sequence


def joined(keys: Sequence[str]) -> str:
    """One key as it is; several as a JSON list, so that no two rows get one name."""
    return keys[0] if len(keys) == 1 else json.dumps(list(keys), ensure_ascii=False)
