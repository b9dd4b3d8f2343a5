"""Figures about single persons that a dataset publishes with noise: what was told, what is left of the budget."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import releasing
from commonweal.knowledge.lake import queries as lake
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show

REFUSED = {
    "budget-spent": gettext_lazy("Less of the budget is left than this figure would cost."),
    "nothing-collected": gettext_lazy("No rows of this dataset were collected yet."),
    "rows-of-one-person": gettext_lazy(
        "Some persons stand in several rows; noise would not hide them, so nothing is published."
    ),
}

# What the insight room says of a field, so that the catalogue has it in every language.
WRONG = (
    gettext_lazy("Choose a column of numbers with declared limits"), gettext_lazy("Choose two different columns"),
    gettext_lazy("A figure costs between 0.05 and 2"), gettext_lazy("Write a number such as 0.5"),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_only
def noise(request: HttpRequest, actor: Actor, id: str) -> HttpResponse:
    """What was published, and for whoever answers for the data a form to publish one more."""
    if releasing.releases(actor, id) is None:
        raise Http404
    typed = {name: request.POST.get(name, "")[:120] for name in ("left", "right", "epsilon")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            releasing.publish(actor, id, typed["left"], typed["right"], _number(typed["epsilon"]))
            return redirect("desk:dataset-noise", id)
        except Invalid as invalid:
            errors = {field: _(text) for field, text in invalid.fields.items()}
        except Refused as refused:
            errors = {"left": str(REFUSED.get(refused.code, refused))}
    sides = (("left", _("One column")), ("right", _("The other column")))
    return show(
        request, actor, "noise", "datasets", status=422 if errors else 200, dataset=lake.dataset(actor, id).row,
        told=releasing.releases(actor, id), typed=typed, sides=sides, wrong=errors, errors=list(errors.items()),
    )  # fmt: skip


def _number(text: str) -> Decimal:
    """What a figure is to cost. Raises Invalid for what is no number."""
    try:
        told = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        told = Decimal("NaN")
    if not told.is_finite():
        raise Invalid({"epsilon": "Write a number such as 0.5"})
    return told.quantize(Decimal("0.001"))
