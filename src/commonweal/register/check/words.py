"""Everything people read is there in every language of the jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from commonweal.register.check.context import Context, Path
from commonweal.register.models import Declared, Text


def check(context: Context) -> None:
    """Refuse a text that lacks a language, is blank in one, or has one the jurisdiction does not use."""
    if context.jurisdiction is None:
        return
    languages = context.jurisdiction.languages
    wanted = frozenset(languages)
    for declared in context.reading.objects.values():
        for path, text in texts(declared):
            if text.root.keys() == wanted and all(map(str.strip, text.root.values())):
                continue
            _judge(context, declared, path, text, languages)


def _judge(context: Context, at: Declared, path: Path, text: Text, languages: tuple[str, ...]) -> None:
    what = " ".join(str(piece) for piece in path)
    for language in languages:
        if not text.root.get(language, "").strip():
            near = context.suggest(language, [code for code in text.root if code not in languages])
            message = f"The {what} of “{at.id}” has no words in {language}"
            context.fault(at, path, "missing-language", message + (f"; “{near}” is not it" if near else ""))
    for code in text.root:
        if code not in languages:
            message = f"The jurisdiction does not use the language {code}"
            context.fault(at, (*path, code), "unknown-language", message, context.suggest(code, languages), on_key=True)


def texts(model: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """Every text within a declaration, with its path."""
    for name, key in _fields(type(model)):
        value = getattr(model, name)
        if value is None:
            continue
        if type(value) is Text:
            yield (*path, key), value
        elif type(value) is tuple:
            for i, each in enumerate(value):
                if type(each) is Text:
                    yield (*path, key, i), each
                elif isinstance(each, BaseModel):
                    yield from texts(each, (*path, key, i))
        elif isinstance(value, BaseModel):
            yield from texts(value, (*path, key))


@lru_cache(maxsize=64)
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a model that may hold a text, by attribute name and by key."""
    return tuple(
        (name, field.alias or name) for name, field in model.model_fields.items() if _holds_models(field.annotation)
    )


def _holds_models(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation is Text or bool(_fields(annotation))
    return any(_holds_models(part) for part in getattr(annotation, "__args__", ()))
