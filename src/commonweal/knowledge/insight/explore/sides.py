"""A pair as its page tells it, put together from what was measured. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commonweal.knowledge.insight import sentences
from commonweal.knowledge.insight.explore import lags, scatters
from commonweal.knowledge.insight.explore import pair as pairs
from commonweal.knowledge.insight.explore.strength import strength
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.explore.views import ColumnRow, PairView, Scatter
from commonweal.register.models import Text

NOTHING: sentences.Words = {"en": "Nothing that would hold", "zh-hans": "没有可靠的关联"}


def told(
    one: ColumnRow, other: ColumnRow, together: Together | None, snapshots: Mapping[str, str],
    names: Mapping[str, Text], view: str, places: Sequence[str],
    why: str = "no-common-keys",
) -> PairView:  # fmt: skip
    """The page of a pair; where nothing may be shown (`why`, where nothing is brought together) it holds no figure."""
    if together is None:
        return _empty(one, other, why, snapshots)
    open = one.access == other.access == "open"
    found = pairs.measured(together, open=open)
    if found.withheld is not None:
        return _empty(one, other, found.withheld, snapshots)
    categorical = found.statistic != "pearson"
    shown = () if categorical else scatters.views(together)
    chosen = view if view in shown else _first(found.main, shown)
    main = next((r for r in found.readings if r.view == found.main), found.readings[0])
    label = sentences.KINDS.get(found.kind, NOTHING)
    held = together.places if together.time is not None and not together.micro else ()
    return PairView(
        left=one,
        right=other,
        n=len(together.x),
        entities=together.entities,
        periods=len(together.periods),
        design=found.design,
        grain=together.grain or "",
        kind=found.kind,
        kind_label=Text(label),
        strength=strength(main.value, main.low, main.high),
        main=main.view,
        readings=found.readings,
        scatter=Scatter("none", ()) if categorical else scatters.scatter(together, chosen, open=open),
        view=chosen,
        views=shown,
        lags=() if categorical else lags.lags(together, open=open),
        lines=() if categorical else pairs.lines(together, places, names),
        places=tuple((p, names.get(p, Text({"en": p}))) for p in held),
        snapshots=snapshots,
        statistic=found.statistic,
        groups=found.groups,
    )


def _first(main: str, shown: Sequence[str]) -> str:
    return main if main in shown else (shown[0] if shown else "")


def _empty(one: ColumnRow, other: ColumnRow, why: str, snapshots: Mapping[str, str]) -> PairView:
    return PairView(
        one, other, 0, 0, 0, "", "", "none", Text(NOTHING), "none", "level", (), Scatter("none", ()), "", (), (), (),
        (), snapshots, why,
    )  # fmt: skip
