"""Who may see what was compared: the declared reviewers, in post. Links as data: who may read both sides."""

from __future__ import annotations

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.lake import access as lake
from commonweal.knowledge.linkage.models import Pair, Run
from commonweal.register.models import Link


def reviews(actor: Actor | None, link: Link) -> bool:
    """Whether the actor holds the post that decides about this link's pairs."""
    return actor is not None and any(seat.post == link.reviewers for seat in actor.posts)


def declared_link(link_id: str) -> Link:
    """The link in force. Raises NotAllowed for one that is not declared."""
    link = declared.current().links.get(link_id)
    if link is None:
        raise NotAllowed("no-link", f"No link is declared as “{link_id}”")
    return link


def reviewed_link(actor: Actor | None, link_id: str) -> Link:
    """A link the actor reviews. Raises NotAllowed, for an unknown one as for another's."""
    link = declared.current().links.get(link_id)
    if link is None or not reviews(actor, link):
        raise NotAllowed("no-link", "There is no such link, or you do not review it")
    return link


def reviewed_pair(actor: Actor | None, ref: str) -> tuple[Link, Pair]:
    """A pair of a run in force that the actor reviews. Raises NotAllowed."""
    pair = Pair.objects.select_related("run").filter(ref=ref).first()
    if pair is None or pair.run.status != Run.Status.DONE:
        raise NotAllowed("no-pair", "There is no such pair, or the run it belongs to was undone")
    return reviewed_link(actor, pair.run.link), pair


def must_manage(actor: Actor, link: Link) -> None:
    """Runs are made and undone by the platform or a reviewer. Raises NotAllowed."""
    if actor.kind != "system" and not reviews(actor, link):
        raise NotAllowed("no-link", "There is no such link, or you do not review it")


def may_read(actor: Actor | None, link: Link) -> bool:
    """Whether the actor may read links as data: the rows of both datasets."""
    register = declared.current()
    sides = [register.datasets.get(name) for name in (link.left, link.right or link.left)]
    return all(side is not None and lake.may_read(actor, side) for side in sides)
