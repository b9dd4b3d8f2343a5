"""Degrees of agreement for each kind of fact, from the same to altogether different, as conditions a database can test.

The evidence a reviewer reads names the same degrees, so that what is shown is what was weighed.
"""

from __future__ import annotations

from dataclasses import dataclass

from commonweal.register.models import Compared


@dataclass(frozen=True)
class Level:
    """One degree: its name, the SQL condition on columns `_l` and `_r`, and the column whose rarity counts."""

    name: str
    sql: str
    rarity: str | None = None


@dataclass(frozen=True)
class Comparison:
    """How one fact is compared: degrees in falling order; the first is “not known” and the last “different”."""

    column: str
    levels: tuple[Level, ...]


def comparison(number: int, compared: Compared) -> Comparison:
    """The degrees of the fact that stands in the columns `c<number>…` of both sides."""
    c = f"c{number}"
    if compared.by == "name" and len(compared.left) == 2 and len(compared.on_the_right) == 2:
        return Comparison(c, _name_in_two(c))
    return Comparison(c, {"name": _name, "birth-date": _day, "address": _address, "phone": _phone, "code": _code}[
        compared.by
    ](c))  # fmt: skip


def _unknown(c: str) -> Level:
    return Level("unknown", f"{c}_l IS NULL OR {c}_r IS NULL")


def _different() -> Level:
    return Level("different", "ELSE")


def _like(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _scripts(c: str) -> Level:
    """In two scripts and not alike by sound: what that weighs is learnt, since it may be another romanisation."""
    return Level("scripts", f"{c}_han_l <> {c}_han_r")


def _sounds(c: str) -> str:
    """Alike in Pinyin, where one at least is Chinese: Latin names of the same letters need not sound alike."""
    return f"({c}_han_l OR {c}_han_r) AND {c}_sound_l = {c}_sound_r"


def _name(c: str) -> tuple[Level, ...]:
    shared = f"len(list_intersect({c}_words_l, {c}_words_r))"
    return (
        _unknown(c),
        Level("same", f"{c}_l = {c}_r", c),
        Level("sounds", _sounds(c)),
        Level("nearly", _like(c, 0.93)),
        Level("most", f"{shared} >= 2"),
        Level("part", f"{shared} >= 1"),
        _scripts(c),
        Level("alike", _like(c, 0.8)),
        _different(),
    )


def _name_in_two(c: str) -> tuple[Level, ...]:
    given, family = f"{c}_given", f"{c}_family"
    same_given, same_family = f"{given}_l = {given}_r", f"{family}_l = {family}_r"
    return (
        _unknown(c),
        Level("same", f"{same_given} AND {same_family}", c),
        Level("turned", f"{given}_l = {family}_r AND {family}_l = {given}_r", c),
        Level("sounds", _sounds(c)),
        Level("nearly", f"{_like(given, 0.88)} AND {_like(family, 0.88)}"),
        Level("nearly-turned", f"jaro_winkler_similarity({given}_l, {family}_r) >= 0.88 AND "
              f"jaro_winkler_similarity({family}_l, {given}_r) >= 0.88"),
        _scripts(c),
        Level("family", same_family, family),
        Level("given", same_given, given),
        Level("part", f"{given}_l = {family}_r OR {family}_l = {given}_r"),
        Level("alike", f"{_like(family, 0.85)} OR {_like(given, 0.85)}"),
        _different(),
    )  # fmt: skip


def _day(c: str) -> tuple[Level, ...]:
    turned = f"substr({c}_l, 1, 4) || substr({c}_l, 7, 2) || substr({c}_l, 5, 2) = {c}_r"
    year, rest = f"substr({c}_l, 1, 4) = substr({c}_r, 1, 4)", f"substr({c}_l, 5) = substr({c}_r, 5)"
    two = f"({year} AND (substr({c}_l, 5, 2) = substr({c}_r, 5, 2) OR substr({c}_l, 7) = substr({c}_r, 7)))"
    return (
        _unknown(c),
        Level("same", f"{c}_l = {c}_r"),
        Level("turned", turned),
        Level("one-slip", f"damerau_levenshtein({c}_l, {c}_r) <= 1"),
        Level("two-parts", f"{two} OR {rest}"),
        Level("year", year),
        _different(),
    )


def _address(c: str) -> tuple[Level, ...]:
    shared = f"len(list_intersect({c}_grams_l, {c}_grams_r))"
    share = f"{shared} / greatest(1, least(len({c}_grams_l), len({c}_grams_r)))"
    return (
        _unknown(c),
        Level("same", f"{c}_l = {c}_r"),
        Level("nearly", f"{share} >= 0.9"),
        Level("most", f"{share} >= 0.75"),
        Level("part", f"{share} >= 0.55"),
        Level("alike", f"{share} >= 0.4"),
        _different(),
    )


def _phone(c: str) -> tuple[Level, ...]:
    return (
        _unknown(c),
        Level("same", f"{c}_l = {c}_r"),
        Level("one-slip", f"damerau_levenshtein({c}_l, {c}_r) <= 1"),
        _different(),
    )


def _code(c: str) -> tuple[Level, ...]:
    return (
        _unknown(c),
        Level("same", f"{c}_l = {c}_r", c),
        Level("one-slip", f"length({c}_l) > 2 AND damerau_levenshtein({c}_l, {c}_r) <= 1"),
        _different(),
    )
