"""Events the linkage room emits. None of them holds what was compared."""

from __future__ import annotations

READ = "linkage.identifiers-read.v1"
"""Clear identifiers of a dataset were read to be compared. Data: link, run, dataset, rows, columns, purpose, legal."""
RAN = "linkage.linked.v1"
"""Two datasets were linked. Data: link, run, snapshots, pairs, linked, review, borders, model."""
FAILED = "linkage.failed.v1"
"""A run ended without a result and left what was there. Data: link, run, code."""
SHOWN = "linkage.pair-shown.v1"
"""A reviewer saw the two records of a pair. Data: link, run, pair, purpose."""
DECIDED = "linkage.pair-decided.v1"
"""A reviewer said what a pair is. Data: link, run, pair, verdict, settled."""
UNDONE = "linkage.undone.v1"
"""A link, or a whole run, holds no longer. Data: link, run, and for one link the pair of keys' digest; reason."""
