"""Finding a service in one's own words. Pure: a register in, ranked services and life events out.

Each declared name, keyword, summary and description is cut into pieces (`tokens`) and weighed by where it stands and
by how rare it is among all services (BM25, Robertson and Zaragoza 2009, with b = 0.3 since the texts are short). What
is typed is matched exactly, then by how it begins, then with one or two slips. Both languages are always searched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log

from commonweal.register import Register
from commonweal.register.models import LifeEvent, PublicService, Text
from commonweal.windows.look.tokens import letters, near, pieces

NAME, KEYWORD, SUMMARY, DESCRIPTION, AROUND = 6.0, 5.0, 2.0, 1.0, 0.6
K1, B = 1.2, 0.3
PREFIX_SHARE, SLIP_SHARE, LETTER_SHARE = 0.6, 0.55, 0.4
ENOUGH = 0.3
"""Share of the query's pieces that has to be met; below it a result is a coincidence."""
UNKNOWN = 0.5
"""How much a piece counts against a result when no service at all knows it."""
TAIL = 0.12
"""A result this much weaker than the best one only distracts from it."""
BUNDLE = 1.15
"""A life event applied for once comes before the services it consists of."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the declared service or life event and how well it fits (higher is better)."""

    item: PublicService | LifeEvent
    score: float


class Index:
    """The words of every service and life event of one register."""

    def __init__(self, register: Register) -> None:
        self.items: list[PublicService | LifeEvent] = [*register.events.values(), *register.services.values()]
        self.postings: dict[str, dict[int, float]] = defaultdict(dict)
        lengths = []
        for at, item in enumerate(self.items):
            weights = _weights(register, item)
            lengths.append(sum(weights.values()))
            for piece, weight in weights.items():
                self.postings[piece][at] = weight
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self.norms = [1 - B + B * length / mean for length in lengths]
        self.starts: dict[str, list[str]] = defaultdict(list)
        for piece in self.postings:
            self.starts[piece[:1]].append(piece)

    def search(self, text: str, today: date, limit: int = 20) -> list[Hit]:
        """The items in force today that fit `text`, best first; none when nothing does."""
        asked = list(dict.fromkeys(pieces(text, query=True)))
        scores: dict[int, float] = defaultdict(float)
        met: dict[int, float] = defaultdict(float)
        total = 0.0
        for piece in asked:
            gains = self._gains(piece)
            total += 1.0 if gains else UNKNOWN
            for at, (gain, share) in gains.items():
                scores[at] += gain
                met[at] += share
        hits = [
            Hit(item, score * met[at] / total * (BUNDLE if isinstance(item, LifeEvent) and item.bundle else 1.0))
            for at, score in scores.items()
            for item in [self.items[at]]
            if met[at] >= ENOUGH * total and item.effective.covers(today)
        ]
        best = max((hit.score for hit in hits), default=0.0)
        shown = (hit for hit in hits if hit.score >= TAIL * best)
        return sorted(shown, key=lambda hit: (-hit.score, hit.item.id))[:limit]

    def _gains(self, piece: str) -> dict[int, tuple[float, float]]:
        """What one piece of the query adds to each item, and how fully the item meets it (0..1)."""
        best: dict[int, tuple[float, float]] = {}
        for other, share in self._alike(piece):
            weight = self._rarity(len(self.postings[other])) * share
            for at, frequency in self.postings[other].items():
                gain = weight * frequency * (K1 + 1) / (frequency + K1 * self.norms[at])
                best[at] = max(best.get(at, (0.0, 0.0)), (gain, share))
        return best

    def _rarity(self, count: int) -> float:
        """Inverse document frequency, never below a tenth so that a common word still counts a little."""
        return max(0.1, log(1 + (len(self.items) - count + 0.5) / (count + 0.5)))

    def _alike(self, piece: str) -> Iterator[tuple[str, float]]:
        """Known pieces like `piece`, with the share of their weight that counts."""
        if piece in self.postings:
            yield piece, 1.0
            if not piece.isascii():
                return
        if not piece.isascii():
            yield from ((letter, LETTER_SHARE) for letter in piece if letter in self.postings)
            return
        if len(piece) < 4:
            return
        slips = 2 if len(piece) >= 8 else 1
        exact = piece in self.postings
        for other in self.starts[piece[:1]]:
            if other == piece or len(other) < 4:
                continue
            if other.startswith(piece) or (len(other) >= 5 and piece.startswith(other)):
                yield other, PREFIX_SHARE
            elif not exact and near(piece, other, slips):
                yield other, SLIP_SHARE


def _weights(register: Register, item: PublicService | LifeEvent) -> Mapping[str, float]:
    """Piece -> weight within one item: the weight of the best place it stands in, and a little for every other."""
    weights: dict[str, float] = {}
    for text, weight in _texts(register, item):
        for words in text.root.values():
            for piece in {*pieces(words), *letters(words)}:
                old = weights.get(piece, 0.0)
                weights[piece] = max(old, weight) + 0.2 * min(old, weight)
    return weights


def _texts(register: Register, item: PublicService | LifeEvent) -> Iterable[tuple[Text, float]]:
    yield item.name, NAME
    for keyword in item.keywords:
        yield keyword, KEYWORD
    if item.summary:
        yield item.summary, SUMMARY
    if item.description:
        yield item.description, DESCRIPTION
    if isinstance(item, PublicService):
        if item.authority in register.organisations:
            yield register.organisations[item.authority].name, AROUND
        for output in item.outputs:
            if output.name:
                yield output.name, DESCRIPTION


@lru_cache(maxsize=4)
def _index(digest: str, keyed: _Keyed) -> Index:
    return Index(keyed.register)


class _Keyed:
    """A register that a cache tells apart by the hash given beside it."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed)

    def __hash__(self) -> int:
        return 0


def search(register: Register, text: str, today: date, limit: int = 20) -> list[Hit]:
    """Services and life events in force today that fit what somebody typed, best first. One index per register."""
    return _index(register.hash, _Keyed(register)).search(text, today, limit)


def find_services(register: Register, text: str, today: date, limit: int = 20) -> list[PublicService]:
    """The services only, best first."""
    found = (hit.item for hit in search(register, text, today, limit=limit * 2))
    return [item for item in found if isinstance(item, PublicService)][:limit]
