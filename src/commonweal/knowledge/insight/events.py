"""Events the insight room emits."""

from __future__ import annotations

SCANNED = "insight.scanned.v1"
"""The lake was searched. Data: scan, pairs, withheld, tests, news, inputs (dataset: snapshot)."""

JUDGED = "insight.finding-judged.v1"
"""Later rows confirmed or refuted a finding. Data: finding, was, state, value, low, high, n, entities, scan."""

ASSIGNED = "insight.finding-assigned.v1"
"""A finding was given to an organisation as a task. Data: finding, assignment, organisation, due."""

ANSWERED = "insight.finding-answered.v1"
"""An organisation said what it did about a finding. Data: finding, assignment, organisation, status."""

NOISY = "insight.noisy-figure-published.v1"
"""A figure about single persons was published with noise. Data: dataset, left, right, snapshot, epsilon, spent, budget,
n, value."""
