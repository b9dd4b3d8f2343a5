"""What a guide page says about a service, drawn from its declaration alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.register import ServiceBundle
from commonweal.register.models import Text
from commonweal.register.register import cost_in_force


@dataclass(frozen=True, slots=True)
class Law:
    """An article one can read: the act's name, the article's number and its words."""

    name: Text
    article: str
    text: Text | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that has to be so, in words; `sometimes` when it depends on the answers."""

    name: Text
    sometimes: bool
    law: Law | None


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that has to be proved. `holder` names who is asked for it; None when the person brings it."""

    names: tuple[Text, ...]
    holder: Text | None
    upload: bool
    sometimes: bool
    law: Law | None


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in major units of the currency; `sometimes_free` when an exemption is declared."""

    name: Text | None
    amount: Decimal
    sometimes_free: bool
    law: Law | None


@dataclass(frozen=True, slots=True)
class Stage:
    """What happens, who does it and how long it may take."""

    name: Text
    who: Text | None
    deadline: str | None
    sometimes: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything on the page."""

    conditions: tuple[Condition, ...]
    papers: tuple[Paper, ...]
    fees: tuple[Fee, ...]
    stages: tuple[Stage, ...]
    outputs: tuple[tuple[Text, str | None], ...]
    laws: tuple[Law, ...]
    authority: Text
    side_by_side: bool
    """Whether some departments work at the same time."""

    @property
    def total(self) -> Decimal:
        """The sum of the fees without exemptions."""
        return sum((fee.amount for fee in self.fees), Decimal(0))


def guide(bundle: ServiceBundle, today: date) -> Guide:
    """The guide of a service as declared on `today`."""
    service = bundle.service
    stages = tuple(_stages(bundle))
    begun_after = [step.after for step in service.steps if step.by]
    return Guide(
        conditions=tuple(
            Condition(each.name, each.when is not None, law(bundle, each.legal))
            for each in service.requirements
            if each.rule is not None and each.name is not None
        ),
        papers=tuple(_papers(bundle)),
        fees=tuple(
            Fee(cost.name, cost.amount, cost.exempt_when is not None, law(bundle, cost.legal))
            for cost in cost_in_force(service, today)
        ),
        stages=stages,
        outputs=tuple((output.name or service.name, output.valid) for output in service.outputs),
        laws=tuple(found for found in (law(bundle, reference) for reference in service.legal) if found),
        authority=bundle.organisations[service.authority].name,
        side_by_side=len(set(begun_after)) < len(begun_after),
    )


def together(guides: Iterable[Guide]) -> tuple[Paper, ...]:
    """The papers of several services, each named once: what one applies for together is proved once."""
    found: dict[tuple[str, ...], Paper] = {}
    for paper in (paper for each in guides for paper in each.papers):
        key = tuple(name.say("en") for name in paper.names)
        known = found.get(key)
        found[key] = paper if known is None or (known.sometimes and not paper.sometimes) else known
    return tuple(found.values())


def law(bundle: ServiceBundle, reference: str | None) -> Law | None:
    """The article a reference such as `food-act/35` leads to, or None."""
    act_id, _, article_id = (reference or "").partition("/")
    act = bundle.laws.get(act_id)
    if act is None:
        return None
    article = act.article(article_id) if article_id else None
    return Law(act.name, article_id, article.text if article else None, act.source)


def _papers(bundle: ServiceBundle) -> list[Paper]:
    found = []
    for requirement in bundle.service.requirements:
        kinds = [bundle.evidence[each] for each in requirement.evidence_any if each in bundle.evidence]
        if not kinds:
            continue
        holder = next((_holder(bundle, kind.dataset) for kind in kinds if kind.dataset), None)
        names = tuple(kind.name for kind in kinds)
        upload = any(kind.upload for kind in kinds)
        found.append(Paper(names, holder, upload, requirement.when is not None, law(bundle, requirement.legal)))
    return found


def _holder(bundle: ServiceBundle, dataset_id: str) -> Text | None:
    dataset = bundle.datasets.get(dataset_id)
    organisation = bundle.organisations.get(dataset.publisher) if dataset else None
    return organisation.name if organisation else None


def _stages(bundle: ServiceBundle) -> list[Stage]:
    """Steps worked by a post, in the order declared; paying and issuing are told elsewhere on the page."""
    stages = []
    for step in bundle.service.steps:
        if step.by is None:
            continue
        post = bundle.posts.get(step.by)
        organisation = bundle.organisations.get(step.by.partition("/")[0])
        name = step.name or (post.name if post else None) or Text({"en": step.id})
        stages.append(Stage(name, organisation.name if organisation else None, step.deadline, step.when is not None))
    return stages
