"""The public log of a record of a million entries: tiles and proofs a second, as a monitor asks for them.

Leaves are made up; nodes are stored by the code that stores the sequencer's. Every request walks the whole stack of
middleware and views on SQLite, in one process and without a network; every proof is verified. A second is one of the
processor's, so that a busy machine does not count.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable

SIZE = 1_000_000
TOGETHER = 20_000
ASKED = 400


def main() -> None:
    """Build the store in a home of its own, ask, and print the table."""
    home = tempfile.mkdtemp(prefix="commonweal-bench-")
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"COMMONWEAL_HOME": home, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings"}
    try:
        import django

        django.setup()
        measure()
    finally:
        shutil.rmtree(home)


def measure() -> None:
    """Fill the store, then ask for tiles and proofs at places spread over the whole tree."""
    from django.core.management import call_command
    from django.test import Client

    from commonweal.core.journal.merkle import verify_consistency, verify_inclusion
    from commonweal.core.journal.tiles import written

    call_command("migrate", verbosity=0)
    began = time.process_time()
    fill()
    print(f"stored: {SIZE:,} leaves and their nodes, {SIZE / (time.process_time() - began):,.0f} leaves a second\n")
    site = Client(headers={"host": "localhost"})
    full = SIZE // 256

    def tile(number: int) -> None:
        answer = site.get(f"/log/tile/0/{written(number * 7_919 % full)}")
        assert answer.status_code == 200
        assert len(answer.content) == 256 * 32

    def inclusion(number: int) -> None:
        index = number * 104_729 % SIZE
        told = site.get("/log/proof/inclusion", {"index": index}).json()
        path = [bytes.fromhex(each) for each in told["path"]]
        assert verify_inclusion(leaf(index), index, SIZE, path, bytes.fromhex(told["root"]))

    def consistency(number: int) -> None:
        old = 1 + number * 104_729 % SIZE
        told = site.get("/log/proof/consistency", {"old": old}).json()
        path = [bytes.fromhex(each) for each in told["path"]]
        roots = bytes.fromhex(told["old_root"]), bytes.fromhex(told["root"])
        assert verify_consistency(old, SIZE, *roots, path)

    def checkpoint(_: int) -> None:
        assert site.get("/log/checkpoint").status_code == 200

    print("| asked for, one after another | a second |\n|---|---:|")
    rate("checkpoint", checkpoint)
    rate("full tile, 8 KiB", tile)
    rate("inclusion, verified", inclusion)
    rate("consistency, verified", consistency)


def fill() -> None:
    """Store every node of the tree and a signed checkpoint over it."""
    from django.db import transaction

    from commonweal.core import clock
    from commonweal.core.journal import checkpoints, rows
    from commonweal.core.journal.merkle import Frontier
    from commonweal.core.journal.models import Checkpoint, Node

    frontier = Frontier()
    for start in range(0, SIZE, TOGETHER):
        made = [node for number in range(start, start + TOGETHER) for node in frontier.append(leaf(number))]
        with transaction.atomic():
            rows.add([Node(level=level, index=index, hash=hash) for level, index, hash in made])
    Checkpoint.objects.create(size=SIZE, note=checkpoints.sign(SIZE, frontier.root()), time=clock.now())


def leaf(number: int) -> bytes:
    """The hash of a made-up entry."""
    return hashlib.sha256(number.to_bytes(8, "big")).digest()


def rate(label: str, ask: Callable[[int], None]) -> None:
    """Ask once unmeasured, then many times; print how many a second."""
    ask(0)
    began = time.process_time()
    for number in range(ASKED):
        ask(number)
    print(f"| {label} | {ASKED / (time.process_time() - began):,.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
