"""Rows of an HTTP interface, page by page: JSON or CSV, by next link, page number or cursor.

Only http and https; redirects are followed by hand, at most five, each judged (see `guarding`); answers are limited in
size, after unpacking too; a page that fails is asked for again, waiting longer each time, and the pages already
fetched are kept by the caller, so that a run that dies half way goes on from there.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import pyarrow as pa
import urllib3
from django.conf import settings
from requests.utils import parse_header_links

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.delimited import cut
from commonweal.knowledge.lake.encodings import utf8
from commonweal.knowledge.lake.guarding import pool
from commonweal.knowledge.lake.reading import LARGEST, records
from commonweal.register.models import Source

PAGE_LIMIT = 64 << 20
"""Bytes one answer may have."""
MOST_PAGES = 100_000
TIMEOUT_SECONDS = 30.0
ATTEMPTS = 5
LONGEST_WAIT_SECONDS = 60.0
REDIRECTS = 5
AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Answer:
    """One page: its rows, and the address of the next, if any."""

    rows: pa.Table
    next: str | None
    size: int


class Interface:
    """A declared interface. `wait` is called with seconds between attempts."""

    def __init__(self, source: Source, dataset: str, wait: Callable[[float], None] = time.sleep) -> None:
        self.source, self.dataset, self.wait = source, dataset, wait
        self.home = urlsplit(source.url or "").hostname
        self.pool = pool(self._trusted, TIMEOUT_SECONDS)

    def start(self, since: str | None) -> str:
        """The first address, which asks for rows from `since` on."""
        address = self.source.url or ""
        if since and self.source.since:
            address = with_query(address, self.source.since, since)
        pages = self.source.pages
        if pages and pages.by == "number" and pages.parameter:
            address = with_query(address, pages.parameter, str(pages.first))
        return address

    def pages(self, address: str) -> Iterator[Answer]:
        """Every page from an address on. Raises Refused, also when the pages go round in a circle."""
        seen, size = {address}, 0
        for _ in range(MOST_PAGES):
            answer = self.page(address)
            size += answer.size
            if size > LARGEST:
                raise self._refused("too-large", f"the pages together are larger than {LARGEST >> 20} MB")
            yield answer
            if answer.next is None:
                return
            if answer.next in seen:
                raise self._refused(
                    "circle", f"page {_shown(answer.next)} was fetched already; the pages lead in a circle"
                )
            seen.add(answer.next)
            address = answer.next
        raise self._refused("too-large", f"there are more than {MOST_PAGES} pages")

    def page(self, address: str) -> Answer:
        """One page."""
        body, headers = self._fetch(address)
        if self.source.format == "csv":
            return self._csv(body, headers, address)
        try:
            told = json.loads(body)
        except (ValueError, RecursionError) as problem:
            raise self._refused("unreadable", f"{_shown(address)} did not answer JSON ({problem})") from problem
        rows = self._rows(told, address)
        return Answer(records(rows), self._next(told, len(rows), headers, address), len(body))

    def _csv(self, body: bytes, headers: Any, address: str) -> Answer:
        if not body.strip():
            return Answer(pa.table({}), None, 0)
        raw = cut(utf8(body, self.source.encoding, self.dataset), f"{self.dataset}.csv", header=self.source.header)
        if raw.broken:
            row = raw.broken[0][0]
            raise self._refused("unreadable", f"{_shown(address)}: row {row} has too few or many columns")
        rows = raw.table.drop_columns([ROW])
        return Answer(rows, self._next(None, len(rows), headers, address), len(body))

    def _rows(self, told: Any, address: str) -> list[dict[str, Any]]:
        rows = dig(told, self.source.rows) if self.source.rows else told
        if self.source.rows is None and isinstance(told, dict):
            lists = [value for value in told.values() if isinstance(value, list)]
            rows = lists[0] if len(lists) == 1 else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._refused(
                "unreadable", f"{_shown(address)}: there is no list of objects; say in “rows” where the rows are"
            )
        return rows

    def _next(self, told: Any, count: int, headers: Any, address: str) -> str | None:
        pages = self.source.pages
        if pages is None:
            return None
        if pages.by == "number":
            if not count or not pages.parameter:
                return None
            here = dict(parse_qsl(urlsplit(address).query)).get(pages.parameter, str(pages.first))
            return with_query(address, pages.parameter, str(int(here) + 1))
        if pages.by == "link" and pages.path is None:
            links = parse_header_links(headers.get("Link", ""))
            found = next((link["url"] for link in links if link.get("rel") == "next"), None)
        else:
            found = dig(told, pages.path or "")
        if found in (None, "", False):
            return None
        if pages.by == "cursor":
            return with_query(address, pages.parameter or "", str(found))
        return urljoin(address, str(found))

    def _fetch(self, address: str) -> tuple[bytes, Any]:
        """The body, tried again after what may pass: no connection, a broken one, a server that is busy."""
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.wait(min(0.5 * 2**attempt, LONGEST_WAIT_SECONDS))
            try:
                status, body, headers = self._follow(address)
            except urllib3.exceptions.HTTPError as problem:
                reason = type(problem).__name__
                continue
            if status < 300:
                return body, headers
            reason = f"status {status}"
            if status not in AGAIN:
                break
            if headers.get("Retry-After", "").isdigit():
                self.wait(min(float(headers["Retry-After"]), LONGEST_WAIT_SECONDS))
        raise self._refused("unreachable", f"{_shown(address)} could not be fetched ({reason})")

    def _follow(self, address: str) -> tuple[int, bytes, Any]:
        token = os.environ.get(self.source.token or "")
        if self.source.token and not token:
            raise self._refused("no-token", f"set {self.source.token} to the token of the interface")
        for _ in range(REDIRECTS + 1):
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise self._refused("bad-address", f"{_shown(address)} is no http address; it was not followed")
            headers = {"Accept": "text/csv" if self.source.format == "csv" else "application/json"}
            headers |= {"Accept-Encoding": "gzip", "User-Agent": "commonweal"}
            if token and self._same_origin(address):
                headers["Authorization"] = f"Bearer {token}"
            response = self.pool.request("GET", address, headers=headers, redirect=False, preload_content=False)
            try:
                if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
                    address = urljoin(address, response.headers["Location"])
                    continue
                return response.status, self._body(response, address), response.headers
            finally:
                response.close()
        raise self._refused("circle", f"more than {REDIRECTS} redirects, the last to {_shown(address)}")

    def _body(self, response: Any, address: str) -> bytes:
        pieces, size = [], 0
        for piece in response.stream(1 << 16, decode_content=True):
            size += len(piece)
            if size > PAGE_LIMIT:
                raise self._refused("too-large", f"{_shown(address)} answered more than {PAGE_LIMIT >> 20} MB")
            pieces.append(piece)
        return b"".join(pieces)

    def _same_origin(self, address: str) -> bool:
        """A token goes to the declared host only, and not over a weaker connection."""
        here, declared = urlsplit(address), urlsplit(self.source.url or "")
        return (here.scheme, here.netloc) == (declared.scheme, declared.netloc)

    def _trusted(self, host: str) -> bool:
        return host == self.home or host in settings.LAKE_HOSTS

    def _refused(self, code: str, message: str) -> Refused:
        return Refused(code, f"Dataset {self.dataset}: {message}")


def with_query(address: str, key: str, value: str) -> str:
    """The address with one query parameter set."""
    parts = urlsplit(address)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != key]
    return urlunsplit(parts._replace(query=urlencode([*query, (key, value)])))


def dig(told: Any, path: str) -> Any:
    """What stands at a path of keys with dots between; None where there is nothing."""
    for key in path.split("."):
        told = told.get(key) if isinstance(told, dict) else None
    return told


def _shown(address: str) -> str:
    """An address for a message: without what may be a secret in its query."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="…" if parts.query else "", netloc=parts.netloc.rpartition("@")[2]))
