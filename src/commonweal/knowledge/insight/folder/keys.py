"""Which of my key columns is which of theirs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commonweal.core.errors import Refused


@dataclass(frozen=True)
class Key:
    """A key column of the file asked about and the names it may have in the folder, tried in order."""

    mine: str
    theirs: tuple[str, ...]


def parse(words: Sequence[str]) -> tuple[Key, ...]:
    """Keys as they are typed: `year`, or `mine=theirs` where the folder calls it otherwise; the same left side again
    adds another name. Raises Refused for none, or for one without a name."""
    if not words:
        raise Refused("no-key", "Name the key columns, for example: --key Entity --key Year")
    found: dict[str, list[str]] = {}
    for word in words:
        mine, marked, theirs = word.partition("=")
        mine, theirs = mine.strip(), (theirs if marked else mine).strip()
        if not mine or not theirs:
            raise Refused("no-key", f"{word!r} names no column on one side of =; write --key mine=theirs")
        names = found.setdefault(mine, [])
        if theirs not in names:
            names.append(theirs)
    return tuple(Key(mine, tuple(names)) for mine, names in found.items())
