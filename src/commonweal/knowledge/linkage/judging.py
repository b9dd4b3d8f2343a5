"""How good the links are, from what reviewers said of a sample: estimates with intervals. Pure.

Pairs lie in strata by probability. Of each a known number is shown; the share a person calls the same stands for the
stratum. Shares have Wilson intervals (JASA 22, 1927); sums over strata add variances of smoothed shares (Cochran,
Sampling Techniques, 1977, 5.3), and a stratum known whole has none.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Z = 1.959964
"""For intervals of 95 per cent."""
STRATA = (0.001, 0.05, 0.5, 0.9, 0.99, 0.999, 1.0000001)
"""Upper borders of the strata of probability."""


@dataclass(frozen=True)
class Stratum:
    """A layer of pairs: how many there are, of how many a person judged, and how many were the same."""

    pairs: int
    judged: int
    same: int
    linked: bool
    """Whether its pairs are links."""
    expected: float
    """The model's mean probability."""


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 per cent interval; `judged` is how many answers it stands on."""

    value: float
    low: float
    high: float
    judged: int


def stratum(probability: float) -> int:
    """The number of the layer a pair lies in."""
    return next(i for i, border in enumerate(STRATA) if probability < border)


def wilson(same: int, judged: int) -> tuple[float, float]:
    """The 95 per cent interval of a share."""
    if judged == 0:
        return 0.0, 1.0
    share, n = same / judged, judged
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def precision(strata: Sequence[Stratum]) -> Estimate | None:
    """Share of right ones among the links. None where nobody judged a link."""
    linked = [layer for layer in strata if layer.linked and layer.pairs]
    judged = sum(layer.judged for layer in linked)
    total = sum(layer.pairs for layer in linked)
    if not judged or not total:
        return None
    value = sum(layer.pairs * _share(layer) for layer in linked) / total
    spread = math.sqrt(sum((layer.pairs / total) ** 2 * _variance(layer) for layer in linked))
    return _interval(value, spread, judged)


def recall(strata: Sequence[Stratum]) -> Estimate | None:
    """Share of the true pairs among all candidates that are links. None where nobody judged a pair."""
    layers = [layer for layer in strata if layer.pairs]
    judged = sum(layer.judged for layer in layers)
    true = sum(layer.pairs * _share(layer) for layer in layers)
    if not judged or true <= 0:
        return None
    found = sum(layer.pairs * _share(layer) for layer in layers if layer.linked)
    value = found / true
    # delta method: a ratio found / (found + missed)
    spread = 0.0
    for layer in layers:
        slope = (1 - value if layer.linked else -value) / true
        spread += (slope * layer.pairs) ** 2 * _variance(layer)
    return _interval(value, math.sqrt(spread), judged)


def _share(layer: Stratum) -> float:
    """The judged share; the model's own expectation, as one answer, where few or none were judged."""
    if layer.judged == layer.pairs:
        return layer.same / layer.pairs
    return (layer.same + layer.expected) / (layer.judged + 1)


def _variance(layer: Stratum) -> float:
    if layer.judged >= layer.pairs:
        return 0.0
    share = (layer.same + 0.5) / (layer.judged + 1)
    share = min(max(share, 0.0), 1.0) if layer.judged else layer.expected
    left_over = 1 - layer.judged / layer.pairs
    return max(share * (1 - share), 1e-12) / (layer.judged + 1) * left_over


def _interval(value: float, spread: float, judged: int) -> Estimate:
    return Estimate(value, max(0.0, value - Z * spread), min(1.0, value + Z * spread), judged)


def sample(layers: Mapping[int, Sequence[int]], each: int, seed: int) -> list[int]:
    """Up to `each` members of every layer, drawn without favour; the same seed draws the same."""
    chance = random.Random(seed)  # noqa: S311  # a sample, not a secret
    drawn: list[int] = []
    for layer in sorted(layers):
        members = sorted(layers[layer])
        drawn += members if len(members) <= each else sorted(chance.sample(members, each))
    return drawn
