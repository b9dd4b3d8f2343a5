"""Open datasets in CKAN's words: packages, resources, organisations, tags and rows."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import get_language

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.knowledge.lake import queries as lake
from commonweal.knowledge.lake.views import DatasetRow

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("csv", "parquet")
MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
TYPES = {
    "integer": "int", "year": "int", "decimal": "float", "money": "numeric", "boolean": "bool", "date": "date",
}  # fmt: skip
_FILTER = re.compile(r"\+?(organization|tags|name):\"?([\w.-]+)\"?")


def open_rows(text: str = "") -> Iterator[DatasetRow]:
    """Every open dataset that mentions the words, by id."""
    cursor = None
    while True:
        page = lake.catalogue(None, text=text, cursor=cursor, limit=lake.LIMIT)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def filters(query: str) -> dict[str, str]:
    """The `key:value` parts of a search that are understood."""
    return dict(_FILTER.findall(query))


@dataclass(frozen=True)
class Site:
    """Where the catalogue is read from, and in which language."""

    address: str
    language: str

    @classmethod
    def of(cls, request: HttpRequest) -> Site:
        """The site as this request sees it."""
        return cls(request.build_absolute_uri("/").rstrip("/"), get_language() or "en")

    @property
    def base(self) -> str:
        """Under which the jurisdiction's things are named."""
        return f"{self.address}/id"

    def download(self, dataset: str, form: str) -> str:
        """Where a dataset is fetched."""
        return f"{self.address}/api/v1/datasets/{dataset}/download?format={form}"

    def package(self, name: str) -> dict[str, Any]:
        """One open dataset. Raises NotAllowed for any other."""
        view = lake.dataset(None, name)
        row = view.row
        collected = row.collected.isoformat() if row.collected else None
        resources = [self._resource(row, form) for form in FORMATS] if row.collected else []
        return {
            "id": row.id, "name": row.id, "type": "dataset", "state": "active", "private": False,
            "title": row.name.say(self.language), "title_translated": dict(row.name.root),
            "notes": row.description.say(self.language) if row.description else "",
            "license_id": view.licence, "license_title": view.licence, "isopen": True,
            "author": view.attribution, "owner_org": row.publisher, "organization": self.organization(row.publisher),
            "metadata_modified": collected, "metadata_created": collected,
            "groups": [], "tags": [{"name": tag, "display_name": tag} for tag in self.tags(row.id)],
            "num_tags": len(self.tags(row.id)), "resources": resources, "num_resources": len(resources),
            "extras": [{"key": "rhythm", "value": row.rhythm}, {"key": "keys", "value": ", ".join(view.keys)}],
        }  # fmt: skip

    def _resource(self, row: DatasetRow, form: str) -> dict[str, Any]:
        return {
            "id": f"{row.id}.{form}", "package_id": row.id, "name": f"{row.name.say(self.language)} ({form})",
            "format": form.upper(), "mimetype": MIME[form], "url": self.download(row.id, form), "state": "active",
            "last_modified": row.collected.isoformat() if row.collected else None,
            "datastore_active": form == "csv", "position": FORMATS.index(form),
        }  # fmt: skip

    def resource(self, name: str) -> dict[str, Any]:
        """One file of an open dataset. Raises NotAllowed."""
        dataset, _, form = name.rpartition(".")
        row = lake.dataset(None, dataset).row
        if form not in FORMATS or row.collected is None:
            raise NotAllowed("no-resource", "Not found")
        return self._resource(row, form)

    def organization(self, name: str) -> dict[str, Any]:
        """A publisher."""
        found = declared.current().organisations.get(name)
        title = found.name.say(self.language) if found else name
        notes = found.description.say(self.language) if found and found.description else ""
        return {
            "id": name, "name": name, "title": title, "display_name": title, "description": notes,
            "type": "organization", "is_organization": True, "state": "active", "image_url": "",
        }  # fmt: skip

    def tags(self, name: str) -> list[str]:
        """What a dataset speaks of: the entities of its columns' elements."""
        columns = declared.current().datasets[name].columns
        return sorted({column.element.partition(".")[0] for column in columns})

    def fits(self, row: DatasetRow, wanted: dict[str, str]) -> bool:
        """Whether a dataset meets the filters."""
        tag = wanted.get("tags")
        return (
            wanted.get("organization", row.publisher) == row.publisher
            and wanted.get("name", row.id) == row.id
            and (tag is None or tag in self.tags(row.id))
        )

    def search(
        self, name: str, filters: Any, fields: Any, limit: int, offset: int, q: Any = None, sort: Any = None
    ) -> dict[str, Any]:
        """Rows of a dataset in which columns equal what `filters` says and hold the text `q`: anywhere, or by column
        where it is an object. Sorted as `sort` says (`year desc, code`). Raises Invalid, NotAllowed."""
        import pyarrow as pa
        import pyarrow.compute as pc

        dataset = name.rpartition(".")[0] if name.endswith(".csv") else name
        view = lake.dataset(None, dataset)
        table = lake.readable_table(None, dataset)
        for key, value in _object(filters).items():
            if key not in table.column_names:
                raise Invalid({"filters": f"There is no field {key}"})
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
            table = table.filter(pc.is_in(table.column(key).cast("string"), pa.array(values, pa.string())))
        table = _holding(table, q)
        if order := _order(sort, table.column_names):
            table = table.sort_by(order)
        chosen = [c for c in _names(fields) or table.column_names if c in table.column_names]
        types = {column.name: TYPES.get(column.type, "text") for column in view.columns}
        records = table.select(chosen).slice(offset, limit).to_pylist()
        return {
            "resource_id": name, "total": table.num_rows, "limit": limit, "offset": offset,
            "include_total": True, "total_was_estimated": False, "records_format": "objects",
            "fields": [{"id": column, "type": types[column]} for column in chosen],
            "records": [{key: _plain(value) for key, value in record.items()} for record in records],
        }  # fmt: skip


def _holding(table: pa.Table, q: Any) -> pa.Table:
    """Rows that hold a text, in any column or in those named; letter case does not count."""
    import pyarrow.compute as pc

    wanted = _object(q, "q") if not isinstance(q, str) or q.lstrip().startswith("{") else {"": q}
    for key, text in wanted.items():
        if key and key not in table.column_names:
            raise Invalid({"q": f"There is no field {key}"})
        if not str(text).strip():
            continue
        columns = [key] if key else table.column_names
        found = [
            pc.fill_null(pc.match_substring(table.column(c).cast("string"), str(text)[:200], ignore_case=True), False)
            for c in columns
        ]
        table = table.filter(functools.reduce(pc.or_, found))
    return table


def _order(given: Any, fields: Sequence[str]) -> list[tuple[str, str]]:
    """`year desc, code` as columns and directions. Raises Invalid for anything else."""
    told = []
    for part in _names(given):
        name, _, way = part.partition(" ")
        way = way.strip().lower() or "asc"
        if name not in fields or way not in ("asc", "desc"):
            raise Invalid({"sort": f"Cannot sort by {part[:80]}; write for example: {fields[0]} desc"})
        told.append((name, "descending" if way == "desc" else "ascending"))
    return told


def _object(given: Any, what: str = "filters") -> dict[str, Any]:
    if given in (None, ""):
        return {}
    try:
        value = json.loads(given) if isinstance(given, str) else given
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Invalid({what: 'Must be an object such as {"year": 2024}'})
    return value


def _names(given: Any) -> list[str]:
    if isinstance(given, list):
        return [str(each) for each in given]
    return [each.strip() for each in str(given or "").split(",") if each.strip()]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
