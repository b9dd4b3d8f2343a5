"""Scatter, lines and lags as SVG of attributes and classes: no inline style, so the policy and dark mode hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from commonweal.knowledge.insight.explore.views import Lag, Line, Scatter

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 12, 40
DASHES = ("", "8 4", "2 3", "12 4 2 4", "4 4", "16 4")
"""Lines are told apart by their dashes and labels, not by colour."""

Scale = Callable[[float], float]


def _ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round values between low and high: steps of 1, 2 or 5 times a power of ten."""
    if high <= low:
        return [low]
    raw = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(f * power for f in (1, 2, 5, 10) if f * power >= raw)
    first = -(-low // step) * step
    return [first + step * i for i in range(int((high - first) / step + 1e-9) + 1)]


def _plain(value: float) -> str:
    return f"{value + 0.0:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _across(values: Sequence[float]) -> tuple[Scale, float, float]:
    low, high = min(values), max(values)
    pad = (high - low) * 0.04 or 1.0
    low, high = low - pad, high + pad
    return (lambda v: LEFT + (v - low) / (high - low) * (WIDTH - LEFT - RIGHT)), low, high


def _up(values: Sequence[float], height: int = HEIGHT) -> tuple[Scale, float, float]:
    low, high = min(values), max(values)
    pad = (high - low) * 0.06 or 1.0
    low, high = low - pad, high + pad
    return (lambda v: height - BOTTOM - (v - low) / (high - low) * (height - TOP - BOTTOM)), low, high


def _axes(
    x: Scale, xs: Sequence[float], y: Scale, ys: Sequence[float], height: int, across: Callable[[float], str]
) -> str:
    base = height - BOTTOM
    parts = [f'<path class="axis" d="M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}" fill="none"/>']
    for value in ys:
        parts.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" fill="none"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{escape(_plain(value))}</text>')
    for value in xs:
        parts.append(f'<text x="{x(value):.1f}" y="{base + 20}" text-anchor="middle">{escape(across(value))}</text>')
    return "".join(parts)


def _svg(body: str, label: str, height: int = HEIGHT) -> str:
    return (
        f'<svg class="drawing" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{body}</svg>'
    )


def scatter(drawn: Scatter, names: Sequence[str], label: str) -> str:
    """Points, named places, or bins with the interval of their mean. `names` are the marks' names in order."""
    if not drawn.marks:
        return ""
    marks = drawn.marks
    x, x0, x1 = _across([m.x for m in marks])
    y, y0, y1 = _up([e for m in marks for e in (m.y - m.half, m.y + m.half)])
    body = [_axes(x, _ticks(x0, x1), y, _ticks(y0, y1), HEIGHT, _plain)]
    if drawn.style == "points":
        dots = "".join(f"M{x(m.x):.1f} {y(m.y):.1f}h0" for m in marks)
        body.append(f'<path class="dots" d="{dots}" fill="none" stroke-linecap="round"/>')
        return _svg("".join(body), label)
    for mark, name in zip(marks, names, strict=True):
        if mark.half:
            body.append(
                f'<path class="range" d="M{x(mark.x):.1f} {y(mark.y - mark.half):.1f}V{y(mark.y + mark.half):.1f}"/>'
            )
        title = f"<title>{escape(name)}</title>" if name else ""
        body.append(f'<circle class="mark" cx="{x(mark.x):.1f}" cy="{y(mark.y):.1f}" r="5">{title}</circle>')
        if name and len(marks) <= 20:
            end = x(mark.x) > WIDTH - 120
            at, anchor = (x(mark.x) - 9, "end") if end else (x(mark.x) + 9, "start")
            body.append(f'<text x="{at:.1f}" y="{y(mark.y) + 4:.1f}" text-anchor="{anchor}">{escape(name)}</text>')
    return _svg("".join(body), label)


def lines(rows: Sequence[Line], names: Sequence[str], side: int, label: str, period: Callable[[int], str]) -> str:
    """One column (side 0 is the first) over time, a line for each place with its name at the end."""
    points = [[(p, (a, b)[side]) for p, a, b in row.points] for row in rows]
    values = [v for line in points for _, v in line if v is not None]
    times = [float(p) for line in points for p, _ in line]
    if not values or len(set(times)) < 2:
        return ""
    height = 240
    x, _, _ = _across([*times, max(times) + 0.22 * (max(times) - min(times))])
    y, y0, y1 = _up(values, height)
    ticks = [t for t in _ticks(min(times), max(times), 4) if t == int(t)]
    body = [_axes(x, ticks, y, _ticks(y0, y1, 4), height, lambda t: period(int(t)))]
    for number, (line, name) in enumerate(zip(points, names, strict=True)):
        told = [(p, v) for p, v in line if v is not None]
        path = "M" + "L".join(f"{x(p):.1f} {y(v):.1f}" for p, v in told)
        dash = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if DASHES[number % len(DASHES)] else ""
        body.append(f'<path class="line" d="{path}" fill="none"{dash}/>')
        last = told[-1]
        body.append(f'<text x="{x(last[0]) + 6:.1f}" y="{y(last[1]) + 4:.1f}">{escape(name)}</text>')
    return _svg("".join(body), label, height)


def lags(rows: Sequence[Lag], label: str) -> str:
    """A mark and its interval for each lag, from one period before to one after."""
    if len(rows) < 2:
        return ""
    height = 220
    x, _, _ = _across([float(r.lag) for r in rows])
    y, _, _ = _up([-1.0, 1.0], height)
    body = [
        _axes(x, [float(r.lag) for r in rows], y, [-1, -0.5, 0, 0.5, 1], height, lambda v: f"{int(v):+d}" if v else "0")
    ]
    body.append(f'<path class="axis" d="M{LEFT} {y(0):.1f}H{WIDTH - RIGHT}" fill="none"/>')
    for row in rows:
        body.append(f'<path class="range" d="M{x(row.lag):.1f} {y(row.low):.1f}V{y(row.high):.1f}"/>')
        body.append(f'<circle class="mark" cx="{x(row.lag):.1f}" cy="{y(row.value):.1f}" r="5"/>')
    return _svg("".join(body), label, height)
