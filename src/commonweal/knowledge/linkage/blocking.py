"""Which pairs are compared at all: those that share one of many keys, so that one slip of the pen loses no pair.

A row has several keys of several kinds (a birth date, a piece of a name with a year, two words of an address, …).
A key that very many rows share tells little and costs much, so it is left out; every row that keeps no key, and every
rule that would still make too many pairs, is told (Papadakis et al., "Blocking and Filtering Techniques for Entity
Resolution", ACM CSUR 53(2), 2020, calls it block purging).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from commonweal.core.errors import Refused
from commonweal.knowledge.linkage import normalise
from commonweal.knowledge.linkage.facts import Facts

LARGEST_BLOCK = 20_000
"""Pairs that one key may make; a key that makes more is left out."""
LOST = 0.5
"""Where more than this share of rows keeps no key, linking is refused."""
_START = 3


@dataclass(frozen=True)
class Blocks:
    """Candidate pairs by row numbers, left and right, and what was left out on the way."""

    pairs: tuple[list[int], list[int]]
    rules: dict[str, int]
    """Pairs that each kind of key made, before the same pair under several keys was counted once."""
    common: dict[str, int]
    """Keys of each kind that were left out because too many rows share them."""
    alone: tuple[int, int]
    """Rows without any key that a row of the other side shares or might share, left and right."""


def keys(row: Sequence[Facts], unlike: frozenset[int] = frozenset()) -> Iterator[tuple[str, str]]:
    """The keys of one row as (kind, key). `unlike` are the numbers of codes that tell too little alone."""
    names = [word for fact in row if fact.by == "name" for word in fact.words]
    days = [fact.text for fact in row if fact.by == "birth-date" and fact.text]
    places = [word for fact in row if fact.by == "address" for word in fact.words]
    starts = sorted({word[:_START] for word in names})
    for day in days:
        yield "birth date", normalise.either_way(day)
        for start in starts:
            yield "name and year", f"{start}|{day[:4]}"
            yield "name and day", f"{start}|{normalise.either_way(day)[4:]}"
    for sound in (fact.sound for fact in row if fact.sound):
        for day in days:
            yield "sound of name and year", f"{sound}|{day[:4]}"
        for word in sorted(set(places)):
            yield "sound of name and address", f"{sound}|{word}"
    for one, other in combinations(sorted({word[:5] for word in names}), 2):
        yield "name", f"{one}|{other}"
    for word in sorted(set(places)):
        for start in starts:
            yield "name and address", f"{start}|{word}"
        for day in days:
            yield "year and address", f"{day[:4]}|{word}"
    for one, other in combinations(sorted(set(places))[:12], 2):
        yield "address", f"{one}|{other}"
    for number, fact in enumerate(row):
        if fact.by == "phone" and fact.text:
            yield "phone", fact.text
        elif fact.by == "code" and fact.text and number not in unlike:
            yield "code", f"{number}|{fact.text}"


def candidates(left: Sequence[Sequence[Facts]], right: Sequence[Sequence[Facts]] | None, most_pairs: int) -> Blocks:
    """Pairs of rows that share a key; of one side with itself where `right` is None, each pair once.

    Raises Refused where a side is empty, where most rows share every key with half the world, or where more than
    `most_pairs` pairs would have to be compared.
    """
    if not left or right == []:
        side = "left" if not left else "right"
        raise Refused("link-empty", f"The {side} dataset has no rows; collect it first, or look at what was set aside")
    unlike = _unlike([*left, *(right or ())])
    ones = _index(left, unlike)
    others = ones if right is None else _index(right, unlike)
    rules: Counter[str] = Counter()
    common: Counter[str] = Counter()
    found: set[tuple[int, int]] = set()
    met: tuple[set[int], set[int]] = (set(), set())
    lost: tuple[set[int], set[int]] = (set(), set())
    for key, mine in ones.items():
        theirs = others.get(key)
        if not theirs:
            continue
        size = len(mine) * (len(mine) - 1) // 2 if right is None else len(mine) * len(theirs)
        if size > LARGEST_BLOCK:
            common[key[0]] += 1
            lost[0].update(mine)
            lost[1].update(theirs)
            continue
        rules[key[0]] += size
        met[0].update(mine)
        met[1].update(theirs)
        found.update(combinations(mine, 2) if right is None else ((a, b) for a in mine for b in theirs))
        if len(found) > most_pairs:
            raise _too_many(rules, most_pairs)
    _refuse_giants(len(left), len(lost[0] - met[0]), common)
    pairs = sorted(found)
    alone = (len(lost[0] - met[0]), len(lost[1] - met[1]))
    return Blocks(([a for a, _ in pairs], [b for _, b in pairs]), dict(rules), dict(common), alone)


def _index(rows: Sequence[Sequence[Facts]], unlike: frozenset[int]) -> dict[tuple[str, str], list[int]]:
    index: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        for key in set(keys(row, unlike)):
            index.setdefault(key, []).append(number)
    return index


def _unlike(rows: Sequence[Sequence[Facts]]) -> frozenset[int]:
    """Codes of few values (a sex, a state): as a key each would be one giant block."""
    width = len(rows[0]) if rows else 0
    few = []
    for number in range(width):
        told = [row[number].text for row in rows if row[number].text]
        if rows[0][number].by == "code" and len(set(told)) <= max(3, len(told) / 50):
            few.append(number)
    return frozenset(few)


def _too_many(rules: Counter[str], most_pairs: int) -> Refused:
    told = ", ".join(f"{kind} {count:,}" for kind, count in rules.most_common(4))
    return Refused(
        "link-too-many",
        f"More than {most_pairs:,} pairs would have to be compared (by kind of key so far: {told}). Compare a fact "
        "that tells rows apart better (a birth date, a phone number), or raise most_pairs in the link's declaration",
    )


def _refuse_giants(rows: int, lost: int, common: Counter[str]) -> None:
    if lost <= LOST * rows:
        return
    told = ", ".join(f"{kind}: {count:,} values" for kind, count in common.most_common(4))
    raise Refused(
        "link-giant-block",
        f"{lost:,} of {rows:,} rows share every key with so many others that each key makes more than "
        f"{LARGEST_BLOCK:,} pairs ({told}). Compare a fact that tells rows apart, or see whether a column is filled "
        "with one default value",
    )
