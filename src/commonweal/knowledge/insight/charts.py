"""A finding's chart as SVG, drawn once where the scan runs and kept; a web process never draws.

Rendering starts a JavaScript engine (about 190 MB and 0.4 s the first time), which is why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.knowledge.insight.pictures import Picture
from commonweal.knowledge.insight.units import unit_in
from commonweal.register.models import Text

INK, LINE, ACCENT = "#1f2933", "#cbd2d9", "#0b4f8a"
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
RELATIVE = ("within", "changes")
"""Styles whose figures are differences, which have no logarithm."""
_AXIS = {
    "within": {"en": "{name}: more or less than usual{unit}", "zh-hans": "{name}：与平常相比{unit}"},
    "changes": {"en": "{name}: change on the year before{unit}", "zh-hans": "{name}：比上年变化{unit}"},
    "other": {"en": "{name}{unit}", "zh-hans": "{name}{unit}"},
}


def logarithmic(picture: Picture, side: int) -> bool:
    """Whether one axis (0 is x, 1 is y) is drawn to a logarithmic scale."""
    if not picture.logs[side] or picture.style in RELATIVE:
        return False
    return all((x if side == 0 else y - half) > 0 for _, x, y, half, _ in picture.rows)


def axis_title(picture: Picture, side: int, name: Text, unit: str | None, language: str) -> str:
    """The axis in words, with its unit and scale."""
    relative = picture.style in RELATIVE
    logged = relative and picture.logs[side]
    notes = []
    shown_unit = unit_in(unit, language)
    if shown_unit and not logged:
        notes.append(shown_unit)
    if logged or logarithmic(picture, side):
        notes.append({"en": "logarithm" if relative else "logarithmic scale"}.get(language, "对数"))
    shown = f" ({', '.join(notes)})" if language == "en" else f"（{'，'.join(notes)}）"
    form = _AXIS[picture.style if relative else "other"][language]
    return form.format(name=name.say(language), unit=shown if notes else "")


def draw(
    picture: Picture,
    left: tuple[Text, str | None],
    right: tuple[Text, str | None],
    language: str,
    names: Mapping[str, Text] | None = None,
) -> str:
    """The chart as SVG text in `language` (`en` or `zh-hans`); empty when there is nothing to draw.

    `left` and `right` are a column's name and unit; `names` are the places' names by their codes.
    """
    if not picture.rows:
        return ""
    import altair as alt
    import vl_convert

    rows = [
        {
            "name": names[n].say(language) if names and n in names else n,
            "x": x,
            "y": y,
            "low": y - half,
            "high": y + half,
            "n": count,
        }
        for n, x, y, half, count in picture.rows
    ]
    x = alt.X("x:Q", title=axis_title(picture, 0, *left, language), scale=_scale(picture, 0))
    y = alt.Y("y:Q", title=None, scale=_scale(picture, 1))
    above = alt.TitleParams(axis_title(picture, 1, *right, language), anchor="start", frame="group", fontSize=13)
    base = alt.Chart(alt.Data(values=rows))
    marks: list[Any] = [base.mark_circle(size=70, color=ACCENT, opacity=0.9).encode(x=x, y=y)]
    if picture.style == "points":
        if len(rows) <= 30:
            label = base.mark_text(align="left", dx=7, fontSize=11, color=INK).encode(x=x, y=y, text="name:N")
            marks.append(label)
    else:
        marks.insert(0, base.mark_rule(color=ACCENT, opacity=0.45).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"))
    chart = alt.layer(*marks).properties(width=520, height=320, background="#ffffff", padding=12, title=above)
    spec = chart.configure(font=FONT).configure_axis(
        labelColor=INK, titleColor=INK, gridColor=LINE, domainColor=LINE, tickColor=LINE, labelFontSize=12,
        titleFontSize=13, titleFontWeight="normal", titlePadding=10, tickCount=6,
    ).configure_title(color=INK, fontWeight="normal", offset=14).configure_view(stroke=None).to_dict()  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec, vl_version=schema_version(alt)))


def _scale(picture: Picture, side: int) -> Any:
    import altair as alt

    if logarithmic(picture, side):
        return alt.Scale(type="log", nice=True)
    return alt.Scale(zero=False, nice=True)


def schema_version(alt: Any) -> str:
    """The version of the drawing language that the library speaks, as the renderer names it."""
    return ".".join(str(alt.SCHEMA_VERSION).lstrip("v").split(".")[:2])
