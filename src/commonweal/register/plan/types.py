"""What a change to the register does, as values that a window, a program or a sentence can be made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

What = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class ServiceChange:
    """A service that comes, goes, changes, or is affected by something it shares with others.

    `parts` are those that change (steps, fees, questions …); `details` say how, a sentence each.
    """

    service: str
    name: str
    what: Literal["added", "removed", "changed", "affected"]
    parts: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeeChange:
    """A fee before and after, in the jurisdiction's currency; None where there is none."""

    service: str
    cost: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class OrganisationChange:
    """An organisation that comes, goes, moves in the tree of regions or of organisations, or merges into another."""

    organisation: str
    name: str
    what: Literal["added", "removed", "moved", "merged", "changed"]
    into: str | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class PowerChange:
    """What a post may newly do, or may do no longer: acts in a step of a service, in the branches of regions."""

    post: str
    service: str
    step: str
    what: Literal["gained", "lost"]
    acts: tuple[str, ...]
    regions: tuple[str, ...]
    everywhere: bool
    """Whether these are all the regions in which the post has, or had, a branch."""


@dataclass(frozen=True)
class EvidenceChange:
    """Evidence that loses the dataset that answered it, or the law under which it was asked for."""

    evidence: str
    lost: Literal["dataset", "law", "evidence"]
    was: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class OtherChange:
    """Any other declaration that comes, goes or changes."""

    kind: str
    id: str
    what: What


@dataclass(frozen=True)
class CaseImpact:
    """Open cases of one version: they go on as they began; `stranded` names posts of theirs that will not exist."""

    service: str
    version: str
    count: int
    stays: bool
    """Whether this version is still the one that new applications get."""
    stranded: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanReport:
    """Everything that a change does. Nothing is applied that is not in here."""

    before: str
    after: str
    services: tuple[ServiceChange, ...] = ()
    fees: tuple[FeeChange, ...] = ()
    organisations: tuple[OrganisationChange, ...] = ()
    powers: tuple[PowerChange, ...] = ()
    evidence: tuple[EvidenceChange, ...] = ()
    others: tuple[OtherChange, ...] = ()
    cases: tuple[CaseImpact, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether the change does nothing."""
        return self.before == self.after

    def plain(self) -> dict[str, Any]:
        """The report as JSON values; amounts are strings."""
        return _plain(asdict(self))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value
