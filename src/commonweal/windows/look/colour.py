"""Contrast arithmetic (WCAG 2.2, relative luminance), so that any declared accent stays readable in the dark too."""

from __future__ import annotations


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of `#rrggbb` (WCAG 2.2 definition)."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1..21 between two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, towards: str, share: float) -> str:
    """`colour` moved a share 0..1 of the way to `towards`."""
    parts = (round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(towards), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*parts)


def readable(colour: str, paper: str, ratio: float = 4.5) -> str:
    """The colour nearest to `colour` that reaches `ratio` on `paper`, moved towards white or black."""
    towards = "#ffffff" if luminance(paper) < 0.18 else "#000000"
    for step in range(21):
        moved = mix(colour, towards, step / 20)
        if contrast(moved, paper) >= ratio:
            return moved
    return towards
