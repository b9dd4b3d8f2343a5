"""What windows and commands are shown of links: frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commonweal.knowledge.linkage import words
from commonweal.knowledge.linkage.judging import Estimate
from commonweal.knowledge.linkage.models import Pair
from commonweal.register.models import Link, Text


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link somebody reviews. `finished` is None before the first run."""

    id: str
    name: Text
    left: Text
    right: Text
    waiting: int
    settled: int
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A pair that waits, without anything about the people in it."""

    ref: str
    percent: int
    agrees: tuple[Text, ...]
    differs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact side by side: what either record says, how well they agree in words, and what that weighs."""

    name: Text
    left: str
    right: str
    degree: Text
    mood: str
    """agrees, near, differs or unknown."""
    weighs: Text
    strength: int
    """How strongly, 0 to 5, for a mark beside the words."""


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair as a reviewer sees it; `facts` are empty of values once it is settled."""

    ref: str
    link: str
    link_name: Text
    purpose: str
    legal: tuple[str, ...]
    left_name: Text
    right_name: Text
    percent: int
    odds: Text
    facts: tuple[FactView, ...]
    state: str
    four_eyes: bool
    said: str
    """What this reviewer has said of it already, where another still has to look."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a link is: what the model expects and, from reviewers' answers, what was found."""

    linked: int
    review: int
    expected_precision: float | None
    expected_recall: float | None
    precision: Estimate | None
    recall: Estimate | None
    conflicts: int
    crowded: int


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A contradiction: the pair that was called different (empty for none), and the rows from one to the other by their
    keys as the lake holds them, which name nobody."""

    ref: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityView:
    """How good a link is. `figures`, `border` and `finished` are None before a run; `border` also where nothing is
    linked without a person."""

    link: str
    name: Text
    wanted: float
    figures: Quality | None
    border: float | None
    """The least probability at which a pair is linked without a person."""
    finished: datetime | None
    conflicts: tuple[ConflictRow, ...]
    crowded: tuple[ConflictRow, ...]


@dataclass(frozen=True, slots=True)
class UseRow:
    """A link as the catalogue tells it beside a dataset: for what, under which law, to which other dataset, how many
    pairs hold, and in which snapshot of the links. The last three are None before a run."""

    id: str
    name: Text
    purpose: str
    legal: tuple[str, ...]
    other: str
    other_name: Text
    linked: int | None
    snapshot: int | None
    finished: datetime | None


def pair_view(link: Link, pair: Pair, fields: Sequence[tuple[str, str, str]], reader: str) -> PairView:
    """The view of a pair with what its records say."""
    from commonweal.core.declared import queries as declared

    datasets = declared.current().datasets
    values = list(fields) or [(told["by"], "", "") for told in pair.evidence]
    facts = []
    for (by, left, right), told in zip(values, pair.evidence, strict=True):
        level, weight = told["level"], told["weight"]
        degree = words.DEGREES[level]
        facts.append(
            FactView(
                Text(words.FACTS[by]), left, right, Text(degree), words.mood(level),
                Text(words.weighs(weight)), min(5, round(abs(weight) / 2.5)),
            )
        )  # fmt: skip
    mine = pair.decisions.filter(reviewer=reader).values_list("verdict", flat=True).first()
    name = {
        side: datasets[side].name if side in datasets else Text({"en": side})
        for side in (link.left, link.right or link.left)
    }
    return PairView(
        pair.ref, link.id, link.name, link.purpose, link.legal, name[link.left], name[link.right or link.left],
        percent(pair.probability), Text(words.odds(pair.probability)), tuple(facts), str(pair.state),
        bool(link.four_eyes), mine or "",
    )  # fmt: skip


def percent(probability: float) -> int:
    """Whole per cent; neither 0 nor 100, since nothing is certain."""
    return min(99, max(1, round(100 * probability)))
