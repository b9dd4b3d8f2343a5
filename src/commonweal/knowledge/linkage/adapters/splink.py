"""The probability model: Splink 5 on an embedded DuckDB (Fellegi and Sunter, JASA 64, 1969, trained without labels).

Everything stays in this process's memory; nothing is fetched and nothing is written.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from commonweal.core.errors import Refused
from commonweal.knowledge.linkage.blocking import Blocks
from commonweal.knowledge.linkage.facts import Facts
from commonweal.knowledge.linkage.levels import Comparison, Level

SEED = 20_240_101
SAMPLE = 500_000.0
"""Random pairs from which chance agreement is estimated."""
ROUNDS = (25, 8, 3)
"""Of expectation-maximisation, at most; the fewer the less is learnt."""
LEFT, RIGHT = "a_left", "b_right"


def scored(
    left: Sequence[Sequence[Facts]],
    right: Sequence[Sequence[Facts]] | None,
    comparisons: Sequence[Comparison],
    blocks: Blocks,
) -> pa.Table:
    """Every candidate pair with its probability and evidence.

    Columns: `left`, `right` (row numbers), `weight` (log2 of the odds), `probability`, and for each comparison
    `level_<i>` (index into its levels, 0 is “unknown”) and `weight_<i>`.
    """
    import duckdb
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = DuckDBAPI(connection)
        sides = [api.register(table_of(left), dataset_display_name=LEFT)]
        if right is not None:
            sides.append(api.register(table_of(right), dataset_display_name=RIGHT))
        smaller = min(len(left), len(left if right is None else right))
        linker = Linker(sides, _trained(sides, comparisons, left, right, smaller), log_level=logging.ERROR)
        pairs = api.register(_pairs(blocks, linking=right is not None), table_name="given_pairs")
        linker.table_management.register_blocked_pairs_for_predict(pairs)
        found = linker.inference.predict(warning_mode="never")
        return connection.sql(_shown(found.physical_name, comparisons)).to_arrow_table()


def table_of(rows: Sequence[Sequence[Facts]]) -> pa.Table:
    """Facts as columns `c<i>` with what the levels of their kind look at beside them."""
    columns: dict[str, pa.Array] = {"unique_id": pa.array(range(len(rows)), pa.int64())}
    for number in range(len(rows[0])):
        column = [row[number] for row in rows]
        c = f"c{number}"
        columns[c] = pa.array([fact.text for fact in column], pa.string())
        if column[0].by == "name":
            columns[f"{c}_han"] = pa.array([fact.han for fact in column], pa.bool_())
            columns[f"{c}_sound"] = pa.array([fact.sound for fact in column], pa.string())
            columns[f"{c}_words"] = pa.array([fact.words for fact in column], pa.list_(pa.string()))
            columns[f"{c}_given"] = pa.array([fact.given for fact in column], pa.string())
            columns[f"{c}_family"] = pa.array([fact.family for fact in column], pa.string())
        elif column[0].by == "address":
            from commonweal.knowledge.linkage.normalise import grams

            columns[f"{c}_grams"] = pa.array([grams(fact.words) for fact in column], pa.list_(pa.string()))
    return pa.table(columns)


def _trained(
    sides: list[Any],
    comparisons: Sequence[Comparison],
    left: Sequence[Sequence[Facts]],
    right: Sequence[Sequence[Facts]] | None,
    smaller: int,
) -> dict[str, Any]:
    """The settings of a trained model.

    With few rows expectation-maximisation drives what it never saw among true pairs towards zero, until Splink
    refuses the number; then it is trained for fewer rounds. What is left is kept above what so many rows could show.
    """
    from splink import Linker

    for rounds in ROUNDS:
        linker = Linker(sides, _settings(comparisons, rounds, linking=right is not None), log_level=logging.ERROR)
        try:
            _train(linker, comparisons, left, right)
        except ValueError as problem:
            if "probability value" not in str(problem):
                raise
            continue
        return _floored(linker.misc.save_model_to_json(), min(0.01, max(1e-4, 0.5 / smaller)))
    raise Refused("link-untrained", "The rows are too few or too much alike to learn from how much agreement weighs")


def _floored(settings: dict[str, Any], least: float) -> dict[str, Any]:
    """No degree of agreement is impossible: a slip that was not seen yet must not outweigh everything else."""
    for comparison in settings["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for key, floor in (("m_probability", least), ("u_probability", 1 / SAMPLE)):
            told = [max(float(level.get(key) or floor), floor) for level in levels]
            for level, value in zip(levels, told, strict=True):
                level[key] = value / sum(told)
    return settings


def _settings(comparisons: Sequence[Comparison], rounds: int, *, linking: bool) -> Any:
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="link_only" if linking else "dedupe_only",
        comparisons=[_comparison(each) for each in comparisons],
        blocking_rules_to_generate_predictions=[block_on(comparisons[0].column)],
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        max_iterations=rounds,
    )


def _comparison(comparison: Comparison) -> Any:
    from splink.comparison_library import CustomComparison

    return CustomComparison(
        output_column_name=comparison.column, comparison_levels=[_level(level) for level in comparison.levels]
    )


def _level(level: Level) -> dict[str, Any]:
    told: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.name}
    if level.name == "unknown":
        told["is_null_level"] = True
    if level.rarity is not None:
        told |= {
            "tf_adjustment_column": level.rarity, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.0001,
            "disable_tf_exact_match_detection": True,
        }  # fmt: skip
    return told


def _train(
    linker: Any, comparisons: Sequence[Comparison], left: Sequence[Sequence[Facts]], right: Sequence[Any] | None
) -> None:
    """Chance agreement from random pairs; true agreement by expectation-maximisation among pairs alike in one fact."""
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLE, seed=SEED, min_count_per_level=None)
    others = left if right is None else right
    for comparison in comparisons:
        number = int(comparison.column[1:])
        if not (_tells_apart(left, others, number) and _ever_same(left, right, number)):
            continue
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(comparison.column), record_sample_proportion=1.0
            )
        except EMTrainingException:
            continue  # nothing is alike in this fact; the others train the model


def _tells_apart(left: Sequence[Sequence[Facts]], right: Sequence[Sequence[Facts]], number: int) -> bool:
    """Whether pairs alike in this fact are few enough to be mostly of one person."""
    told = [row[number].text for row in right if row[number].text]
    if not told or not any(row[number].text for row in left):
        return False
    return len(set(told)) >= max(2.0, 0.2 * len(told))


def _ever_same(left: Sequence[Sequence[Facts]], right: Sequence[Sequence[Facts]] | None, number: int) -> bool:
    """Whether any two rows are the same in this fact: names in two scripts never are, and Splink, asked to train on
    no pairs at all, refuses and then leaves the fact out."""
    one = [row[number].text for row in left if row[number].text]
    if right is None:
        return len(set(one)) < len(one)
    return not set(one).isdisjoint(row[number].text for row in right)


def _pairs(blocks: Blocks, *, linking: bool) -> pa.Table:
    one, other = blocks.pairs
    if linking:
        ids = [pa.array([f"{name}-__-{n}" for n in side]) for name, side in ((LEFT, one), (RIGHT, other))]
    else:
        ids = [pa.array(one, pa.int64()), pa.array(other, pa.int64())]
    return pa.table({"match_key": pa.array(["0"] * len(one)), "join_key_l": ids[0], "join_key_r": ids[1]})


def _shown(table: str, comparisons: Sequence[Comparison]) -> str:
    """The query that brings Splink's columns to ours; its levels count down from the best to 0, “unknown” is -1."""
    parts = [
        'unique_id_l AS "left"', 'unique_id_r AS "right"', "match_weight AS weight", "match_probability AS probability",
    ]  # fmt: skip
    for number, each in enumerate(comparisons):
        best = len(each.levels) - 2
        gamma = f"gamma_{each.column}"
        parts.append(f"CASE WHEN {gamma} = -1 THEN 0 ELSE {best + 1} - {gamma} END AS level_{number}")
        parts.append(f"mw_{each.column} AS weight_{number}")
    return f"SELECT {', '.join(parts)} FROM {table} ORDER BY 1, 2"  # noqa: S608  # names are our own
