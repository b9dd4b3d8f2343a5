"""Words as people type them, cut into comparable pieces: English words by stem, Chinese by pairs of characters."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_RUNS = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff\uf900-\ufaff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_FILLERS = json.loads(Path(__file__).with_name("fillers.json").read_text(encoding="utf-8"))
FILLER = frozenset(_FILLERS["en"].split())
"""English words that say that somebody wants something, not what."""
FILLER_CHINESE = tuple(_FILLERS["zh"].split())
"""The same in Chinese, longest first; only whole words of a sentence, so a one-letter one is dropped at its start."""
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ings", ""), ("ing", ""),
            ("edly", ""), ("ed", ""), ("er", ""), ("s", ""))  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light stem: `opening`, `opened`, `opens` and `opener` are `open`; short words stay as they are."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            base = word[: -len(ending)] + instead
            if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz" and ending != "s":
                base = base[:-1]
            return base[:-1] if base.endswith("e") and len(base) > 4 else base
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def plain(text: str) -> str:
    """Lower case, full-width forms narrowed, accents taken off."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def pieces(text: str, *, query: bool = False) -> list[str]:
    """The comparable pieces of a text; of a query, without the words that only say that one wants something."""
    found: list[str] = []
    for run in _RUNS.findall(plain(text)):
        if _CHINESE.match(run):
            found += _pairs(run, query)
        elif not (query and run in FILLER):
            found.append(stem(run.split("'")[0]))
    return found


def letters(text: str) -> list[str]:
    """The Chinese characters of a text one by one: what is left to compare when no pair of them fits."""
    return _CHINESE.findall(plain(text))


def _pairs(run: str, query: bool) -> list[str]:
    for filler in FILLER_CHINESE if query else ():
        if len(filler) > 1:
            run = run.replace(filler, " ")
        else:
            run = run.strip().removeprefix(filler).removesuffix(filler)
    parts = run.split()
    return [part[at : at + 2] for part in parts for at in range(max(1, len(part) - 1))]


def near(one: str, other: str, most: int) -> bool:
    """Whether two words differ by at most `most` slips: a letter missed, added, mistaken, or two swapped."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
        before, last = last, row
    return last[-1] <= most
