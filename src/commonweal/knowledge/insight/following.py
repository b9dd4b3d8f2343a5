"""What becomes of findings: measured again on later rows at every scan, given to an organisation, measured afterwards.

Every change of state is a turn in the finding's history and an event in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from commonweal.core import clock, ids
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, Stale
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.insight import access, events, later
from commonweal.knowledge.insight.frames import Frame
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.models import Assignment, Finding, Scan, Turn
from commonweal.register.models import Region

JUDGED = {"confirmed": Finding.State.CONFIRMED, "refuted": Finding.State.REFUTED}
LONGEST = 4_000
"""Characters of a task or an answer."""


def follow(frames: Sequence[Frame], regions: Mapping[str, Region], scan: Scan) -> int:
    """Measure every finding again on the rows that came after it; how many changed their state.

    Inside the scan's transaction. A finding seen for the first time only remembers up to which day it was seen.
    """
    by_dataset = {frame.dataset.id: frame for frame in frames}
    changed = 0
    for finding in Finding.objects.filter(listed=True, kind__in=NEWS).defer("chart", "table"):
        sides = [by_dataset.get(name) for name in (finding.left_dataset, finding.right_dataset)]
        if sides[0] is None or sides[1] is None:
            continue
        pair = ((sides[0], finding.left_column), (sides[1], finding.right_column))
        if not finding.horizon:
            _first_seen(finding, pair, scan)
            continue
        changed += _measure(finding, pair, regions, scan)
        for assignment in finding.assignments.filter(status=Assignment.DONE):
            _measure_after(assignment, finding, pair, regions)
    return changed


Pair = tuple[tuple[Frame, str], tuple[Frame, str]]


def _first_seen(finding: Finding, pair: Pair, scan: Scan) -> None:
    days = [later.last_day(frame) for frame, _ in pair]
    finding.horizon = {"left": days[0], "right": days[1], "scan": scan.ref}
    finding.save(update_fields=["horizon"])
    figures = {
        "value": finding.effect,
        "low": finding.low,
        "high": finding.high,
        "n": finding.n,
    }
    Turn.objects.create(finding=finding, at=scan.finished, what="found", figures=figures)


def _measure(finding: Finding, pair: Pair, regions: Mapping[str, Region], scan: Scan) -> bool:
    """Measure on the rows after the horizon; whether that changed the finding's state."""
    horizon = finding.horizon
    rows = [(later.after(f, horizon[side]), name) for (f, name), side in zip(pair, ("left", "right"), strict=True)]
    fresh = [
        len(part) > 0 and horizon[side] is not None for (part, _), side in zip(rows, ("left", "right"), strict=True)
    ]
    finding.later = {"verdict": "none", "since": max((d for d in (horizon["left"], horizon["right"]) if d), default=0)}
    if not any(fresh):
        finding.save(update_fields=["later"])
        return False  # nothing came later, or neither dataset tells time
    # A side that publishes once a year stands as it was: new figures of the other have had no part in the choice.
    rows = [row if new else whole for row, whole, new in zip(rows, pair, fresh, strict=True)]
    found = later.again(rows[0], rows[1], finding.view, regions)
    first = finding.turns.filter(what="found").order_by("id").first()
    seen = first.figures if first is not None else {"value": finding.effect, "low": finding.low, "high": finding.high}
    floor = 0.0 if seen["low"] <= 0 <= seen["high"] else min(abs(seen["low"]), abs(seen["high"]))
    verdict = later.judge(seen["value"], floor, found.estimate)
    since = max(horizon[side] for side, new in zip(("left", "right"), fresh, strict=True) if new)
    finding.later = {"verdict": verdict, "since": since}
    if found.estimate is not None:
        e = found.estimate
        finding.later |= {"value": e.value, "low": e.low, "high": e.high, "n": e.n, "entities": found.entities}
    was, state = finding.state, JUDGED.get(verdict)
    turned = False
    if state is not None and state != was and was != Finding.State.ACTED:
        turned = True
        finding.state = state
        Turn.objects.create(finding=finding, at=scan.finished, what=verdict, figures=finding.later)
        told = {k: finding.later[k] for k in ("value", "low", "high", "n", "entities")}
        data = {"finding": finding.ref, "was": was, "state": str(state), "scan": scan.ref, **told}
        record(SYSTEM, events.JUDGED, f"finding:{finding.ref}", data)
    finding.save(update_fields=["later", "state"])
    return turned


def _measure_after(assignment: Assignment, finding: Finding, pair: Pair, regions: Mapping[str, Region]) -> None:
    """What the pair shows in rows that begin after the organisation acted, beside those before."""
    assert assignment.answered_at is not None
    day = (assignment.answered_at.date() - later.EPOCH).days
    if not any(later.first_days(frame) is not None and len(later.after(frame, day)) for frame, _ in pair):
        return
    rows = [(later.after(frame, day), name) for frame, name in pair]
    rows = [row if len(row[0]) else whole for row, whole in zip(rows, pair, strict=True)]
    found = later.again(rows[0], rows[1], finding.view, regions)
    assignment.after = _figures(found)
    assignment.save(update_fields=["after"])


def _figures(found: later.Again) -> dict[str, Any]:
    told: dict[str, Any] = {"means": list(found.means)} if found.means else {}
    if found.estimate is not None:
        e = found.estimate
        told |= {"value": e.value, "low": e.low, "high": e.high, "n": e.n, "entities": found.entities}
    return told


def assign(actor: Actor, ref: str, organisation: str, task: str, due: date | None) -> Assignment:
    """Give a finding to an organisation as a task. In a transaction of the caller.

    For those who hold a supervising post. Raises NotAllowed, Invalid (`organisation`, `task`, `due`), Stale when that
    organisation has it already.
    """
    access.must_supervise(actor)
    finding = access.visible_finding(actor, ref)
    wrong = {}
    if organisation not in declared.current().organisations:
        wrong["organisation"] = "Choose an organisation"
    task = task.strip()
    if not 10 <= len(task) <= LONGEST:
        wrong["task"] = "Say in a sentence or two what is to be done"
    if due is None or due <= clock.now().date():
        wrong["due"] = "Choose a day after today"
    if wrong or due is None:
        raise Invalid(wrong)
    if finding.assignments.filter(organisation=organisation, status=Assignment.OPEN).exists():
        raise Stale("assigned", "This organisation has this finding on its desk already")
    now = clock.now()
    made = Assignment.objects.create(
        ref=ids.reference("T"), finding=finding, organisation=organisation, task=task, due=due, by=actor.id, at=now,
        before={"value": finding.effect, "low": finding.low, "high": finding.high, "n": finding.n},
    )  # fmt: skip
    Turn.objects.create(finding=finding, at=now, what="assigned", by=actor.id, organisation=organisation, note=task)
    data = {"finding": finding.ref, "assignment": made.ref, "organisation": organisation, "due": due.isoformat()}
    record(actor, events.ASSIGNED, f"finding:{finding.ref}", data)
    return made


def answer(actor: Actor, ref: str, *, done: bool, text: str) -> Assignment:
    """Say what the organisation did about a finding, or why it does nothing. In a transaction of the caller.

    For officials of that organisation. Raises NotAllowed, Invalid (`answer`), Stale when it was answered before.
    """
    made = access.assignment(actor, ref, answer=True)
    if made.status != Assignment.OPEN:
        raise Stale("answered", "This task was answered by somebody else")
    text = text.strip()
    if not 10 <= len(text) <= LONGEST:
        raise Invalid({"answer": "Say in a sentence or two what was done, or why nothing is"})
    now: datetime = clock.now()
    made.status = Assignment.DONE if done else Assignment.DECLINED
    made.answer, made.answered_by, made.answered_at = text, actor.id, now
    made.save()
    finding = made.finding
    if done:
        finding.state = Finding.State.ACTED
        finding.save(update_fields=["state"])
    what = "acted" if done else "declined"
    Turn.objects.create(finding=finding, at=now, what=what, by=actor.id, organisation=made.organisation, note=text)
    data = {"finding": finding.ref, "assignment": made.ref, "organisation": made.organisation, "status": made.status}
    record(actor, events.ANSWERED, f"finding:{finding.ref}", data)
    return made
