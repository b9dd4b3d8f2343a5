"""Pairs of records that may be about the same person: the queue, one pair side by side, and what a reviewer says."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Stale
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import linked, sentences
from commonweal.knowledge.insight.looking import looked
from commonweal.knowledge.linkage import actions, queries, showing
from commonweal.register.models import Text
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show
from commonweal.windows.desk.views.people_together import withheld


@require_GET
@staff_only
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The links this official reviews, and how many pairs wait in each."""
    return show(request, actor, "links", "links", links=queries.reviewed(actor))


@require_GET
@staff_only
def queue(request: HttpRequest, actor: Actor, link: str) -> HttpResponse:
    """Pairs that wait, without anything about the people in them."""
    page = queries.queue(actor, link, request.GET.get("cursor"))
    row = next(row for row in queries.reviewed(actor) if row.id == link)
    return show(request, actor, "link_queue", "links", page=page, link=row, first=queries.next_pair(actor, link))


@require_GET
@staff_only
def quality(request: HttpRequest, actor: Actor, link: str) -> HttpResponse:
    """How good the links are, by the model and by reviewers' answers, and where they contradict each other."""
    return show(request, actor, "link_quality", "links", view=showing.quality(actor, link))


@require_GET
@staff_only
def together(request: HttpRequest, actor: Actor, link: str) -> HttpResponse:
    """What columns of the two registers go together over the people linked."""
    view = linked.together(actor, link)
    register = declared.current().links[link]
    looked(actor, [register.left, register.right or register.left])
    rows = [(pair, withheld(pair)) for pair in view.pairs]
    return show(request, actor, "link_together", "links", view=view, rows=rows, caution=Text(sentences.CAUTION))


@require_GET
@staff_only
def pair(request: HttpRequest, actor: Actor, link: str, ref: str) -> HttpResponse:
    """Two records side by side; that they were seen is journalled."""
    view = actions.look(actor, ref)
    if view.link != link:
        return redirect("desk:link-pair", view.link, ref)
    left = queries.waiting_count(actor, link)
    undecided = view.state == "waiting" and not view.said
    response = show(request, actor, "link_pair", "links", pair=view, waiting=left, open=undecided)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@staff_only
def decide(request: HttpRequest, actor: Actor, link: str, ref: str) -> HttpResponse:
    """Record what the reviewer says and show the next pair at once."""
    try:
        actions.decide(actor, ref, request.POST.get("verdict", "")[:20])
    except Stale:
        messages.warning(request, _("That pair had been settled already; nothing of yours was recorded."))
    following = queries.next_pair(actor, link)
    if following is None:
        messages.success(request, _("That was the last pair. Nothing waits here now."))
        return redirect("desk:link-queue", link)
    return redirect("desk:link-pair", link, following)
