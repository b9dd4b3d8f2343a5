"""Small drawings made on the server as SVG, with attributes only: the security policy allows no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, MARGIN = 120, 32, 3


def sparkline(values: Sequence[float | None], label: str = "") -> str:
    """A line through `values` in order, its last point marked. None leaves a gap; fewer than two draw nothing.

    Without a label it only repeats what stands beside it in words, and is hidden from a screen reader.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    points = [
        None if value is None
        else (MARGIN + index * step, HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN))
        for index, value in enumerate(values)
    ]  # fmt: skip
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
    end = next(point for point in reversed(points) if point is not None)
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" {said}>'
        f'<path d="{" ".join(path)}" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linejoin="round"/><circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="3" '
        f'fill="currentColor"/></svg>'
    )
