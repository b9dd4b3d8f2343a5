"""Every address as nobody, a stranger, the owner, an official of the wrong post, and the right one.

The table is complete: an operation of the API without a row here fails the test.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.test import Client

from commonweal.windows.api.openapi import api as described
from tests.room.windows_api import flow
from tests.room.windows_api.world import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]

WHO = ("nobody", "stranger", "owner", "wrong post", "right post")
OPEN = (200, 200, 200, 200, 200)
MINE = (401, 404, 200, 403, 403)
OWN = (401, 200, 200, 403, 403)
OFFICE = (401, 403, 403, 404, 200)
SEATED = (401, 403, 403, 200, 200)

# operation: statuses for WHO, and the body it takes. `{ref}` and the like are filled from a submitted application.
TABLE: dict[str, tuple[tuple[int, ...], Any]] = {
    "listServices": (OPEN, None),
    "getService": (OPEN, None),
    "listLifeEvents": (OPEN, None),
    "getLifeEvent": (OPEN, None),
    "createToken": ((401, 401, 401, 401, 401), {"username": "nobody", "password": "wrong"}),
    "listTokens": ((401, 200, 200, 200, 200), None),
    "revokeToken": ((401, 404, 404, 404, 404), None),
    "listApplications": (OWN, None),
    "startApplication": ((401, 201, 201, 403, 403), {"service": "market-stall"}),
    "getApplication": (MINE, None),
    "saveAnswers": ((401, 404, 409, 403, 403), {"answers": {"stall.name": "x"}, "revision": 1}),
    "discardApplication": ((401, 404, 409, 403, 403), None),
    "attachFile": ((401, 404, 409, 403, 403), "file"),
    "getFile": (MINE, None),
    "removeFile": ((401, 404, 409, 403, 403), None),
    "refreshApplication": ((401, 404, 409, 403, 403), None),
    "submitApplication": (MINE, None),
    "getReceipt": (MINE, None),
    "trackCase": (MINE, None),
    "caseHistory": (MINE, None),
    "supplyCase": ((401, 404, 409, 403, 403), {"answers": {}}),
    "withdrawCase": (MINE, {"reason": "no longer"}),
    "getOutput": ((401, 404, 404, 403, 403), None),
    "getOrder": ((401, 404, 404, 403, 403), None),
    "beginPayment": ((401, 404, 404, 403, 403), {}),
    "confirmPayment": ((401, 404, 404, 403, 403), {}),
    "whoUsedMyData": (OWN, None),
    "heldAboutMe": (OWN, None),
    "inbox": (SEATED, None),
    "searchCases": (SEATED, None),
    "getCase": (OFFICE, None),
    "staffCaseHistory": (OFFICE, None),
    "staffFile": (OFFICE, None),
    "act": (OFFICE, "act"),
    "takeStep": (OFFICE, None),
    "putBackStep": ((401, 403, 403, 404, 409), None),
    "personCases": (SEATED, None),
    "listDatasets": (OPEN, None),
    "getDataset": ((404, 404, 404, 404, 404), None),
    "previewDataset": ((404, 404, 404, 404, 404), None),
    "downloadDataset": ((404, 404, 404, 404, 404), None),
    "listFindings": (OPEN, None),
    "getFinding": ((404, 404, 404, 404, 404), None),
    "listColumns": (OPEN, None),
    "searchByColumn": ((404, 404, 404, 404, 404), None),
    "correlationMatrix": ((404, 404, 404, 404, 404), None),
    "comparePair": ((404, 404, 404, 404, 404), None),
    "findingChart": ((404, 404, 404, 404, 404), None),
}


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Every operation: its id, method and address."""
    paths = described.get_openapi_schema(path_prefix="")["paths"]
    return {each["operationId"]: (method, path) for path, by in paths.items() for method, each in by.items()}


def test_the_table_is_complete() -> None:
    assert set(operations()) == set(TABLE)


@pytest.fixture
def callers(world: World, api: Callable[..., Client]) -> dict[str, Client]:
    return {
        "nobody": Client(),
        "stranger": api(world.stranger),
        "owner": api(world.owner),
        "wrong post": api(world.elsewhere, "staff"),
        "right post": api(world.clerk, "staff"),
    }


@pytest.fixture
def places(world: World, callers: dict[str, Client]) -> dict[str, str]:
    """What stands in an address, from a submitted application with one file."""
    owner = callers["owner"]
    ref = flow.draft(owner)["ref"]
    file = flow.attach(owner, ref).json()["ref"]
    answer = flow.send(owner, "post", f"/applications/{ref}/submit", Idempotency_Key="one-and-only")
    case = answer.json()["cases"][0]["ref"]
    return {"application": ref, "case": case, "file": file, "person": world.owner.ref}


def wrong(operation: str, callers: dict[str, Client], places: dict[str, str]) -> list[str]:
    """Where the answers of an operation differ from its row. Those who may do least ask first."""
    method, path = operations()[operation]
    statuses, body = TABLE[operation]
    found = []
    for who in sorted(WHO, key=lambda each: (statuses[WHO.index(each)] < 300, WHO.index(each))):
        answer = _call(callers[who], method, _filled(path, places), body)
        if answer.status_code != statuses[WHO.index(who)]:
            found.append(f"{operation} as {who}: {answer.status_code}, not {statuses[WHO.index(who)]}")
        if answer.status_code >= 400 and answer["Content-Type"] != "application/problem+json":
            found.append(f"{operation} as {who}: a refusal that is no problem document")
    return found


def test_reading(callers: dict[str, Client], places: dict[str, str]) -> None:
    reads = [name for name, (method, _) in operations().items() if method == "get"]
    assert [line for name in reads for line in wrong(name, callers, places)] == []


WRITES = sorted(name for name, (method, _) in operations().items() if method != "get")


@pytest.mark.parametrize("operation", WRITES)
def test_writing(operation: str, callers: dict[str, Client], places: dict[str, str]) -> None:
    assert wrong(operation, callers, places) == []


def _filled(path: str, places: dict[str, str]) -> str:
    ref = places["application"] if "/applications/" in path else places["case"]
    ref = places["person"] if "/people/" in path else ref
    ref = "F-NOTHING" if "/findings/" in path else "O-NOTHING" if "/orders/" in path else ref
    named = {"{ref}": ref, "{file}": places["file"], "{step}": "accept", "{output}": "permit"}
    named["{id}"] = {"/services": "market-stall", "/life-events": "starting-out"}.get(path.rsplit("/", 1)[0], "nothing")
    for name, value in named.items():
        path = path.replace(name, value)
    asked = {
        "/staff/cases": "q=C-", "/analysis/goes-with": "column=nothing.a",
        "/analysis/matrix": "column=nothing.a&column=nothing.b", "/analysis/pair": "left=nothing.a&right=nothing.b",
    }  # fmt: skip
    return f"{path}?{asked[path]}" if path in asked else path


def _call(client: Client, method: str, path: str, body: Any) -> Any:
    if body == "file":
        return flow.attach(client, path.split("/")[2])
    if body == "act":
        body = {"step": "accept", "act": "accept", "revision": 1}
    return flow.send(client, method, path, body, Idempotency_Key="one-and-only")
