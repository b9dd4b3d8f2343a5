"""The lake's housekeeping: publishers of old data are told, small files are put together, old snapshots let go.

A snapshot that a finding was measured on is never let go, so that every published figure can be computed again. The
lake does not know of findings; here, where both are known, one is asked for the other.
"""

from __future__ import annotations

import logging
from collections import defaultdict

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.knowledge.insight.models import Scan
from commonweal.knowledge.lake.models import Collection

log = logging.getLogger("commonweal.worker")


def tell_publishers() -> int:
    """Open a notice for every dataset that is older than its rhythm allows; returns how many were opened."""
    from commonweal.knowledge.lake.notices import mark_overdue

    return mark_overdue()


def keep_tables() -> int:
    """Compact tables of many small files and let go of snapshots nobody needs; returns how many tables changed.

    Does nothing, and imports nothing heavy, where nothing was ever collected. A table that cannot be kept does not
    keep the others from it.
    """
    named = set(Collection.objects.exclude(snapshot=None).order_by().values_list("dataset", flat=True).distinct())
    try:
        names = sorted(named & set(declared.current().datasets))
    except Refused:
        return 0
    if not names:
        return 0
    from commonweal.knowledge.lake.housekeeping import keep

    cited, changed = cited_snapshots(), 0
    for name in names:
        try:
            done = keep(name, cited[name])
        except (Refused, OSError, ValueError) as problem:
            log.warning("the table of %s was not kept: %s", name, problem)
        else:
            changed += done is not None
    return changed


def cited_snapshots() -> dict[str, set[int]]:
    """By dataset, the snapshots of every scan on which a finding stands."""
    cited: defaultdict[str, set[int]] = defaultdict(set)
    for inputs in Scan.objects.filter(findings__isnull=False).distinct().values_list("inputs", flat=True):
        for dataset, snapshot in inputs.items():
            if str(snapshot).isdigit():
                cited[dataset].add(int(snapshot))
    return cited
