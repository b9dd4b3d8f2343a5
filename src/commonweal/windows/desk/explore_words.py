"""What the explore pages call statistics, strengths, kinds and reasons, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATISTICS = {
    "pearson": _("Pearson's r"),
    "spearman": _("Spearman's rank correlation"),
    "cramers_v": _("Cramér's V"),
    "correlation_ratio": _("Correlation ratio (eta)"),
}
GIVEN = {
    "": _("As published"),
    "place": _("Each place beside itself"),
    "time": _("Each period by itself"),
    "both": _("Within places, common movement taken out"),
}
STRENGTHS = {
    "none": _("nothing one can count on"),
    "unsure": _("not sure"),
    "weak": _("weak"),
    "moderate": _("moderate"),
    "strong": _("strong"),
    "very-strong": _("very strong"),
}
KINDS = {
    "association": _("Moves together"),
    "between": _("Differs between places"),
    "trend-only": _("Only the same trend"),
    "size-only": _("Only larger in larger places"),
    "same-measure": _("The same thing measured twice"),
    "part-of-total": _("A part of its total"),
    "none": _("Nothing that holds"),
}
WITHHELD = {
    "no-common-keys": _("They share no places and periods."),
    "too-few-entities": _("They share fewer than ten places or periods, so nothing is shown."),
    "too-few-degrees-of-freedom": _("Too few rows are left to say anything."),
    "too-few-rows": _("Fewer than thirty people or cases stand behind it, so nothing is shown."),
    "other-purpose": _("They were declared for two different purposes, so they are not compared."),
    "dominated": _("One or two make nearly all of it, so nothing is shown."),
    "identifies": _("One of the two tells single people or cases apart, so nothing is shown."),
    "leans-on-one": _("A single person or case changes the result, so nothing is shown."),
    "does-not-vary": _("One of the two does not vary, or its groups are too small to show."),
    "category": _("It holds categories, not figures, so there is nothing to put on a map."),
    "no-place": _("Its rows do not say where they belong."),
    "nothing": _("No place has a figure that ten people or cases stand behind."),
    "nothing-given": _("The rows do not name places over several periods."),
}
