"""Answers and held facts as a reader reads them, whether or not a question asks for them today."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from commonweal.office.casework.form import Question, format_value
from commonweal.register import ServiceBundle
from commonweal.register.models import Text


def reader_language() -> str:
    """The language active now: the reader's in a request, the default's elsewhere."""
    return get_language() or "en"


def label(bundle: ServiceBundle, key: str) -> Text:
    """What a question or held fact is called; its key where nothing declares it."""
    return _as_question(bundle, key).label


def kind(bundle: ServiceBundle, key: str) -> str:
    """The element type of a question or held fact."""
    return _as_question(bundle, key).type


def shown(bundle: ServiceBundle, key: str, value: Any, names: Mapping[str, str]) -> str:
    """The value in the reader's words. `names` are file names by attachment reference."""
    question = _as_question(bundle, key)
    if question.type == "file":
        return names.get(str(value), str(value))
    return format_value(question, value, reader_language())


@lru_cache(maxsize=8192)
def _as_question(bundle: ServiceBundle, key: str) -> Question:
    """What a reader needs to know of an answer: all codes there ever were, not only those to choose from today."""
    field = next((each for each in bundle.service.form if each.key == key), None)
    element = bundle.elements.get(key)
    name = (field.label if field else None) or (element.name if element else None)
    type = (field.type if field else None) or (element.type if element else None) or "string"
    listed = (field.codelist if field else None) or (element.codelist if element else None)
    if type == "region":
        options = tuple((region.id, region.name) for region in bundle.regions.values())
    else:
        codes = bundle.codelists[listed].codes if listed is not None and listed in bundle.codelists else ()
        options = tuple((code.code, code.name) for code in codes)
    title = name or Text({bundle.jurisdiction.languages[0]: key})
    currency = bundle.jurisdiction.currency if type == "money" else None
    unit = element.unit if element else None
    return Question(key, type, title, title, options=options, unit=unit, currency=currency)
