"""HTTP interfaces as sources: pages of three kinds, failures half way, and detours into the own network."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.lake import queries, web
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.guarding import public
from tests.room.lake.conftest import Interface, school

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]
PAGES = [[school(n) for n in range(start, start + 3)] for start in (1, 4, 7)]


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between attempts, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr(web.Interface.__init__, "__defaults__", (waited.append,))
    return waited


def codes() -> list[str]:
    return [row["code"] for row in queries.table("schools").to_pylist()]


def test_pages_by_number(declare: Declare, interface: Interface) -> None:
    interface.answer = lambda q: PAGES[int(q["page"])] if int(q["page"]) < 3 else []
    declare(f"{{type: http, url: '{interface.address}/s', pages: {{by: number, parameter: page, first: 0}}}}")
    assert collect("schools").rows == 9
    assert len(interface.asked) == 4


def test_pages_by_link_in_the_answer_and_in_the_header(declare: Declare, interface: Interface) -> None:
    def in_answer(q: dict[str, str]) -> Any:
        at = int(q.get("at", 0))
        return {"data": {"items": PAGES[at]}, "next": f"/s?at={at + 1}" if at < 2 else None}

    interface.answer = in_answer
    declare(f"{{type: http, url: '{interface.address}/s', rows: data.items, pages: {{by: link, path: next}}}}")
    assert collect("schools").rows == 9

    def in_header(q: dict[str, str]) -> Any:
        at = int(q.get("at", 0))
        link = {"Link": f'<{interface.address}/s?at={at + 1}>; rel="next"'} if at < 1 else {}
        body = "code,pupils,changed\n" + "".join(f"{r['code']},5,2026-01-01\n" for r in PAGES[at])
        return 200, link, body.encode()

    interface.answer = in_header
    declare(f"{{type: http, url: '{interface.address}/s', format: csv, pages: {{by: link}}}}")
    assert collect("schools").rows == 6


def test_pages_by_cursor(declare: Declare, interface: Interface) -> None:
    def answer(q: dict[str, str]) -> Any:
        at = {"": 0, "b": 1, "c": 2}[q.get("after", "")]
        return {"items": PAGES[at], "meta": {"after": ["b", "c", None][at]}}

    interface.answer = answer
    pages = "{by: cursor, parameter: after, path: meta.after}"
    declare(f"{{type: http, url: '{interface.address}/s', rows: items, pages: {pages}}}")
    assert collect("schools").rows == 9


def test_only_what_changed_is_asked_for(declare: Declare, interface: Interface) -> None:
    rows = [school(1), school(2, changed="2026-03-01")]
    interface.answer = lambda q: [r for r in rows if r["changed"] >= q.get("from", "")]
    declare(f"{{type: http, url: '{interface.address}/s', cursor: changed, since: from}}")
    assert collect("schools").rows == 2
    rows += [school(1, pupils=7, changed="2026-04-01"), school(3, changed="2026-04-02")]
    run = collect("schools")
    assert interface.asked[-1] == "/s?from=2026-03-01"
    assert (run.read, run.rows) == (3, 3)
    assert {r["code"]: r["pupils"] for r in queries.table("schools").to_pylist()} == {
        "S001": 7,
        "S002": 100,
        "S003": 100,
    }
    assert collect("schools").status == "unchanged"


def test_what_passes_is_tried_again_and_longer_each_time(
    declare: Declare, interface: Interface, waits: list[float]
) -> None:
    failures: list[Any] = [(503, {"Retry-After": "3"}, b""), None, (200, {"Content-Length": "9999"}, b'[{"code"')]

    def answer(q: dict[str, str]) -> Any:
        return failures.pop(0) if failures else PAGES[0]

    interface.answer = answer
    declare(f"{{type: http, url: '{interface.address}/s'}}")
    assert collect("schools").rows == 3
    assert waits == [3.0, 1.0, 2.0, 4.0]


def test_a_source_that_dies_half_way_is_gone_on_with(declare: Declare, interface: Interface) -> None:
    dead = True

    def answer(q: dict[str, str]) -> Any:
        page = int(q["page"])
        if page == 3 and dead:
            return 500, {}, b""
        return PAGES[page - 1] if page <= 3 else []

    interface.answer = answer
    declare(f"{{type: http, url: '{interface.address}/s', pages: {{by: number, parameter: page}}}}")
    with pytest.raises(Refused, match="status 500"):
        collect("schools")
    assert queries.newest_collections(["schools"]) == {}
    dead, interface.asked[:] = False, []
    assert collect("schools").rows == 9
    assert interface.asked == ["/s?page=3", "/s?page=4"]


def test_a_refused_batch_is_fetched_again(declare: Declare, interface: Interface) -> None:
    interface.answer = lambda q: [{"id": "S1"}]
    declare(f"{{type: http, url: '{interface.address}/s'}}")
    with pytest.raises(Refused, match="no column"):
        collect("schools")
    interface.answer = lambda q: PAGES[0]
    assert collect("schools").rows == 3


def test_redirects_into_the_own_network_are_refused(declare: Declare, interface: Interface, settings: Any) -> None:
    port = interface.address.rpartition(":")[2]
    hidden = f"http://localhost:{port}/secret"
    interface.answer = lambda q: (302, {"Location": hidden}, b"") if "go" in q else PAGES[0]
    declare(f"{{type: http, url: '{interface.address}/s?go=1'}}")
    with pytest.raises(Refused, match="not a public address"):
        collect("schools")
    assert len(interface.asked) == 1
    settings.LAKE_HOSTS = ("localhost",)
    assert collect("schools").rows == 3


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1/"])
def test_only_http_is_followed(declare: Declare, interface: Interface, address: str) -> None:
    interface.answer = lambda q: (302, {"Location": address}, b"")
    declare(f"{{type: http, url: '{interface.address}/s'}}")
    with pytest.raises(Refused, match="no http address"):
        collect("schools")


def test_a_token_goes_to_the_declared_host_only(
    declare: Declare, interface: Interface, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHOOLS_TOKEN", "secret-word")
    settings.LAKE_HOSTS = ("localhost",)
    port = interface.address.rpartition(":")[2]
    interface.answer = lambda q: (
        PAGES[0] if "there" in q else (302, {"Location": f"http://localhost:{port}/?there=1"}, b"")
    )
    declare(f"{{type: http, url: '{interface.address}/s', token: SCHOOLS_TOKEN}}")
    collect("schools")
    told = [headers.get("Authorization") for headers in interface.headers]
    assert told == ["Bearer secret-word", None]


def test_too_much_is_refused_also_when_packed(
    declare: Declare, interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "PAGE_LIMIT", 1 << 20)
    interface.answer = lambda q: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"[" + b" " * (5 << 20) + b"]"))
    declare(f"{{type: http, url: '{interface.address}/s'}}")
    with pytest.raises(Refused, match="more than 1 MB"):
        collect("schools")


def test_pages_in_a_circle_and_answers_that_are_no_rows(declare: Declare, interface: Interface) -> None:
    interface.answer = lambda q: {"items": PAGES[0], "next": "/s?a=1"}
    declare(f"{{type: http, url: '{interface.address}/s?a=1', rows: items, pages: {{by: link, path: next}}}}")
    with pytest.raises(Refused, match="circle"):
        collect("schools")
    for answer in (b"<html>", {"a": 1}, [1, 2], b"[" * 100_000):
        interface.answer = lambda q, answer=answer: answer
        with pytest.raises(Refused, match=r"JSON|list of objects"):
            collect("schools")


@pytest.mark.parametrize(
    ("address", "is_public"),
    [("93.184.215.14", True), ("10.0.0.1", False), ("169.254.169.254", False), ("::1", False), ("fe80::1%eth0", False),
     ("::ffff:192.168.1.1", False), ("100.64.0.1", False), ("224.0.0.1", False), ("2606:2800:21f::1", True)],
)  # fmt: skip
def test_what_counts_as_public(address: str, is_public: bool) -> None:
    assert public(address) is is_public


def test_a_schema_that_changes_under_a_running_collection(declare: Declare, interface: Interface) -> None:
    """The interface renames a column between two pages: the table stays as it was and the column is named."""
    declare(f'{{type: http, url: "{interface.address}/schools", pages: {{by: number, parameter: page}}}}')
    interface.answer = lambda query: [school(1), school(2)] if query["page"] == "1" else []
    assert collect("schools").rows == 2

    def renamed(query: dict[str, str]) -> Any:
        if query["page"] == "1":
            return [school(3), school(4)]
        return [{"code": "S005", "children": 7, "changed": "2026-01-01"}] if query["page"] == "2" else []

    interface.answer = renamed
    with pytest.raises(Refused, match="changed while it was read: pupils is gone and children is new"):
        collect("schools")
    told = {row["code"]: row["pupils"] for row in queries.table("schools").to_pylist()}
    assert told == {"S001": 100, "S002": 100}
    interface.answer = lambda query: [school(3)] if query["page"] == "1" else []
    assert collect("schools").rows == 1, "nothing of the broken run is left over"
