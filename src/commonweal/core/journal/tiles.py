"""The tree as others read it: tiles of 256 hashes, proofs of inclusion and consistency, what a checkpoint says.

Format of tiles: https://c2sp.org/tlog-tiles. A tile of level L holds nodes of tree level 8·L; a full one never changes.
The bundles of entries that the format knows are not given out: an entry is an event, and events are no public matter.
Hashes of leaves are enough to recompute every root, every inclusion and every consistency.
"""

from __future__ import annotations

import re

from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.journal import checkpoints
from commonweal.core.journal.merkle import (
    consistency_ranges,
    coordinates,
    gather,
    inclusion_ranges,
)
from commonweal.core.journal.models import Checkpoint, Node
from commonweal.core.journal.sequencing import fetch_nodes

HEIGHT = 8
WIDTH = 1 << HEIGHT
_PATH = re.compile(r"(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")
_MOST_LEVELS = 8


def tile(level: int, path: str) -> tuple[bytes, bool]:
    """The hashes of a tile, 32 bytes each, and whether it is full and will never change.

    `path` is the number in the format's writing (`x001/x234/067`, `067.p/112`). Raises NotAllowed for a tile that is
    not there yet or never will be.
    """
    found = _PATH.fullmatch(path)
    if found is None or not 0 <= level < _MOST_LEVELS:
        raise NotAllowed("no-tile", "There is no such tile")
    number = int(found["n"].replace("x", "").replace("/", ""))
    width = int(found["width"]) if found["width"] else WIDTH
    there = _size() >> (HEIGHT * level)
    first = number * WIDTH
    if written(number) != found["n"] or not 0 < width <= WIDTH or first + width > there or found["width"] == str(WIDTH):
        raise NotAllowed("no-tile", "There is no such tile")
    rows = Node.objects.filter(level=HEIGHT * level, index__gte=first, index__lt=first + width).order_by("index")
    hashes = [bytes(hash) for hash in rows.values_list("hash", flat=True)]
    if len(hashes) != width:
        raise NotAllowed("no-tile", "There is no such tile")
    return b"".join(hashes), width == WIDTH


def written(number: int) -> str:
    """A tile's number as the format writes it: three digits at a time, all but the last behind an x."""
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def inclusion(index: int, size: int | None = None) -> tuple[int, list[bytes], bytes]:
    """The size, the path from leaf `index` to the root at that size (RFC 9162 2.1.3) and the leaf. Raises Invalid."""
    whole = _within(size)
    try:
        ranges = inclusion_ranges(index, whole)
    except ValueError:
        raise Invalid({"index": f"Must be at least 0 and less than {whole}"}) from None
    nodes = fetch_nodes(coordinates(ranges) | {(0, index)})
    return whole, gather(ranges, nodes), nodes[(0, index)]


def consistency(old: int, size: int | None = None) -> tuple[int, list[bytes]]:
    """The size, and the path that shows `old` leaves to be its beginning (RFC 9162 2.1.4). Raises Invalid."""
    whole = _within(size)
    try:
        ranges = consistency_ranges(old, whole)
    except ValueError:
        raise Invalid({"old": f"Must be at least 1 and at most {whole}"}) from None
    return whole, gather(ranges, fetch_nodes(coordinates(ranges)))


def root(size: int) -> bytes:
    """The root of the first `size` leaves, from the stored nodes. Raises KeyError where nodes are missing."""
    whole = [(0, size)]
    return gather(whole, fetch_nodes(coordinates(whole)))[0]


def against(note: str) -> str | None:
    """What is wrong with this record in the light of a checkpoint that somebody kept elsewhere; None when nothing is.

    Finds what the record alone cannot show: that an older database was put in place. Raises notes.BadNote for a note
    that none of our keys signed.
    """
    head = checkpoints.read(note, *checkpoints.verifiers())
    size = _size()
    if head.size > size:
        return f"rolled-back: the record had {head.size} entries when this was signed and has {size} now"
    try:
        same = root(head.size) == head.root
    except KeyError:
        return f"tree-damaged: nodes of the first {head.size} entries are gone"
    return None if same else f"rewritten: the first {head.size} entries are not those that were signed then"


def _size() -> int:
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _within(size: int | None) -> int:
    whole = _size()
    if size is None:
        return whole
    if not 0 < size <= whole:
        raise Invalid({"size": f"Must be at least 1 and at most {whole}"})
    return size
