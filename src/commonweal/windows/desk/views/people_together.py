"""What goes with the figures of a register of persons, over the registers of the same purpose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import people, sentences
from commonweal.knowledge.insight.linked import LinkedPair
from commonweal.knowledge.insight.looking import looked
from commonweal.register.models import Text
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.explore_words import WITHHELD
from commonweal.windows.desk.shell import show


@require_GET
@staff_only
def together(request: HttpRequest, actor: Actor, id: str) -> HttpResponse:
    """Every column beside every column of the others, the surest first; that somebody looked is journalled."""
    view = people.goes_with(actor, id)
    looked(actor, [id, *view.registers])
    rows = [(name, pair, withheld(pair)) for name, pair in view.rows]
    return show(request, actor, "people_together", "datasets", view=view, rows=rows, caution=Text(sentences.CAUTION))


def withheld(pair: LinkedPair) -> object:
    """Why nothing is shown of a pair of columns of persons, in words; nothing where something is."""
    few = WITHHELD["too-few-rows"]  # here the entities are people
    return few if pair.why == "too-few-entities" else WITHHELD.get(pair.why or "", pair.why)
