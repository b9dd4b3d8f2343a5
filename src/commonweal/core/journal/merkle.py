"""The Merkle tree of RFC 9162 section 2.1, pure: hashes in, hashes out.

A node is named (level, index): it covers leaves index * 2**level up to, not including, (index + 1) * 2**level.
Only complete nodes are ever stored; they never change again, so a tree grows by adding rows, and any root or proof
is put together from O(log n) of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

Coordinate = tuple[int, int]
Nodes = Mapping[Coordinate, bytes]
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The complete subtrees at a growing tree's right edge: all that is needed to append."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        """Take up a tree of `size` leaves; `edge` are the hashes of `cover(0, size)`. Raises ValueError."""
        self.size = size
        self._edge = list(edge)
        if len(self._edge) != size.bit_count():
            raise ValueError("a tree's edge has one subtree for each bit of its size")

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add one leaf; returns every node this completes as (level, index, hash), the leaf first."""
        index, level, current = self.size, 0, leaf
        made = [(0, index, leaf)]
        while index >> level & 1:
            current = node_hash(self._edge.pop(), current)
            level += 1
            made.append((level, index >> level, current))
        self._edge.append(current)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return _join(self._edge)


def cover(start: int, end: int) -> list[Coordinate]:
    """The fewest complete nodes, left to right, that make up the subtree over leaves [start, end).

    `start` is a multiple of the largest power of two below or at `end - start`, as in every split of RFC 9162.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The sibling subtrees [start, end) on the way from leaf `index` up to the root of `size` leaves.

    Raises ValueError when the leaf is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, size: int) -> list[tuple[int, int]]:
    """The subtrees that prove a tree of `old` leaves to be the beginning of one of `size` (RFC 9162 2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} is no beginning of one of {size}")
    start, end, whole, ranges = 0, size, True, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return ranges[::-1]


def gather(ranges: Sequence[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    """The hash of each range, put together from stored nodes. Raises KeyError for a node that is missing."""
    return [_join([nodes[place] for place in cover(start, end)]) for start, end in ranges]


def coordinates(ranges: Sequence[tuple[int, int]]) -> set[Coordinate]:
    """The stored nodes that `gather` will ask for."""
    return {place for start, end in ranges for place in cover(start, end)}


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from `leaf` at `index` to `root` of `size` leaves (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = node_hash(sibling, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `old` leaves begins the tree of `size` (RFC 9162 2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == root
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _join(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees of falling size, left to right."""
    if not hashes:
        return EMPTY_ROOT
    current = hashes[-1]
    for left in reversed(hashes[:-1]):
        current = node_hash(left, current)
    return current


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1
