"""Events the lake emits."""

from __future__ import annotations

COLLECTED = "lake.collected.v1"
"""A dataset was fetched. Data: dataset, rows, quarantined, snapshot, content_hash, status (done or unchanged)."""

FAILED = "lake.collection-failed.v1"
"""A dataset could not be fetched; its table is as it was. Data: dataset, code, note."""

NOTICE_OPENED = "lake.notice-opened.v1"
"""A publisher was told that its data need mending. Data: dataset, organisation, reason (quarantine, quality, overdue
or failed), collection, notice."""

NOTICE_CLOSED = "lake.notice-closed.v1"
"""A collection came in clean and closed a notice. Data: as of the notice that was opened."""

KEPT = "lake.table-kept.v1"
"""Small files were put together or old snapshots let go; the rows are the same. Data: dataset, snapshot, expired,
files_removed."""
