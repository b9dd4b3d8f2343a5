"""The index of the lake: what is near a column without joining, made anew only where rows changed, and unreadable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as conf

from commonweal.core.declared.actions import publish
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM
from commonweal.knowledge.insight import indexing
from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.lake import queries as lake
from commonweal.knowledge.lake.actions import collect

pytestmark = [pytest.mark.room, pytest.mark.django_db]
OPEN = ("country-population", "country-income", "country-fertility")


@pytest.fixture
def collected(published: Path, office: Callable[..., int]) -> None:
    office()
    for dataset in (*OPEN, "regional-means"):
        collect(dataset)


def joined(left: str, right: str) -> tuple[float, int]:
    """What pandas says after joining two datasets' columns on country and year."""
    frames = [lake.table(key.partition(".")[0]).to_pandas() for key in (left, right)]
    keys = [c for c in frames[0].columns if c in frames[1].columns and c in ("country", "year")]
    both = frames[0].merge(frames[1], on=keys, suffixes=("_x", "_y"))
    names = [key.partition(".")[2] for key in (left, right)]
    columns = [both[n if n in both else n + suffix] for n, suffix in zip(names, ("_x", "_y"), strict=True)]
    here = columns[0].notna() & columns[1].notna()
    return float(np.corrcoef(columns[0][here].astype(float), columns[1][here].astype(float))[0, 1]), int(here.sum())


def test_what_is_near_is_what_joining_finds(collected: None) -> None:
    assert indexing.refresh() >= 4
    told = indexing.nearest("country-income", "life_expectancy", set(OPEN))
    assert told.compared >= len(told.rows) > 0
    best = next(row for row in told.rows if row.dataset == "country-fertility" and row.column == "fertility")
    expected, n = joined("country-income.life_expectancy", "country-fertility.fertility")
    assert (best.r, best.n) == (pytest.approx(expected, abs=1e-4), n)


def test_only_what_changed_is_indexed_again_and_what_is_gone_is_forgotten(collected: None, settings: object) -> None:
    made = indexing.refresh()
    assert made >= 4
    assert indexing.refresh() == 0
    folder = Path(settings.LAKE_ROOT) / "index"  # type: ignore[attr-defined]
    (folder / "gone@1-00000000.npz").write_bytes(b"old")
    next(folder.glob("country-income@*")).unlink()
    assert indexing.refresh() == 1
    assert not (folder / "gone@1-00000000.npz").exists()


def test_what_one_may_not_read_is_not_in_the_answer_nor_counted(collected: None) -> None:
    indexing.refresh()
    everything = indexing.nearest("country-income", "life_expectancy", set(OPEN))
    fewer = indexing.nearest("country-income", "life_expectancy", {"country-income", "country-population"})
    assert {row.dataset for row in fewer.rows} == {"country-population"}
    assert fewer.compared < everything.compared


def test_a_dataset_under_lock_is_found_by_nobody_who_may_not_read_it(
    jurisdiction: Path, office: Callable[..., int]
) -> None:
    path = jurisdiction / "datasets" / "open-data.yaml"
    before, mark, after = path.read_text().partition("id: country-fertility")
    path.write_text(before + mark + after.replace("access: open", "access: restricted", 1))
    publish(SYSTEM, jurisdiction)
    office()
    for dataset in OPEN:
        collect(dataset)
    indexing.refresh()
    assert any((Path(conf.LAKE_ROOT) / "index").glob("country-fertility@*")), "it is indexed all the same"
    explore._search.cache_clear()
    told = explore.search(None, "country-income.life_expectancy")
    assert told.rows
    assert "country-fertility" not in {hit.column.dataset for hit in told.rows}
    with pytest.raises(NotAllowed):
        explore.search(None, "country-fertility.fertility")


def test_the_files_name_no_place_and_no_period(collected: None, settings: object) -> None:
    indexing.refresh()
    for file in (Path(settings.LAKE_ROOT) / "index").glob("country-*.npz"):  # type: ignore[attr-defined]
        held = file.read_bytes()
        assert b"China" not in held
        assert b"CHN" not in held
        with np.load(file) as kept:
            for at in range(len(kept["grains"])):
                assert kept[f"hashes{at}"].min() > 10_000, "a hash, not a code or a year"


def test_a_column_unknown_or_not_yet_indexed_is_named(collected: None) -> None:
    with pytest.raises(Refused, match="not indexed yet"):
        indexing.nearest("country-income", "life_expectancy", set(OPEN))
    indexing.refresh()
    with pytest.raises(Refused, match="no column nonsense"):
        indexing.nearest("country-income", "nonsense", set(OPEN))


def test_the_page_finds_the_same_with_the_index_as_without(collected: None) -> None:
    explore._search.cache_clear()
    plain = explore.search(None, "country-income.life_expectancy")
    indexing.refresh()
    explore._search.cache_clear()
    quick = explore.search(None, "country-income.life_expectancy")
    first = [(hit.column.key, hit.value, hit.n) for hit in plain.rows[:5]]
    assert [(hit.column.key, hit.value, hit.n) for hit in quick.rows[:5]] == first
    assert first
