"""Linking end to end: names never stay, looks are journalled, decisions count at once, and everything can be undone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.journal.models import Event
from commonweal.knowledge.lake import queries as lake
from commonweal.knowledge.lake.pseudonyms import pseudonym
from commonweal.knowledge.linkage import actions, commands, queries
from commonweal.knowledge.linkage.models import Pair, Run
from tests.room.linkage.conftest import REVIEWER, SECOND, STRANGER, people

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]


def true_pairs(count: int) -> set[tuple[str, str]]:
    return {(pseudonym("pseudonym-one", f"V{i}"), pseudonym("pseudonym-other", f"S{i}")) for i in range(count)}


def linked(**when: Any) -> set[tuple[str, str]]:
    table = queries.links("same", **when)
    return set(zip(table.column("left_number").to_pylist(), table.column("right_number").to_pylist(), strict=True))


def types() -> list[str]:
    return list(Event.objects.order_by("time", "id").values_list("type", flat=True))


def test_the_whole_way(declare: Declare, tmp_path: Path) -> None:
    one, other = people(90)
    declare(one, other)
    assert lake.table("one").column_names == ["number", "born", "value"]
    run = actions.run("same")
    truth = true_pairs(90)
    found = linked()
    assert len(found & truth) >= 60
    assert len(found - truth) <= 1
    assert run.figures["compared"] > 90
    before = [t for t in types() if t.startswith("linkage.")]
    assert before == ["linkage.identifiers-read.v1"] * 2 + ["linkage.linked.v1"]

    # nothing in clear lies anywhere below the home of this installation, the journal and the queue included
    clear = [b"Arundel", b"Willow Lane", b"Kestrel"]
    for path in (tmp_path / "lake").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in clear if word in content], path
    told = " ".join(str(row) for row in [*Event.objects.values(), *Pair.objects.values()])
    assert "Arundel" not in told

    # a reviewer sees both records, the look is journalled, the decision counts at once and what was shown is gone
    page = queries.queue(REVIEWER, "same")
    ref = page.rows[0].ref
    view = actions.look(REVIEWER, ref)
    assert view.facts[0].left.split(", ")[0] in {f for row in one for f in row[1].split(", ")}
    assert types()[-1] == "linkage.pair-shown.v1"
    pair = Pair.objects.get(ref=ref)
    assert (pair.left, pair.right) not in linked()
    moment = clock.now()
    actions.decide(REVIEWER, ref, "same")
    assert (pair.left, pair.right) in linked()
    assert (pair.left, pair.right) not in linked(as_of=moment)
    assert Pair.objects.get(ref=ref).box is None
    assert queries.next_pair(REVIEWER, "same") != ref
    assert actions.look(REVIEWER, ref).facts[0].left == ""
    with pytest.raises(Stale):
        actions.decide(REVIEWER, ref, "different")
    decided = queries.links("same").to_pylist()
    assert [r["decided"] for r in decided if r["left_row"] == pair.left] == ["reviewer"]

    # what a person said holds for the next run, and is not asked again
    actions.run("same")
    assert (pair.left, pair.right) in linked()
    assert not Pair.objects.filter(run=queries.in_force("same"), left=pair.left, right=pair.right).exists()

    # one link is undone, now and for later runs; as of before it is still there
    moment = clock.now()
    actions.undo_link(REVIEWER, "same", pair.left, pair.right, "They are cousins")
    assert (pair.left, pair.right) not in linked()
    assert (pair.left, pair.right) in linked(as_of=moment)
    with pytest.raises(Refused):
        actions.undo_link(REVIEWER, "same", pair.left, pair.right, "again")

    # a whole run is undone: the one before holds again
    second = queries.in_force("same")
    assert second is not None
    actions.undo_run(REVIEWER, second.ref, "The file was of the wrong year")
    again = queries.in_force("same")
    assert again is not None
    assert again.pk == run.pk
    assert not Pair.objects.filter(run=second, box__isnull=False).exists()
    actions.undo_run(REVIEWER, run.ref, "All of it")
    with pytest.raises(NotAllowed):
        linked()
    assert len(linked(as_of=moment)) >= 60
    text, code = commands.status(["same"])
    assert code == 0
    assert "nothing is linked" in text


def test_only_the_reviewers_see_pairs(declare: Declare) -> None:
    declare(*people(60))
    actions.run("same")
    ref = queries.next_pair(REVIEWER, "same")
    assert ref is not None
    for refused in (
        lambda: queries.queue(STRANGER, "same"),
        lambda: actions.look(STRANGER, ref),
        lambda: actions.decide(STRANGER, ref, "same"),
        lambda: actions.run("same", actor=STRANGER),
        lambda: queries.queue(REVIEWER, "unheard-of"),
        lambda: actions.look(REVIEWER, "LP-NOBODY"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert queries.reviewed(STRANGER) == ()
    with pytest.raises(Invalid):
        actions.decide(REVIEWER, ref, "perhaps")
    for cursor in ("x", "WzFd", "WyJhIiwgImIiLCAiYyJd"):
        with pytest.raises(Invalid):
            queries.queue(REVIEWER, "same", cursor)


def test_pages_of_the_queue_show_every_pair_once(declare: Declare) -> None:
    declare(*people(60))
    actions.run("same")
    seen: list[str] = []
    cursor = None
    while True:
        page = queries.queue(REVIEWER, "same", cursor, limit=3)
        seen += [row.ref for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == queries.waiting_count(REVIEWER, "same") > 3


def test_four_eyes_settle_a_pair_when_they_agree(declare: Declare) -> None:
    declare(*people(60), "four_eyes: true")
    actions.run("same")
    ref = queries.next_pair(REVIEWER, "same")
    assert ref is not None
    actions.decide(REVIEWER, ref, "same")
    assert Pair.objects.get(ref=ref).state == "waiting"
    assert queries.next_pair(REVIEWER, "same") != ref
    with pytest.raises(Stale):
        actions.decide(REVIEWER, ref, "same")
    assert queries.next_pair(SECOND, "same") == ref
    actions.decide(SECOND, ref, "same")
    assert Pair.objects.get(ref=ref).state == "same"
    other = queries.next_pair(REVIEWER, "same")
    assert other is not None
    actions.decide(REVIEWER, other, "same")
    actions.decide(SECOND, other, "different")
    assert Pair.objects.get(ref=other).state == "unsure"


def test_answers_say_how_good_the_links_are(declare: Declare) -> None:
    declare(*people(60))
    actions.run("same")
    assert queries.quality("same").precision is None
    truth = true_pairs(60)
    while (ref := queries.next_pair(REVIEWER, "same")) is not None:
        pair = Pair.objects.get(ref=ref)
        actions.decide(REVIEWER, ref, "same" if (pair.left, pair.right) in truth else "different")
    told = queries.quality("same")
    assert told.precision is not None
    assert told.recall is not None
    assert told.precision.low <= len(linked() & truth) / len(linked()) <= told.precision.high + 0.02
    assert told.conflicts == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda row: [row[0], "", "", "", row[4]], "link-silent"),
        (lambda row: [row[0], "Unknown", "1900-01-01", "none", row[4]], "link-giant-block"),
    ],
)
def test_bad_input_is_refused_and_what_was_linked_holds(declare: Declare, change: Any, code: str) -> None:
    one, other = people(60)
    declare(one, other)
    actions.run("same")
    held = linked()
    crowd = [change([f"V{i}", *one[0][1:]]) for i in range(400)]
    twins = [change([f"S{i}", *one[0][1:]]) for i in range(400)]
    declare(crowd, twins)
    with pytest.raises(Refused) as refused:
        actions.run("same")
    assert refused.value.code == code
    assert linked() == held
    assert Run.objects.order_by("-id")[0].status == "failed"
    assert types()[-1] == "linkage.failed.v1"


def test_a_run_killed_after_writing_leaves_what_was(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = people(60)
    declare(one, other)
    actions.run("same")
    held, asked = linked(), queries.waiting_count(REVIEWER, "same")

    class Killed(BaseException):
        pass

    def die(*args: Any) -> None:
        raise Killed

    monkeypatch.setattr("commonweal.knowledge.linkage.running._questions", die)
    with pytest.raises(Killed):
        actions.run("same")
    assert (linked(), queries.waiting_count(REVIEWER, "same")) == (held, asked)
    monkeypatch.undo()
    assert Run.objects.order_by("-id")[0].status == "running"
    actions.run("same")
    assert not Run.objects.filter(status="running").exists()


def test_duplicates_on_both_sides_still_give_each_row_one_partner(declare: Declare) -> None:
    one, other = people(50)
    again = [[f"V{100 + i}", *row[1:]] for i, row in enumerate(one[:5])]
    twice = [[f"S{100 + i}", *row[1:]] for i, row in enumerate(other[:5])]
    declare([*one, *again], [*other, *twice])
    actions.run("same")
    rows = [row for pair in linked() for row in pair]
    assert len(rows) == len(set(rows))


def test_one_dataset_is_searched_for_rows_of_the_same_person(declare: Declare) -> None:
    one, other = people(60)
    again = [[f"V{100 + i}", row[1].upper(), *row[2:]] for i, row in enumerate(one[:20])]
    declare([*one, *again], other)
    actions.run("twins")
    table = queries.links("twins")
    rows = table.to_pylist()
    names = {pseudonym("pseudonym-one", f"V{i}"): i % 100 for i in [*range(60), *range(100, 120)]}
    right = [row for row in rows if names[row["left_number"]] == names[row["right_number"]]]
    assert len(right) >= 15
    assert len(rows) - len(right) <= 1
    assert all(row["left_number"] != row["right_number"] for row in rows)
    actions.undo_link(REVIEWER, "twins", rows[0]["right_row"], rows[0]["left_row"], "Twins indeed")
    assert len(queries.links("twins")) == len(rows) - 1


def test_chinese_names_meet_their_pinyin(declare: Declare) -> None:
    family = {"王": "Wang", "曾": "Zeng", "欧阳": "Ouyang", "吕": "Lyu", "张": "Zhang", "刘": "Liu", "陈": "Chen"}
    given = {
        "小明": "Xiaoming",
        "国华": "Guohua",
        "丽娟": "Lijuan",
        "文静": "Wenjing",
        "志强": "Zhiqiang",
        "春梅": "Chunmei",
    }
    one, other = people(84)
    names = [(f, g) for f in family for g in given] * 2
    for i, (f, g) in enumerate(names):
        one[i][1], other[i][1] = f + g, f"{given[g].upper()} {family[f]}" if i % 2 else f"{family[f]} {given[g]}"
    declare(one, other)
    actions.run("same")
    truth = true_pairs(84)
    found = linked()
    assert len(found & truth) / len(found) > 0.95
    assert len(found & truth) > 50
    told = Pair.objects.filter(run__link="same").values_list("evidence", flat=True)
    assert any(fact["level"] == "sounds" and fact["weight"] > 3 for evidence in told for fact in evidence)


def test_the_web_process_starts_without_what_links() -> None:
    heavy = "('splink', 'duckdb', 'numpy', 'pyarrow', 'pyiceberg')"
    code = "import sys, django; django.setup(); import commonweal.config.urls; "
    code += f"print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ}, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
