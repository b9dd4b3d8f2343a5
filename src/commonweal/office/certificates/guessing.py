"""Slowing those who try out names or days for a number read from a paper.

Only how often a number was tried with a wrong fact is held, under a keyed hash, for a quarter of an hour: neither who
asked nor what they typed.
"""

from __future__ import annotations

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from commonweal.core.errors import Refused

ATTEMPTS = 5
SECONDS = 15 * 60


def _key(number: str) -> str:
    return "certificate-tries:" + salted_hmac("commonweal.certificates.tries", number, algorithm="sha256").hexdigest()


def refuse_when_guessed(number: str) -> None:
    """Raise Refused `too-many-tries` after five wrong facts for a number within a quarter of an hour."""
    if (cache.get(_key(number)) or 0) >= ATTEMPTS:
        raise Refused(
            "too-many-tries", "This number was tried too often; try again later, or check the file or the code"
        )


def wrong(number: str) -> None:
    """A fact did not fit a number, whether or not there is such a number."""
    key = _key(number)
    cache.set(key, (cache.get(key) or 0) + 1, SECONDS)
