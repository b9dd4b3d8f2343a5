"""Every write of linkage: making links, showing a pair, deciding about it, undoing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction

from commonweal.core import clock, ids
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.linkage import access, events, vault
from commonweal.knowledge.linkage.models import Decision, Pair, Run, Severed
from commonweal.knowledge.linkage.views import PairView, pair_view
from commonweal.register.models import Link

Progress = Callable[[str, int, int], None]
VERDICTS = ("same", "different", "unsure")
STAGES = 4


def run(link_id: str, *, actor: Actor = SYSTEM, progress: Progress | None = None) -> Run:
    """Make a declared link anew from what both sides publish now.

    All or nothing: what was linked before holds until the run is whole. Decisions of earlier runs hold on.
    Raises NotAllowed for an undeclared link, Refused with what to do where a side cannot be linked.
    """
    from commonweal.knowledge.lake.store import opened

    link = access.declared_link(link_id)
    access.must_manage(actor, link)
    report = progress or (lambda what, done, total: None)
    made = Run.objects.create(ref=ids.reference("LR"), link=link_id, started=clock.now())
    try:
        with opened().claim(f"link-{link_id}"):
            from commonweal.knowledge.linkage.running import carry_out

            carry_out(made, link, actor, report)
    except Exception as problem:
        code = problem.code if isinstance(problem, Refused) else "broken"
        # the message of anything but a refusal could repeat what stood in a row
        note = problem.message if isinstance(problem, Refused) else f"{type(problem).__name__} while linking"
        made.status, made.finished, made.note = Run.Status.FAILED, clock.now(), note
        with transaction.atomic():
            made.save()
            record(actor, events.FAILED, f"link:{link_id}", {"link": link_id, "run": made.ref, "code": code})
        raise
    return made


def look(actor: Actor, ref: str) -> PairView:
    """Show the two records of a pair to a reviewer; that they were seen is journalled. Raises NotAllowed."""
    link, pair = access.reviewed_pair(actor, ref)
    fields = vault.opened(link.id, pair.ref, bytes(pair.box)) if pair.box is not None else []
    if fields:
        with transaction.atomic():
            told = {"link": link.id, "run": pair.run.ref, "pair": pair.ref, "purpose": link.purpose}
            record(actor, events.SHOWN, f"link:{link.id}", told)
    return pair_view(link, pair, fields, actor.id)


@transaction.atomic
def decide(actor: Actor, ref: str, verdict: str) -> Pair:
    """Record what a reviewer says: same, different or unsure. With four eyes two have to say the same.

    What was shown is erased as soon as the pair is settled. Raises Stale where somebody settled it first, Invalid for
    another verdict, NotAllowed.
    """
    link, seen = access.reviewed_pair(actor, ref)
    if verdict not in VERDICTS:
        raise Invalid({"verdict": "Choose same, different or cannot tell"})
    pair = Pair.objects.select_for_update(of=("self",)).select_related("run").get(pk=seen.pk)
    if pair.state != Pair.State.WAITING or pair.box is None:
        raise Stale("pair-settled", "This pair has been settled already")
    try:
        with transaction.atomic():
            Decision.objects.create(pair=pair, reviewer=actor.id, verdict=verdict, made=clock.now())
    except IntegrityError:
        raise Stale("pair-yours", "You have said what this pair is; another reviewer has to look too") from None
    said = set(pair.decisions.values_list("verdict", flat=True))
    enough = not link.four_eyes or pair.decisions.count() >= 2
    if enough:
        pair.state = Pair.State(said.pop() if len(said) == 1 else "unsure")
        pair.settled, pair.box = clock.now(), None
        pair.save(update_fields=["state", "settled", "box"])
    told = {"link": link.id, "run": pair.run.ref, "pair": pair.ref, "verdict": verdict}
    record(actor, events.DECIDED, f"link:{link.id}", {**told, "settled": str(pair.state) if enough else ""})
    return pair


@transaction.atomic
def undo_run(actor: Actor, ref: str, reason: str) -> Run:
    """Take a whole run back: the run before it holds again, decisions made in it no longer count, and what it kept in
    clear is erased. What readers saw while it held can still be read as of then."""
    found = Run.objects.select_for_update().filter(ref=ref).first()
    if found is None:
        raise NotAllowed("no-run", f"There is no run {ref}")
    access.must_manage(actor, access.declared_link(found.link))
    _reasoned(reason)
    if found.status != Run.Status.DONE:
        raise Stale("run-not-done", f"Run {ref} is {found.status}; only a run that is done can be undone")
    found.status, found.undone = Run.Status.UNDONE, clock.now()
    found.save(update_fields=["status", "undone"])
    found.pairs.update(box=None)
    record(actor, events.UNDONE, f"link:{found.link}", {"link": found.link, "run": ref, "reason": reason})
    return found


@transaction.atomic
def undo_link(actor: Actor, link_id: str, left: str, right: str, reason: str) -> Severed:
    """Take one link back, by the keys of its rows, now and for every later run. Raises Refused where there is none."""
    from commonweal.knowledge.linkage.queries import holds

    link: Link = access.declared_link(link_id)
    access.must_manage(actor, link)
    _reasoned(reason)
    if link.right is None:
        left, right = sorted((left, right))
    if not holds(link_id, left, right):
        raise Refused("no-such-link", f"{link_id} does not link {left} and {right}; see: commonweal link status")
    cut = Severed.objects.create(link=link_id, left=left, right=right, made=clock.now(), reason=reason)
    digest = hashlib.sha256(f"{left}\0{right}".encode()).hexdigest()
    told = {"link": link_id, "run": "", "pair": digest, "reason": reason}
    record(actor, events.UNDONE, f"link:{link_id}", told)
    return cut


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say why: the journal keeps it"}, "Undoing takes a reason")
