"""Where a dataset's rows come from: whether it can be reached, and without a secret in the declaration."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import urlsplit

from commonweal.register.check.context import Context
from commonweal.register.models import Dataset, Source

NEEDED = {
    "journal": ("projection",),
    "file": ("path",),
    "package": ("package", "path"),
    "register": (),
    "sql": ("address",),
    "http": ("url",),
}
_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_ONLY = {
    "file": ("folder",),
    "sql": ("address", "table", "query"),
    "http": ("url", "token", "rows", "pages", "since"),
}


def check(context: Context, dataset: Dataset) -> None:
    """Judge the source of a dataset, where it has one."""
    source = dataset.source
    if source is None:
        return
    for column in (*source.recode, *(source.aggregate or ()), *source.without, *source.strip):
        if all(column != each.name for each in dataset.columns):
            message = f"“{dataset.id}” has no column “{column}”"
            near = context.suggest(column, [each.name for each in dataset.columns])
            context.fault(dataset, ("source",), "unknown-column", message, near)
    for key in NEEDED[source.type]:
        if getattr(source, key) is None:
            message = f"A source of type {source.type} needs “{key}”"
            context.fault(dataset, ("source",), "missing-key", message)
    for kind, keys in _ONLY.items():
        for key in keys:
            if source.type != kind and getattr(source, key) is not None:
                message = f"“{key}” is for a source of type {kind}; this one is of type {source.type}"
                context.fault(dataset, ("source", key), "wrong-source", message)
    _patterns(context, dataset, source)
    _incremental(context, dataset, source)
    judge = {"file": _file, "sql": _sql, "http": _http}.get(source.type)
    if judge:
        judge(context, dataset, source)


def _patterns(context: Context, dataset: Dataset, source: Source) -> None:
    """Every pattern can be read, and a melt says where its figures go in one of two ways."""
    told = [("without", column, text) for column, text in source.without.items()]
    told += [("strip", column, text) for column, text in source.strip.items()]
    told += [("melt", "columns", source.melt["columns"])] if source.melt and "columns" in source.melt else []
    for key, name, text in told:
        try:
            groups = re.compile(text).groupindex
        except re.error as problem:
            context.fault(
                dataset, ("source", key, name), "bad-pattern", f"{text!r} is no regular expression: {problem}"
            )
            continue
        if key == "melt" and ("measure" in groups) == ("value" in (source.melt or {})):
            message = "A melt names either the column of its figures (“value”) or a group (?P<measure>…) in “columns”"
            context.fault(dataset, ("source", "melt"), "bad-source", message)


def _incremental(context: Context, dataset: Dataset, source: Source) -> None:
    if source.cursor is None:
        return
    if source.type not in ("sql", "http"):
        message = "Only a source of type sql or http can be fetched by a cursor; others are read whole"
        context.fault(dataset, ("source", "cursor"), "wrong-source", message)
    elif source.aggregate is not None or source.melt is not None:
        message = "Rows that are put together or made of columns cannot be fetched by a cursor: drop one of the two"
        context.fault(dataset, ("source", "cursor"), "wrong-source", message)
    elif source.type == "http" and source.since is None:
        message = "Name in “since” the query parameter by which the interface is asked for rows from the cursor on"
        context.fault(dataset, ("source",), "missing-key", message)


def _file(context: Context, dataset: Dataset, source: Source) -> None:
    if source.path and (PurePath(source.path).is_absolute() or ".." in PurePath(source.path).parts):
        message = "A file has to lie beside the declarations: name it from the jurisdiction's folder on, without “..”"
        context.fault(dataset, ("source", "path"), "outside", message)


def _sql(context: Context, dataset: Dataset, source: Source) -> None:
    if (source.table is None) == (source.query is None):
        message = "A source of type sql reads either a “table” or a “query”"
        context.fault(dataset, ("source",), "missing-key", message)
    if source.query is not None and (not _SELECT.match(source.query) or ";" in source.query):
        message = "The query is one SELECT (or WITH … SELECT) without a semicolon; a source is only read"
        context.fault(dataset, ("source", "query"), "bad-source", message)


def _http(context: Context, dataset: Dataset, source: Source) -> None:
    if source.url is not None:
        try:
            parts = urlsplit(source.url)
            fine, secret = parts.scheme in ("http", "https") and bool(parts.hostname), parts.username is not None
        except ValueError:
            fine, secret = False, False
        if not fine:
            message = "The address of an interface begins with https:// (or http://) and names a host"
            context.fault(dataset, ("source", "url"), "bad-source", message)
        elif secret:
            message = "A password does not belong in a declaration: name in “token” the variable that holds it"
            context.fault(dataset, ("source", "url"), "secret", message)
    pages = source.pages
    if pages is None:
        return
    needed = {"link": (), "number": ("parameter",), "cursor": ("parameter", "path")}[pages.by]
    for key in needed:
        if getattr(pages, key) is None:
            message = f"Pages by {pages.by} need “{key}”"
            context.fault(dataset, ("source", "pages"), "missing-key", message)
    if source.format == "csv" and (pages.by == "cursor" or pages.path):
        message = "A CSV answer has no place for a cursor: use pages by number, or by link in the header"
        context.fault(dataset, ("source", "pages"), "bad-source", message)
