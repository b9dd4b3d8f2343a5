"""Proofs at ten million events: how large, how long to verify, and how fast tiles are made of stored nodes.

The tree is built by the code that the sequencer uses, from made-up leaves, because ten million rows of events would
measure the database. Size and time of a proof depend on the tree alone.
"""

from __future__ import annotations

import hashlib
import time

from commonweal.core.journal.merkle import (
    Frontier,
    consistency_ranges,
    coordinates,
    gather,
    inclusion_ranges,
    verify_consistency,
    verify_inclusion,
)

SIZE = 10_000_000
TRIED = 2_000


def main() -> None:
    """Print the table."""
    frontier = Frontier()
    wanted = [(number * 7_919_111) % SIZE for number in range(TRIED)]
    olds = [1 + (number * 104_729) % SIZE for number in range(TRIED)]
    needed = set()
    for index in wanted:
        needed |= coordinates(inclusion_ranges(index, SIZE))
    for old in olds:
        needed |= coordinates(consistency_ranges(old, SIZE))
    kept: dict[tuple[int, int], bytes] = {}
    old_roots: dict[int, bytes] = {}
    marks = set(olds)
    began = time.perf_counter()
    for number in range(SIZE):
        for level, index, hash in frontier.append(hashlib.sha256(number.to_bytes(8, "big")).digest()):
            if (level, index) in needed:
                kept[(level, index)] = hash
        if number + 1 in marks:
            old_roots[number + 1] = frontier.root()
    built = time.perf_counter() - began
    root = frontier.root()
    paths = [gather(inclusion_ranges(index, SIZE), kept) for index in wanted]
    began = time.perf_counter()
    for index, path in zip(wanted, paths, strict=True):
        leaf = hashlib.sha256(index.to_bytes(8, "big")).digest()
        assert verify_inclusion(leaf, index, SIZE, path, root)
    included = (time.perf_counter() - began) / TRIED
    steps = [gather(consistency_ranges(old, SIZE), kept) for old in olds]
    began = time.perf_counter()
    for old, path in zip(olds, steps, strict=True):
        assert verify_consistency(old, SIZE, old_roots[old], root, path)
    consistent = (time.perf_counter() - began) / TRIED
    print("| a tree of 10,000,000 events | hashes | bytes | verified in |\n|---|---:|---:|---:|")
    most = max(map(len, paths))
    print(f"| inclusion | {most} at most | {32 * most} | {included * 1e6:.0f} µs |")
    most = max(map(len, steps))
    print(f"| consistency | {most} at most | {32 * most} | {consistent * 1e6:.0f} µs |")
    print(f"\nAppending: {SIZE / built:,.0f} leaves a second (hashing alone, one core)")


if __name__ == "__main__":
    main()
