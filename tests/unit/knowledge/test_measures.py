"""Every statistic against its textbook form computed here or by SciPy, with gaps, weights, and other columns given."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from commonweal.core.errors import Refused
from commonweal.knowledge.insight import engines, measures
from commonweal.knowledge.insight.correlating import HeldPart
from commonweal.knowledge.insight.measures import lagged, profile
from commonweal.knowledge.insight.measuring import Measured, measure

ROWS = 3000


def table(seed: int = 1, rows: int = ROWS) -> pa.RecordBatch:
    """Numbers that go together straight, by rank and by a curve; two categories; weights; gaps in half of them."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=rows) + 1e5
    place = draw.integers(0, 6, rows)
    straight = 0.6 * (x - 1e5) + draw.normal(size=rows) + place
    bent = (x - 1e5) ** 2 + 0.1 * draw.normal(size=rows)
    steep = np.exp(3 * (x - 1e5) + 0.3 * draw.normal(size=rows))
    kind = np.where(draw.random(rows) < 0.7, place % 3, draw.integers(0, 3, rows))
    gone = draw.random(rows) < 0.1
    return pa.RecordBatch.from_pydict(
        {
            "x": x,
            "straight": pa.array(np.where(gone, np.nan, straight), from_pandas=True),
            "bent": bent,
            "steep": steep,
            "place": [f"p{k}" for k in place],
            "kind": [None if g else "abc"[k] for g, k in zip(draw.random(rows) < 0.05, kind, strict=True)],
            "year": 2000 + draw.integers(0, 10, rows),
            "weight": draw.integers(1, 5, rows).astype(float),
        }
    )


def measured(batch: pa.RecordBatch, **how: object) -> Measured:
    leave = {"weight"} - {how.get("weight")}
    names = [name for name in batch.schema.names if name not in leave]
    with engines.at("local") as engine:
        return measure(engine, [HeldPart(batch)], names, **how)  # type: ignore[arg-type]


def value(found: Measured, statistic: str, left: str, right: str, what: str = "value") -> float:
    (one,) = [f for f in found.found if f.statistic == statistic]
    names = found.plan.names
    for at, (i, j) in enumerate(zip(one.left, one.right, strict=True)):
        if {names[i], names[j]} == {left, right} and (statistic != "xi" or names[i] == left):
            return float((one.extra[what] if what in one.extra else getattr(one, what))[at])
    raise KeyError((statistic, left, right))


def columns(batch: pa.RecordBatch, *names: str) -> list[np.ndarray]:
    frame = batch.to_pandas()[list(names)].dropna()
    return [frame[name].to_numpy() for name in names]


@pytest.fixture(scope="module")
def batch() -> pa.RecordBatch:
    return table()


@pytest.fixture(scope="module")
def found(batch: pa.RecordBatch) -> Measured:
    return measured(batch, statistics=measures.STATISTICS)


def cramers(left: np.ndarray, right: np.ndarray) -> float:
    """Bergsma (2013), from SciPy's contingency test."""
    shape = stats.contingency.crosstab(left, right).count
    n, (r, c) = shape.sum(), shape.shape
    phi2 = stats.chi2_contingency(shape, correction=False).statistic / n
    rest = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    return float(np.sqrt(rest / (min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1)))


def ratio(groups: np.ndarray, values: np.ndarray) -> float:
    means = {g: values[groups == g].mean() for g in np.unique(groups)}
    between = sum((groups == g).sum() * (m - values.mean()) ** 2 for g, m in means.items())
    return float(np.sqrt(between / ((values - values.mean()) ** 2).sum()))


def test_pearson_is_scipys_with_its_interval_and_test(batch: pa.RecordBatch, found: Measured) -> None:
    expected = stats.pearsonr(*columns(batch, "x", "straight"))
    low, high = expected.confidence_interval()
    told = [value(found, "pearson", "x", "straight", what) for what in ("value", "p", "low", "high")]
    assert told == pytest.approx([expected.statistic, expected.pvalue, low, high], rel=1e-7)
    assert value(found, "pearson", "x", "straight", "n") == len(columns(batch, "x", "straight")[0])


@pytest.mark.parametrize("pair", [("x", "straight"), ("x", "steep"), ("bent", "year")])
def test_spearman_is_scipys_over_the_rows_both_have(
    batch: pa.RecordBatch, found: Measured, pair: tuple[str, str]
) -> None:
    assert value(found, "spearman", *pair) == pytest.approx(
        stats.spearmanr(*columns(batch, *pair)).statistic, abs=1e-12
    )


def test_xi_sees_a_curve_that_has_no_slope(batch: pa.RecordBatch, found: Measured) -> None:
    expected = stats.chatterjeexi(*columns(batch, "x", "bent")).statistic
    assert value(found, "xi", "x", "bent") == pytest.approx(expected, abs=1e-12)
    assert value(found, "xi", "x", "bent") > 0.6
    assert abs(value(found, "pearson", "x", "bent")) < 0.1


def test_cramers_v_is_corrected_for_bias(batch: pa.RecordBatch, found: Measured) -> None:
    assert value(found, "cramers_v", "place", "kind") == pytest.approx(
        cramers(*columns(batch, "place", "kind")), abs=1e-9
    )


def test_the_correlation_ratio_is_the_share_between_groups(batch: pa.RecordBatch, found: Measured) -> None:
    expected = ratio(*columns(batch, "place", "straight"))
    assert value(found, "correlation_ratio", "place", "straight") == pytest.approx(expected, abs=1e-9)
    test = stats.f_oneway(
        *[g.to_numpy() for _, g in batch.to_pandas().dropna(subset="straight").groupby("place")["straight"]]
    )
    assert value(found, "correlation_ratio", "place", "straight", "p") == pytest.approx(test.pvalue, rel=1e-5)


def test_information_of_categories_is_that_of_their_table(batch: pa.RecordBatch, found: Measured) -> None:
    shape = stats.contingency.crosstab(*columns(batch, "place", "kind")).count
    p = shape / shape.sum()
    plain = stats.entropy(p.sum(0)) + stats.entropy(p.sum(1)) - stats.entropy(p.ravel())
    assert value(found, "mutual_information", "place", "kind", "uncorrected") == pytest.approx(plain, abs=1e-9)
    assert value(found, "mutual_information", "x", "bent") > 0.5


def test_a_weight_of_three_is_three_rows(batch: pa.RecordBatch) -> None:
    weighed = measured(batch, weight="weight")
    times = np.asarray(batch.column("weight")).astype(int)
    repeated = measured(batch.take(pa.array(np.repeat(np.arange(batch.num_rows), times))).drop_columns(["weight"]))
    for statistic, left, right in (
        ("pearson", "x", "straight"), ("spearman", "x", "steep"), ("correlation_ratio", "place", "straight"),
    ):  # fmt: skip
        expected = value(repeated, statistic, left, right)
        assert value(weighed, statistic, left, right) == pytest.approx(expected, abs=1e-9), statistic
    # But three rows that are one say no more than one: the interval is that of fewer rows.
    wide, narrow = (
        value(one, "pearson", "x", "straight", "high") - value(one, "pearson", "x", "straight", "low")
        for one in (weighed, repeated)
    )
    assert wide > 1.3 * narrow


@pytest.mark.parametrize("given", [("place",), ("year",), ("place", "kind", "year")])
def test_what_is_held_constant_is_taken_out_as_by_regression(batch: pa.RecordBatch, given: tuple[str, ...]) -> None:
    frame = batch.to_pandas().dropna(subset=["x", "straight", *given])
    parts = [np.ones((len(frame), 1))]
    for name in given:
        own = frame[name]
        parts.append(
            own.to_numpy(float)[:, None]
            if name == "year"
            else (own.to_numpy()[:, None] == np.unique(own)[1:]).astype(float)
        )
    design = np.hstack(parts)
    residuals = [
        v - design @ np.linalg.lstsq(design, v, rcond=None)[0]
        for v in (frame["x"].to_numpy() - 1e5, frame["straight"].to_numpy())
    ]
    told = measured(batch, given=given)
    assert value(told, "pearson", "x", "straight") == pytest.approx(np.corrcoef(residuals)[0, 1], abs=1e-8)


def test_a_column_held_constant_is_compared_with_nothing(batch: pa.RecordBatch) -> None:
    told = measured(batch, given=("place",))
    for one in told.found:
        names = {told.plan.names[i] for i in (*one.left.tolist(), *one.right.tolist())}
        assert "place" not in names


def test_a_cause_three_periods_earlier_is_found_at_three_periods() -> None:
    draw = np.random.default_rng(5)
    places, periods = 40, 25
    x = draw.normal(size=(places, periods))
    y = 0.3 * draw.normal(size=(places, periods))
    y[:, 3:] += 0.8 * x[:, :-3]
    place, time = (np.ravel(g) for g in np.meshgrid(np.arange(places), np.arange(periods), indexing="ij"))
    found, tried = lagged.strongest([x.ravel(), y.ravel()], place, time, 6)
    best = max(found, key=lambda each: abs(each.estimate.value))
    assert (best.left, best.right, best.lag) == (0, 1, 3)
    assert best.estimate.low > 0.7
    assert tried >= 2


@pytest.mark.parametrize("seed", range(4))
def test_parts_add_to_the_whole(seed: int) -> None:
    batch = table(seed, 1200)
    names = tuple(n for n in batch.schema.names if n != "weight")
    plan = measures.decide(measures.look([batch], names), given=())
    whole = measures.summarise([batch], plan)
    cuts = sorted(np.random.default_rng(seed).integers(0, 1200, 4).tolist())
    edges = [0, *cuts, 1200]
    parts = [measures.summarise([batch.slice(a, b - a)], plan, threads=1) for a, b in pairwise(edges)]
    joined = parts[3] + parts[0] + (parts[4] + parts[1]) + parts[2]
    for one, other in zip(
        measures.finish(whole, measures.STATISTICS), measures.finish(joined, measures.STATISTICS), strict=True
    ):
        for field in ("left", "right", "value", "low", "high", "n", "p"):
            np.testing.assert_allclose(
                getattr(one, field), getattr(other, field), rtol=1e-9, atol=1e-12, err_msg=one.statistic
            )


def test_ranks_of_a_table_too_long_to_hold_are_near_the_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "held_rows", lambda columns: 4096)
    batch = table(2, 60_000)
    told = measured(batch, statistics=("spearman", "xi"))
    assert not told.plan.whole
    for pair in (("x", "straight"), ("x", "steep"), ("bent", "steep")):
        expected = stats.spearmanr(*columns(batch, *pair)).statistic
        assert value(told, "spearman", *pair) == pytest.approx(expected, abs=0.02)
    assert value(told, "xi", "x", "bent", "n") == 4096


def test_both_procedures_are_those_of_scipy() -> None:
    from commonweal.knowledge.insight.multiplicity import adjust_array

    p = np.random.default_rng(3).random(500) ** 3
    for method in ("bh", "by"):
        np.testing.assert_allclose(adjust_array(p, method=method), stats.false_discovery_control(p, method=method))
    kept = p[p <= 0.2]
    told = adjust_array(kept, tests=len(p))
    whole = stats.false_discovery_control(p)[p <= 0.2]
    assert (told >= whole - 1e-12).all()
    np.testing.assert_allclose(told[told < 0.2], whole[told < 0.2])


def test_what_cannot_weigh_or_be_held_constant_is_refused_by_name(batch: pa.RecordBatch) -> None:
    negative = batch.set_column(7, "weight", pa.array(-np.asarray(batch.column("weight"))))
    with pytest.raises(Refused, match="'weight' holds no positive"):
        measured(negative, weight="weight")
    with pytest.raises(Refused, match="'mode' is no statistic"):
        measured(batch, statistics=("mode",))


def test_every_pair_of_types_has_its_statistic(found: Measured) -> None:
    natural = [f for f in found.found if f.statistic in measures.NATURAL]
    k, c = len(found.plan.numbers), len(found.plan.categories)
    assert {f.statistic: len(f) for f in natural} == {
        "pearson": k * (k - 1) // 2, "correlation_ratio": k * c, "cramers_v": c * (c - 1) // 2,
    }  # fmt: skip
    for one in natural:
        assert ((one.low <= one.value + 1e-12) & (one.value <= one.high + 1e-12)).all()
