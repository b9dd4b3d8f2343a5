"""One declaration out of a file: from plain values to a typed object, or to faults that name their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from commonweal.register import durations
from commonweal.register.base import Text
from commonweal.register.faults import nearest
from commonweal.register.models import KINDS, Declared

Path = tuple[str | int, ...]
Note = Callable[[Path, bool, str, str, str | None], None]
"""Called for each fault: path in the object, whether the key is meant (not its value), code, message, suggestion."""

_ENVIRONMENT = r"^[A-Z][A-Z0-9_]{0,79}$"
_SHAPES = {
    r"^[a-z0-9][a-z0-9-]*$": "a lower-case name with hyphens, such as open-restaurant",
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$": "an element's name: entity, dot, attribute, such as premises.floor_area",
    r"^[a-z][a-z0-9_]*$": "a lower-case name with underscores, such as uses_gas",
    r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$": "a post: organisation/role, such as fire-service/inspector",
    r"^[a-z0-9][a-z0-9-]*(/[A-Za-z0-9.-]+)?$": "an act or act/article, such as food-act/35",
    r"^#[0-9a-fA-F]{6}$": "a colour such as #0b4f8a",
    r"^[A-Z]{3}$": "a currency of three capital letters, such as EUR",
    r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$": "a language in lower case, such as en or zh-hans",
}


def build(value: Any, note: Note) -> Declared | None:
    """The declaration that a mapping makes, or None after noting each fault in it."""
    if not isinstance(value, dict):
        note(
            (),
            False,
            "not-a-declaration",
            f"A declaration is a mapping that begins with its kind, not {_what(value)}",
            None,
        )
        return None
    kind = value.get("kind")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        _unknown_kind(value, kind, note)
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        _explain(model, value, error, note)
        return None


def _unknown_kind(value: dict[str, Any], kind: Any, note: Note) -> None:
    if "kind" not in value:
        near = nearest("kind", value)
        note(
            (near,) if near else (),
            True,
            "missing-kind",
            f"A declaration needs a kind: {', '.join(KINDS)}",
            "kind" if near else None,
        )
    else:
        shown = kind if isinstance(kind, str) else _what(kind)
        message = f"“{str(shown)[:60]}” is not a kind of declaration"
        note(("kind",), False, "unknown-kind", message, nearest(str(shown), KINDS))


def _explain(model: type[Declared], value: dict[str, Any], error: ValidationError, note: Note) -> None:
    """Note each error once per place: a union reports every alternative that failed, the first says enough."""
    seen: set[tuple[Path, bool]] = set()
    for detail in error.errors(include_url=False):
        path = _within(value, detail["loc"])
        key = detail["type"] in ("extra_forbidden", "missing")
        if detail["type"] == "missing":
            path = (*path, detail["loc"][-1])
        if (path, key) in seen:
            continue
        seen.add((path, key))
        code, message, suggestion = _words(model, path, detail)
        note(path[:-1] if detail["type"] == "missing" else path, key, code, message, suggestion)


def _within(value: Any, location: tuple[int | str, ...]) -> Path:
    """The part of pydantic's location that leads through the value; the rest names alternatives of a union."""
    path: list[int | str] = []
    for piece in location:
        try:
            value = value[piece]
        except (KeyError, IndexError, TypeError):
            break
        path.append(piece)
    return tuple(path)


def _words(model: type[BaseModel], path: Path, detail: ErrorDetails) -> tuple[str, str, str | None]:
    """The code, sentence and suggestion for one of pydantic's errors."""
    kind, context = detail["type"], detail.get("ctx") or {}
    given = detail.get("input")
    here = model_at(model, path[:-1])
    owner = here.__name__ if here else model.__name__
    name = _named(path) or owner
    if kind == "extra_forbidden":
        known = keys_of(here) if here else []
        return "unknown-key", f"“{name}” is not a key of {owner}", nearest(name, known)
    if kind == "missing":
        return "missing-key", f"{owner} needs “{name}”", None
    shown = f"{name}: “{str(given)[:60]}” is not"
    if kind == "literal_error":
        choices = _choices(str(context.get("expected", "")))
        return "bad-value", f"{shown} one of {', '.join(choices)}", nearest(str(given), choices)
    if kind == "string_pattern_mismatch":
        return _misshapen(name, shown, str(given), str(context.get("pattern")))
    if kind in ("value_error", "assertion_error"):
        return "bad-value", f"{name}: {detail['msg'].removeprefix('Value error, ')}", None
    return "bad-value", f"{name}: {_plain(detail, given, model_at(model, path))}", None


def _misshapen(name: str, shown: str, given: str, pattern: str) -> tuple[str, str, str | None]:
    """What is said of a text that does not have the form of its key."""
    if pattern == durations.PATTERN:
        return "bad-value", f"{shown} {durations.SHAPE}", None
    if pattern == _ENVIRONMENT:  # the value may be the secret itself, so it is not repeated
        return (
            "bad-value",
            f"{name}: an environment variable is named here, such as LAKE_ADDRESS, which holds the secret",
            None,
        )
    return "bad-value", f"{shown} {_SHAPES.get(pattern, f'in the form {pattern}')}", _reshaped(given, pattern)


def _named(path: Path) -> str:
    """The last key of a path in words: an item of a list is named after the list."""
    if path and isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {_named(path[:-1])}"
    return str(path[-1])[:60] if path else ""


def _plain(detail: ErrorDetails, given: Any, wanted: type[BaseModel] | None) -> str:
    """Pydantic's message in terms of what the author wrote; `wanted` is the model that belongs here, if one does."""
    kind = detail["type"]
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        first = next(iter(keys_of(wanted)), "…") if wanted else "en"
        return f"a mapping is needed here, such as {{{first}: …}}, not {_what(given)}"
    if kind in ("decimal_parsing", "decimal_type", "float_parsing", "float_type"):
        return f"a number is needed here, such as 200.00, not {_what(given)}"
    if kind in ("int_parsing", "int_type", "int_from_float"):
        return f"a whole number is needed here, not {_what(given)}"
    if kind in ("tuple_type", "list_type"):
        return f"a list is needed here, such as [a, b], not {_what(given)}"
    if kind == "string_type":
        return f"a text is needed here, not {_what(given)}; put it in quotes if it is one"
    if kind in ("bool_type", "bool_parsing"):
        return f"true or false is needed here, not {_what(given)}"
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    return f"{message} (it is {_what(given)})"


def _what(given: Any) -> str:
    """What a value is, in an author's words."""
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    return f"“{str(given)[:60]}”"


def _choices(expected: str) -> list[str]:
    """The values in pydantic's “'a', 'b' or 'c'”."""
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _reshaped(given: str, pattern: str) -> str | None:
    """The same words in the form wanted, where lower case and the right joint are all that it takes."""
    joint = "_" if "_" in pattern else "-"
    for candidate in (given.lower(), re.sub(r"[^a-z0-9./]+", joint, given.lower()).strip(joint), given.upper()):
        if candidate != given and re.match(pattern, candidate):
            return candidate
    return None


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys an author may write in this model."""
    return [field.alias or name for name, field in model.model_fields.items()]


def model_at(model: type[BaseModel] | None, path: Path) -> type[BaseModel] | None:
    """The model that a path within `model` leads to, or None when it leads to something else."""
    for piece in path:
        if isinstance(piece, int) or model is None:
            continue
        field = next((f for name, f in model.model_fields.items() if piece in (name, f.alias)), None)
        model = _model_in(field.annotation) if field else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Step, ...]` or `Text | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return None if annotation is Text else annotation
    return next(filter(None, (_model_in(part) for part in get_args(annotation))), None)
