"""The notebook's functions over a deployment (COMMONWEAL_HOME), as somebody and with their rights."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from commonweal.core.errors import Invalid, NotAllowed
from commonweal.knowledge.insight.notebook.results import Result

if TYPE_CHECKING:
    from commonweal.core.identity.actor import Actor
    from commonweal.knowledge.insight.views import FindingRow

T = TypeVar("T")
MOST = 1_000
"""Findings a notebook gets at once."""


def dataset(id: str, *, actor: Any = None, as_of: date | str | None = None) -> Result:
    """See `insight.dataset`."""
    return _asked(lambda: _dataset(id, _who(actor), as_of))


def _dataset(id: str, actor: Actor | None, as_of: date | str | None) -> Result:
    from commonweal.knowledge.insight.looking import looked
    from commonweal.knowledge.lake import queries as lake

    view = lake.dataset(actor, id, _end_of(as_of))
    snapshot = view.snapshot
    if snapshot is None:
        raise NotAllowed("not-collected", f"No rows of {id} were collected {'then' if as_of else 'yet'}")
    table = lake.readable_table(actor, id, snapshot)
    looked(actor, [id])
    return Result(table, f"{view.row.name.say('en')} ({id})", (f"Snapshot {snapshot}",))


def findings(*, actor: Any = None, kind: str | None = None, dataset: str | None = None, limit: int = 100) -> Result:
    """See `insight.findings`."""
    return _asked(lambda: _findings(_who(actor), kind, dataset, limit))


def _findings(actor: Actor | None, kind: str | None, dataset: str | None, limit: int) -> Result:
    from commonweal.knowledge.insight import queries

    wanted = max(1, min(limit, MOST))
    rows: list[FindingRow] = []
    cursor: str | None = None
    while len(rows) < wanted:
        page = queries.findings(actor, cursor, limit=min(100, wanted - len(rows)), kind=kind, dataset=dataset)
        rows += page.rows
        cursor = page.next
        if cursor is None:
            break
    told = {
        "ref": [r.ref for r in rows],
        "kind": [r.kind for r in rows],
        "state": [r.state for r in rows],
        "sentence": [r.sentence.say("en") for r in rows],
        "left": [f"{r.left.dataset}.{r.left.column}" for r in rows],
        "right": [f"{r.right.dataset}.{r.right.column}" for r in rows],
    }
    arrays = {name: pa.array(values, pa.string()) for name, values in told.items()}
    for name in ("effect", "low", "high", "p_adjusted"):
        arrays["value" if name == "effect" else name] = pa.array([getattr(r, name) for r in rows], pa.float64())
    arrays["n"] = pa.array([r.n for r in rows], pa.int64())
    return Result(pa.table(arrays), "Findings", ("Association, not cause.",))


def scatter(x: str, y: str, *, actor: Any = None, view: str = "") -> Result:
    """See `insight.scatter`."""
    return _asked(lambda: _scatter(x, y, _who(actor), view))


def _scatter(x: str, y: str, actor: Actor | None, view: str) -> Result:
    from commonweal.knowledge.insight import charts
    from commonweal.knowledge.insight.explore import queries, tables
    from commonweal.knowledge.insight.looking import looked
    from commonweal.knowledge.insight.pictures import Picture

    pair = queries.pair(actor, x, y, view=view)
    looked(actor, (pair.left.dataset, pair.right.dataset))
    if pair.withheld is not None:
        raise NotAllowed("withheld", f"Nothing may be shown of {x} and {y}: {pair.withheld}")
    drawn = pair.scatter
    style = "points" if drawn.style == "places" else drawn.style
    picture = Picture(pair.view if drawn.relative else style,
                      tuple((m.name, m.x, m.y, m.half, m.n) for m in drawn.marks), drawn.logs)  # fmt: skip
    names = queries.place_names(pair.left)
    sides = [(column.name, column.unit) for column in (pair.left, pair.right)]
    notes = (f"{pair.kind_label.say('en')}; association, not cause.", *_read(pair.snapshots))
    return Result(
        tables.pair(pair), f"{y} against {x}", notes,
        draw=lambda: charts.draw(picture, sides[0], sides[1], "en", names),
    )  # fmt: skip


def matrix(columns: Sequence[str], *, actor: Any = None, statistic: str = "pearson", given: str = "") -> Result:
    """See `insight.matrix`."""
    return _asked(lambda: _matrix(columns, _who(actor), statistic, given))


def _matrix(columns: Sequence[str], actor: Actor | None, statistic: str, given: str) -> Result:
    from commonweal.knowledge.insight.explore import queries, tables
    from commonweal.knowledge.insight.looking import looked
    from commonweal.knowledge.insight.notebook import drawing

    view = queries.matrix(actor, columns, statistic, given)
    looked(actor, (column.dataset for column in view.columns))
    names = [column.key for column in view.columns]
    cells = {
        (a, b): cell.value
        for a, line in zip(names, view.cells, strict=True)
        for b, cell in zip(names, line, strict=True)
        if cell is not None
    }
    return Result(
        tables.matrix(view), f"{statistic} of {len(names)} columns", _read(view.snapshots),
        draw=lambda: drawing.heat(names, cells),
    )  # fmt: skip


def _read(snapshots: Any) -> tuple[str, ...]:
    return tuple(f"Snapshot of {name}: {snapshot}" for name, snapshot in snapshots.items())


def _who(actor: Any) -> Actor | None:
    """The actor by user name, as the seats they hold now. Raises NotAllowed for a name nobody has."""
    from commonweal.core.identity import actor as actors
    from commonweal.core.identity.models import Person

    if actor is None or isinstance(actor, actors.Actor):
        return actor
    person = Person.objects.filter(username=str(actor), is_active=True).first()
    if person is None:
        raise NotAllowed("no-person", f"Nobody here is called {actor!r}; give the user name one signs in with")
    seated = actors.staff_actor(person)
    return seated if seated.posts else actors.person_actor(person)


def _end_of(day: date | str | None) -> datetime | None:
    if day is None:
        return None
    from commonweal.core.declared import queries as declared

    try:
        meant = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        raise Invalid({"as_of": "Write the day as 2026-03-31"}) from None
    return datetime.combine(meant, time.max, ZoneInfo(declared.current().jurisdiction.timezone))


def _asked(question: Callable[[], T]) -> T:
    """Answer with Django set up. A notebook runs in an event loop, where the database may not be asked: then a thread
    of its own asks, and closes its connections."""
    _set_up()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return question()
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(_aside, question).result()


def _aside(question: Callable[[], T]) -> T:
    from django.db import connections

    try:
        return question()
    finally:
        connections.close_all()


def _set_up() -> None:
    import django
    from django.apps import apps

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
    django.setup()
