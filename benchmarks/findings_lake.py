"""What the list of findings makes of a whole real lake: every pair of columns of ../shared/data/owid.

Prints how many pairs there are, how many exceed |r| = 0.8 as published, what the promising ones are called, how many
stay on the list a reader reads, how long it took and how much memory; then the first twenty findings.
`python -m benchmarks findings_lake`; FINDINGS_FILES=60 for a part of the lake.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from dataclasses import replace

from benchmarks import correlate_planted as planted
from commonweal.knowledge.insight.frames import Frame
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.scan import Result, scan
from commonweal.knowledge.insight.sizes import SIZE

SHORT = 8
"""Names as short as `Value` say nothing."""
POPULATION = "Population by country, historic and projections"


def strong(result: Result) -> Counter[str]:
    """Kinds of the pairs that exceed 0.8 as published."""
    levels = ((p, p.measured.views.get("level")) for p in result.pairs)
    return Counter(p.kind for p, level in levels if level is not None and abs(level.value) > 0.8)


def declared(frames: list[Frame]) -> list[Frame]:
    """The lake as its officer would declare it, as far as that matters here: which column is the population, and that
    columns of one name in two datasets are one element, as `commonweal dataset infer` proposes."""
    times = Counter(m.name for f in frames for m in f.measures)

    def concept(name: str) -> str | None:
        if name.startswith(POPULATION):
            return SIZE
        return name if times[name] > 1 and len(name) > SHORT else None

    return [
        replace(
            frame,
            measures=tuple(
                replace(m, element=m.element.model_copy(update={"concept": concept(m.name)})) for m in frame.measures
            ),
        )
        for frame in frames
    ]


def main() -> int:
    """Scan and tell."""
    folder = planted.SHARED / "data" / "owid"
    if not folder.is_dir():
        print(f"No {folder}: nothing to measure")
        return 0
    planted.FILES = int(os.environ.get("FINDINGS_FILES", "450"))
    frames = declared(planted.read_lake(folder))
    columns = sum(len(f.measures) for f in frames)
    print(f"{len(frames)} datasets, {columns} columns", file=sys.stderr)
    began = time.perf_counter()
    last = [began]

    def progress(what: str, done: int, total: int) -> None:
        if time.perf_counter() - last[0] > 10:
            last[0] = time.perf_counter()
            print(f"{what}: {done} of {total}", file=sys.stderr)

    result = scan(frames, {}, progress)
    took = time.perf_counter() - began
    news = [p for p in result.pairs if p.kind in NEWS and p.folded_into is None]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| | |\n|---|---:|")
    for name, value in (
        ("columns", columns), ("pairs looked at", result.looked), ("measured exactly and kept", len(result.pairs)),
        ("of these |r| > 0.8 as published", sum(strong(result).values())),
        ("… called: " + ", ".join(f"{k} {n:,}" for k, n in strong(result).most_common()), ""),
        ("on the list", len(news)), ("seconds", round(took)), ("MB at most", round(memory)),
    ):  # fmt: skip
        print(f"| {name} | {value:,} |" if value != "" else f"| {name} | |")
    for pair in news[:20]:
        left, right = (
            f"{f.dataset.id}: {m.name}" for f, m in ((pair.joined.left, pair.left), (pair.joined.right, pair.right))
        )
        print(f"{pair.kind:12} {pair.estimate.value:+.2f}  {left[:80]}  ~  {right[:80]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
