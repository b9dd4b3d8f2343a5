"""An Arrow column of any type as floats, as text, or as neither."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.insight.measures.plan import Floats
from commonweal.knowledge.lake.casting import figures, mask, tidy

Mask = npt.NDArray[np.bool_]
_WORDS = pa.array(["inf", "-inf", "+inf", "infinity", "-infinity", "+infinity"])


@dataclass(frozen=True)
class Parsed:
    """A column's values as floats, NaN where there is no number; where something else stands; how many are infinite;
    how many are written with leading zeros."""

    values: Floats
    wrong: Mask | None = None
    infinite: int = 0
    zeros: int = 0


def is_number(kind: pa.DataType) -> bool:
    """Whether values of an Arrow type are amounts or moments."""
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_temporal(kind)
    )


def is_text(kind: pa.DataType) -> bool:
    """Whether values of an Arrow type are names of things. Yes/no counts as two names."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind))


def floats(array: pa.Array) -> Parsed:
    """A column of numbers or moments; infinite ones become absent and are counted.

    Moments become days since 1970.
    """
    kind = array.type
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        array = _days(array)
    elif not pa.types.is_float64(kind):
        array = pc.cast(pc.cast(array, pa.int64()) if pa.types.is_duration(kind) else array, pa.float64(), safe=False)
    values = array.to_numpy(zero_copy_only=False)
    total = values.sum()
    if np.isfinite(total):
        return Parsed(values)
    infinite = np.isinf(values)
    if infinite.any():
        values = np.where(infinite, np.nan, values)
    return Parsed(values, infinite=int(infinite.sum()))


def _days(array: pa.Array) -> pa.Array:
    if pa.types.is_time(array.type):
        wide = pc.cast(array, pa.time64("us")).cast(pa.int64())
    else:
        wide = pc.cast(array, pa.timestamp("us"), safe=False).cast(pa.int64())
    return pc.divide(pc.cast(wide, pa.float64(), safe=False), 86_400e6)


def coded(array: pa.Array) -> pa.DictionaryArray:
    """A column of text as codes of its distinct values, trimmed; the empty text is absent (null in the dictionary)."""
    if not pa.types.is_dictionary(array.type):
        array = (array.cast(pa.string()) if not pa.types.is_string(array.type) else array).dictionary_encode()
    words = tidy(array.dictionary)
    if words.equals(array.dictionary):
        return array
    return pa.DictionaryArray.from_arrays(array.indices, words)


def written(array: pa.Array) -> Parsed:
    """A column of text as numbers where it holds numbers, each distinct text looked at once where they repeat."""
    encoded = coded(array)
    if 4 * len(encoded.dictionary) <= len(encoded):
        told = _figures(encoded.dictionary)
        if told.wrong is not None and told.wrong.all() and not len(told.leading):
            return Parsed(np.broadcast_to(np.nan, len(encoded)), pc.is_valid(encoded).to_numpy(zero_copy_only=False))
        at = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy(zero_copy_only=False)
        wrong = np.append(told.wrong, False)[at] if told.wrong is not None else None
        counts = np.bincount(at, minlength=len(encoded.dictionary) + 1)[:-1]
        odd = np.isin(np.arange(len(counts)), told.odd)
        zero = np.isin(np.arange(len(counts)), told.leading)
        return Parsed(np.append(told.values, np.nan)[at], wrong, int(counts[odd].sum()), int(counts[zero].sum()))
    told = _figures(encoded.dictionary_decode())
    return Parsed(told.values, told.wrong, len(told.odd), len(told.leading))


@dataclass(frozen=True)
class _Figures:
    values: Floats
    wrong: Mask | None
    odd: npt.NDArray[np.intp]
    leading: npt.NDArray[np.intp]


def _figures(text: pa.Array) -> _Figures:
    """Numbers read from tidy text; where words for infinity stand (`odd`) and where figures lead with zeros."""
    leading = np.flatnonzero(mask(pc.match_substring_regex(text, r"^0\d+$")))
    try:
        values = pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        odd = np.flatnonzero(mask(pc.is_in(pc.utf8_lower(text), _WORDS)))
        read, wrong = figures(text)
        wrong = wrong.copy()
        wrong[odd] = False
        return _Figures(pc.fill_null(read, np.nan).to_numpy(zero_copy_only=False), wrong, odd, leading)
    odd = np.flatnonzero(np.isinf(values))
    if len(odd):
        values = np.where(np.isinf(values), np.nan, values)
    return _Figures(values, None, odd, leading)
