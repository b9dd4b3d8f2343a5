"""Words for the size of a coefficient, by the end of its interval nearer to nothing. Pure.

The steps are Cohen's (1988: 0.1, 0.3, 0.5) and one more; they are words, not tests.
"""

from __future__ import annotations


def strength(value: float, low: float, high: float) -> str:
    """`none`, `weak`, `moderate`, `strong` or `very-strong`, and `unsure` where the interval holds nothing at all.

    The word stands for the strength one can count on, so that few places never look strong.
    """
    if low <= 0 <= high:
        return "unsure" if abs(value) >= 0.1 else "none"
    sure = min(abs(low), abs(high))
    for least, word in ((0.7, "very-strong"), (0.5, "strong"), (0.3, "moderate"), (0.1, "weak")):
        if sure >= least:
            return word
    return "none"
