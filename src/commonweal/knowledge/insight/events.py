"""Events the insight room emits."""

from __future__ import annotations

SCANNED = "insight.scanned.v1"
"""The lake was searched. Data: scan, pairs, withheld, tests, news, inputs (dataset: snapshot)."""
