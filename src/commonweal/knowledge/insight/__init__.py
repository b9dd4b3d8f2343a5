"""Insight: associations between columns of different datasets, and findings.

In a notebook or a script `from commonweal.knowledge import insight` gives `read`, `correlate`, `discover`, `findings`,
`dataset`, `scatter` and `matrix`. Each answers a `notebook.results.Result`: a small object with `.table`
(pyarrow), `.to_pandas()`, `.svg`, and a picture of itself where the notebook shows it. Plain files need no deployment;
what lies in a deployment (COMMONWEAL_HOME) is read as somebody, with their rights. Nothing is imported before its use.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonweal.knowledge.insight.notebook.results import Result

__all__ = ["correlate", "dataset", "discover", "findings", "matrix", "read", "scatter"]


def read(source: Any, keys: Sequence[str] = ()) -> Result:
    """A file, Arrow table or data frame as typed columns: numbers as float64, categories and keys as text.

    CSV, TSV, Excel, ODS, JSON or Parquet, in whatever encoding; `.notes` says what could not be used and where.
    Columns that are neither numbers nor a few categories are left out and named. Raises Refused for what is unreadable.
    """
    from commonweal.knowledge.insight.notebook import plainly

    return plainly.read(source, keys)


def correlate(
    *sources: Any,
    key: str | Sequence[str] = (),
    weight: str | None = None,
    given: str | Sequence[str] = (),
    lag: int = 0,
    statistic: str | Sequence[str] = (),
    engine: str | None = None,
    progress: bool = False,
) -> Result:
    """Which columns of some files, tables or data frames move together, strongest first (`commonweal correlate`).

    `.table` has one row for each pair and statistic: left, right, statistic, value, low, high (95 %), n, p_adjusted
    (Benjamini–Hochberg over the whole scan), p_adjusted_by (Benjamini–Yekutieli), kind. Several sources are joined on
    `key`. Raises Refused for what cannot be read, joined, weighed or held constant.
    """
    from commonweal.knowledge.insight.notebook import plainly

    return plainly.correlate(
        sources, key=key, weight=weight, given=given, lag=lag, statistic=statistic, engine=engine, progress=progress
    )


def discover(
    source: Any,
    column: str,
    key: str | Sequence[str],
    lake: str | Path,
    top: int = 20,
    *,
    engine: str | None = None,
    progress: bool = False,
) -> Result:
    """Which columns of the files in the folder `lake` go with yours, after joining on `key`; see `commonweal discover`.

    Ranked by the near end of the interval. Raises Refused for a missing file, folder, key or column.
    """
    from commonweal.knowledge.insight.notebook import plainly

    return plainly.discover(source, column, key, lake, top, engine=engine, progress=progress)


def dataset(id: str, *, actor: Any = None, as_of: date | str | None = None) -> Result:
    """The rows of a dataset of the deployment, now or as it stood at the end of a day.

    `actor` is the user name of who looks (or an Actor); nobody in particular where absent, who sees what is open.
    Raises NotAllowed for a dataset that is unknown, closed to them, or was not collected.
    """
    from commonweal.knowledge.insight.notebook import deployed

    return deployed.dataset(id, actor=actor, as_of=as_of)


def findings(*, actor: Any = None, kind: str | None = None, dataset: str | None = None, limit: int = 100) -> Result:
    """The findings of the deployment that `actor` may see, best first; without `kind` those that are news.

    `.table`: ref, kind, state, sentence, left, right, value, low, high, n, p_adjusted. Raises NotAllowed.
    """
    from commonweal.knowledge.insight.notebook import deployed

    return deployed.findings(actor=actor, kind=kind, dataset=dataset, limit=limit)


def scatter(source: Any, x: str, y: str, *, actor: Any = None, view: str = "") -> Result:
    """Two columns as marks: of a file, table or frame; or, with `source` None, `dataset.column`s of the deployment.

    Of the deployment, what may be drawn follows the rules of disclosure, and `view` is one of level, between, within,
    changes. `.table` holds the marks drawn. Raises Refused, Invalid or NotAllowed.
    """
    if source is None:
        from commonweal.knowledge.insight.notebook import deployed

        return deployed.scatter(x, y, actor=actor, view=view)
    from commonweal.knowledge.insight.notebook import plainly

    return plainly.scatter(source, x, y)


def matrix(
    source: Any = None,
    columns: Sequence[str] = (),
    *,
    actor: Any = None,
    statistic: str = "pearson",
    given: str = "",
) -> Result:
    """Every pair of some columns as a heat map: of a file, table, frame or what `correlate` answered; without `source`
    `dataset.column`s of the deployment, up to thirty.

    `.table` has a row for each cell off the diagonal. `given` (of the deployment only) is place, time or both.
    Raises Refused, Invalid or NotAllowed.
    """
    if source is None:
        from commonweal.knowledge.insight.notebook import deployed

        return deployed.matrix(columns, actor=actor, statistic=statistic, given=given)
    from commonweal.knowledge.insight.notebook import plainly

    return plainly.matrix(source, columns, statistic=statistic)
