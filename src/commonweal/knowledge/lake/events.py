"""Events the lake emits."""

from __future__ import annotations

COLLECTED = "lake.collected.v1"
"""A dataset was fetched. Data: dataset, rows, quarantined, snapshot, content_hash, status (done or unchanged)."""

FAILED = "lake.collection-failed.v1"
"""A dataset could not be fetched; its table is as it was. Data: dataset, code, note."""
