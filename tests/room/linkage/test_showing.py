"""What reviewers see of a link as a whole: figures, borders, contradictions; and what the catalogue tells of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from django.test import Client

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.knowledge.linkage import actions, queries, showing
from commonweal.knowledge.linkage.models import Pair
from tests.room.linkage.conftest import REVIEWER, STRANGER, people

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]


def test_figures_before_and_after_a_run(declare: Declare) -> None:
    declare(*people(60))
    assert showing.quality(REVIEWER, "same").figures is None
    assert showing.uses("one")[1].finished is None
    actions.run("same")
    told = showing.quality(REVIEWER, "same")
    assert told.figures is not None
    assert told.wanted == 0.95
    assert told.border is not None
    assert 0.5 <= told.border <= 1
    assert (told.conflicts, told.crowded) == ((), ())
    with pytest.raises(NotAllowed):
        showing.quality(STRANGER, "same")
    (use,) = (use for use in showing.uses("other") if use.id == "same")
    assert (use.other, use.purpose, use.legal, use.linked) == ("one", "testing", ("act/1",), told.figures.linked)


def test_a_contradiction_is_listed_with_the_way_between_and_goes_when_it_is_mended(declare: Declare) -> None:
    one, other = people(60)
    again = [[f"V{100 + k}{i}", *row[1:]] for i, row in enumerate(one[:20]) for k in range(2)]
    declare([*one, *again], other)
    actions.run("twins")
    links = {(r["left_row"], r["right_row"]) for r in queries.links("twins").to_pylist()}
    beside: dict[str, set[str]] = {}
    for a, b in links:
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    run = queries.in_force("twins")
    # Rows are named by keyed pseudonyms, new in every test: so which pairs a run itself asks about differs too.
    asked = {frozenset(pair) for pair in Pair.objects.filter(run=run).values_list("left", "right")}
    middle, ends = next(
        (row, two)
        for row, others in sorted(beside.items())
        for two in combinations(sorted(others), 2)
        if frozenset(two) not in asked
    )
    left, right = next(((a, b) for a, b in links if {a, b} == set(ends)), ends)
    pair = Pair.objects.create(
        ref="LP-APART",
        run=run,
        left=left,
        right=right,
        probability=0.4,
        weight=0,
        stratum=1,
        zone="review",
        box=b"x",
        evidence=[],
    )
    actions.decide(REVIEWER, pair.ref, "different")
    (found,) = showing.quality(REVIEWER, "twins").conflicts
    assert found.ref == "LP-APART"
    assert {found.rows[0], found.rows[-1]} == {left, right}
    assert len(found.rows) >= 3
    for a, b in zip(found.rows, found.rows[1:], strict=False):
        assert (a, b) in links or (b, a) in links
    assert any(row.rows[0] == middle for row in showing.quality(REVIEWER, "twins").crowded)
    actions.undo_link(REVIEWER, "twins", *found.rows[:2], "A mistake")
    assert all(row.rows[:2] != found.rows[:2] for row in showing.quality(REVIEWER, "twins").conflicts)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages(declare: Declare, language: str) -> None:
    declare(*people(60))
    browser = Client()
    person = add_person(SYSTEM, "rita", "Rita", password="correct horse battery")
    appoint(SYSTEM, person, "bureau/reviewer", "t")
    browser.force_login(person)
    browser.cookies["django_language"] = language
    assert browser.get("/desk/links/same/quality").status_code == 200
    actions.run("same")
    page = browser.get("/desk/links/same/quality").content.decode()
    assert "95.0%" in page
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert browser.get("/desk/links/unheard-of/quality").status_code == 404
    assert {"en": "for the purpose testing", "zh-hans": "用途：testing"}[language] in browser.get(
        "/desk/datasets/one"
    ).content.decode()
